"""People, companies, addresses, products and codes that nobody has seen before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from math import floor
from random import Random

from .locales import Locale
from .vocabulary import VOCABULARY

_SOUNDS = """
b c d f g h j k l m n p r s t v w z br ch cl dr fl gr kr pl pr qu sh sk sl st th tr vl zh
a e i o u a e i o ai au ea ee ia io oa oo ou y
n r l s m t k x ck ld nd nt rk rn st sh ng p d
"""
_ONSETS, _VOWELS, _ENDS = (line.split() for line in _SOUNDS.strip().splitlines())
_CODAS = _ENDS + [""] * 14
_SYLLABLES = [onset + vowel + coda for onset in _ONSETS for vowel in _VOWELS for coda in _CODAS]
_CAPITALISED = [syllable.capitalize() for syllable in _SYLLABLES]
_KINDS = float(len(_SYLLABLES))  # what is multiplied with other floats
_SIZES = (
    "500g",
    "1KG",
    "250ML",
    "2L",
    "10x20",
    "A4",
    "(L)",
    "XL",
    "12/pk",
    "3m",
    '1/2"',
    "80gsm",
    "24V",
    "No.5",
    "(S)",
    "6PCS",
)
_COMMON_SHARE = 0.4
"""How many of the words in names of companies, streets and places are words of every day."""
_SAYING_SHARE = 0.35
"""How many companies are called after a pattern of their language, as *Zum Adler* or *the old mill* are."""
_LOWER = ("fr", "es", "it", "pt")
"""Languages that write such words without a capital in names of streets."""
_PART = re.compile(r"#{1,12}|@|\{\w+\}")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def word(rng: Random, least: int = 1) -> str:
    """A capitalised pseudo-word of `least` to three syllables."""
    draw = rng.random  # as rng.choice does, of which there are too many calls
    syllables = least + floor(draw() * (4 - least))
    made = _CAPITALISED[floor(draw() * _KINDS)]
    while (syllables := syllables - 1) > 0:
        made += _SYLLABLES[floor(draw() * _KINDS)]
    return made if len(made) > 2 else made + rng.choice(("n", "ra", "lo"))


def term(rng: Random, locale: Locale) -> str:
    """A capitalised word that names something: one of every day, or an invented one."""
    return capitalised(_common(rng, locale)) if rng.random() < _COMMON_SHARE else word(rng)


def capitalised(text: str) -> str:
    """The text with its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def site(rng: Random, owner: str) -> str:
    """A name for addresses of web and mail without its ending: most often the owner's, in small letters."""
    plain = unicodedata.normalize("NFKD", owner).encode("ascii", "ignore").decode().lower()
    parts = [part for part in re.split(r"[^a-z0-9]+", plain) if part][: rng.choice((1, 2, 2, 3))]
    return rng.choice(("", "", "-")).join(parts) if parts and rng.random() < 0.6 else word(rng, 2).lower()


def fill(rng: Random, pattern: str, locale: Locale) -> str:
    """The pattern with # as digits, @ as capitals and {word}, {n}, {city} and so on, those of `_NAMED`, filled in."""
    text, parts = _read(pattern)
    for write, literal in parts:
        text += write(rng, locale) + literal
    return text


_Writer = Callable[[Random, Locale], str]


@lru_cache(4096)
def _read(pattern: str) -> tuple[str, list[tuple[_Writer, str]]]:
    """What a pattern begins with, then what writes each of its parts, with the text behind that part."""
    first, *literals = _PART.split(pattern)
    writers = [_writer(mark) for mark in _PART.findall(pattern)]
    return first, list(zip(writers, literals, strict=True))


def _writer(mark: str) -> _Writer:
    if mark[0] == "#":
        return _digits(len(mark))
    return _letter if mark == "@" else _NAMED.get(mark[1:-1], _word)


def _digits(places: int) -> _Writer:
    """What writes numbers of so many digits, nine times in ten without a zero in front."""
    span = 10**places
    least = span // 10
    further = span - least

    def write(rng: Random, _locale: Locale) -> str:
        draw = rng.random() / 0.9
        if draw < 1:
            return str(least + floor(draw * further))
        return f"{floor(rng.random() * span):0{places}d}"

    return write


def _letter(rng: Random, _locale: Locale) -> str:
    return _LETTERS[floor(rng.random() * 24)]


def _common(rng: Random, locale: Locale) -> str:
    return rng.choice(VOCABULARY[locale.language]["common"])


def _word(rng: Random, locale: Locale) -> str:
    if rng.random() >= _COMMON_SHARE:
        return word(rng)
    common = _common(rng, locale)
    return common if locale.language in _LOWER and rng.random() < 0.5 else capitalised(common)


def _few(rng: Random, _locale: Locale) -> str:
    few = rng.choice((3, 5, 7, 10, 14, 21, 30, 45, 60, 90)) if rng.random() < 0.8 else rng.randint(1, 99)
    return str(few)


def _city(rng: Random, locale: Locale) -> str:
    return fill(rng, rng.choice(locale.cities), locale) if rng.random() < 0.6 else word(rng, 2)


_NAMED: dict[str, _Writer] = {
    "common": _common,
    "trade": lambda rng, locale: rng.choice(VOCABULARY[locale.language]["trades"]),
    "n": _few,
    "city": _city,
    "region": lambda rng, locale: rng.choice(locale.regions),
    "first": lambda rng, locale: rng.choice(locale.first),
    "last": lambda rng, locale: rng.choice(locale.last),
}


def person(rng: Random, locale: Locale) -> str:
    """A person's name, often with a made-up family name."""
    last = rng.choice(locale.last) if rng.random() < 0.5 else word(rng, 1)
    first = rng.choice(locale.first) if rng.random() < 0.7 else word(rng, 1)
    title = rng.choice(("Mr ", "Ms ", "Dr. ", "")) if locale.language == "en" and rng.random() < 0.15 else ""
    return f"{title}{first} {last}"


def with_honorific(rng: Random, locale: Locale) -> str:
    """A person's name behind the word that people of the country are addressed by, as *Mrs* or *Herr*."""
    words, name = VOCABULARY[locale.language]["honorifics"], person(rng, locale)
    return name if name.split()[0] in ("Mr", "Ms", "Dr.") else f"{rng.choice(words)} {name}"


def company(rng: Random, locale: Locale) -> str:
    """A company's name made of invented words and those of every day, names, trades and the country's legal forms."""
    if rng.random() < _SAYING_SHARE:
        name = _saying(rng, locale)
    else:
        trade = rng.choice(VOCABULARY[locale.language]["trades"])
        name = rng.choice(_COMPANIES)(rng, locale, trade)
    suffix = fill(rng, rng.choice(locale.suffixes), locale) if rng.random() < 0.7 else ""
    if locale.code == "id-ID" and suffix in ("PT", "CV"):
        return f"{suffix} {name}"
    return f"{name} {suffix}".strip()


def set_off(name: str, locale: Locale) -> str:
    """The name with a comma before its legal form, where it ends with one."""
    front = without_form(name, locale)
    return f"{front},{name[len(front) :]}" if front != name else name


def without_form(name: str, locale: Locale) -> str:
    """The name without the legal form that it ends with."""
    front, _, form = name.rpartition(" ")
    legal = form[:1].isalpha() and form in locale.suffixes and form != "Group"
    return front if legal else name


def _saying(rng: Random, locale: Locale) -> str:
    """What is made of words of every day, in the capitals of a title, of a sentence, of a sign, or in none."""
    name = fill(rng, rng.choice(VOCABULARY[locale.language]["names"]), locale)
    style = rng.random()
    if style < 0.5:
        return " ".join(capitalised(part) for part in name.split(" "))
    return capitalised(name) if style < 0.8 else name.upper() if style < 0.93 else name


_COMPANIES: tuple[Callable[[Random, Locale, str], str], ...] = (
    lambda rng, _locale, _trade: word(rng, 2),
    lambda rng, locale, trade: f"{term(rng, locale)} {trade}",
    lambda rng, locale, trade: (
        f"The {term(rng, locale)} {trade}" if locale.language == "en" else f"{trade} {term(rng, locale)}"
    ),
    lambda rng, locale, _trade: f"{term(rng, locale)} & {term(rng, locale)}",
    lambda rng, locale, trade: f"{rng.choice(locale.last)} {trade}",
    lambda rng, locale, trade: f"{term(rng, locale)} {term(rng, locale)} {trade}",
    lambda rng, locale, trade: (
        f"{rng.choice(locale.first)}'s {trade}"
        if locale.language == "en"
        else f"{rng.choice(locale.last)} {term(rng, locale)}"
    ),
    lambda rng, locale, trade: f"{fill(rng, '@@@', locale)} {trade}",
    lambda rng, locale, trade: f"{term(rng, locale)}-{term(rng, locale)} {trade}",
    lambda rng, locale, _trade: (
        f"{term(rng, locale)}{rng.choice(('Tech', 'soft', '24', 'Lab', 'net', 'X', 'mart', 'Pro'))}"
    ),
    lambda rng, locale, _trade: f"{rng.choice(locale.first)} {rng.choice(locale.last)}",
)
"""What companies are called, legal forms aside, by country and trade."""

_PLACES = (
    "{word}",
    "{word} {word}",
    "{word} {word} ##",
    "{word} {last}",
    "Level #",
    "Unit #-##",
    "Block @",
    "{word} Park",
    "{word} Plaza #",
    "#/F {word} Centre",
    "{word} Business Park",
    "Suite ###",
)
"""Buildings, floors and quarters that stand between street and city."""


def address(rng: Random, locale: Locale) -> list[str]:
    """One to six address lines, without commas at their ends."""
    lines = [fill(rng, rng.choice(locale.streets), locale)]
    while rng.random() < 0.3:
        lines.insert(floor(rng.random() * 2), fill(rng, rng.choice(_PLACES), locale))
    lines.append(fill(rng, rng.choice(locale.city_lines), locale))
    if rng.random() < 0.15:
        lines.append(word(rng, 2))
    if rng.random() < 0.25:
        at = floor(rng.random() * (len(lines) - 1))
        lines[at : at + 2] = [lines[at] + rng.choice((", ", ", ", ",", " ")) + lines[at + 1]]
    if rng.random() < 0.18:
        lines.append(locale.countries[0])
    return lines


def premises(rng: Random, locale: Locale) -> list[str]:
    """The address of a shop in a mall, a station or an airport, without a street: the place, the town or both."""
    pattern = rng.choice(VOCABULARY[locale.language]["premises"])
    place, town = fill(rng, pattern, locale), fill(rng, rng.choice(locale.city_lines), locale)
    if "{city}" in pattern:  # the town is told by the place's name
        return [place]
    return rng.choice(([place], [place, town], [place, town], [town]))


def product(rng: Random, locale: Locale) -> str:
    """A product or service of one to five words, some invented, some with a size."""
    pool = VOCABULARY[locale.language]["products"]
    text = ""
    for _ in range(rng.choice((1, 2, 2, 2, 3, 3, 4))):
        text += " " + (rng.choice(pool) if rng.random() < 0.72 else word(rng))
    text = text[1:]
    if rng.random() < 0.18:
        text += " " + (
            rng.choice(_SIZES)
            if rng.random() < 0.6
            else f"{rng.randint(1, 999)}{rng.choice(('g', 'ML', 'mm', 'W', 'cm', 'V', ''))}"
        )
    if rng.random() < 0.06:
        text += rng.choice(
            (
                " (new)",
                " - " + word(rng),
                "/" + word(rng),
                " w/ " + word(rng),
                " + " + word(rng),
                ", " + word(rng),
            )
        )
    style = rng.random()
    if style < 0.4:
        return text[0].upper() + text[1:]
    return text.title() if style < 0.6 else text.upper() if style < 0.85 else text


_CODE_SHAPES = """
INV-#### | INV-20##-#### | ##### | ###### | ######## | @@######## | 20##-#### | @@@-##### | #-###### |
20##/### | F###### | RE-####-## | ##-#### | @@ ###### | FA### | @##/##### | #####/# | 20#### | @@##@#-###
| SI-######## | CS######## | ### | OR############# | @@@@/##/#### | 20##-##-### | ####-####-#### |
@####-@##
"""
_CODES = tuple(shape.strip() for shape in _CODE_SHAPES.split("|"))


def code(rng: Random, locale: Locale) -> str:
    """A document number in one of many shapes."""
    return fill(rng, rng.choice(_CODES), locale)


_LONG_CODE_SHAPES = """
##.###.###.#-20##-# | ##########/##/@/## | @@#_#######_@ | @@@_20##-##### | #########-@-## | 20##.##.#### |
@@@ ####/@@/## | ########## | ############ | @@@/20##/##/#### | ###-#######-####### | ####.####.## | @#-##/####-#
"""
_LONG_CODES = tuple(shape.strip() for shape in _LONG_CODE_SHAPES.split("|"))


def long_code(rng: Random, locale: Locale) -> str:
    """A document number as business software makes them, of several parts or many digits."""
    return fill(rng, rng.choice(_LONG_CODES), locale)


def product_code(rng: Random, locale: Locale) -> str:
    """An article code: short, EAN or alphanumeric."""
    shape = rng.choice(
        ("####", "#####", "#############", "@@-###", "@@@####", "##-####", "@#@##", "########", "@@/##")
    )
    return fill(rng, shape, locale)


def ean(rng: Random) -> str:
    """The thirteen digits of a bar code."""
    return str(rng.randint(10**12, 10**13 - 1))


_LETTER_NUMBERS = str.maketrans({chr(ord("A") + at): str(10 + at) for at in range(26)})
"""What the letters of an IBAN count as where its check digits are made."""


def iban(rng: Random, locale: Locale) -> str:
    """An IBAN with right check digits, in groups of four or closed."""
    pattern = locale.iban or "DE####################"
    body = fill(rng, pattern[4:], locale)
    digits = f"{body}{pattern[:2]}00".translate(_LETTER_NUMBERS)
    closed = f"{pattern[:2]}{98 - int(digits) % 97:02d}{body}"
    if rng.random() < 0.35:
        return closed
    return " ".join(closed[at : at + 4] for at in range(0, len(closed), 4))
