"""What counts as the same answer when a model is served."""

import pytest

from finscribe.invoice import Invoice
from finscribe.registry.reproduction import Answered, Judged, ServedAsJudged, reproduce
from finscribe.testing import FakeModel


def test_values_that_are_absent_both_times_do_not_count() -> None:
    model = FakeModel(Invoice.from_record({"vendor": {"name": "ACME"}}).to_json())
    for values, expected in (({"vendor.name": "ACME"}, (1, 1)), ({"client.name": "Bolt"}, (0, 2))):
        judged = Judged((Answered("ACME to Bolt", values),), "grounded", arithmetic=False)
        assert reproduce(model, judged) == ServedAsJudged(*expected)


@pytest.mark.parametrize(
    ("same", "values", "holds"),
    [
        (0, 0, True),
        (1, 2, True),
        (0, 2, False),
        (99, 100, True),
        (78, 80, False),
        (198, 200, True),
        (197, 200, False),
    ],
)
def test_two_runtimes_may_part_in_one_value_of_a_hundred(same: int, values: int, holds: bool) -> None:
    assert ServedAsJudged(same, values).holds == holds
