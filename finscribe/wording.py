"""How numbers are said."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number with the words that follow it: `1 step`, `1,000 steps`; `many` is `one` with an s where not given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
