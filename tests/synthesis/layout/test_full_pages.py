"""Pages that are full to their last line: long ones, and nothing of what fills them is a value."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.synthesis import Sample, generate
from finscribe.synthesis.layout import composed, full_pages, layouts
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


@given(st.lists(st.text("abc", min_size=1, max_size=30), min_size=1), st.integers(1, 60))
def test_small_print_runs_on_over_lines_as_wide_as_they_may_be(words: list[str], width: int) -> None:
    lines = full_pages.lines_of(" ".join(words), width)
    assert " ".join(lines).split(" ") == words
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        first = following.split(" ")[0]
        assert len(line) <= width or " " not in line
        assert not first or len(f"{line} {first}") > width
