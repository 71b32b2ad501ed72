"""How likely a guess is to hold, learned from how the guesses before it did: a draft ends where it is unlikely to."""

from __future__ import annotations

from dataclasses import dataclass, field

from finscribe.decoding.cursor import Cursor
from finscribe.invoice import row_and_cell

FIRST, REST = 0.85, 0.95
"""Chances of the first token of a guess and of each one behind it, before anything is known."""

WEIGHT = 4
"""How many guesses that knowledge is worth."""

FADING = 0.9
"""What is left of the weight of all that was seen whenever something new is: lists may be guessed better and better."""

REST_OF_GUESS = "rest"


@dataclass(slots=True)
class Odds:
    """The record of one answer's guesses, by what they are about."""

    held: dict[str, float] = field(default_factory=dict)
    made: dict[str, float] = field(default_factory=dict)

    def chance(self, about: str) -> float:
        """The chance of a token: the mean of a beta distribution."""
        prior = REST if about == REST_OF_GUESS else FIRST
        return (self.held.get(about, 0) + WEIGHT * prior) / (self.made.get(about, 0) + WEIGHT)

    def learn(self, about: str, held: bool) -> None:
        """Takes in whether the model agreed with a token."""
        self.made[about] = FADING * self.made.get(about, 0) + 1
        self.held[about] = FADING * self.held.get(about, 0) + held


def subject(cursor: Cursor) -> str:
    """What a guess at this place is about: the field, whatever the line, and whether its value has been begun."""
    if cursor.path is None:
        return "between"
    place = row_and_cell(cursor.path)
    return f"{place[1] if place else cursor.path} {bool(cursor.value)}"
