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


_LANGUAGES = {
    "en": english,
    "da": danish,
    "de": german,
    "es": spanish,
    "fr": french,
    "id": indonesian,
    "it": italian,
    "nl": dutch,
    "pl": polish,
    "pt": portuguese,
    "sv": swedish,
}
_ENGLISH = read_table(english.WORDS)
VOCABULARY: dict[str, Words] = {
    code: _ENGLISH | read_table(language.WORDS) for code, language in _LANGUAGES.items()
}
MORE: dict[str, Words] = {code: read_table(language.MORE) for code, language in _LANGUAGES.items()}
"""Further words for labels, which only composed layouts print."""
MORE_OF_GROSS: dict[str, Words] = {
    code: {key: words for key, words in more.items() if key not in ("price", "amount")}
    for code, more in MORE.items()
}
"""Those for documents whose lines have the tax in them: without the columns of net amounts."""
