from decimal import Decimal

import pytest

from finscribe.errors import InvoiceShapeError
from finscribe.invoice import Truth
from finscribe.training.queue.confirmed import only_confirmed

LINES = Truth({}, ({"desc": "A", "qty": Decimal(1)}, {"desc": "B", "qty": Decimal(2)}))


@pytest.mark.parametrize(
    ("confirmed", "known"),
    [
        (["line_items"], LINES.lines),
        (["line_items[1]"], ({}, {"desc": "B", "qty": Decimal(2)})),
        (["line_items.qty"], ({"qty": Decimal(1)}, {"qty": Decimal(2)})),
        (["line_items[0].desc"], ({"desc": "A"}, {})),
        ([], None),
    ],
)
def test_lines_are_confirmed_by_row_column_and_cell(confirmed, known):
    assert only_confirmed(LINES, confirmed).lines == known


@pytest.mark.parametrize(
    "path",
    [
        "vendor.nmae",
        "vendor.name[0]",
        "total[0]",
        "line_items[2]",
        "line_items[0][1]",
        "line_items[0].colour",
        f"line_items[{'9' * 5000}]",
        "",
    ],
)
def test_a_confirmed_path_that_is_no_field_is_refused(path):
    with pytest.raises(InvoiceShapeError, match="is no field of this invoice"):
        only_confirmed(LINES, [path])
