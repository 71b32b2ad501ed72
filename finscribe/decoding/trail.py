"""What an answer says so far, and where on the page its texts probably stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from finscribe.invoice import LINES, row_and_cell


@dataclass(slots=True)
class Trail:
    """The values written, in their order, each as JSON with the place (a word) where it probably stands."""

    _values: list[tuple[tuple[str, str], int | None]] = field(default_factory=list)

    def follow(self, finished: Sequence[tuple[str, str]], locate: Callable[[str, str], int | None]) -> None:
        """Keeps in step with an answer: a wrong guess is taken off the end, what is new is located and put there."""
        values = self._values
        while values and (len(values) > len(finished) or values[-1][0] != finished[len(values) - 1]):
            values.pop()
        for path, written in finished[len(values) :]:
            values.append(((path, written), locate(path, written)))

    def written(self, path: str) -> list[str]:
        """What was written for a path: one value, or none."""
        return [written for (known, written), _ in self._values if known == path]

    def place_of(self, path: str) -> int | None:
        """Where a value that has been written stands."""
        return next((place for (known, _), place in reversed(self._values) if known == path), None)

    def latest_place(self) -> int:
        """Where the latest description stands; 0 before the first."""
        places = (place for (path, _), place in reversed(self._values) if path.startswith(LINES))
        return next((place for place in places if place is not None), 0)

    def latest_row(self) -> int | None:
        """The row written last, from 0; None before the first."""
        places = (row_and_cell(path) for (path, _), _ in reversed(self._values))
        return next((place[0] for place in places if place), None)

    def cells(self, row: int) -> dict[str, str]:
        """The cells of a row as far as it is written, by their names."""
        return {
            place[1]: written
            for (path, written), _ in self._values
            if (place := row_and_cell(path)) and place[0] == row
        }

    def same_as(self, row: int) -> int | None:
        """An earlier row with the same description: a model that repeats itself does so word for word."""
        descs = {
            place[0]: written
            for (path, written), _ in self._values
            if (place := row_and_cell(path)) and place[1] == "desc"
        }
        mine = descs.pop(row, "null")
        return next((other for other in reversed(descs) if descs[other] == mine != "null"), None)
