"""Whose dollar a bare `$` is: that of the country which the page tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STATES = (
    "AK|AZ|AR|CA|FL|GA|IA|IL|KS|KY|MI|MN|MO|MT|NC|ND|NE|NV|NH|NJ|NM|NY|OH|RI|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_STATES_THAT_ARE_WORDS = "AL|CO|CT|DE|HI|ID|IN|LA|MA|MD|ME|MS|OK|OR|PA|PR|SC"
_ZIP = r"\d{5}(?:-\d{4})?"
_CANADIAN = r"[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z] ?\d[A-CEGHJ-NPR-TV-Z]\d"
_FORMS = {
    "USD": rf"(?:{_STATES})[ .,]{{0,3}}{_ZIP}|(?<=,) ?(?:{_STATES_THAT_ARE_WORDS})[ .,]{{0,3}}{_ZIP}",
    "CAD": rf"{_CANADIAN}|\d{{5}} ?\d{{4}} ?RT ?\d{{4}}",
    "AUD": r"(?:NSW|VIC|QLD|TAS|ACT)[ ,]{0,2}\d{4}|A\.?B\.?N\.?[ :]{0,3}\d\d ?\d{3} ?\d{3} ?\d{3}",
    "SGD": r"S ?\(\d{6}\)|UEN[ :]{0,3}\d{8,9}[A-Z]|\d\d-\d{7}-[A-Z]|M[\dBRX]-\d{7}-\w",
    "MXN": r"RFC[ :]{1,3}[A-ZÑ&]{3,4}\d{6}\w{3}",
}
"""Postal codes and numbers that only one of the countries has."""
_NAMES = {
    "USD": r"\bUSA\b|U\.S\.A\b|united ?states",
    "CAD": r"canada|\bHST\b|\bQST\b|\bTVQ\b",
    "AUD": r"australia|\bABN\b",
    "SGD": r"singapore",
    "NZD": r"new ?zealand|\bNZBN\b",
    "HKD": r"hong ?kong|kowloon|香港",
    "MXN": r"méxico|\bCDMX\b",
}
"""What is named for other reasons, too: a dish, a customer's country."""
_PHONE = re.compile(r"(?<![\d-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\d-])")
"""As the United States and Canada have them."""
_FORMED = {code: re.compile(rf"(?<!\w)(?:{forms})(?!\w)") for code, forms in _FORMS.items()}
_NAMED = {code: re.compile(names, re.IGNORECASE) for code, names in _NAMES.items()}


def dollars(text: str) -> Sequence[str]:
    """The ISO 4217 codes that a bare `$` may stand for, every one where the text does not tell a country.

    Names alone leave the US dollar open.
    """
    formed, named = (
        [code for code, tells in patterns.items() if tells.search(text)] for patterns in (_FORMED, _NAMED)
    )
    if not formed and _PHONE.search(text):
        formed = ["USD", "CAD"]
    told = dict.fromkeys([*formed, *named] if formed or not named else [*named, "USD"])
    return tuple(told) or tuple(_NAMES)
