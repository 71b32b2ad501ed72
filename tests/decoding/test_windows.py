"""Windows over long texts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.decoding.printed import Printed
from finscribe.decoding.windows import OVERLAP_LINES, SHORT_OVERLAP_LINES, plan_windows, window_tokens_of
from finscribe.errors import DocumentTooLarge, ModelBroken, PromptTooLong
from finscribe.invoice import Kind
from tests.profiles import examples

line_lists = st.lists(st.integers(0, 30), max_size=60).map(
    lambda sizes: "\n".join("x" * size for size in sizes)
)


def test_a_short_text_is_one_window() -> None:
    (window,) = plan_windows("short", len, 4096)
    assert (window.start, window.end, window.mine_from, window.mine_to) == (0, 5, 0, 5)


@examples(200)
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


def test_a_model_that_reads_lines_best_in_short_windows_gets_the_whole_text_besides() -> None:
    text = "".join(f"line {number:03}\n" for number in range(100))
    wide, *short = plan_windows(text, len, 4096, window_tokens=200)
    assert (wide.start, wide.end, wide.header_only) == (0, len(text), True)
    assert not any(window.header_only for window in short)
    assert (short[0].mine_from, short[-1].mine_to) == (0, len(text))
    for window, following in pairwise(short):
        assert window.mine_to == following.mine_from
        assert window.end - window.start <= 200
        assert text[following.start : window.end].count("\n") == SHORT_OVERLAP_LINES


def test_of_a_long_text_the_wide_windows_are_those_of_a_model_without_short_ones() -> None:
    text = "".join(f"line {number:03}\n" for number in range(400))
    windows = plan_windows(text, len, 3000, window_tokens=200)
    wide = [(window.start, window.end) for window in windows if window.header_only]
    assert wide == [(window.start, window.end) for window in plan_windows(text, len, 3000)]
    assert len(wide) > 1


@pytest.mark.parametrize(("length", "window_tokens"), [(0, 200), (200, 200), (1000, 5000), (1000, None)])
def test_a_text_that_fits_is_a_single_window(length: int, window_tokens: int | None) -> None:
    (window,) = plan_windows("x" * length, len, 4096, window_tokens=window_tokens)
    assert (window.mine_from, window.mine_to, window.header_only) == (0, length, False)


def test_what_a_window_prints_is_read_as_the_whole_page_settles_it() -> None:
    head, line = "Austin, TX 78701\nInvoice 12/31/2025\n", "02/03/2026  Tea  $5.00\n"
    page = Printed(head + 5 * line)
    part = page.part(len(head), len(head) + len(line))
    assert {date.value for date in part.dates} == {"2026-02-03"}
    assert list(part.places(Kind.CURRENCY)) == ['"USD"']
    assert len({date.value for date in Printed(line).dates}) == 2
    assert part.part(0, 10).whole == page.text


@pytest.mark.parametrize("said", [0, -5, 63, "320", 320.5])
def test_a_model_with_windows_of_no_length_is_broken(said: object) -> None:
    with pytest.raises(ModelBroken, match="finscribe_window_tokens"):
        window_tokens_of({"finscribe_window_tokens": said})


def test_only_wide_windows_are_counted_against_the_limit() -> None:
    text = "".join(f"line {number:03}\n" for number in range(100))
    assert len(plan_windows(text, len, 4096, window_tokens=100, most=1)) > 5


COLUMNS = "  ".join(f"{number} Tea of the house  {number}.50" for number in range(400))
WORDS = " ".join(f"word{number}" for number in range(900))
BLOB = "".join(chr(0x4E00 + number % 900) for number in range(3000))


@pytest.mark.parametrize("text", [COLUMNS, WORDS, BLOB, f"first\n{COLUMNS}\nlast 5.00", "x" * 3000])
def test_a_line_longer_than_a_window_is_cut_and_nothing_of_it_is_lost(text: str) -> None:
    windows = plan_windows(text, len, 1000)
    assert len(windows) > 2
    assert (windows[0].mine_from, windows[-1].mine_to) == (0, len(text))
    for window, following in pairwise(windows):
        assert window.mine_to == following.mine_from
        assert window.start <= following.start < window.end < following.end
    for window in windows:
        assert window.start <= window.mine_from < window.mine_to <= window.end
        assert window.end - window.start <= 350


@pytest.mark.parametrize("text", [COLUMNS, WORDS])
def test_a_long_line_is_cut_between_words_and_prints_in_every_window_what_the_whole_prints(text: str) -> None:
    page = Printed(text)
    found = set()
    for window in plan_windows(text, len, 1000):
        inside = Printed(text[window.start : window.end])
        places = {(window.start + word.start, window.start + word.end) for word in inside.words}
        assert places <= {(word.start, word.end) for word in page.words}
        assert inside.places(Kind.NUMBER).keys() <= page.places(Kind.NUMBER).keys()
        found |= places
    assert found == {(word.start, word.end) for word in page.words}


def test_a_long_line_is_cut_at_the_gaps_between_its_columns() -> None:
    for window in plan_windows(COLUMNS, len, 6000)[1:]:
        assert COLUMNS[window.start - 2 : window.start] == "  "


def test_one_line_of_text_is_cut_into_about_as_few_windows_as_one_with_line_breaks() -> None:
    broken = COLUMNS.replace("50  ", "50\n\n")
    assert len(plan_windows(COLUMNS, len, 1000)) <= len(plan_windows(broken, len, 1000)) + 4


def test_a_model_whose_window_holds_no_word_is_an_error_that_says_so() -> None:
    with pytest.raises(PromptTooLong, match="has 9 tokens, a window of this model holds 7") as caught:
        plan_windows("x" * 30, lambda text: 9 * len(text), 20)
    assert "context" in caught.value.hint


def test_more_windows_than_allowed_are_an_error_that_says_what_to_do() -> None:
    text = "".join(f"line {number:03}\n" for number in range(100))
    least = len(plan_windows(text, len, 400))
    assert len(plan_windows(text, len, 400, most=least)) == least
    with pytest.raises(DocumentTooLarge, match=f"longer than {least - 1} windows") as caught:
        plan_windows(text, len, 400, most=least - 1)
    assert "FINSCRIBE_MAX_WINDOWS" in caught.value.hint


def test_each_window_holds_something_new_also_before_a_line_that_hardly_fits() -> None:
    text = "".join(f"line {number:03}\n" for number in range(10)) + "x" * 138 + "\nlast\n"
    windows = plan_windows(text, len, 400)
    assert [(window.start, window.end) for window in windows] == [(0, 90), (90, 229), (229, 234)]


@pytest.mark.parametrize("end", ["\n", " "])
def test_a_giant_text_is_refused_before_all_of_it_is_counted(end: str) -> None:
    counted = 0

    def count(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return len(text) // 2

    with pytest.raises(DocumentTooLarge):
        plan_windows(f"some words of a line{end}" * 100_000, count, 3000, most=10)
    assert counted < 100_000
