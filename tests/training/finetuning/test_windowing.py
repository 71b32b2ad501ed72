"""Long documents in windows: what each of them is asked for."""

from decimal import Decimal

import pytest

from finscribe.decoding import Printed
from finscribe.decoding.align import align
from finscribe.decoding.merging import Written, merge
from finscribe.decoding.windows import plan_windows
from finscribe.errors import PromptTooLong
from finscribe.invoice import LINES, Truth
from finscribe.synthesis import FAMILIES, generate
from finscribe.training.finetuning.windowing import Part, asked_nowhere, split
from tests.decoding.test_align import accepted

CONTEXT = 600  # as `count` counts; a third of it is a window


def count(text: str) -> int:
    return len(text) // 2


def long_documents(first_seed: int) -> list[tuple[str, Truth, list[Part]]]:
    samples = [generate(first_seed + index, FAMILIES) for index in range(60)]
    aligned = [(each.text, align(Truth.read(each.truth), Printed(each.text)).truth) for each in samples]
    found = [(text, truth, split(text, truth, count, CONTEXT)) for text, truth in aligned]
    return [each for each in found if len(each[2]) > 1]


def written(part: Part) -> list[Written]:
    lines = [
        Written(f"{LINES}[{row}].{cell}", value, 1.0)
        for row, line in enumerate(part.truth.lines or ())
        for cell, value in line.items()
    ]
    return [Written(path, value, 1.0) for path, value in part.truth.values.items()] + lines


@pytest.mark.parametrize("first_seed", [7_400_000_000, 7_500_000_000])
def test_the_truths_of_windows_put_together_as_served_are_that_of_the_document(first_seed: int) -> None:
    documents = long_documents(first_seed)
    assert len(documents) > 20
    wrong = total = 0
    for text, truth, parts in documents:
        assert asked_nowhere(truth, parts) == 0
        merged = merge([written(part) for part in parts], plan_windows(text, count, CONTEXT), text)
        found = {item.path: item.value for item in merged}
        known = {item.path: item.value for item in written(Part(text, truth, frozenset()))}
        total += len(known)
        wrong += len(dict(known.items() ^ found.items()))
    assert wrong < 0.01 * total


def test_windows_of_a_small_model_are_learned_as_they_are_served() -> None:
    text, truth, _ = max(long_documents(7_400_000_000), key=lambda each: len(each[0]))
    wide, *short = split(text, truth, count, 10_000, window_tokens=200)
    assert (wide.text, wide.truth.values, wide.truth.lines) == (text, dict(truth.values), None)
    assert sum(len(part.truth.lines or ()) for part in short) >= len(truth.lines or ())
    planned = plan_windows(text, count, 10_000, window_tokens=200)
    merged = {
        item.path: item.value for item in merge([written(part) for part in (wide, *short)], planned, text)
    }
    known = {item.path: item.value for item in written(Part(text, truth, frozenset()))}
    assert len(dict(known.items() ^ merged.items())) < 0.05 * len(known)


def test_every_target_of_a_window_is_accepted_by_the_grammar_of_the_window() -> None:
    for text, _, parts in long_documents(7_600_000_000):
        for part in parts:
            assert part.text in text
            assert accepted(Printed(part.text), part.truth)


ITEMS = [f"{number} Widget{number} pieces {number}.50" for number in range(1, 30)]
PAGES = "\n".join(
    ["ACME Ltd", "Invoice INV-7", "Sold to Jones & Sons", *ITEMS, "Total 435.00", "Net 30 days"]
)


def lines(*numbers: int) -> tuple[dict[str, object], ...]:
    return tuple(
        {"desc": f"Widget{number} pieces", "line_total": Decimal(f"{number}.50")} for number in numbers
    )


def parts_of(values: dict[str, object], text: str = PAGES, numbers: range = range(1, 30)) -> list[Part]:
    return split(text, Truth(values, lines(*numbers)), count, CONTEXT)  # type: ignore[arg-type]


def test_a_short_document_is_asked_for_all_that_is_known() -> None:
    truth = Truth({"vendor.name": "ACME Ltd"}, lines(1))
    assert split(PAGES, truth, count, 100_000) == [Part(PAGES, truth, frozenset({0}))]


def test_what_stands_outside_of_a_window_is_not_asked_of_it() -> None:
    first, *others = parts_of(
        {
            "document_type": "invoice",
            "vendor.name": "ACME Ltd",
            "due_date": None,
            "financial_summary.grand_total": Decimal("435.00"),
        }
    )
    assert first.truth.values == {"document_type": "invoice", "vendor.name": "ACME Ltd", "due_date": None}
    total = {"financial_summary.grand_total": Decimal("435.00")}
    for part in others:
        assert part.truth.values == {"due_date": None} | (total if "435.00" in part.text else {})
    assert total.items() <= others[-1].truth.values.items()


def test_a_window_without_lines_is_known_to_have_none() -> None:
    *_, last = parts_of({}, numbers=range(1, 4))
    assert last.truth.lines == ()
    assert parts_of({}, numbers=range(0))[0].truth.lines == ()


def test_unknown_lines_are_asked_of_no_window() -> None:
    assert {part.truth.lines for part in split(PAGES, Truth({}), count, CONTEXT)} == {None}


def test_a_line_that_a_border_cuts_belongs_to_the_window_that_prints_it_whole() -> None:
    text = PAGES.replace(" pieces", "\npieces")
    truth = align(Truth({}, lines(*range(1, 30))), Printed(text)).truth
    parts = split(text, truth, count, CONTEXT)
    assert asked_nowhere(truth, parts) == 0
    assert any(part.text.startswith("pieces") or "Widget" in part.text.splitlines()[-1] for part in parts)
    for part in parts:
        for line in part.truth.lines or ():
            number = str(line["line_total"]).removesuffix(".50")
            assert f"Widget{number}\npieces {number}.50" in part.text


def test_an_amount_that_an_item_prints_by_chance_is_asked_where_the_totals_are() -> None:
    parts = parts_of(
        {"financial_summary.grand_total": Decimal("2.50")}, PAGES.replace("435.00", "2.50"), range(0)
    )
    asked = [bool(part.truth.values) for part in parts]
    assert asked == ["Total" in part.text for part in parts]
    assert (asked[0], asked[-1]) == (False, True)


def test_a_page_without_line_breaks_loses_no_line() -> None:
    text = PAGES.replace("\n", " ")
    truth = align(Truth({}, lines(*range(1, 30))), Printed(text)).truth  # type: ignore[arg-type]
    parts = split(text, truth, count, CONTEXT)
    assert len(parts) > 1
    assert asked_nowhere(truth, parts) == 0


def test_a_model_that_cannot_hold_a_character_is_an_error() -> None:
    with pytest.raises(PromptTooLong):
        split(PAGES, Truth({}), lambda text: 1000, 100)
