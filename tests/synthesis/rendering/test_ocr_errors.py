"""Errors are counted as what they are, and the counts are what documents get their errors from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from finscribe.synthesis import generate
from finscribe.synthesis.noise import LEVELS, blur
from finscribe.synthesis.rendering.ocr_errors import FILE, Errors, measure


def counted(printed: str, read: str) -> Errors:
    errors = Errors()
    errors.count(printed, read)
    return errors


@pytest.mark.parametrize(
    ("read", "kinds"),
    [
        ("Green apples  3.50", {}),
        ("Greenapples  3.50", {"space lost": 1}),
        ("Gre en apples  3.50", {"space added": 1}),
        ("Green apples 3.50", {"cells joined": 1}),
        ("Green apples3.50", {"cells joined": 1}),
        ("Green  apples  3.50", {"cell split": 1}),
        ("Green app1es  3.50", {"confused": 1}),
        ("Greem app1es  3.50", {"confused": 2}),
        ("Geen apples  3.50", {"dropped": 1}),
        ("Green apples.  3.50", {"added": 1}),
    ],
)
def test_an_error_is_counted_by_its_kind(read: str, kinds: dict[str, int]) -> None:
    assert counted("Green apples  3.50", read).kinds == kinds


def test_letters_that_run_together_are_one_confusion() -> None:
    assert counted("Corner shop", "Comer shop").confusions == {("rn", "m"): 1}


def test_lines_in_another_order_are_found_and_lost_ones_passed_over() -> None:
    errors = counted("Milk  2.00\nGreen apples  3.50\nThank you", "Green app1es  3.50\nMilk  2.00")
    assert errors.kinds == {"confused": 1}
    assert errors.shares == [1 / 4]


def test_a_scan_is_drawn_read_and_compared(tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    from finscribe.synthesis.rendering.scanning import render_scan

    sample = generate(3, ["receipt-bare"], 0.3)
    errors = measure([(sample.text, render_scan(sample, 1)), ("Nothing like it", render_scan(sample, 1))])
    assert len(errors.shares) == 1
    assert 0 <= errors.shares[0] < 0.6


def test_the_counts_that_are_kept_are_of_many_scans() -> None:
    kept = json.loads(FILE.read_text("utf-8"))
    assert kept["documents"] >= 50
    assert sum(kept["kinds"].values()) > 300
    assert sorted(kept["levels"]) == kept["levels"] == list(LEVELS)


def test_errors_are_drawn_as_often_as_they_were_counted() -> None:
    """Each kind leaves its trace in a text that has a place for all of them."""
    kept = json.loads(FILE.read_text("utf-8"))["kinds"]
    kept.pop("cells joined", None)
    total = sum(kept.values())
    rng, text, drawn = Random(0), "SOX EGOS 1,0 OF SAX", Counter[str]()
    for _ in range(8000):
        blurred = blur(rng, text)
        spaces = blurred.count(" ") - text.count(" ")
        letters = len(blurred.replace(" ", "")) - len(text.replace(" ", ""))
        if letters:
            drawn["dropped or added"] += 1
        elif "  " in blurred:
            drawn["cell split"] += 1
        elif spaces:
            drawn["space added" if spaces > 0 else "space lost"] += 1
        elif blurred != text:
            drawn["confused"] += 1
    for kind in ("space added", "space lost", "confused"):
        assert drawn[kind] / 8000 == pytest.approx(kept[kind] / total, abs=0.06), kind
