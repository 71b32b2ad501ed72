"""Numbers that are read otherwise so that an invoice adds up: never computed, never without the model's own weight."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from finscribe.arithmetic import IDENTITIES, LEAST_LOG_RATIO, MOST_WITNESSES, Settled, joined
from finscribe.decoding.choices import SPAN
from finscribe.decoding.printed import Printed
from finscribe.documents import Document, clean
from finscribe.extract import Extraction, extract, extract_many
from finscribe.invoice import ALL_FIELDS, build_invoice, kind_of, write_json, write_value
from finscribe.settings import Settings
from finscribe.synthesis import generate
from finscribe.testing import FakeModel
from finscribe.validate import validate
from tests.decoding.documents import documents, requests, some_answer
from tests.decoding.torn import Torn
from tests.profiles import examples

TEXT = (
    "ACME\nTea  2  10.00\n20.00\nJam  3  5.00\n15.00\n"
    "Subtotal  35.00\nTax  7.00\nTotal  42.00\nCash  50.00\nChange  8.00"
)
"""No row prints a line in full; what such rows say is looked at before, in `finscribe.line_products`."""
RIGHT = {
    "line_items[0].desc": "Tea",
    "line_items[0].qty": "2",
    "line_items[0].unit_price": "10.00",
    "line_items[0].line_total": "20.00",
    "line_items[1].desc": "Jam",
    "line_items[1].qty": "3",
    "line_items[1].unit_price": "5.00",
    "line_items[1].line_total": "15.00",
    "financial_summary.subtotal": "35.00",
    "financial_summary.tax_amount": "7.00",
    "financial_summary.grand_total": "42.00",
}
TOTAL = "financial_summary.grand_total"
DESC = "line_items[0].desc", "line_items[1].desc"


def answer(**changes: str) -> str:
    """The JSON of what TEXT says, with some values changed: the last part of the path, for line n with `_n`."""
    values = {path: Decimal(value) if path not in DESC else value for path, value in RIGHT.items()}
    for name, value in changes.items():
        key, _, row = name.rpartition("_")
        path = f"line_items[{row}].{key}" if row.isdigit() else f"financial_summary.{name}"
        assert path in values
        values[path] = Decimal(value)
    lines = [
        {
            path.rpartition(".")[2]: value
            for path, value in values.items()
            if path.startswith(f"line_items[{row}]")
        }
        for row in range(2)
    ]
    return write_json(values, lines, ALL_FIELDS)[0]


def read(model: FakeModel, text: str = TEXT, **options: Any) -> Extraction:
    return extract(Document.from_text(text), model, **options)


def codes(found: Extraction) -> list[str]:
    return [finding.code for finding in found.findings]


def test_a_total_that_the_model_weighed_and_that_adds_up_is_taken() -> None:
    found = read(Torn(answer(grand_total="50.00"), answer()))
    assert found.invoice.financial_summary.grand_total == Decimal("42.00")
    assert found.settled == (Settled(TOTAL, Decimal("50.00"), Decimal("42.00"), ("total",)),)
    assert codes(found) == []


def test_evidence_and_probability_are_those_of_the_value_taken() -> None:
    found = read(Torn(answer(grand_total="50.00"), answer(), doubt=1.0)).evidence[TOTAL]
    assert TEXT[found.places[0][0].start :].startswith("42.00\nCash")
    assert found.value == Decimal("42.00")
    assert found.probability == pytest.approx(math.exp(-1) / (1 + math.exp(-1)), rel=1e-3)


@pytest.mark.parametrize("doubt", [3.5, 12.0])
def test_what_the_model_finds_unlikely_is_not_taken_however_well_it_adds_up(doubt: float) -> None:
    found = read(Torn(answer(grand_total="50.00"), answer(), doubt=doubt))
    assert found.invoice.financial_summary.grand_total == Decimal("50.00")
    assert (found.settled, codes(found)) == ((), ["total"])


def test_a_number_that_only_begins_like_one_that_was_weighed_is_not_taken() -> None:
    """The model would go on with 48.00, and not with the total that adds up."""
    text = TEXT.replace("Change", "Points  48.00\nChange")
    found = read(Torn(answer(grand_total="50.00"), answer(grand_total="48.00")), text)
    assert found.invoice.financial_summary.grand_total == Decimal("50.00")
    assert found.settled == ()


def test_two_numbers_are_read_otherwise_together() -> None:
    wrong = answer(qty_0="3", unit_price_0="5.00")
    found = read(Torn(wrong, answer(unit_price_0="5.00"), answer(qty_0="3"), answer()))
    assert [str(line.line_total) for line in found.invoice.line_items] == ["20.00", "15.00"]
    assert {(each.path, str(each.after)) for each in found.settled} == {
        ("line_items[0].qty", "2"),
        ("line_items[0].unit_price", "10.00"),
    }
    assert codes(found) == []


def test_no_more_is_changed_than_it_takes() -> None:
    wrong = answer(tax_amount="8.00", grand_total="50.00")
    others = [answer(tax_amount="8.00"), answer(grand_total="50.00", qty_0="3"), answer(unit_price_1="10.00")]
    found = read(Torn(wrong, *others, answer()))
    assert {each.path for each in found.settled} == {"financial_summary.tax_amount", TOTAL}
    for each in found.settled:
        undone = values_of(found) | {each.path: each.before}
        assert any(finding.is_error for finding in validate(build_invoice(undone), rules=IDENTITIES))


def test_a_doubt_in_place_of_an_error_is_no_sum_that_holds() -> None:
    """3 x 10.00 is more than 20.00, as after a discount; that is a warning, and explains nothing."""
    text = TEXT.replace("Tea  2", "Tea  1").replace("ACME", "ACME  3")
    found = read(Torn(answer(qty_0="1"), answer(qty_0="3")), text)
    assert found.invoice.line_items[0].qty == Decimal(1)
    assert (found.settled, codes(found)) == ((), ["line-arithmetic"])


@pytest.mark.parametrize("grand_total", ["42.00", "50.00"])
def test_a_line_that_a_discount_may_explain_is_settled_too_if_what_fits_was_weighed(grand_total: str) -> None:
    wrong = answer(qty_0="3", grand_total=grand_total)
    found = read(Torn(wrong, answer(grand_total=grand_total), answer(qty_0="3")))
    assert found.invoice.line_items[0].qty == Decimal(2)
    assert found.invoice.financial_summary.grand_total == Decimal("42.00")
    assert found.settled[-1] == Settled("line_items[0].qty", Decimal(3), Decimal(2), ("line-arithmetic",))
    assert codes(found) == []


def test_a_line_that_a_discount_may_explain_stays_where_nothing_that_was_weighed_fits() -> None:
    found = read(Torn(answer(qty_0="3"), answer(qty_0="3", unit_price_0="5.00")))
    assert (found.invoice.line_items[0].qty, found.settled) == (Decimal(3), ())
    assert codes(found) == ["line-arithmetic"]


def test_where_an_error_stays_so_does_what_may_be_right() -> None:
    wrong = answer(qty_0="3", grand_total="50.00")
    found = read(Torn(wrong, answer(grand_total="50.00")))
    assert (found.invoice.line_items[0].qty, found.settled) == (Decimal(3), ())
    assert set(codes(found)) == {"line-arithmetic", "total"}


@pytest.mark.parametrize(
    ("doubt", "total"), [(3.5, "20.00"), (5.5, "20.00"), (6.5, "50.00"), (12.0, "50.00")]
)
def test_what_mends_two_sums_at_once_may_be_less_likely(doubt: float, total: str) -> None:
    found = read(Torn(answer(line_total_0="50.00"), answer(), doubt=doubt))
    assert found.invoice.line_items[0].line_total == Decimal(total)
    assert codes(found) == ([] if total == "20.00" else ["line-arithmetic", "sum-of-lines"])


@pytest.mark.parametrize(("doubt", "tax"), [(2.5, "7.00"), (4.0, "50.00")])
def test_what_many_numbers_would_mend_is_no_second_sum(doubt: float, tax: str) -> None:
    """A tax above the total is wrong twice, but any small one would be below it."""
    found = read(Torn(answer(tax_amount="50.00"), answer(), doubt=doubt))
    assert found.invoice.financial_summary.tax_amount == Decimal(tax)
    assert codes(found) == ([] if tax == "7.00" else ["total", "tax-amount"])


def test_all_that_may_be_taken_is_kept_while_it_is_decoded() -> None:
    assert -LEAST_LOG_RATIO * MOST_WITNESSES <= SPAN


def test_what_mends_two_sums_at_once_is_taken_though_an_error_stays() -> None:
    wrong = answer(line_total_0="50.00", grand_total="50.00")
    found = read(Torn(wrong, answer(grand_total="50.00"), doubt=4.0))
    identities = ("line-arithmetic", "sum-of-lines")
    assert found.settled == (
        Settled("line_items[0].line_total", Decimal("50.00"), Decimal("20.00"), identities),
    )
    assert codes(found) == ["total"]


def test_what_mends_one_sum_is_not_taken_where_an_error_stays() -> None:
    wrong = answer(unit_price_0="50.00", grand_total="50.00")
    found = read(Torn(wrong, answer(grand_total="50.00")))
    assert found.settled == ()
    assert set(codes(found)) == {"line-arithmetic", "total"}


def test_of_two_lines_the_one_that_the_model_weighed_a_fitting_number_for_is_settled() -> None:
    found = read(Torn(answer(qty_0="3", unit_price_1="10.00"), answer(unit_price_1="10.00")))
    assert [each.path for each in found.settled] == ["line_items[0].qty"]
    assert codes(found) == ["line-arithmetic"]


def test_what_adds_up_takes_no_pass_more() -> None:
    with_, without = Torn(answer(), answer(grand_total="50.00")), Torn(answer(), answer(grand_total="50.00"))
    assert read(with_).invoice == read(without, arithmetic=False).invoice
    assert with_.passes == without.passes


def test_one_pass_scores_all_that_fit() -> None:
    scripts = answer(grand_total="50.00"), answer(), answer(grand_total="35.00")
    with_, without = Torn(*scripts), Torn(*scripts)
    assert read(with_).settled
    assert not read(without, arithmetic=False).settled
    assert with_.passes == without.passes + 1


@pytest.mark.parametrize(
    "options",
    [
        {"arithmetic": False},
        {"settings": Settings(arithmetic=False)},
        {"grounding": "schema"},
    ],
)
def test_it_can_be_switched_off_and_needs_grounding(options: dict[str, Any]) -> None:
    found = read(Torn(answer(grand_total="50.00"), answer()), **options)
    assert found.invoice.financial_summary.grand_total == Decimal("50.00")
    assert (found.settled, codes(found)) == ((), ["total"])


def test_the_settings_count_where_nothing_else_is_said() -> None:
    settings = Settings(arithmetic=False)
    found = read(Torn(answer(grand_total="50.00"), answer()), settings=settings, arithmetic=True)
    assert len(found.settled) == 1


def test_lines_that_were_left_out_before_do_not_lead_to_the_wrong_one() -> None:
    """The third line repeats the first and is left out; what is exchanged in the answer is still the second."""
    lines = [
        {"desc": "Tea", "qty": Decimal(2), "unit_price": Decimal("10.00"), "line_total": Decimal("20.00")},
        {"desc": "Tea", "qty": Decimal(2), "unit_price": Decimal("10.00"), "line_total": Decimal("20.00")},
        {"desc": "Jam", "qty": Decimal(2), "unit_price": Decimal("5.00"), "line_total": Decimal("15.00")},
    ]
    wrong = write_json({}, lines, ALL_FIELDS)[0]
    right = write_json({}, [*lines[:2], lines[2] | {"qty": Decimal(3)}], ALL_FIELDS)[0]
    found = read(Torn(wrong, right))
    assert [line.qty for line in found.invoice.line_items] == [2, 3]
    assert [each.path for each in found.settled] == ["line_items[1].qty"]


def test_each_window_of_a_long_document_is_scored_by_its_own_answer() -> None:
    rows = [f"Item{number} of many words in a long line of text  2  10.00  20.00" for number in range(1, 30)]
    text = "\n".join([*rows, "Total  580.00", "Cash  600.00"])
    request = ("line_items.desc", "line_items.line_total", TOTAL)

    class Windowed(Torn):
        def script_for(self, prompt: bytes) -> bytes:
            return prompt  # not used: see logits

        def logits(self, tokens: Sequence[int]) -> Any:
            page = bytes(tokens[: tokens.index(self.eos)]).decode()
            self.script = page_answer(page, request, "600.00").encode() + b"\xff"
            self.others = [page_answer(page, request, "580.00").encode()]
            return super().logits(tokens)

    found = read(Windowed(""), text, request=request)
    whole = found.settled
    model = Windowed("")
    model.context_length = 3000
    parted = read(model, text, request=request)
    assert len(parted.invoice.line_items) == 29
    assert (
        whole == parted.settled == (Settled(TOTAL, Decimal("600.00"), Decimal("580.00"), ("sum-of-lines",)),)
    )


def page_answer(page: str, request: tuple[str, ...], total: str) -> str:
    lines = [
        {"desc": line.split()[0], "line_total": Decimal("20.00")}
        for line in page.splitlines()
        if line.startswith("Item") and line.endswith("20.00")
    ]
    values = {TOTAL: Decimal(total)} if "Total  580.00" in page and "Cash  600.00" in page else {}
    return write_json(values, lines, request)[0]


# --- whatever the document ---------------------------------------------------------------------------

synthetic = st.integers(0, 100_000).map(lambda seed: generate(seed, size=0.4))


def values_of(found: Extraction) -> dict[str, Any]:
    return {path: evidence.value for path, evidence in found.evidence.items()}


def check(found: Extraction, plain: Extraction, printed: Printed) -> None:
    """What holds of every answer, beside the one without arithmetic."""
    before, after = values_of(plain), values_of(found)
    changed = {each.path: each for each in found.settled}
    assert after == before | {path: each.after for path, each in changed.items()}
    assert all(before[path] == each.before != each.after for path, each in changed.items())
    assert all(write_value(each.after) in printed.places(kind_of(path)) for path, each in changed.items())
    at_odds, left = (
        {(each.code, each.fields) for each in validate(invoice, rules=IDENTITIES)}
        for invoice in (plain.invoice, found.invoice)
    )
    assert left <= at_odds
    if not at_odds:
        assert found.invoice.to_json() == plain.invoice.to_json()
        assert found.evidence == plain.evidence
    if changed:
        assert len(left) < len(at_odds)
        assert all(each.identities for each in found.settled)
        if any(each.is_error for each in validate(found.invoice, rules=IDENTITIES)):
            assert all(len(each.identities) > 1 for each in found.settled)


@examples(40)
@given(documents, requests, st.integers(0, 1000), st.sampled_from([0.0, 2.0, 4.0]))
def test_only_what_is_printed_is_taken_and_only_where_sums_do_not_hold(
    text: str, request: tuple[str, ...], seed: int, eagerness: float
) -> None:
    assume(clean(text).strip())
    document = Document.from_text(text)
    printed = Printed(document.text)
    model = FakeModel(some_answer(printed, seed), seed=seed, eagerness=eagerness)
    plain = extract(document, model, request=request, arithmetic=False)
    assert plain.settled == ()
    check(extract(document, model, request=request), plain, printed)


@examples(25)
@given(synthetic, st.integers(0, 1000), st.sampled_from([0.5, 1.5, 2.9]))
def test_a_true_answer_with_numbers_misread_is_mended_or_left_alone(
    sample: Any, seed: int, doubt: float
) -> None:
    import random

    from finscribe.decoding.align import align
    from finscribe.invoice import Truth

    document = Document.from_text(sample.text)
    printed = Printed(document.text)
    truth = align(Truth.read(sample.truth), printed).truth
    lines = [dict(line) for line in truth.lines or ()]
    right = write_json(truth.values, lines, ALL_FIELDS)[0]
    rng = random.Random(seed)
    values = dict(truth.values)
    numbers = [path for path, value in values.items() if isinstance(value, Decimal) and kind_of(path).numeric]
    if numbers:
        path = rng.choice(numbers)
        values[path] = Decimal(rng.choice(list(printed.places(kind_of(path)))))
    wrong = write_json(values, lines, ALL_FIELDS)[0]
    plain, found = (
        extract(document, Torn(wrong, right, doubt=doubt), arithmetic=switch) for switch in (False, True)
    )
    check(found, plain, printed)


def test_documents_of_a_batch_are_settled_each_by_itself() -> None:
    model = Torn(answer(grand_total="50.00"), answer())
    found = extract_many([Document.from_text(TEXT)] * 3, model, batch_size=2)
    assert [len(each.settled) for each in found] == [1, 1, 1]


def test_changes_of_one_number_are_one_change_from_first_to_last() -> None:
    one = Settled("line_items[0].qty", Decimal(3), Decimal(2), ("line-arithmetic",))
    other = Settled("line_items[0].qty", Decimal(2), Decimal(5), ("sum-of-lines",))
    back = Settled(TOTAL, Decimal(42), Decimal(50), ("total",))
    forth = Settled(TOTAL, Decimal(50), Decimal(42), ("total",))
    assert joined([one, back], [other, forth]) == (
        Settled("line_items[0].qty", Decimal(3), Decimal(5), ("line-arithmetic", "sum-of-lines")),
    )
