"""Pages that are full to their last line: long ones, and nothing of what fills them is a value."""

from __future__ import annotations

from statistics import mean

import pytest

from finscribe.synthesis import Sample, generate
from finscribe.synthesis.layout import composed, layouts
from finscribe.synthesis.layout.composed import INVOICE
from finscribe.synthesis.layout.draft import Draft
from finscribe.synthesis.layout.layouts import BLOCKS, Block
from finscribe.synthesis.layout.page import Cell, Row

FILLING = {part for name in composed._FILLING for part in name.split("&")}


def drawn(full: float, monkeypatch: pytest.MonkeyPatch, count: int = 150) -> list[Sample]:
    monkeypatch.setattr(composed, "CROWDED_SHARE", 1.0)
    monkeypatch.setattr(composed, "FULL_SHARE", full)
    return [generate(seed, [INVOICE]) for seed in range(count)]


def test_full_pages_are_several_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    full, crowded = (mean(len(each.text) for each in drawn(share, monkeypatch)) for share in (1.0, 0.0))
    assert full > 2 * crowded


def test_what_fills_a_page_is_none_of_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: dict[str, list[Cell]] = {name: [] for name in FILLING}

    def noting(name: str, block: Block) -> Block:
        def noted(d: Draft) -> list[Row]:
            rows = block(d)
            printed[name] += [cell for row in rows for cell in row]
            return rows

        return noted

    monkeypatch.setattr(layouts, "_block", layouts._block.__wrapped__)  # which keeps those of before
    for name in FILLING:
        monkeypatch.setitem(BLOCKS, name, noting(name, BLOCKS[name]))
    composed_pages = drawn(1.0, monkeypatch)
    assert all(printed.values())
    assert not [cell for cells in printed.values() for cell in cells if cell.path]
    assert mean(each.truth["vendor"]["name"] is not None for each in composed_pages) > 0.9


def test_small_print_runs_on_over_lines_of_one_width(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [each.text for each in drawn(1.0, monkeypatch, 40)]
    long = [line for text in texts for line in text.splitlines() if len(line) > 60 and "  " not in line]
    running_on = [line for line in long if line[-1].isalpha()]
    assert len(running_on) > len(long) / 2 > 40
