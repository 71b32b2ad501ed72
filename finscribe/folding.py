"""Forms of a text in which what means the same is the same: folded values, keys of whole documents."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Text without case, white space, punctuation and Unicode variants (NFKC); may be empty."""
    if text.isascii():
        return text.lower().translate(_ASCII_DROPPED)
    return "".join(char for char in _plain(text) if not _is_dropped(char))


def _is_dropped(char: str) -> bool:
    return unicodedata.category(char)[0] in "PZC"


_ASCII_DROPPED = {code: None for code in range(128) if _is_dropped(chr(code))}


def document_key(text: str) -> str:
    """A document's text without case, white space and Unicode variants (NFKC); signs and punctuation stay.

    `1/12` is not `11/2`, and `$5` is not `€5`. Nothing is kept of it: documents are long and seldom come twice.
    """
    return "".join(_plain(text).split())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
