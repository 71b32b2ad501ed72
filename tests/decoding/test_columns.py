"""Whether the headers of a table have its quantities before its prices."""

import pytest

from finscribe.decoding.columns import Columns, quantities_first
from finscribe.decoding.layout import Layout
from finscribe.decoding.printed import Printed
from finscribe.decoding.rows import Rows


@pytest.mark.parametrize(
    ("headers", "order"),
    [
        ("Item  Qty  Unit price  Amount", True),
        ("Unit price  Qty  Total price", False),
        ("Einzelpreis  Menge  Gesamtpreis", False),
        ("KW  Mitarbeiter  Std.  Satz €  Betrag €", True),
        ("Prix unitaire  Qté  Prix total", False),
        ("Nombre  Precio  Cantidad  Importe", False),
        ("Leistung und Material  Preis  Menge", False),
        ("Item  Unit  Price  Qty  Amount", False),
        ("Item  VAT rate  Qty  Unit price  Amount", True),
        ("Shipped  Item  Description  Billing qty  Price  Extension", True),
        ("Artikel  Antal  Enhetspris  Summa", True),
        ("Cena netto  Ilość  Wartość", False),
        ("Qty  Price  Qty", None),
        ("VAT rate  Net  Count", None),
        ("Description  Amount", None),
        ("Price per hour", None),
        ("", None),
    ],
)
def test_headers_say_whether_quantities_come_first(headers: str, order: bool | None) -> None:
    assert quantities_first(headers.split("  ")) is order


def columns(text: str) -> Columns:
    return Columns(Rows(Layout(Printed(text))))


def test_the_nearest_headers_above_a_line_count_and_no_row_with_numbers_is_one() -> None:
    text = (
        "ACME\nItem  Qty  Price\nTea  2  10.00\nFlat rate  3 hours  40.00\nJam  3  5.00\n"
        "Item  Price  Qty\nSalt  9.00  2"
    )
    found = columns(text)
    assert [found.quantities_first(line) for line in range(7)] == [None, None, True, True, True, True, False]


def test_what_stands_in_one_cell_heads_no_columns() -> None:
    assert columns("Delivery within hours, price on request\nTea  2  10.00").quantities_first(1) is None
