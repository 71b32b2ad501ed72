"""The one prompt: training, serving and evaluation all build it here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from finscribe.invoice import ALL_FIELDS

HEADER = "OCR_TEXT:\n"
INSTRUCTION = "Extract these fields as JSON. Copy what is printed; null where nothing is printed."
FIELDS_LABEL = "\nFIELDS:"
JSON_LABEL = "\nJSON:\n"


def build_prompt(ocr_text: str, request: Sequence[str] = ALL_FIELDS, instruction: str | None = None) -> str:
    """The text before the answer: the document, the instruction, the fields wanted in their fixed order."""
    text = ocr_text.removeprefix(HEADER)
    return f"{HEADER}{text}\n\n{instruction or INSTRUCTION}{FIELDS_LABEL} {' '.join(request)}{JSON_LABEL}"


class PromptTokenizer(Protocol):
    """The part of a Hugging Face tokenizer that prompting needs."""

    chat_template: Any

    def encode(self, text: str, *, add_special_tokens: bool = True) -> list[int]: ...

    def apply_chat_template(self, conversation: Any, **options: Any) -> Any: ...


def encode_prompt(tokenizer: PromptTokenizer, prompt: str) -> list[int]:
    """Token ids of a prompt, in the tokenizer's chat template where it has one."""
    if getattr(tokenizer, "chat_template", None):
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
        )
        return tokenizer.encode(text, add_special_tokens=False)
    return tokenizer.encode(prompt)


def encode_answer(tokenizer: PromptTokenizer, answer: str, eos: int) -> list[int]:
    """Token ids of an answer as it is trained: the JSON, then the end of the turn."""
    return [*tokenizer.encode(answer, add_special_tokens=False), eos]
