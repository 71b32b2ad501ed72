"""Documents too long for one example: the windows of serving, each with what it prints of the truth.

What stands outside of a window is not asked of it: a null would be false where another window answers. That a
window lists no lines is known, though, and has to be learned: serving asks every window for its lines, and adds up
what they say. A line that the border of a window cuts belongs to the neighbour, which prints it whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from finscribe.decoding import Printed
from finscribe.decoding.align import align, reach
from finscribe.decoding.merging import Written, place_of_line
from finscribe.decoding.printed import find_text
from finscribe.decoding.windows import Window, plan_windows
from finscribe.invoice import FIELDS, Kind, Truth, Value, cell_path

Line: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Part:
    """A window of a document: its text, what is asked of it, and the numbers of the lines among that."""

    text: str
    truth: Truth
    lines: frozenset[int]


def split(
    text: str,
    truth: Truth,
    count_tokens: Callable[[str], int],
    context_length: int,
    window_tokens: int | None = None,
) -> list[Part]:
    """The windows of serving with that context, for a truth that is aligned to the text.

    Those for the header alone ask for no lines. Raises PromptTooLong where a window does not even hold a character.
    """
    windows = plan_windows(text, count_tokens, context_length, window_tokens=window_tokens)
    if len(windows) == 1:
        return [Part(text, truth, frozenset(range(len(truth.lines or ()))))]
    page = Printed(text)
    places = _places_of_lines(truth.lines or (), page)
    return [_part(page, truth, window, places) for window in windows]


def asked_nowhere(truth: Truth, parts: Sequence[Part]) -> int:
    """How many values of a truth no window asks for."""
    header = truth.values.keys() - {path for part in parts for path in part.truth.values}
    lines = set().union(*(part.lines for part in parts))
    cells = sum(len(line) for number, line in enumerate(truth.lines or ()) if number not in lines)
    return len(header) + cells


def _part(page: Printed, truth: Truth, window: Window, places: Sequence[int]) -> Part:
    inside = page.part(window.start, window.end)
    unasked = truth.lines is None or window.header_only
    lines = None if unasked else _lines_inside(truth.lines or (), places, page, window)
    asked = Truth(
        _header_inside(truth, page, window, inside), None if lines is None else tuple(lines.values())
    )
    return Part(inside.text, asked, frozenset(lines or ()))


def _header_inside(truth: Truth, page: Printed, window: Window, inside: Printed) -> dict[str, Value]:
    """The header fields that the window prints, and those that no window does."""
    found: dict[str, Value] = {}
    for path, value in truth.values.items():
        if value is None:
            found[path] = None
        elif _stands_in(window, FIELDS[path], value, page):
            reached = reach(value, FIELDS[path], inside)
            found |= {path: reached} if reached is not None else {}
    return found


def _stands_in(window: Window, kind: Kind, value: str | Decimal, page: Printed) -> bool:
    """Whether a window is to be asked for a value.

    Titles stand at the beginning. The same amount may be printed among the items by chance: its last place counts.
    """
    if kind is Kind.DOCUMENT_TYPE:
        return window.start == 0
    spots = sorted(_spots(kind, value, page))
    return any(
        window.start <= start and end <= window.end for start, end in (spots[-1:] if kind.numeric else spots)
    )


def _spots(kind: Kind, value: str | Decimal, page: Printed) -> list[tuple[int, int]]:
    """The characters, from and to, that print a value."""
    if isinstance(value, Decimal):
        return [
            spot
            for written, spots in page.places(kind).items()
            for spot in spots
            if Decimal(written) == value
        ]
    if kind.textual:
        ways = find_text(page, value)
        return [(min(run.start for run in way), max(run.end for run in way)) for way in ways]
    return page.places(kind).get(f'"{value}"', [])


# --- lines -------------------------------------------------------------------------------------------


def _places_of_lines(lines: Sequence[Line], page: Printed) -> list[int]:
    """Where each line stands, as serving finds it when it puts windows together."""
    places, reached = [], -1
    for number, line in enumerate(lines):
        row = [Written(cell_path(number, cell), value, 1.0) for cell, value in line.items()]
        reached = place_of_line(row, page, reached)
        places.append(max(reached, 0))
    return places


def _lines_inside(
    lines: Sequence[Line], places: Sequence[int], page: Printed, window: Window
) -> dict[int, Line] | None:
    """The lines that a window prints whole, by number; None where it prints one in its middle only in part."""
    inside = [number for number, place in enumerate(places) if window.start <= place < window.end]
    around = page.part(window.start, window.end)
    found: dict[int, Line] = {}
    for number in inside:
        at_edge = number in (inside[0], inside[-1])
        near = _without_neighbours(number, inside, places, page, window) if at_edge else around
        (line,) = align(Truth({}, (lines[number],)), near).truth.lines or ({},)
        if len(line) == len(lines[number]):
            found[number] = line
        elif not at_edge:
            return None
    return found


def _without_neighbours(
    number: int, inside: Sequence[int], places: Sequence[int], page: Printed, window: Window
) -> Printed:
    """What a window prints between the lines before and behind: a border may have cut off what belongs to this one.

    Its amounts may stand above its description or below, so that all between its neighbours may be its own.
    """
    start, end, place = window.start, window.end, places[number]
    if number - 1 in inside and (before := _line_end(page.text, places[number - 1])) <= place:
        start = before
    if number + 1 in inside:
        behind = _line_start(page.text, places[number + 1])
        end = behind if behind > place else places[number + 1]  # where the page has no line breaks
    return page.part(start, end)


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found
