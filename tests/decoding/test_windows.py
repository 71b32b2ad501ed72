"""Windows over long texts."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finscribe.decoding.windows import OVERLAP_LINES, plan_windows
from finscribe.errors import PromptTooLong

line_lists = st.lists(st.integers(0, 30), max_size=60).map(
    lambda sizes: "\n".join("x" * size for size in sizes)
)


def test_a_short_text_is_one_window() -> None:
    (window,) = plan_windows("short", len, 4096)
    assert (window.start, window.end, window.mine_from, window.mine_to) == (0, 5, 0, 5)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(line_lists, st.integers(100, 600))
def test_every_character_belongs_to_exactly_one_window(text: str, context: int) -> None:
    windows = plan_windows(text, len, context)
    assert windows[0].mine_from == 0
    assert windows[-1].mine_to == len(text)
    for window, following in pairwise(windows):
        assert window.mine_to == following.mine_from
        assert window.start < following.start < following.end
    for window in windows:
        assert window.start <= window.mine_from <= window.mine_to <= window.end
        assert window.end - window.start <= context // 2


def test_windows_overlap_by_lines_and_are_cut_at_line_breaks() -> None:
    text = "".join(f"line {number:03}\n" for number in range(100))
    windows = plan_windows(text, len, 400)
    assert len(windows) > 2
    for window, following in pairwise(windows):
        assert text[following.start : window.end].count("\n") == OVERLAP_LINES
        assert text[following.start - 1] == "\n"


def test_a_line_longer_than_a_window_is_an_error_that_says_so() -> None:
    with pytest.raises(PromptTooLong, match="one line of the text has 1000 tokens") as caught:
        plan_windows("first\n" + "x" * 1000, len, 200)
    assert "lines" in caught.value.hint
