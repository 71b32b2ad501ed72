"""Legal forms that names of companies end with: `GmbH & Co. KG`, `Inc.`, `(Pty) Ltd`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from finscribe.folding import fold

_FORMS = (
    "public limited company|private limited|limited|ltd|plc|llp|lp|llc|pllc|incorporated|inc|corporation|corp|company|"
    "co|pa|pc|pvt ltd|pte ltd|pty ltd|sdn bhd|bhd|berhad|tbk|kk|"
    "gmbh|ggmbh|mbh|ug haftungsbeschrankt|ug|ag|kgaa|kg|ohg|gbr|partg mbb|partg|ek|ev|gesbr|"
    "sarl|sas|sasu|selarl|selas|eurl|sa|snc|sci|scp|scop|cie|spa|srl|srls|sl|slu|sau|s coop|cb|"
    "s de rl de cv|s de rl|sa de cv|ltda|lda|eireli|"
    "bv|nv|cv|vof|bvba|scrl|asbl|vzw|ab|hb|as|asa|aps|oy|oyj|sp z oo sp k|sp z oo|sp j|sp k|sro|kft|doo|dac"
)
"""In small letters without points and accents.

Vendors are grouped by a list of its own (`finscribe.training.dataset.families`): files of splits hold what it makes of
their names.
"""
_FORM = re.compile(rf"(?:and )?(?:{_FORMS})(?: and co(?: (?:{_FORMS}))?)?|(?:and )?co(?:mpany)? (?:{_FORMS})")
_GOING_ON = re.compile(
    rf"(?:{_FORMS}) and co(?: (?:{_FORMS}))?|(?:co|company) (?:{_FORMS})|ug haftungsbeschrankt|s de rl de cv"
)
"""What a name that ends with a form has for one with the words behind it; in `GmbH, AG Hamburg` nothing goes on."""
_LAST_WORDS = frozenset(form.split()[-1] for form in _FORMS.split("|"))
"""The words that legal forms end with."""
_JOINTS = frozenset(("&", "+", "und", "u.", "et"))
_SHORT = 2
"""Letters of forms that may be a word, a state or a province as well: `ab`, `CO 80202`."""

MOST_WORDS = 10
"""How many words and marks a legal form has at most, as `, S. de R.L. de C.V.` has."""


def form_behind(name: str, behind: Sequence[str]) -> int:
    """How many of the words and marks behind a name in its cell are its legal form; 0 where none is."""
    *_, last = ("", *name.split())
    for count in range(min(len(behind), MOST_WORDS), 0, -1):
        words, after = behind[:count], behind[count : count + 1]
        if _ends_well(words) and _stands_behind(last, words, after):
            return count
    return 0


def holds_form(name: str) -> bool:
    """Whether a name has its legal form, at its end or with more behind it, as in `Nord GmbH (Hamburg)`."""
    words = name.split()
    return any(form_behind(" ".join(words[:at]), words[at:]) for at in range(1, len(words)))


def is_form(name: str) -> bool:
    """Whether what stands for a name is a legal form alone, as `GmbH & Co.` is in a line of its own."""
    return _FORM.fullmatch(_said(name.split())) is not None


def may_end_form(folded: str) -> bool:
    """Whether a folded word may be the last of a legal form."""
    return folded in _LAST_WORDS or _plain(folded) in _LAST_WORDS


def _stands_behind(last: str, words: Sequence[str], after: Sequence[str]) -> bool:
    """Whether words are a legal form, behind a name that ends with the word `last` and before those `after`."""
    said = _said(words)
    if _FORM.fullmatch(_plain(last)):
        return _GOING_ON.fullmatch(f"{_plain(last)} {said}") is not None
    if not _FORM.fullmatch(said) or last[-1:].isdigit():
        return False
    printed = "".join(words)
    names_place = bool(after) and after[0][:1].isdigit()
    return len(said) > _SHORT or not (names_place or (printed.islower() and "." not in printed))


def _ends_well(words: Sequence[str]) -> bool:
    """Whether the last of some words is none that belongs to what follows, as a comma or a bracket does."""
    care_of = any("/" in word and fold(word) != "as" for word in words)
    closes = words[-1] == ")" and "(" in words[1:]
    return not care_of and words.count("(") <= words.count(")") and (bool(_plain(words[-1])) or closes)


def _said(words: Iterable[str]) -> str:
    return " ".join(filter(None, map(_plain, words)))


def _plain(word: str) -> str:
    """A word in small letters without accents and points; what joins two forms is `and`."""
    if word.lower() in _JOINTS:
        return "and"
    return "".join(
        each for each in unicodedata.normalize("NFKD", fold(word)) if not unicodedata.combining(each)
    )
