"""Which of several places a value stands at."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks import occurrence
from finscribe.decoding.merging import complete, read_answer
from finscribe.decoding.printed import Printed, find_value
from finscribe.documents import Document, clean
from finscribe.invoice import ALL_FIELDS, Value, cell_path, kind_of
from finscribe.occurrence import _Item, likeliest_first
from finscribe.synthesis import generate
from tests.decoding.documents import documents
from tests.profiles import examples

SUBTOTAL, TAX, TOTAL = (f"financial_summary.{name}" for name in ("subtotal", "tax_amount", "grand_total"))
RATE = "financial_summary.tax_rate"


def places(text: str, values: dict[str, Value]) -> dict[str, int]:
    """Where the likeliest print of each value begins."""
    printed = Printed(text)
    found = {path: find_value(printed, kind_of(path), value) for path, value in values.items()}
    return {path: ways[0][0].start for path, ways in likeliest_first(found, printed).items() if ways}


def line(text: str, place: int) -> str:
    return text[text.rfind("\n", 0, place) + 1 :].partition("\n")[0]


def lines(text: str, values: dict[str, Value]) -> dict[str, str]:
    """The line that each value stands in."""
    return {path: line(text, place) for path, place in places(text, values).items()}


def row(number: int, *cells: Value) -> dict[str, Value]:
    names = ("desc", "qty", "unit_price", "line_total")
    return {cell_path(number, name): cell for name, cell in zip(names, cells, strict=True)}


@pytest.mark.parametrize(
    "text",
    [
        "Tea  20.00\nSubtotal  20.00\nTotal  20.00\nCash  20.00",
        "Tea  20.00\nSubtotal  20.00\nGrandTotal 20.00\nMastercard  20.00",
        "Tea  20.00\nNetto  20.00\nGesamt  20.00\nGirocard  20.00",
    ],
)
def test_totals_stand_behind_their_labels_and_not_where_they_were_paid(text: str) -> None:
    found = places(text, {SUBTOTAL: Decimal("20.00"), TOTAL: Decimal("20.00")})
    starts = [place for place in range(len(text)) if text.startswith("20.00", place)]
    assert [found[SUBTOTAL], found[TOTAL]] == starts[1:3]


def test_totals_without_a_label_have_a_print_each_from_the_bottom_up() -> None:
    text = "Tea  20.00\n20.00\n20.00"
    found = places(text, {SUBTOTAL: Decimal("20.00"), TOTAL: Decimal("20.00")})
    assert (found[SUBTOTAL], found[TOTAL]) == (11, 17)


def test_a_total_may_stand_below_the_header_of_its_column() -> None:
    text = "Net  VAT  Total\n8.00  0.00  8.00\nVisa  8.00"
    found = places(text, {SUBTOTAL: Decimal("8.00"), TAX: Decimal("0.00"), TOTAL: Decimal("8.00")})
    assert [text[place - 2 :][:6] for place in found.values()] == ["l\n8.00", "  0.00", "  8.00"]
    assert found[TOTAL] == text.index("8.00\nVisa")


def test_a_rate_is_followed_by_its_sign() -> None:
    text = "7 High Street\n05/07/2024\n7% VAT  1.00\nTel 7"
    assert lines(text, {RATE: Decimal("0.07")}) == {RATE: "7% VAT  1.00"}


def test_of_two_equal_dates_each_stands_behind_its_label() -> None:
    text = "Due date: 1 May 2024\nDate: 1 May 2024"
    found = lines(text, {"invoice_date": "2024-05-01", "due_date": "2024-05-01"})
    assert found == {"invoice_date": "Date: 1 May 2024", "due_date": "Due date: 1 May 2024"}


def test_a_price_and_its_total_have_a_print_each() -> None:
    text = "Tea  1  4.00  4.00"
    found = places(text, row(0, "Tea", Decimal(1), Decimal("4.00"), Decimal("4.00")))
    assert list(found.values()) == [0, 5, 8, 14]


def test_equal_numbers_of_a_line_stand_in_the_order_of_the_other_lines() -> None:
    text = "9.00  Jam  3.00  3\n4.00  Tea  4.00  1"
    found = places(
        text,
        row(0, "Jam", Decimal(3), Decimal("3.00"), Decimal("9.00"))
        | row(1, "Tea", Decimal(1), Decimal("4.00"), Decimal("4.00")),
    )
    assert found[cell_path(1, "line_total")] < found[cell_path(1, "desc")] < found[cell_path(1, "unit_price")]


@pytest.mark.parametrize(
    "pattern",
    ["{desc}\n{qty}  x  4.00  {total}", "{qty}  x  4.00  {total}\n{desc}", "{qty}  {desc}  4.00  {total}"],
)
def test_numbers_stand_on_the_side_of_their_description_where_those_of_other_lines_do(pattern: str) -> None:
    items = [
        ("Tea leaf", 1, "4.00"),
        ("Jam jar", 2, "8.00"),
        ("Oat milk", 1, "4.00"),
        ("Rye bread", 3, "12.00"),
    ]
    printed = [pattern.format(desc=desc, qty=qty, total=total) for desc, qty, total in items]
    text = "\n".join(printed)
    values: dict[str, Value] = {}
    for number, (desc, qty, total) in enumerate(items):
        values |= row(number, desc, Decimal(qty), Decimal("4.00"), Decimal(total))
    found, begins = places(text, values), 0
    for number, block in enumerate(printed):
        for name in ("desc", "qty", "unit_price", "line_total"):
            assert begins <= found[cell_path(number, name)] < begins + len(block), (number, name)
        begins += len(block) + 1


@pytest.mark.parametrize(
    "text",
    [
        "1  Tea  9.90  1  9.90",
        "10  Tea  9.90  10  9.90",
        "01  Tea  9.90  x  1  9.90",
        "1\nTea  9.90  1  9.90",
    ],
)
def test_the_number_of_a_line_is_not_its_quantity(text: str) -> None:
    quantity = Decimal(10) if text.startswith("10") else Decimal(1)
    found = places(f"Acme\n{text}\nTotal  9.90", row(0, "Tea", quantity, Decimal("9.90"), Decimal("9.90")))
    assert found[cell_path(0, "qty")] > found[cell_path(0, "unit_price")]


def test_a_quantity_that_begins_its_line_may_be_the_line_s_number() -> None:
    assert (
        places("Acme\n1  Tea  9.90", row(0, "Tea", Decimal(1), None, Decimal("9.90")))[cell_path(0, "qty")]
        == 5
    )


def test_a_digit_in_a_description_is_not_the_quantity() -> None:
    text = "Flour 1 kg\n1  2.00  2.00"
    found = places(text, row(0, "Flour 1 kg", Decimal(1), Decimal("2.00"), Decimal("2.00")))
    assert found[cell_path(0, "qty")] == text.index("\n1") + 1


@examples(40)
@given(documents, st.integers(0, 1000))
def test_ranking_neither_adds_nor_loses_a_place(text: str, seed: int) -> None:
    assume(clean(text).strip())
    from finscribe.decoding import Grounding, Task, decode
    from finscribe.testing import FakeModel
    from tests.decoding.documents import some_answer

    printed = Printed(Document.from_text(text).text)
    (answer,) = decode(FakeModel(some_answer(printed, seed)), [Task("", printed, ALL_FIELDS)])
    written = complete(read_answer(answer, Grounding.GROUNDED), ALL_FIELDS)
    found = {item.path: find_value(printed, kind_of(item.path), item.value) for item in written}
    ranked = likeliest_first(found, printed)
    assert list(ranked) == list(found)
    assert all(ordered(ranked[path]) == ordered(found[path]) for path in found)


def ordered(ways: Iterable[tuple[tuple[int, int], ...]]) -> list[tuple[tuple[int, int], ...]]:
    return sorted(ways)


@pytest.mark.parametrize("held_out", [False, True])
def test_the_first_place_is_the_right_one_nearly_always(held_out: bool) -> None:
    from finscribe.synthesis import HELD_OUT_FAMILIES

    judged = list(occurrence.judged(60, HELD_OUT_FAMILIES if held_out else None))
    several = [each.right for each in judged if each.several]
    assert len(several) > 150
    assert sum(several) / len(several) > 0.88
    assert sum(each.right for each in judged) / len(judged) > 0.97


def test_synthetic_documents_say_where_their_values_are_printed() -> None:
    for seed in range(40):
        sample = generate(seed)
        rows = {
            int(piece.path.split(".")[1]) for piece in sample.pieces if piece.path.startswith("line_items.")
        }
        assert rows == set(range(len(sample.truth["line_items"])))
        for piece in sample.pieces:
            shown = sample.text[piece.start : piece.end]
            assert shown == shown.strip()
            if piece.path == "invoice_number":
                assert " ".join(shown.split()) in sample.truth["invoice_number"]


def test_many_lines_of_one_price_are_ranked_by_those_around_them(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f"Item {at:03d}  1  9.99  9.99" for at in range(200))
    values: dict[str, Value] = {}
    for at in range(200):
        values |= row(at, f"Item {at:03d}", Decimal(1), Decimal("9.99"), Decimal("9.99"))
    weighed = []
    cost = _Item.cost
    monkeypatch.setattr(_Item, "cost", lambda item, way: weighed.append(way) or cost(item, way))
    found = lines(text, values)
    assert len(weighed) < 1000 * len(found) / 2
    assert found[cell_path(199, "unit_price")].startswith("Item 199")
