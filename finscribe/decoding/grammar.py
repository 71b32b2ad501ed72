"""The grammar of one document: what an answer may say, given what is printed.

A Lark grammar for llguidance. Text values are whole words as they run on over the page; numbers, dates and
currencies are listed; the skeleton is fixed, so that the engine forces it without asking the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from finscribe.decoding.flow import JOINTS, STRETCH, Flow
from finscribe.decoding.printed import Printed
from finscribe.invoice import FIELDS, LINES, Kind, cells_of, in_order, skeleton


class Grounding(StrEnum):
    """How free the model is: only what is printed, only valid JSON of our schema, or anything."""

    GROUNDED = "grounded"
    SCHEMA = "schema"
    OFF = "off"


WORDS_OF_AN_ITEM = 4
"""How few words an item has where several stand in one line of the text."""
_AMOUNT = re.compile(r"\d[.,]\d+")

_as_json = json.JSONEncoder(ensure_ascii=False).encode  # `dumps` makes one for each word
NULL, QUOTE = '"null"', r'"\""'
_FREE = {
    "TEXT": r'/"([^"\\\x00-\x1f]|\\["\\\/bfnrt])+"/',
    "NUMBER": r"/-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?/",
    "DATE": r'/"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"/',
}


def build_grammar(printed: Printed, request: Sequence[str], grounding: Grounding = Grounding.GROUNDED) -> str:
    """The Lark grammar of the answers to a request; `grounding` must not be off."""
    request = in_order(request)
    kinds = dict.fromkeys(FIELDS[path] for path in request)
    rules = (
        _grounded_rules(printed, kinds) if grounding is Grounding.GROUNDED else _schema_rules(printed, kinds)
    )
    parts = [
        _literal(part) if index % 2 == 0 else (LINES if part == LINES else FIELDS[part].value)
        for index, part in enumerate(skeleton(request))
    ]
    lines = _lines_rule(request, most_lines(printed.text))
    return "\n".join([f"start: {' '.join(parts)}", *lines, *rules]) + "\n"


def most_lines(text: str) -> int:
    """How many items a text may list: one in a line, more where several ran together, as its length or amounts say."""
    in_lines = sum(max(1, len(line.split()) // WORDS_OF_AN_ITEM) for line in text.split("\n"))
    return max(in_lines, len(_AMOUNT.findall(text)))


def _literal(text: str) -> str:
    written = _as_json(text)
    return written.replace("\x7f", r"\u007f")  # the engine's files hold no bare DEL


def _lines_rule(request: Sequence[str], most: int) -> list[str]:
    cells = cells_of(request)
    if not cells:
        return []
    line = " ".join(
        f"{_literal(('{' if not index else ',') + json.dumps(cell) + ':')} {FIELDS[f'{LINES}.{cell}'].value}"
        for index, cell in enumerate(cells)
    )
    more = f' ("," line){{0,{most - 1}}}' if most > 1 else ""
    return [f'{LINES}: "[" (line{more})? "]"', f'line: {line} "}}"']


def _grounded_rules(printed: Printed, kinds: Iterable[Kind]) -> list[str]:
    rules = []
    for kind in kinds:
        values = [] if kind.textual else list(printed.places(kind))
        terminal = [kind.name] if values or (kind.textual and printed.words) else []
        rules.append(f"{kind.value}: {_any_of([NULL, *terminal])}")
        if values:
            rules.append(f"{kind.name}: {_any_of(map(_literal, values))}")
        elif terminal:
            rules += _span_rules(printed) if kind is Kind.SPAN else _phrase_rules(printed)
    return rules


def _span_rules(printed: Printed) -> list[str]:
    """Consecutive words of one segment."""
    return [
        rf"SPAN: {QUOTE} RUN {QUOTE}",
        r"RUN: WORDS & /[^ \n](.*[^ \n])?/",
        f"WORDS: %regex {_chunks(printed)}",
    ]


def _chunks(printed: Printed) -> str:
    """Words and the single spaces between them, each escaped for JSON; segments are parted by what no value writes."""
    firsts = set(printed.segments)
    chunks: list[str] = []
    for place, word in enumerate(printed.words):
        gap = "\n" if place in firsts else "" if word.glued else " "
        chunks += [gap, _escaped(word.text)] if gap else [_escaped(word.text)]
    return json.dumps({"substring_chunks": chunks}, ensure_ascii=False)


def _phrase_rules(printed: Printed) -> list[str]:
    """Words as they run on over the page, each start as far as its horizon."""
    starts = range(len(printed.words))
    rules = [f"JOINT: {_any_of(map(_literal, JOINTS))}"]
    for first in starts[::STRETCH]:
        rules += _stretch_rules(printed, first)
    begun = _any_of(f"B{place}_{place - place % STRETCH}" for place in starts)
    return [*rules, f"PHRASE: {QUOTE} ({begun}) {QUOTE}"]


def _stretch_rules(printed: Printed, first: int) -> list[str]:
    """Values that begin in one stretch: `B7_0` does so with word 7, in `C7_0` it goes on with it in its cell.

    Those further down come first, for each is made of what may follow it.
    """
    rules = []
    for place in reversed(range(first, printed.flow.horizon(first))):
        word, rest = printed.words[place], _rest_of_phrase(printed.flow, place, first)
        rules.append(f"B{place}_{first}: {_literal(_escaped(word.text))}{rest}")
        rules.append(
            f"C{place}_{first}: {_literal(_escaped(word.text if word.glued else ' ' + word.text))}{rest}"
        )
    return rules


def _rest_of_phrase(flow: Flow, place: int, first: int) -> str:
    """What may follow a word: the next one of its cell, or a joint and the beginning of another cell."""
    cell, near = flow.cell_of(place), [step for step in flow.steps(place) if step < flow.horizon(first)]
    steps = [f"C{step}_{first}" if flow.cell_of(step) == cell else f"JOINT B{step}_{first}" for step in near]
    return f" ({_any_of(steps)})?" if steps else ""


def _any_of(choices: Iterable[str]) -> str:
    return " | ".join(choices)


def _escaped(text: str) -> str:
    return _as_json(text)[1:-1]


def _schema_rules(printed: Printed, kinds: Iterable[Kind]) -> list[str]:
    """Any JSON of the kinds: what is printed does not count."""
    rules = [f"{name}: {pattern}" for name, pattern in _FREE.items()]
    for kind in kinds:
        if kind.inferred:
            choices = "|".join(json.loads(name) for name in printed.places(Kind.DOCUMENT_TYPE))
            pattern = choices if kind is Kind.DOCUMENT_TYPE else "[A-Z]{3}"
            rules += [f'{kind.name}: /"({pattern})"/', f"{kind.value}: {kind.name} | {NULL}"]
        else:
            terminal = "NUMBER" if kind.numeric else "DATE" if kind is Kind.DATE else "TEXT"
            rules.append(f"{kind.value}: {terminal} | {NULL}")
    return rules
