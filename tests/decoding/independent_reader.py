"""The tests' own reader of numbers and dates: from the characters at their place, by none of the product's readers."""

import re
import unicodedata
from decimal import Decimal
from itertools import permutations

from finscribe.invoice import Kind
from finscribe.synthesis.content.vocabulary import VOCABULARY

MINUSES = "-\u2212\u2013"
NAMES = [
    {_plain for words in VOCABULARY.values() for _plain in (words["months"][n], words["months_short"][n])}
    for n in range(12)
]


def is_number_at(value: Decimal, kind: Kind, text: str, start: int, end: int) -> bool:
    """Whether the digits there are those of a number, with its point where a mark or the end is; its sign is near."""
    digits = ascii_digits(text[start:end])
    behind_mark = len(re.split(r"[.,\u066b]", text[start:end])[-1])
    decimals = {0, behind_mark if behind_mark < end - start else 0}
    wanted = value * 100 if kind is Kind.RATE else value
    near = text[max(0, start - 8) : end + 6]
    signed = any(minus in near for minus in MINUSES) or ("(" in near and ")" in near)
    return (
        abs(wanted) in {Decimal(digits).scaleb(-places) for places in decimals}
        and (kind is Kind.RATE or -int(value.as_tuple().exponent) in decimals)
        and (value >= 0 or (signed and kind is not Kind.REDUCTION))
        and (kind is Kind.RATE or text[end : end + 2].strip()[:1] not in ("%", "\u066a") or text[end] == "\n")
    )


def is_date_at(value: str, text: str, start: int, end: int) -> bool:
    """Whether year, month and day stand there and no other number; the month may be a name."""
    printed = text[start:end]
    if ascii_digits(printed) == value.replace("-", "") and printed.isdecimal():
        return True
    year, month, day = map(int, value.split("-"))
    numbers = [int(digits) for digits in re.findall(r"\d+", printed)]
    parts = [{year, year % 100}, {day}, *([] if names_month(printed, month) else [{month}])]
    return len(numbers) == len(parts) and any(
        all(number in part for number, part in zip(order, parts, strict=True))
        for order in permutations(numbers)
    )


def names_month(printed: str, month: int) -> bool:
    """Whether a word there begins like a name of the month."""
    words = [plain(word) for word in re.findall(r"[^\W\d_]{3,}", printed)]
    names = {plain(name).strip(".") for name in NAMES[month - 1]}
    return any(name.startswith(word[:3]) for word in words for name in names)


def plain(word: str) -> str:
    """Without accents and capitals."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def ascii_digits(text: str) -> str:
    """The decimal digits of a text, in any script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())
