"""The folded form of a text: what two spellings of the same thing have in common."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Text without case, white space, punctuation and Unicode variants (NFKC); may be empty."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in plain if unicodedata.category(char)[0] not in "PZC")
