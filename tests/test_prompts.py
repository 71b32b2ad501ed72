"""The one prompt."""

from typing import Any

from finscribe.invoice import ALL_FIELDS
from finscribe.prompts import build_prompt, encode_answer, encode_prompt


class Tokenizer:
    """One token a character, and whether special tokens were asked for."""

    def __init__(self, chat_template: str | None = None) -> None:
        self.chat_template = chat_template

    def encode(self, text: str, *, add_special_tokens: bool = True) -> list[int]:
        return [1] * add_special_tokens + [ord(character) for character in text]

    def apply_chat_template(self, conversation: Any, **options: Any) -> str:
        assert options == {"tokenize": False, "add_generation_prompt": True}
        return f"<user>{conversation[0]['content']}<assistant>"


def test_the_prompt_is_the_document_then_the_request() -> None:
    assert build_prompt("ACME\nTotal 5", ("vendor.name", "currency")) == (
        "OCR_TEXT:\nACME\nTotal 5\n\n"
        "Extract these fields as JSON. Copy what is printed; null where nothing is printed.\n"
        "FIELDS: vendor.name currency\nJSON:\n"
    )


def test_all_fields_are_asked_for_by_default() -> None:
    assert f"FIELDS: {' '.join(ALL_FIELDS)}\n" in build_prompt("text")


def test_the_header_is_not_written_twice() -> None:
    assert build_prompt("OCR_TEXT:\nACME") == build_prompt("ACME")


def test_an_instruction_of_the_callers_replaces_ours() -> None:
    prompt = build_prompt("ACME", ("currency",), "Read the receipt.")
    assert "\n\nRead the receipt.\nFIELDS: currency\nJSON:\n" in prompt
    assert "Extract" not in prompt


def test_a_tokenizer_with_a_chat_template_gets_a_turn_of_the_user() -> None:
    tokens = encode_prompt(Tokenizer("template"), "hi")
    assert "".join(map(chr, tokens)) == "<user>hi<assistant>"


def test_a_tokenizer_without_one_gets_the_prompt_with_its_special_tokens() -> None:
    assert encode_prompt(Tokenizer(), "hi") == [1, ord("h"), ord("i")]


def test_an_answer_ends_with_the_end_of_the_turn() -> None:
    assert encode_answer(Tokenizer(), "{}", 7) == [ord("{"), ord("}"), 7]
