"""Pages print what their samples say, where a printer would have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest

from finscribe.errors import FinScribeError, MissingDependency
from finscribe.synthesis import FAMILIES, Sample, generate
from finscribe.synthesis.layout.page import Piece
from finscribe.synthesis.rendering.pages import render_pdf

pytest.importorskip("reportlab")


def one_per_family() -> Iterator[Sample]:
    for seed, family in enumerate(FAMILIES):
        sample = generate(seed, [family])
        while not fits_built_in_fonts(sample):
            seed += 1000
            sample = generate(seed, [family])
        yield sample


def fits_built_in_fonts(sample: Sample) -> bool:
    return sample.text == sample.text.encode("cp1252", "ignore").decode("cp1252")


def pdf_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("sample", list(one_per_family()), ids=lambda sample: sample.family)
def test_the_text_layer_holds_every_line(sample: Sample) -> None:
    found = squeezed(pdf_text(render_pdf(sample)))
    for line in sample.text.splitlines():
        for column in line.split("  "):
            assert squeezed(column) in found


def words_of(node: Any) -> Iterator[str]:
    """The words of all text values below a part of the truth."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    for child in children:
        yield from words_of(child)
    if isinstance(node, str):
        yield from node.split()


def test_the_text_layer_holds_every_word_of_the_truth() -> None:
    for sample in one_per_family():
        found = squeezed(pdf_text(render_pdf(sample)))
        spans = [
            sample.truth[key] for key in ("vendor", "client", "invoice_number", "purchase_order", "payment")
        ]
        spans += [item["desc"] for item in sample.truth["line_items"]]
        for word in words_of(spans):
            assert word.removesuffix(",") in found, (word, sample.text)


def test_the_same_sample_gives_the_same_bytes() -> None:
    sample = next(one_per_family())
    assert render_pdf(sample) == render_pdf(sample)


def test_a_long_invoice_takes_a_second_page() -> None:
    sample = generate(1, ["invoice-letter"])
    long = Sample(sample.text + "\nmore" * 120, sample.truth, sample.family, sample.locale)
    with pypdfium2.PdfDocument(render_pdf(long)) as pdf:
        assert len(pdf) > 1


def places(sample: Sample, text: str) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of a text wherever it is printed on the first page, in points."""
    with pypdfium2.PdfDocument(render_pdf(sample)) as pdf:
        page = pdf[0].get_textpage()
        search, found = page.search(text, match_case=True, match_whole_word=True), []
        while (hit := search.get_next()) is not None:
            found.append(page.get_rect(page.count_rects(*hit) - 1))
        return found


def sample_of(rows: list[list[str]], family: str, values: dict[str, str]) -> Sample:
    """A document of these rows, in which some texts are values by their paths."""
    text = "\n".join("  ".join(row) for row in rows)
    pieces = [
        Piece(path, None, text.index(value), text.index(value) + len(value)) for path, value in values.items()
    ]
    return Sample(text, {}, family, "en-GB", tuple(pieces))


ITEMS = [
    ["ACME Limited"],
    ["Item", "Qty", "Amount"],
    ["Cable", "1", "2.00"],
    ["Batch 81"],
    ["A considerably longer description", "11", "1,300.00"],
    ["Total", "1,302.00"],
    ["Goods remain ours"],
]
VALUES = {
    "vendor.name": "ACME Limited",
    "line_items.0.desc": "Cable",
    "line_items.0.line_total": "2.00",
    "line_items.1.desc": "A considerably longer description",
    "line_items.1.line_total": "1,300.00",
    "financial_summary.grand_total": "1,302.00",
}


@pytest.mark.parametrize("family", ["invoice-letter", "receipt-table"])
def test_amounts_end_at_the_same_place_although_a_remark_stands_between(family: str) -> None:
    sample = sample_of(ITEMS, family, VALUES)
    ((*_, first, _), *_), ((*_, second, _), *_) = places(sample, "2.00"), places(sample, "1,300.00")
    assert first == pytest.approx(second, abs=1)


def test_descriptions_begin_at_the_same_place() -> None:
    sample = sample_of(ITEMS, "invoice-letter", VALUES)
    assert places(sample, "Cable")[0][0] == pytest.approx(places(sample, "A considerably")[0][0], abs=1.5)


def test_the_foot_of_some_invoices_is_at_the_bottom_of_the_page() -> None:
    bottoms = []
    for number in range(20):
        sample = sample_of([*ITEMS, [f"Page {number}"]], "invoice-letter", VALUES)
        bottoms.append(places(sample, f"Page {number}")[0][1])
    assert min(bottoms) < 80
    assert max(bottoms) > 400


def test_nothing_is_printed_beyond_the_margin_of_the_paper() -> None:
    for sample in one_per_family():
        with pypdfium2.PdfDocument(render_pdf(sample)) as pdf:
            for page in pdf:
                text = page.get_textpage()
                boxes = [text.get_rect(at) for at in range(text.count_rects())]
                assert min(box[0] for box in boxes) > 10
                assert max(box[2] for box in boxes) < page.get_width() - 10
                assert min(box[1] for box in boxes) > 10


def test_a_roll_gets_wider_before_its_type_gets_tiny() -> None:
    wide = [["1 x", "A description that is as long as the whole roll", "1,300.00", "1,302.00", "SR"]]
    left, bottom, right, top = places(sample_of(wide, "receipt-table", {}), "description")[0]
    assert top - bottom > 4
    assert right - left > 30


def test_the_name_of_the_vendor_is_no_smaller_than_the_rest() -> None:
    for number in range(10):
        sample = sample_of([*ITEMS, [f"Page {number}"]], "invoice-letter", VALUES)
        _, bottom, _, top = places(sample, "ACME Limited")[0]
        _, foot_bottom, _, foot_top = places(sample, "Total")[0]
        assert top - bottom > 0.95 * (foot_top - foot_bottom)


def test_a_page_ends_where_the_head_of_the_table_is_printed_again() -> None:
    head = ["Item", "Qty", "Amount"]
    rows = [[f"Item of number {at}", "1", "2.00"] for at in range(70)]
    values = {f"line_items.{at}.desc": row[0] for at, row in enumerate(rows)}
    sample = sample_of([head, *rows[:40], ["Page 1"], head, *rows[40:]], "invoice-letter", values)
    with pypdfium2.PdfDocument(render_pdf(sample)) as pdf:
        assert pdf[1].get_textpage().get_text_range().split()[:3] == head


def test_characters_without_a_font_are_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.pdfbase import pdfmetrics, ttfonts

    def missing(*_: object) -> None:
        raise ttfonts.TTFError("no such font")

    monkeypatch.setattr(ttfonts, "TTFont", missing)
    monkeypatch.setattr(pdfmetrics, "getRegisteredFontNames", list)
    sample = Sample("Sprzedawca: Łódź", {}, "invoice-letter", "pl-PL")
    with pytest.raises(FinScribeError, match="Ł"):
        render_pdf(sample)


def test_without_reportlab_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", absent)
    with pytest.raises(MissingDependency) as caught:
        render_pdf(generate(1))
    assert "synthesis" in caught.value.hint
