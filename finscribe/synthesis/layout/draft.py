"""The hand that writes one document: its styles, its labels, and the cells it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

from finscribe.synthesis.content import names
from finscribe.synthesis.content.facts import Facts, quantum
from finscribe.synthesis.content.locales import Locale
from finscribe.synthesis.content.money import BESIDE_AMOUNTS, NumberStyle, print_date
from finscribe.synthesis.content.vocabulary import MORE, MORE_OF_GROSS, VOCABULARY, Words

from .page import SUMMARY, Cell, Row

_DISCOUNT = SUMMARY + "discount"
_AROUND_CURRENCY = (" ({})", " ({})", "({})", " {}", " {}", " {}", " [{}]", ", {}")
MORE_SHARE = 0.4
"""How often a label is of the further words, where there are some."""
ENGLISH_SHARE = {"id": 0.25}
"""How many documents of a language have English labels where that is more than a few."""
GLUED_TEXT_SHARE = 0.03
"""How often a text value is glued to its label's colon, as in `No:123`."""


class Draft:
    """One document in the making; every draw comes from its random source."""

    def __init__(self, rng: Random, locale: Locale, style: NumberStyle, facts: Facts, size: float) -> None:
        self.rng, self.locale, self.style, self.facts = rng, locale, style, facts
        self.step = quantum(style.decimals)
        self.fullness = 0.25 + 0.75 * size
        self.used: set[str] = set()
        self.otherwise: dict[str, Cell] = {}  # cells that are a value where no other cell is
        self.titled = True
        self.shape = ""
        self.language = locale.language
        if locale.language != "en" and rng.random() < ENGLISH_SHARE.get(locale.language, 0.04):
            self.language = "en"
        self.table = VOCABULARY[self.language]
        self.more: Words = {}
        upper = rng.random() < (0.45 if locale.code in ("en-MY", "en-US", "en-SG", "id-ID") else 0.2)
        self.case: Callable[[str], str] = str.upper if upper else str  # a text in the document's case
        self.date_pattern = rng.choice(locale.dates)
        self.colon = rng.choice((":", ":", ":", " :", "", "", ".:", " -", "....", " =", " :"))
        self.apart = rng.random() < 0.4
        self.signed_items = rng.random() < 0.22
        self.signed_totals = rng.random() < 0.45
        self.qty_places = rng.choice((0, 0, 0, 0, 0, 2, 3))
        self.commas = rng.random() < 0.35
        finer = style.decimals == 2 and rng.random() < 0.04
        self.price_step = quantum(rng.choice((3, 4))) if finer else self.step
        self.broken = rng.random() < 0.05
        self.modified = facts.kind == "receipt" and rng.random() < 0.08
        self.tax_mark = rng.choice(("SR", "S", "T", "A", "ZR", "1", "B", "*"))

    def opt(self, chance: float) -> bool:
        """Whether an optional part is printed; small documents leave most of them out."""
        return self.rng.random() < chance * self.fullness

    def vary_labels(self) -> None:
        """From now on labels are of all the language's words, no longer of the usual ones only."""
        self.more = (MORE_OF_GROSS if self.facts.inclusive else MORE)[self.language]

    def label(self, key: str) -> str:
        """One of the language's words for a label."""
        words = self.more[key] if key in self.more and self.rng.random() < MORE_SHARE else self.table[key]
        text = self.rng.choice(words)
        if "{" in text:
            text = text.replace("{tax}", self.facts.tax_name).replace("{rate}", self.facts.rate_text + "%")
            text = text.replace("{sign}", self.locale.signs[0]).replace("{code}", self.locale.currency)
            text = names.fill(self.rng, text, self.locale)
        return self.case(text)

    def in_currency(self, label: str) -> str:
        """A label with the currency of its amounts behind it, by its code or its sign: `Total EUR`, `Amount ($)`."""
        sign = self.locale.currency if self.style.sign in BESIDE_AMOUNTS else self.style.sign
        name = self.rng.choice((self.locale.currency, sign))
        return label + self.rng.choice(_AROUND_CURRENCY).format(name)

    def tax_label(self) -> str:
        """What the tax's amount is called: most often as the tax is."""
        if self.more and self.rng.random() < MORE_SHARE:
            return self.label("tax_total")
        return self.case(self.facts.tax_name)

    def text(self, path: str, text: str) -> Cell:
        """A text value."""
        return Cell(self.case(text), path)

    def plain(self, text: str) -> Cell:
        """A label, heading or distractor."""
        return Cell(self.case(text))

    def day(self, path: str, day: date) -> Cell:
        """A date in the document's style."""
        return Cell(self._printed_day(day), path, day.isoformat())

    def plain_day(self, day: date) -> Cell:
        """A date of the same style that is no value."""
        return Cell(self._printed_day(day))

    def _printed_day(self, day: date) -> str:
        return self.case(print_date(day, self.date_pattern, self.locale.language))

    def under_item(self, at: int) -> list[Row]:
        """What may stand below an item and is not part of it: a discount on it, a cook's instruction."""
        rows: list[Row] = []
        if self.facts.items[at].cut:
            rows.append(
                [
                    Cell(f"{self.label('disc')} {self.facts.items[at].off}%"),
                    self.money("", -self.facts.items[at].cut),
                ]
            )
        if self.modified and self.rng.random() < 0.5:
            mark = self.rng.choice(("+ ", "- ", "* ", "> ", "+"))
            rows.append([self.plain(mark + names.product(self.rng, self.locale))])
        return rows

    def clock(self) -> str:
        """A time of day."""
        rng = self.rng
        hour, minute = int(rng.random() * 24), int(rng.random() * 60)
        if rng.random() < 0.2:
            return f"{hour % 12 or 12}:{minute:02d} {'PM' if hour > 11 else 'AM'}"
        return f"{hour:02d}:{minute:02d}" + (f":{int(rng.random() * 60):02d}" if rng.random() < 0.5 else "")

    def money(
        self, path: str, value: Decimal, signed: bool | None = None, step: Decimal | None = None
    ) -> Cell:
        """An amount as it is printed, in multiples of a quantum, the document's own unless one is given.

        A discount's reading is positive: what is subtracted.
        """
        show = self.signed_totals if signed is None else signed
        reading = value.quantize(step or self.step)
        printed = self.style.amount(reading, show)
        if path == _DISCOUNT:
            reading = abs(reading)
        return Cell(printed, path, reading, show and self.style.sign != "")

    def amount_of(self, field: str, value: Decimal) -> Cell:
        """An amount of the summary by its field; no value without a field, or when printed before."""
        return self.first(self.money(SUMMARY + field if field else "", value))

    def quantity(self, path: str, value: Decimal) -> Cell:
        """A quantity, whole or with decimals."""
        places = self.qty_places
        if value != value.to_integral_value():
            places = max(2, -int(value.normalize().as_tuple().exponent))
        reading = value.quantize(quantum(places))
        digits = self.style.digits(reading)
        return Cell(f"-{digits}" if value < 0 else digits, path, reading)

    def tax_rate(self) -> Cell:
        """The tax rate in percent, whose truth is the fraction; no value when printed before."""
        after = self.rng.choice(("%", "%", "%", " %"))
        fraction = Decimal(f"{self.facts.rate.normalize():f}")
        return self.first(Cell(self.facts.rate_text + after, SUMMARY + "tax_rate", fraction))

    def first(self, cell: Cell) -> Cell:
        """The cell; without its path when that value has been printed before."""
        if cell.path in self.used:
            cell.path = ""
        elif cell.path:
            self.used.add(cell.path)
        return cell

    def pair(self, label: str, cell: Cell, apart: bool | None = None) -> Row:
        """A label and its value, in one column or two, in the document's punctuation."""
        label = label + self.colon if not label.endswith((":", "#")) else label
        if self.apart if apart is None else apart:
            return [Cell(label), cell]
        is_text = cell.value is None and bool(cell.path)
        glued = self.rng.random() < (GLUED_TEXT_SHARE if is_text else 0.12) and label[-1] in ":#"
        cell.before = f"{label}{'' if glued else ' '}{cell.before}"
        return [cell]

    def labelled(self, key: str, cell: Cell, apart: bool | None = None) -> Row:
        """A value behind one of its labels."""
        return self.pair(self.label(key), cell, apart)

    def heading(self, key: str) -> Row:
        """A label with nothing behind it."""
        return [Cell(self.label(key) + self.colon)]
