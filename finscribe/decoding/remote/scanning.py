"""The JSON in a text that may be anything: each value with its path and its place, as far as the text is JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

DEEPEST = 12
MOST_TRIED = 20
"""Brackets that an object may begin with, in a text in which others stand before it."""

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<mark>[{}\[\]:,])
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?(?![\w.]))
    | (?P<word>true|false|null)\b
    )""",
    re.VERBOSE | re.DOTALL,
)
Keys: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is no object or list: the keys that lead to it, and the characters `start:end` that write it."""

    keys: Keys
    value: str | Decimal | bool | None
    start: int
    end: int

    @property
    def path(self) -> str:
        """The keys as in `line_items[0].qty`."""
        return path_of(self.keys)


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a text: `whole` where the object was read to its end."""

    leaves: Sequence[Leaf] = ()
    whole: bool = False


def path_of(keys: Keys) -> str:
    """Keys as one path, as in `line_items[0].qty`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")


def scan(text: str) -> Scan:
    """The first JSON object of a text, after what a model thought aloud; what breaks off is kept up to there."""
    start = text.rfind("</think>") + 1
    for _ in range(MOST_TRIED):
        start = text.find("{", start)
        if start < 0:
            break
        scanner = _Scanner(text, start)
        whole = scanner.read()
        if scanner.leaves or whole:
            return Scan(tuple(scanner.leaves), whole)
        start += 1
    return Scan()


def nested(leaves: Sequence[Leaf]) -> dict[str, Any]:
    """The record that leaves were read from; elements of lists keep their places, those that are missing are empty."""
    record: dict[str, Any] = {}
    for leaf in leaves:
        place: Any = record
        for key, following in zip(leaf.keys, leaf.keys[1:], strict=False):
            place = _step(place, key, [] if isinstance(following, int) else {})
        _step(place, leaf.keys[-1], leaf.value)
    return record


def _step(place: Any, key: str | int, new: Any) -> Any:
    """What stands under a key, `new` where nothing does or where it is a value; a later value takes the place."""
    if isinstance(key, int):
        place += [{} for _ in range(key + 1 - len(place))]
    keep = isinstance(new, dict | list)
    found = place[key] if isinstance(key, int) else place.get(key)
    if not (keep and type(found) is type(new)):
        place[key] = found = new
    return found


class _Broken(Exception):
    """The text is no JSON from here on."""


@dataclass(slots=True)
class _Scanner:
    """Reads one object from `place` on and notes its leaves."""

    text: str
    place: int
    leaves: list[Leaf] = field(default_factory=list)

    def read(self) -> bool:
        """Whether it could be read to its end."""
        try:
            self._value(())
        except _Broken:
            return False
        return True

    def _value(self, keys: Keys) -> None:
        found = self._next()
        if found["mark"] == "{" and len(keys) < DEEPEST:
            self._members(keys, "}")
        elif found["mark"] == "[" and len(keys) < DEEPEST:
            self._members(keys, "]")
        elif found["mark"] or (found["number"] and self.place == len(self.text)):  # a number may go on
            raise _Broken
        else:
            self.leaves.append(Leaf(keys, _read(found), self.place - len(found[0].lstrip()), self.place))

    def _members(self, keys: Keys, closing: str) -> None:
        """The inside of an object or a list, up to the bracket that closes it."""
        if self._takes(closing):
            return
        count = 0
        while True:
            self._value((*keys, count if closing == "]" else self._key()))
            count += 1
            if self._takes(closing):
                return
            if not self._takes(","):
                raise _Broken

    def _key(self) -> str:
        found = self._next()
        if not found["text"] or not self._takes(":"):
            raise _Broken
        return str(_read(found))

    def _next(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.place)
        if not found:
            raise _Broken
        self.place = found.end()
        return found

    def _takes(self, mark: str) -> bool:
        found = _TOKEN.match(self.text, self.place)
        if not found or found["mark"] != mark:
            return False
        self.place = found.end()
        return True


def _read(found: re.Match[str]) -> str | Decimal | bool | None:
    if found["text"]:
        try:
            return str(json.loads(found["text"], strict=False))
        except ValueError:  # an escape that is none
            raise _Broken from None
    if found["number"]:
        return Decimal(found["number"])
    return {"true": True, "false": False, "null": None}[found["word"]]
