"""Lines that do not add up are read once more where the model was of two minds, and never made up."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from finscribe.documents import Document
from finscribe.extract import Extraction, extract, extract_many
from finscribe.invoice import ALL_FIELDS, Value, write_json
from finscribe.settings import Settings
from finscribe.testing import FakeModel
from tests.decoding.torn import Torn

TEXT = (
    "ACME\nTea  2  10.00  20.00\nJam  3  5.00  15.00\nOil  1  7.00  7.00\n"
    "Subtotal  42.00\nTax  8.40\nTotal  50.40"
)
LINES = {
    "Tea": {"desc": "Tea", "qty": "2", "unit_price": "10.00", "line_total": "20.00"},
    "Jam": {"desc": "Jam", "qty": "3", "unit_price": "5.00", "line_total": "15.00"},
    "Oil": {"desc": "Oil", "qty": "1", "unit_price": "7.00", "line_total": "7.00"},
    "Misread": {"desc": "Tea", "qty": "3", "unit_price": "10.00", "line_total": "20.00"},
    "Total": {"desc": "Total", "line_total": "50.40"},
    "Set": {"desc": "Set", "qty": "1", "unit_price": "22.00", "line_total": "22.00"},
}
SUMMARY = {"subtotal": "42.00", "tax_amount": "8.40", "grand_total": "50.40"}


def answer(*names: str, **summary: str) -> str:
    """The JSON of an answer with these lines."""
    values: dict[str, Value] = {
        f"financial_summary.{name}": Decimal(value) for name, value in (SUMMARY | summary).items()
    }
    lines = [
        {cell: value if cell == "desc" else Decimal(value) for cell, value in LINES[name].items()}
        for name in names
    ]
    return write_json(values, lines, ALL_FIELDS)[0]


ALL = answer("Tea", "Jam", "Oil")


def read(model: FakeModel, **options: Any) -> Extraction:
    return extract(Document.from_text(TEXT), model, **options)


def names(found: Extraction) -> list[str | None]:
    return [line.desc for line in found.invoice.line_items]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("Tea", "Oil"), id="one in the middle is left out"),
        pytest.param(("Jam", "Oil"), id="the first is left out"),
        pytest.param(("Tea", "Jam"), id="the last is left out"),
        pytest.param(("Tea", "Jam", "Oil", "Total"), id="one is none"),
    ],
)
def test_lines_that_add_up_are_taken_where_the_model_nearly_wrote_them(wrong: Sequence[str]) -> None:
    found = read(Torn(answer(*wrong), ALL))
    assert names(found) == ["Tea", "Jam", "Oil"]
    assert found.reread == ("sum-of-lines",)
    assert [finding.code for finding in found.findings] == []


def test_values_of_lines_that_were_read_again_have_their_places_and_the_models_own_probability() -> None:
    found = read(Torn(answer("Tea", "Oil"), ALL, doubt=1.0))
    jam = found.evidence["line_items[1].desc"]
    assert TEXT[jam.places[0][0].start :].startswith("Jam")
    assert jam.probability == pytest.approx(math.exp(-1) / (1 + math.exp(-1)), rel=1e-3)
    assert found.evidence["line_items[0].desc"].probability > 0.99
    assert found.evidence["financial_summary.grand_total"].probability > 0.99


def test_lines_that_were_read_again_are_read_by_their_rows_as_well() -> None:
    others = [answer("Misread", "Jam", "Oil"), ALL, answer("Tea", "Oil")]
    found = read(Torn(answer("Misread", "Oil"), *others))
    assert names(found) == ["Tea", "Jam", "Oil"]
    assert found.invoice.line_items[0].qty == Decimal(2)
    assert (found.reread, [each.path for each in found.settled]) == (("sum-of-lines",), ["line_items[0].qty"])


@pytest.mark.parametrize("doubt", [5.0, 12.0])
def test_a_way_that_the_model_finds_unlikely_is_not_taken(doubt: float) -> None:
    found = read(Torn(answer("Tea", "Oil"), ALL, doubt=doubt))
    assert (names(found), found.reread) == (["Tea", "Oil"], ())
    assert "sum-of-lines" in [finding.code for finding in found.findings]


def test_a_way_that_does_not_add_up_either_is_not_taken() -> None:
    found = read(Torn(answer("Tea", "Oil"), answer("Tea", "Jam")))
    assert (names(found), found.reread) == (["Tea", "Oil"], ())


def test_of_several_ways_the_likeliest_is_taken() -> None:
    """Both make 42.00; the one that was nearly written counts."""
    text = TEXT.replace("Subtotal", "Set  1  22.00  22.00\nSubtotal")

    class Undecided(Torn):
        def logits(self, tokens: Sequence[int]) -> Any:
            logits = super().logits(tokens)
            if logits.max() > 0 and logits[ord("S")] == self.eagerness - self.doubt:
                logits[ord("S")] -= 1
            return logits

    model = Undecided(answer("Tea", "Oil"), ALL, answer("Tea", "Set"))
    found = extract(Document.from_text(text), model)
    assert names(found) == ["Tea", "Jam", "Oil"]


def test_the_rest_of_the_answer_stays() -> None:
    """The model would also write another total with the lines that add up; that is not what was asked again."""
    found = read(Torn(answer("Tea", "Oil"), answer("Tea", "Jam", "Oil", subtotal="8.40")))
    assert names(found) == ["Tea", "Jam", "Oil"]
    assert found.invoice.financial_summary.subtotal == Decimal("42.00")


def test_lines_that_add_up_take_no_pass_more() -> None:
    with_, without = Torn(ALL, answer("Tea", "Oil")), Torn(ALL, answer("Tea", "Oil"))
    assert read(with_).invoice == read(without, arithmetic=False).invoice
    assert with_.passes == without.passes


def test_a_sum_that_is_wrong_by_nothing_that_is_printed_takes_no_pass_more() -> None:
    """Without Jam and Oil it lacks 22.00, which stands nowhere: no single line is missing."""
    with_, without = Torn(answer("Tea"), ALL), Torn(answer("Tea"), ALL)
    assert read(with_).invoice == read(without, arithmetic=False).invoice
    assert with_.passes == without.passes


def test_the_passes_of_all_ways_are_counted() -> None:
    model = Torn(answer("Tea", "Oil"), ALL, answer("Tea", "Jam"))
    found = read(model)
    assert found.reread
    assert found.forward_passes == model.passes


@pytest.mark.parametrize(
    "options",
    [
        {"arithmetic": False},
        {"grounding": "schema"},
        {"settings": Settings(arithmetic=False)},
        {"request": [field for field in ALL_FIELDS if not field.startswith("financial_summary")]},
    ],
)
def test_lines_are_not_read_again_where_nobody_wants_it_or_no_sum_is_known(options: dict[str, Any]) -> None:
    script = answer("Tea", "Oil")
    if "request" in options:
        script = script[: script.index(',"financial_summary"')] + ',"payment":{"iban":null,"terms":null}}'
    found = read(Torn(script, ALL), **options)
    assert (names(found), found.reread) == (["Tea", "Oil"], ())


def test_documents_of_a_batch_are_read_again_by_themselves() -> None:
    class Each(Torn):
        """Leaves out a line of the documents that say so."""

        def logits(self, tokens: Sequence[int]) -> Any:
            prompt = bytes(token for token in tokens[: tokens.index(self.eos)] if token < 256)
            self.script = (ALL if b"whole" in prompt else answer("Tea", "Oil")).encode() + bytes(
                [self.eos % 256]
            )
            return super().logits(tokens)

    texts = [TEXT, TEXT + "\nwhole", TEXT, TEXT + "\nwhole"]
    found = extract_many([Document.from_text(text) for text in texts], Each(ALL, ALL), batch_size=2)
    assert [names(each) for each in found] == [["Tea", "Jam", "Oil"]] * 4
    assert [bool(each.reread) for each in found] == [True, False, True, False]
