"""Layouts that nobody has listed: blocks in a drawn order, two or three of them beside each other now and then.

The listed families teach what documents usually look like; these teach that a value is known by what stands around
it, not by its line. A layout that opens as a held-out family does is never drawn.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random

from .families import BY_NAME, HELD_OUT, Family

RECEIPT, INVOICE = "receipt-composed", "invoice-composed"
COMPOSED = (RECEIPT, INVOICE)

CROWDED_SHARE = 0.45
"""How many of the composed invoices are as full of other things as those of business software."""
FULL_SHARE = 0.4
"""How many of these are full to their last line."""
JOINED_SHARE = 0.75
"""How many of the composed invoices have the customer next to the vendor, most often on the same lines."""
CUSTOMER_FIRST = 0.65
"""How many of these have the customer before the vendor: on the left, where most pages have the vendor."""
SHIPPED_SHARE = 0.3
"""How many of the composed invoices name a place of delivery, in two of three next to the customer."""

_VENDORS = (*["vendor"] * 6, "vendor-split", *["vendor-line", "vendor-headed", "vendor-labelled"] * 2)
_VENDORS_BELOW = (
    "vendor",
    "vendor",
    "vendor-headed",
    "vendor-strip",
    "vendor-strip",
    "vendor-columns",
    "vendor-columns",
)
"""How vendors are told at the foot of a page that has no letterhead."""
_CLIENTS = ("client", "client", "client-labelled")
_ATTENDED_SHARE = 0.15
"""How many of the composed invoices name a person or a branch between a party and its address."""
_SENTENCE_SHARE = 0.15
"""How many of the composed invoices have number and day in the line of their title."""
_LOGO_SHARE = 0.08
"""How many of the composed invoices with a letterhead show a logo, which is not the vendor's name, above all else."""
_ORDERED_SHARE = 0.1
"""How many of the composed invoices name the buyer's order in a sentence."""
_DATED_SHARE = 0.08
"""How many of the composed invoices have their day behind a town."""
_THREE_COLUMNS_SHARE = 0.15
"""How many of the blocks beside each other are three."""
_METAS = ("meta", "meta", "meta-packed", "meta-table", "meta-stacked", "meta&meta")
_RECEIPT_ITEMS = (
    "table table coded between desc-numbers numbers-desc inline desc-total counted counted flagged flagged "
    "listed listed listed weighed weighed"
).split()
_INVOICE_ITEMS = "table table table wrapped desc-numbers labelled sentence inline wide".split()
_CROWDED_ITEMS = "annotated annotated table wide wide wide".split()
_RECEIPT_TOTALS = (*["totals"] * 4, *["till-totals"] * 2, "total", "totals-across")
_INVOICE_TOTALS = (*["totals"] * 6, "totals-across", "totals-across", "payment&totals", "totals-by-rates")
_CROWDED_TOTALS = (
    "totals-by-rates",
    "totals-by-rates",
    "totals-by-remarks",
    "totals-across-remarks",
    "payment&totals",
    "full-totals",
    "full-totals",
)
_WITH_DUE = {"payment&totals", "totals-by-rates", "totals-by-remarks", "totals-across-remarks", "full-totals"}
"""Sums that tell by themselves what is to be paid."""
_BESIDE = (
    "vendor",
    "vendor-headed",
    "vendor-contact",
    "client",
    "client-labelled",
    "client-contact",
    "meta",
    "meta-stacked",
    "ship",
)
"""Blocks that are narrow enough for half a page."""


def compose_family(rng: Random, name: str) -> Family:
    """A family of the name `receipt-composed` or `invoice-composed`, for one document."""
    while True:
        blocks = _receipt(rng) if name == RECEIPT else _invoice(rng)
        if _opening(blocks) not in _HELD_OUT_OPENINGS:
            break
    items = _RECEIPT_ITEMS if name == RECEIPT else _INVOICE_ITEMS
    if name == INVOICE and rng.random() < CROWDED_SHARE:
        blocks, items = _crowded(rng, blocks), _CROWDED_ITEMS
    titled = rng.choice((0.2, 0.6, 1.0)) if name == RECEIPT else rng.choice((0.6, 1.0))
    return Family(name, tuple(blocks), tuple(items), titled, receipt=name == RECEIPT, held_out=False)


def _opening(blocks: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """What stands above the items; a welcome or a slip makes no other opening."""
    above = blocks[: blocks.index("items")] if "items" in blocks else blocks
    return tuple([block for block in above if block not in _ANYWHERE])


_ANYWHERE = ("till-head", "card-slip", "promotion", "vendor-logo", "ordered", "letter-date")
_HELD_OUT_OPENINGS = {_opening(BY_NAME[name].blocks) for name in HELD_OUT}


def _receipt(rng: Random) -> list[str]:
    meta = rng.choice(("meta-bare", "meta-bare", *_METAS))
    top = ["title", rng.choice(_VENDORS), meta]
    if rng.random() < 0.2:
        top.append(rng.choice(_CLIENTS))
    _stir(rng, top, first=0.6)
    if rng.random() < 0.35:
        top.insert(rng.randrange(len(top)), "till-head")
    end = ["tender", "tax-table", "footer"]
    draw = rng.random()
    if draw < 0.12:
        end.append(_moved(top, meta))
    elif draw < 0.2 and top[0].startswith("vendor"):
        top[0] = "vendor-name"
        end.append("vendor-foot")
    if rng.random() < 0.4:
        rng.shuffle(end)
    for block, chance in (("card-slip", 0.15), ("promotion", 0.2)):
        if rng.random() < chance:
            place = top if rng.random() < 0.25 else end
            place.insert(rng.randint(1, len(place)), block)
    return [*_paired(rng, top, 0.08), "items", "count", rng.choice(_RECEIPT_TOTALS), *end]


def _invoice(rng: Random) -> list[str]:
    meta = rng.choice(_METAS)
    top = ["title", rng.choice(_VENDORS), rng.choice(_CLIENTS), meta]
    _stir(rng, top, first=0.3)
    if rng.random() < JOINED_SHARE:
        _join_parties(rng, top)
    elif rng.random() < 0.4:
        top.sort(key=lambda block: not block.startswith("client"))
    if rng.random() < SHIPPED_SHARE:
        _ship(rng, top)
    end = ["due", "payment", "footer"]
    draw = rng.random()
    logo = rng.random() < (0.4 if 0.1 <= draw < 0.35 else _LOGO_SHARE)
    if draw < 0.1:
        end.insert(0, _moved(top, meta))
    elif draw < 0.35:
        top.remove(next(block for block in top if block.startswith("vendor")))
        end.insert(rng.randrange(len(end) + 1), rng.choice(_VENDORS_BELOW))
    elif draw < 0.42 and "vendor" in top:
        top[top.index("vendor")] = "vendor-name"
        end.append("vendor-foot")
    elif draw < 0.5:
        end.remove("payment")
        top.append("payment")
    if rng.random() < _ATTENDED_SHARE:
        _attend(rng, top)
    _say_in_sentences(rng, top)
    if logo:
        top.insert(0, "vendor-logo")
    return [*_paired(rng, top, 0.85), "items", *_summed(rng.choice(_INVOICE_TOTALS), end)]


def _say_in_sentences(rng: Random, top: list[str]) -> None:
    """Puts number and day, the day or the buyer's order into lines of their own; most invoices have none of it."""
    if rng.random() < _SENTENCE_SHARE:
        top[top.index("title")] = "title-line"
    for block, share in (("letter-date", _DATED_SHARE), ("ordered", _ORDERED_SHARE)):
        if rng.random() < share:
            top.insert(rng.randint(1, len(top)), block)


def _stir(rng: Random, top: list[str], first: float) -> None:
    """Shuffles the blocks; with the chance `first` the vendor stays at the head of the page."""
    top.sort(key=lambda _: rng.random())
    if rng.random() < first:
        top.sort(key=lambda block: not block.startswith("vendor"))
        if rng.random() < 0.3:
            top.sort(key=lambda block: block != "title")


def _join_parties(rng: Random, top: list[str]) -> None:
    """Puts the customer right before the vendor or right behind it, most often in the same row of the page."""
    client = next(block for block in top if block.startswith("client"))
    top.remove(client)
    vendor = next(place for place, block in enumerate(top) if block.startswith("vendor"))
    if rng.random() < 0.5:
        top[vendor] = "vendor"
    top.insert(vendor if rng.random() < CUSTOMER_FIRST else vendor + 1, client)


def _ship(rng: Random, top: list[str]) -> None:
    """Adds a place of delivery, most often next to the customer, whom it is easily taken for."""
    client = next(place for place, block in enumerate(top) if block.startswith("client"))
    near = rng.random() < 2 / 3
    top.insert(client + rng.randrange(2) if near else rng.randint(0, len(top)), "ship")


def _attend(rng: Random, top: list[str]) -> None:
    """Gives one of the parties, or both, a person or a branch."""
    parties = rng.choice((("vendor",), ("client",), ("vendor", "client")))
    top[:] = [f"{block}-contact" if block in parties else block for block in top]


def _summed(totals: str, end: list[str]) -> list[str]:
    """The sums and what follows them, nothing of it twice."""
    if totals == "payment&totals" and "payment" not in end:
        totals = "totals"
    twice = {"due"} if totals in _WITH_DUE else set()
    if totals == "payment&totals":
        twice.add("payment")
    return [totals, *(block for block in end if block not in twice)]


def _moved(top: list[str], block: str) -> str:
    top.remove(block)
    return block


def _paired(rng: Random, top: list[str], chance: float) -> list[str]:
    """Some neighbours side by side, joined by an ampersand."""
    blocks: list[str] = []
    for block in top:
        if blocks and _fit(rng, blocks[-1], block) and rng.random() < chance:
            blocks[-1] = f"{blocks[-1]}&{block}"
        else:
            blocks.append(block)
    return blocks


def _fit(rng: Random, left: str, right: str) -> bool:
    """Whether a block stands beside one or two others."""
    columns = [left] if left in _METAS else left.split("&")
    narrow = right in _BESIDE and all(column in _BESIDE for column in columns)
    return narrow and (len(columns) == 1 or (len(columns) == 2 and rng.random() < _THREE_COLUMNS_SHARE))


def _crowded(rng: Random, blocks: list[str]) -> list[str]:
    """The blocks with forms for the parties, and references, remarks and tables between them."""
    if rng.random() < 0.5:
        blocks = list(map(_with_forms, blocks))
    if rng.random() < 0.2:
        blocks = ["title-line" if block == "title" else block for block in blocks]
    items = blocks.index("items")
    top, end = blocks[:items], blocks[items + 1 :]
    if rng.random() < 0.6:
        paying = ["payment"] if end[0] == "payment&totals" else []
        end = _summed(rng.choice(_CROWDED_TOTALS), [*paying, *end[1:]])
    if rng.random() < 0.25:
        top.append("letter-opening")
        end.append("letter-closing")
    _crowd_top(rng, top)
    _crowd_end(rng, end)
    if rng.random() < FULL_SHARE:
        _fill_up(rng, top, 1, 4)
        _fill_up(rng, end, 2, 6)
    return [*top, "items", *end]


def _crowd_top(rng: Random, top: list[str]) -> None:
    """Puts references, remarks and a turn of the page above the items, and a sender's line above the customer."""
    for block, chance in (("references", 0.55), ("remarks", 0.2), ("page-turn", 0.15)):
        if rng.random() < chance:
            top.insert(rng.randint(1, len(top)), block)
    client = next(
        (at for at, block in enumerate(top) if block.startswith("client") and "&" not in block), None
    )
    if client is not None and rng.random() < 0.4:
        top.insert(client, "sender")


def _fill_up(rng: Random, blocks: list[str], least: int, most: int) -> None:
    """Puts small print, lists and other parties between the blocks; the first one stays where it is."""
    for _ in range(rng.randint(least, most)):
        blocks.insert(rng.randint(1, len(blocks)), rng.choice(_FILLING))


_FILLING = (
    *["small-print"] * 5,
    "long-references",
    "long-references&other-party",
    *["other-party"] * 2,
    "other-party&references",
    "references",
    "opening-hours",
    "page-turn",
)


def _crowd_end(rng: Random, end: list[str]) -> None:
    """Puts small tables before the sums or behind them, and what stands at the foot of the last page."""
    said = _SAID_BY.get(end[0], ())
    for block, chance in (("sums-of-nothing", 0.2), ("allowances", 0.5), ("tax-breakdown", 0.45)):
        if rng.random() < chance and block not in said:
            end.insert(rng.randrange(2), block)
    for block, chance in (("pay-by", 0.2), ("page-turn", 0.1), ("remarks", 0.3), ("company-foot", 0.3)):
        if rng.random() < chance:
            end.append(block)


_SAID_BY = {"full-totals": ("sums-of-nothing", "allowances"), "totals-by-rates": ("tax-breakdown",)}
"""What these sums say by themselves."""


@cache
def _with_forms(block: str) -> str:
    """The block with forms in the place of vendor and customer."""
    return _FORM.sub(r"\1-form", block)


_FORM = re.compile(r"(vendor|client)(?:-headed|-labelled|-split)?(?=&|$)")
