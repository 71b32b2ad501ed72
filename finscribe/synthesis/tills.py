"""What tills print around the vendor that is not the vendor."""

from __future__ import annotations

from . import names
from .blocks import slogan
from .draft import Draft
from .page import Cell, Row


def till_head(d: Draft) -> list[Row]:
    """A welcome, hours and the numbers of shop and till, above the vendor or below: none of it is the vendor's."""
    rng = d.rng
    rows: list[Row] = []
    if rng.random() < 0.5:
        rows.append([d.plain(rng.choice(_WELCOMES))])
    if rng.random() < 0.3:
        rows.append([d.plain(slogan(d))])
    if rng.random() < 0.35:
        keys = rng.sample(
            ("ST#", "OP#", "TE#", "TR#", "STORE #", "REG", "TRN", "POS", "CSHR", "CHK"), rng.randint(1, 4)
        )
        rows.append(
            [
                Cell(
                    " ".join(
                        f"{key}{rng.choice(('', ' '))}{rng.randint(1, 99999):0{rng.randint(1, 7)}d}"
                        for key in keys
                    )
                )
            ]
        )
    if rng.random() < 0.15:
        rows.append(
            [d.plain(f"{rng.choice(('Manager', 'Mgr:', 'Store Manager'))} {names.person(rng, d.locale)}")]
        )
    rng.shuffle(rows)
    return rows


_WELCOMES = (
    "Welcome to",
    "Thank you for shopping at",
    "Thanks for stopping at",
    "Open 24 hours",
    "Always low prices",
    "Customer copy",
    "Duplicate",
    "Sale",
    "Dine in",
    "Take out",
    "Guest check",
    "Sales receipt",
)
