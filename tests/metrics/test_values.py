from decimal import Decimal

import pytest

from finscribe.metrics import similarity


@pytest.mark.parametrize(
    ("path", "given", "known", "expected"),
    [
        ("vendor.name", "ACME Inc", "acme  inc", 1.0),
        ("vendor.name", "kitten", "sitting", 1 - 3 / 7),
        ("vendor.name", "abcd", "wxyz", 0.0),
        ("vendor.name", None, "ACME", 0.0),
        ("invoice_number", "A-1", None, 0.0),
        ("financial_summary.grand_total", Decimal("9.0"), Decimal("9.00"), 1.0),
        ("financial_summary.grand_total", Decimal("9.0"), Decimal("9.01"), 0.0),
        ("line_items[3].desc", "Rye bread", "Rye brea", 1 - 1 / 9),
    ],
)
def test_texts_are_alike_by_their_edit_distance_and_all_else_by_equality(path, given, known, expected):
    assert similarity(path, given, known) == pytest.approx(expected)
