from decimal import Decimal

import pytest

from finscribe.decoding import Printed
from finscribe.evaluation.mistakes import Mistake, find_mistake
from finscribe.invoice import Truth
from finscribe.metrics import pair_up

TEXT = "ACME Trading Ltd\n12 Long Road, Leeds\nDate 03/04/2024\nRye bread 2.00\nOats 3.00\nTotal $1,234.50"
TOTAL = "financial_summary.grand_total"


def kinds(known, given, lines=None, given_lines=None):
    """The mistake in each value, by its path in the truth or the answer."""
    truth = Truth(known, lines)
    paired = pair_up(Truth(given, given_lines), truth)
    return {
        pair.known_path or pair.given_path: find_mistake(pair, Printed(TEXT), truth) for pair in paired.values
    }


@pytest.mark.parametrize(
    ("path", "known", "given", "expected"),
    [
        ("vendor.name", "ACME Trading Ltd", "acme trading ltd", None),
        ("due_date", None, None, None),
        ("due_date", None, "2024-04-03", Mistake.INVENTED),
        ("vendor.name", "ACME Trading Ltd", None, Mistake.MISSED),
        ("vendor.name", "AGME Trading Ltd", "ACME Trading Ltd", Mistake.NOT_PRINTED),
        ("vendor.name", "AGME Trading Ltd", None, Mistake.NOT_PRINTED),
        ("vendor.name", "ACME Trading Ltd", "ACME", Mistake.PARTIAL),
        ("vendor.address", "12 Long Road, Leeds", "ACME Trading Ltd, 12 Long Road, Leeds", Mistake.PARTIAL),
        ("vendor.name", "ACME Trading Ltd", "Rye bread", Mistake.WRONG_OCCURRENCE),
        ("vendor.name", "ACME Trading Ltd", "Something else", Mistake.MADE_UP),
        ("invoice_date", "2024-04-03", "2024-03-04", Mistake.FORMAT),
        (TOTAL, Decimal("1234.50"), Decimal("1.23450"), Mistake.FORMAT),
        (TOTAL, Decimal("1234.50"), Decimal("-1234.5"), Mistake.FORMAT),
        (TOTAL, Decimal("1234.50"), Decimal("3.00"), Mistake.WRONG_OCCURRENCE),
        (TOTAL, Decimal("1234.50"), Decimal(3), Mistake.WRONG_OCCURRENCE),
        (TOTAL, Decimal("1234.50"), Decimal("77.00"), Mistake.MADE_UP),
        ("currency", "USD", "CAD", Mistake.FORMAT),
    ],
)
def test_every_wrong_value_is_one_kind_of_mistake(path, known, given, expected):
    assert kinds({path: known}, {path: given}) == {path: expected}


def test_a_cell_of_another_line_is_a_wrong_line():
    known = (
        {"desc": "Rye bread", "line_total": Decimal("2.00")},
        {"desc": "Oats", "line_total": Decimal("3.00")},
    )
    given = (
        {"desc": "Rye bread", "line_total": Decimal("3.00")},
        {"desc": "Oats", "line_total": Decimal("3.00")},
    )
    assert kinds({}, {}, known, given)["line_items[0].line_total"] is Mistake.WRONG_LINE


def test_cells_of_a_line_that_does_not_exist_are_invented():
    found = kinds({}, {}, ({"desc": "Oats"},), ({"desc": "Oats"}, {"desc": "Leeds"}))
    assert found == {"line_items[0].desc": None, "line_items[1].desc": Mistake.INVENTED}


def test_a_value_of_the_other_party_is_its_own_mistake():
    known = {"vendor.name": "ACME Trading Ltd", "client.name": "Rye bread"}
    given = {"vendor.name": "rye bread", "client.name": "Oats"}
    assert kinds(known, given) == {
        "vendor.name": Mistake.OTHER_PARTY,
        "client.name": Mistake.WRONG_OCCURRENCE,
    }
