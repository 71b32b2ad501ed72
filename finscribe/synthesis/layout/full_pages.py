"""What fills pages to their last line: small print that runs on over lines, other parties, long lists of references.

None of it is a value. It makes prompts as long as those of business software are, a thousand tokens and more.
"""

from __future__ import annotations

from functools import cache

from finscribe.synthesis.content import names
from finscribe.synthesis.content.tax_ids import draw_tax_id
from finscribe.synthesis.content.vocabulary import VOCABULARY

from . import mentions
from .crowded import listed_references
from .draft import Draft
from .page import Cell, Row


def small_print(d: Draft) -> list[Row]:
    """A paragraph of sentences, most of them without a number, broken into lines of one width."""
    rng = d.rng
    sentences = [
        mentions.sentence(d, "prose") if rng.random() < 0.35 else _sentence(d)
        for _ in range(rng.randint(2, 9))
    ]
    lines = lines_of(" ".join(sentences), rng.randint(50, 130))
    heading = rng.choice(d.table["remarks"])
    headed = rng.random() < 0.3 and heading not in d.table["terms"]  # which are a value
    above: list[Row] = [[d.plain(heading + d.colon)]] if headed else []
    return [*above, *([Cell(line)] for line in lines)]


def lines_of(text: str, width: int) -> list[str]:
    """The text broken at spaces; a word that is longer than a line has one of its own."""
    lines: list[str] = []
    start = 0
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1)
        if end < 0:
            end = text.find(" ", start)
        if end < 0:
            break
        lines.append(text[start:end])
        start = end + 1
    return [*lines, text[start:]]


def _sentence(d: Draft) -> str:
    """Words of every day, goods and trades in the order of nothing."""
    rng = d.rng
    pool = _pool(d.language)
    words = [rng.choice(pool) for _ in range(rng.randint(4, 14))]
    if len(words) > 7:
        words[len(words) // 2] += ","
    return d.case(names.capitalised(" ".join(words)) + rng.choice((".", ".", ".", ":", ";", "")))


@cache
def _pool(language: str) -> tuple[str, ...]:
    """The words that small print is of."""
    words = VOCABULARY[language]
    return (*words["common"], *words["products"], *words["trades"])


def other_party(d: Draft) -> list[Row]:
    """A company or a person that neither sells nor buys, under what it is: a form, or lines without labels."""
    rng = d.rng
    name = (names.company if rng.random() < 0.8 else names.person)(rng, d.locale)
    address = names.address(rng, d.locale) if rng.random() < 0.75 else []
    number = d.pair(d.case(rng.choice(d.locale.tax_id_labels)), Cell(draw_tax_id(rng, d.locale)), False)
    rows = [d.heading("other_party"), *_party(d, name, address)]
    return [*rows, number] if rng.random() < 0.4 else rows


def _party(d: Draft, name: str, address: list[str]) -> list[Row]:
    if d.rng.random() < 0.4:
        first = [d.labelled("address", d.plain(address[0]))] if address else []
        return [d.labelled("name_key", d.plain(name)), *first, *([d.plain(line)] for line in address[1:])]
    return [[d.plain(line)] for line in (name, *address)]


def long_references(d: Draft) -> list[Row]:
    """As `references`, a dozen of them and more, in one column or two."""
    return listed_references(d, d.rng.randint(6, 16), 0.5)


def opening_hours(d: Draft) -> list[Row]:
    """When the house is open: times that look like amounts."""
    rng, days = d.rng, d.table["weekdays"]
    mark, sign = rng.choice((".", ".", ":")), rng.choice(("-", " - ", " – "))
    after = " Uhr" if d.locale.language == "de" else ""
    rows: list[Row] = []
    for first, last in ((0, rng.randint(3, 4)), (5, 5))[: rng.randint(1, 2)]:
        span = days[first].title() + (f"-{days[last].title()}" if last > first else "")
        opens, shuts = (
            f"{hour:02d}{mark}{rng.choice(('00', '30'))}"
            for hour in (rng.randint(6, 10), rng.randint(12, 20))
        )
        rows.append([d.plain(f"{span} {opens}{sign}{shuts}{after}")])
    return rows
