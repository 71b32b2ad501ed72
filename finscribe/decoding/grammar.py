"""The grammar of one document: what an answer may say, given what is printed.

A Lark grammar for llguidance. Text values are substrings over whole words; numbers, dates and currencies are
listed; the skeleton is fixed, so that the engine forces it without asking the model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

from finscribe.decoding.printed import MOST_RUNS, Printed
from finscribe.invoice import FIELDS, LINES, Kind, cells_of, in_order, skeleton


class Grounding(StrEnum):
    """How free the model is: only what is printed, only valid JSON of our schema, or anything."""

    GROUNDED = "grounded"
    SCHEMA = "schema"
    OFF = "off"


WORDS_OF_AN_ITEM = 4
"""How few words an item has where several stand in one line of the text."""

NULL = '"null"'
_TEXT_KINDS = (Kind.SPAN, Kind.PHRASE)
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
    lines = _lines_rule(request, _most_lines(printed.text))
    return "\n".join([f"start: {' '.join(parts)}", *lines, *rules]) + "\n"


def _most_lines(text: str) -> int:
    """How many items a text may list: one in a line, more where it is long enough to be several that ran together."""
    return sum(max(1, len(line.split()) // WORDS_OF_AN_ITEM) for line in text.split("\n"))


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


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


def _grounded_rules(printed: Printed, kinds: Sequence[Kind] | dict[Kind, None]) -> list[str]:
    rules = []
    for kind in kinds:
        if kind in _TEXT_KINDS:
            rules += _text_rules(printed, kind)
        else:
            written = list(printed.places(kind))
            rules.append(f"{kind.value}: {' | '.join([NULL, *([kind.name] if written else [])])}")
            if written:
                rules.append(f"{kind.name}: {' | '.join(map(_literal, written))}")
    if printed.words and any(kind in _TEXT_KINDS for kind in kinds):
        rules += [r"RUN: WORDS & /[^ ](.*[^ ])?/", f"WORDS: %regex {_chunks(printed)}"]
    return rules


def _text_rules(printed: Printed, kind: Kind) -> list[str]:
    if not printed.words:
        return [f"{kind.value}: {NULL}"]
    more = f' ((", " | " ") RUN){{0,{MOST_RUNS[kind] - 1}}}' if MOST_RUNS[kind] > 1 else ""
    return [f"{kind.value}: {kind.name} | {NULL}", rf'{kind.name}: "\"" RUN{more} "\""']


def _chunks(printed: Printed) -> str:
    """Words and the single spaces between them, each escaped for JSON on its own."""
    chunks: list[str] = []
    for word in printed.words:
        if chunks and not word.glued:
            chunks.append(" ")
        chunks.append(json.dumps(word.text, ensure_ascii=False)[1:-1])
    return json.dumps({"substring_chunks": chunks}, ensure_ascii=False)


def _schema_rules(printed: Printed, kinds: Sequence[Kind] | dict[Kind, None]) -> list[str]:
    rules = [f"{name}: {pattern}" for name, pattern in _FREE.items()]
    for kind in kinds:
        if kind.inferred:
            choices = "|".join(json.loads(name) for name in printed.places(Kind.DOCUMENT_TYPE))
            pattern = choices if kind is Kind.DOCUMENT_TYPE else "[A-Z]{3}"
            rules += [f'{kind.name}: /"({pattern})"/', f"{kind.value}: {kind.name} | {NULL}"]
        else:
            terminal = "NUMBER" if kind.numeric else "DATE" if kind is Kind.DATE else "TEXT"
            target = "" if terminal == kind.name else f"{kind.value}: {terminal} | {NULL}"
            rules.append(target or f"{kind.value}: {kind.name} | {NULL}")
    return rules
