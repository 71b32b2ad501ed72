"""Scans have the faults that scans have, and what is printed on them can still be read."""

from __future__ import annotations

import io
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from finscribe.synthesis import generate
from finscribe.synthesis.rendering import scanning
from finscribe.synthesis.rendering.scanning import render_scan
from finscribe.synthesis.rendering.stamps import stamped

pytest.importorskip("reportlab")

LANGUAGES = ("en", "da", "de", "es", "fr", "id", "it", "nl", "pl", "pt", "sv")


def page_with_lines() -> Image.Image:
    """A grey page of 400 x 600 pixels with black lines across it."""
    page = Image.new("L", (400, 600), 255)
    for y in range(20, 600, 20):
        ImageDraw.Draw(page).line((0, y, 400, y), fill=0)
    return page


def change(before: Image.Image, after: Image.Image) -> np.ndarray:
    return np.asarray(after, dtype=int) - np.asarray(before, dtype=int)


def test_the_same_sample_and_seed_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    for chance in ("_STAMPED", "_THERMAL", "_SHADOWED"):
        monkeypatch.setattr(scanning, chance, 1)
    sample = generate(5, ["receipt-bare"], 0.3)
    assert render_scan(sample, 3) == render_scan(sample, 3)
    assert render_scan(sample, 3) != render_scan(sample, 4)


def test_a_scan_is_a_grey_picture_of_the_page_with_ink_on_it() -> None:
    for seed, family in enumerate(("receipt-bare", "receipt-grocery", "invoice-letter", "invoice-composed")):
        image = Image.open(io.BytesIO(render_scan(generate(seed, [family]), seed)))
        assert (image.format, image.mode) == ("JPEG", "L")
        assert min(image.size) > 250
        dark, light = image.getextrema()
        assert dark < 130
        assert light > 180


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stamp_leaves_ink_but_no_lighter_or_black_place(language: str) -> None:
    page = page_with_lines()
    for seed in range(3):
        darker = change(page, stamped(page, language, Random(seed)))
        assert darker.max() == 0
        assert (darker < -30).mean() > 0.001
        assert darker.min() >= 90 - 255


def test_every_language_of_documents_has_words_for_stamps() -> None:
    from finscribe.synthesis.content.locales import LOCALES

    assert {locale.language for locale in LOCALES} <= set(LANGUAGES)


def test_thermal_paper_loses_ink_in_places_only() -> None:
    page, lost = page_with_lines(), []
    for seed in range(20):
        paler = change(page, scanning._gone_pale(page, Random(seed)))
        assert paler.min() == 0
        ink = paler[np.asarray(page) == 0]
        lost.append((ink > 60).mean())
    assert max(lost) > 0.1
    assert sum(share < 0.6 for share in lost) == 20


def test_a_shadow_darkens_a_part_of_the_page() -> None:
    page = Image.new("L", (400, 600), 240)
    for seed in range(12):
        darker = change(page, scanning._shadowed(page, Random(seed)))
        assert darker.max() <= 0
        assert darker.min() >= -0.41 * 240
        assert 0.01 < (darker < -12).mean() < 0.75
