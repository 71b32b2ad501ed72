"""Whose dollar a bare `$` is: that of the country which the page tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|"
    "RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR"
)
_CANADIAN = r"[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z] ?\d[A-CEGHJ-NPR-TV-Z]\d"
_SINGAPORE = r"\d\d-\d{7}-[A-Z]|M\w-?\d{7}-?\w|(?:19|20)\d{7}[A-Z]"
_COUNTRIES = {
    "USD": (rf"(?:{_STATES})[ .,]{{0,3}}\d{{5}}(?:-\d{{4}})?", r"\bUSA\b|U\.S\.A\b|united ?states"),
    "CAD": (rf"{_CANADIAN}|HST|QST|TVQ|TPS", r"canada"),
    "AUD": (r"A\.?B\.?N\.?|(?:NSW|VIC|QLD|TAS|ACT)[ ,]{0,2}\d{4}", r"australia"),
    "SGD": (rf"S ?\(\d{{6}}\)|UEN|{_SINGAPORE}", r"singapore"),
    "NZD": (r"NZBN", r"new ?zealand"),
    "HKD": (r"BR No\.?", r"hong ?kong|kowloon|香港"),
    "MXN": (r"RFC|M\.N\.|CDMX", r"méxico"),
}
"""What tells a dollar's country: the forms of its postal codes, taxes and registers, and its name."""
_PHONE = re.compile(r"(?<![\d-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\d-])")
"""As the United States and Canada have them."""
_FORMS = {code: re.compile(rf"(?<!\w)(?:{forms})(?!\w)") for code, (forms, _) in _COUNTRIES.items()}
_NAMES = {code: re.compile(names, re.IGNORECASE) for code, (_, names) in _COUNTRIES.items()}


def dollars(text: str) -> Sequence[str]:
    """The ISO 4217 codes that a bare `$` may stand for, every one where the text does not tell a country.

    A name alone leaves the US dollar open, for it may be that of a dish or of where something was sent.
    """
    formed, named = (
        [code for code, tells in patterns.items() if tells.search(text)] for patterns in (_FORMS, _NAMES)
    )
    if not formed and _PHONE.search(text):
        formed = ["USD", "CAD"]
    told = dict.fromkeys([*formed, *named] if formed or not named else [*named, "USD"])
    return tuple(told) or tuple(_COUNTRIES)
