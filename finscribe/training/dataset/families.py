"""Vendor families: records of one vendor stay in one part of the split, however its name is spelled."""

from __future__ import annotations

import re
import unicodedata

from finscribe.invoice import Truth

_LEGAL_FORMS = (
    r"public limited company|private limited|pvt ltd|pte ltd|pty ltd|sdn bhd|sdn bnd|s de rl(?: de cv)?|sa de cv|"
    r"gmbh (?:and )?co kg|gmbh|ggmbh|mbh|ug haftungsbeschrankt|ug|ag|kgaa|kg|ohg|gbr|ek|ev|"
    r"inc|incorporated|corp|corporation|company|co|llc|llp|lp|ltd|limited|plc|bhd|berhad|"
    r"sarl|sas|sasu|eurl|sa|snc|sci|spa|srl|sas di|sl|slu|ltda|lda|eireli|"
    r"bv|nv|cv|vof|bvba|ab|hb|as|asa|aps|oy|oyj|sp z oo|spolka z oo|sro|kft|tbk|kk"
)
_TRAILING_FORM = re.compile(rf"(?<=\w) (?:{_LEGAL_FORMS})$")
_LEADING_FORM = re.compile(r"^(?:pt|cv|ud|sc|ooo|messrs|firma)(?= \w)")
_TRAILING_BRANCH = re.compile(
    r"(?<=\w) (?:(?:branch|store|outlet|filiale|agence|shop|no|nr)(?: |$))*(?:[a-z]?\d{2,}[a-z]?|\d+)?$"
)
_REGISTRATION = re.compile(r"\([^()]*\d[^()]*\)")
_ABBREVIATION = re.compile(r"\b((?:\w\.\s?)+)(?=\w\b|\s|$)")
_LEAST_LETTERS = 3
_LEAST_DIGITS = 3
_MOST_CHARACTERS = 200
"""Of a line that stands for its vendor: a text without line breaks is one line."""
_TITLES = frozenset(
    "invoice tax receipt bill cash sales credit note proforma copy original duplicate page order official simplified "
    "rechnung gutschrift quittung kassenbon beleg facture avoir recu ticket fattura ricevuta scontrino factura recibo "
    "nota fatura factuur bon kvitto faktura kvittering paragon rachunek vat simplifiee de caisse fiscale welcome the "
    "date no nr number".split()
)


def family_of(truth: Truth, text: str) -> str:
    """The vendor family of a record, or "" where neither its truth nor its first line names a vendor."""
    return next(iter(names_of(truth, text)), "")


def names_of(truth: Truth, text: str) -> tuple[str, ...]:
    """What a record calls its vendor family, at most two names, of which the first is the one that it goes by.

    The vendor's name without its spelling, legal form and branch, and the tax id; without both, the first line of the
    text that is no title.
    """
    name, tax_id = truth.values.get("vendor.name"), truth.values.get("vendor.tax_id")
    family = normalise_vendor(name) if isinstance(name, str) else ""
    number = _plain(tax_id).replace(" ", "") if isinstance(tax_id, str) else ""
    if family and _is_placeholder(number):
        return (family,)
    found = (family, number and f"tax id {number}")
    return tuple(filter(None, found if any(found) else (_first_line(text),)))


def _is_placeholder(number: str) -> bool:
    """Whether a tax id, such as `N/A` or `000000000`, would join vendors that have nothing to do with each other."""
    return len({char for char in number if char.isdigit()}) < _LEAST_DIGITS


def normalise_vendor(name: str) -> str:
    """A vendor's name in plain letters: no case, accents, punctuation, legal form or branch number."""
    plain = _plain(
        _ABBREVIATION.sub(lambda match: re.sub(r"[.\s]", "", match[1]), _REGISTRATION.sub(" ", name))
    )
    return _stripped(plain).replace(" ", "") or plain.replace(" ", "")


def _stripped(plain: str) -> str:
    """Without the forms and branches at its ends, as long as something is left."""
    while True:
        shorter = _LEADING_FORM.sub("", _TRAILING_BRANCH.sub("", _TRAILING_FORM.sub("", plain))).strip()
        if shorter == plain or not shorter:
            return plain
        plain = shorter


def _plain(text: str) -> str:
    """Lower-case words of letters and digits without accents, one space apart."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"['’`´]", "", letters)))


def _first_line(text: str) -> str:
    for line in text.splitlines()[:8]:
        words = [word for word in _plain(line).split() if word not in _TITLES]
        if sum(char.isalpha() for word in words for char in word) >= _LEAST_LETTERS:
            return "line " + re.sub(r"\d+", "0", " ".join(words))[:_MOST_CHARACTERS]
    return ""
