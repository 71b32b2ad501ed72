"""Rendered documents print what their samples say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from finscribe.errors import FinScribeError, MissingDependency
from finscribe.synthesis import FAMILIES, Sample, generate
from finscribe.synthesis.render import render_pdf, render_scan

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
    assert render_scan(sample, 3) == render_scan(sample, 3)
    assert render_scan(sample, 3) != render_scan(sample, 4)


def test_a_scan_is_a_grey_picture_of_the_page_with_ink_on_it() -> None:
    for seed, sample in zip(range(4), one_per_family(), strict=False):
        image = Image.open(io.BytesIO(render_scan(sample, seed)))
        assert image.format == "JPEG"
        assert min(image.size) > 300
        dark, light = image.getextrema()
        assert dark < 120
        assert light > 180


def test_a_long_invoice_takes_a_second_page() -> None:
    sample = generate(1, ["invoice-letter"])
    long = Sample(sample.text + "\nmore" * 120, sample.truth, sample.family, sample.locale)
    with pypdfium2.PdfDocument(render_pdf(long)) as pdf:
        assert len(pdf) > 1


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
