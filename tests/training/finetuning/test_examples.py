"""Prepared records as training examples."""

import json
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from finscribe.decoding import Printed
from finscribe.errors import TrainingDataError
from finscribe.invoice import Invoice, Truth
from finscribe.prompts import build_prompt
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import generate
from finscribe.training.finetuning.examples import (
    Labelled,
    encode_all,
    read_labelled,
    refuse_leaks,
    replayed,
)

TEXT = "ACME Ltd\nInvoice: INV-7\nTotal: 12.50"


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer((generate(seed).text for seed in range(100)), 600)


def labelled(truth: dict[str, object], text: str = TEXT) -> Labelled:
    return Labelled(text, Truth.read(truth), "somewhere")


def test_an_example_is_the_served_prompt_and_the_answer_to_what_is_known(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    truth = {"invoice_number": "INV-7", "financial_summary": {"grand_total": 12.5}}
    (example,) = encode_all(tokenizer, [labelled(truth)], 2048).examples
    request = ("invoice_number", "financial_summary.grand_total")
    assert tokenizer.decode(example.ids[: example.answer_start]) == build_prompt(TEXT, request)
    answer = tokenizer.decode(example.ids[example.answer_start : -1])
    assert answer == '{"invoice_number":"INV-7","financial_summary":{"grand_total":12.50}}'
    assert example.ids[-1] == tokenizer.eos_token_id


def test_only_the_answer_is_learned(tokenizer: PreTrainedTokenizerFast) -> None:
    (example,) = encode_all(tokenizer, [labelled({"invoice_number": "INV-7"})], 2048).examples
    assert set(example.labels[: example.answer_start]) == {-100}
    assert example.labels[example.answer_start :] == example.ids[example.answer_start :]


def test_what_the_page_does_not_print_is_not_asked_for(tokenizer: PreTrainedTokenizerFast) -> None:
    encoded = encode_all(tokenizer, [labelled({"invoice_number": "INV-7", "due_date": "2024-01-01"})], 2048)
    assert encoded.unreachable == 1
    assert "due_date" not in tokenizer.decode(encoded.examples[0].ids)


def test_documents_that_give_no_example_are_counted(tokenizer: PreTrainedTokenizerFast) -> None:
    nothing_but_nulls = labelled(dict.fromkeys(("due_date", "purchase_order", "currency", "invoice_date")))
    encoded = encode_all(tokenizer, [labelled({"due_date": "2024-01-01"}), nothing_but_nulls], 10)
    assert (len(encoded.examples), encoded.nothing_to_learn, encoded.too_long) == (0, 1, 1)


def test_a_long_document_is_learned_in_windows_each_short_enough(tokenizer: PreTrainedTokenizerFast) -> None:
    text = TEXT + "\nThank you for your order.\n" * 90
    encoded = encode_all(tokenizer, [labelled({"invoice_number": "INV-7", "due_date": None}, text)], 500)
    assert (encoded.windowed, encoded.too_long, encoded.not_in_a_window) == (1, 0, 0)
    assert len(encoded.examples) > 2
    assert all(len(example.ids) <= 500 for example in encoded.examples)
    asked = ["invoice_number" in tokenizer.decode(example.ids) for example in encoded.examples]
    assert asked == [True] + [False] * (len(asked) - 1)


def test_a_document_that_is_served_in_windows_is_learned_in_windows(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    text = TEXT + "\nThank you for your order.\n" * 90
    whole = encode_all(tokenizer, [labelled({"invoice_number": "INV-7"}, text)], 10_000)
    served = encode_all(tokenizer, [labelled({"invoice_number": "INV-7"}, text)], 10_000, context_length=500)
    assert (whole.windowed, served.windowed) == (0, 1)


def test_replayed_documents_know_every_field_and_are_the_same_each_time() -> None:
    first, again = replayed(3, seed=1), replayed(3, seed=1)
    assert first == again
    assert first != replayed(3, seed=2)
    assert all(set(Truth.of(Invoice()).values) == set(each.truth.values) for each in first)
    assert all(Printed(each.text).words for each in first)


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_prepared_records_are_read_with_their_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", {"input": "OCR_TEXT:\n" + TEXT, "output": '{"invoice_number": "INV-7"}'}
    )
    (found,) = read_labelled(path)
    assert (found.text, found.origin) == (TEXT, f"{path}:1")
    assert found.truth.values == {"invoice_number": "INV-7"}


@pytest.mark.parametrize(
    "line",
    [{"input": TEXT}, {"input": 3, "output": "{}"}, {"input": TEXT, "output": "no"}, [1], {"output": "{}"}],
)
def test_a_line_that_is_no_prepared_record_is_named(tmp_path: Path, line: object) -> None:
    path = write(tmp_path / "a.jsonl", {"input": TEXT, "output": "{}"}, line)
    with pytest.raises(TrainingDataError, match=r"a\.jsonl:2") as caught:
        read_labelled(path)
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe"])
def test_a_file_without_records_is_an_error_that_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(TrainingDataError, match=r"a\.jsonl"):
        read_labelled(path)


def test_a_record_without_output_is_said_to_be_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"input": TEXT, "output": " "})
    with pytest.raises(TrainingDataError, match=r"a\.jsonl:1: .*its output is empty"):
        read_labelled(path)


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=f"{tmp_path} is a folder") as caught:
        read_labelled(tmp_path)
    assert "unsloth_train.jsonl and unsloth_val.jsonl" in caught.value.hint


def test_a_file_that_may_not_be_read_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(TrainingDataError, match=r"cannot be read: Permission denied$"):
        read_labelled(tmp_path / "a.jsonl")


def test_a_missing_file_is_an_error_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="does not exist") as caught:
        read_labelled(tmp_path / "a.jsonl")
    assert "finscribe prepare" in caught.value.hint


def test_a_validation_document_that_is_trained_on_is_named() -> None:
    train, val = labelled({}, TEXT), Labelled(TEXT.upper(), Truth({}), "val:1")
    with pytest.raises(TrainingDataError, match="val:1 as somewhere"):
        refuse_leaks([train], [val])
    refuse_leaks([train], [labelled({}, "another text")])


def test_a_line_separator_inside_a_record_does_not_break_its_line(tmp_path: Path) -> None:
    record = {"input": TEXT, "output": "{}", "id": "a\u2028b\u0085c"}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    assert len(read_labelled(path)) == 1
