"""From a value to where it is printed and how sure the model was.

Every value of an answer gets an `Evidence`: the places in the text (and on the page) that print it, the
likeliest first, and the probability that the model gave it before the grammar's mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from finscribe.documents import Box
from finscribe.invoice import Value


class Support(StrEnum):
    """What a value rests on."""

    PRINTED = "printed"
    """The document prints it, at `Evidence.places`."""
    INFERRED = "inferred"
    """Chosen from a fixed list: document type and currency."""
    ABSENT = "absent"
    """Nothing is printed: the value is null."""
    UNGROUNDED = "ungrounded"
    """Written freely by the model and not found on the page (only with grounding switched off)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place that prints a value: characters `start:end` of the text; page number and boxes where known."""

    start: int
    end: int
    page: int | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one value rests on.

    `probability` (0 to 1) is the model's own, before the mask. `places` has one entry for each place that
    prints the value, the likeliest first; `parts` has more than one entry when the value is pieced together.
    """

    path: str
    value: Value
    support: Support
    probability: float
    confidence: float
    places: tuple[tuple[Place, ...], ...] = ()
