"""The words that finance documents print, by language.

Each language is a text of lines `key: one|another`; indented lines continue the one above. Labels that a
language does not name are taken from English.
"""

from __future__ import annotations

from . import (
    danish,
    dutch,
    english,
    french,
    german,
    indonesian,
    italian,
    polish,
    portuguese,
    spanish,
    swedish,
)  # fmt: skip

Words = dict[str, tuple[str, ...]]


def read_table(text: str) -> Words:
    """The lines `key: one|another` of a text as a table."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith(" "):
            lines[-1] += line.strip()
        else:
            lines.append(line)
    rows = (line.partition(": ") for line in lines)
    return {key: tuple(value.strip() for value in values.split("|")) for key, _, values in rows}


_ENGLISH = read_table(english.WORDS)
VOCABULARY: dict[str, Words] = {
    "en": _ENGLISH,
    "da": _ENGLISH | read_table(danish.WORDS),
    "de": _ENGLISH | read_table(german.WORDS),
    "es": _ENGLISH | read_table(spanish.WORDS),
    "fr": _ENGLISH | read_table(french.WORDS),
    "id": _ENGLISH | read_table(indonesian.WORDS),
    "it": _ENGLISH | read_table(italian.WORDS),
    "nl": _ENGLISH | read_table(dutch.WORDS),
    "pl": _ENGLISH | read_table(polish.WORDS),
    "pt": _ENGLISH | read_table(portuguese.WORDS),
    "sv": _ENGLISH | read_table(swedish.WORDS),
}
