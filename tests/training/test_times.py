"""Times of records."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from finscribe.training.times import read_time


@pytest.mark.parametrize(
    ("about", "time"),
    [
        ({"timestamp": "2024-01-31T10:00:00+02:00"}, datetime(2024, 1, 31, 8, tzinfo=UTC)),
        ({"timestamp": "2024-01-31T10:00:00"}, datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ({"ts": 1706695200}, datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ({"ts": Decimal("1706695200.5")}, datetime(2024, 1, 31, 10, 0, 0, 500_000, tzinfo=UTC)),
        ({"created_at": "2024-01-31T10:00:00Z"}, datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ({"timestamp": "yesterday"}, None),
        ({"timestamp": 10**30}, None),
        ({"timestamp": True}, None),
        ({"timestamp": "0001-01-01T00:00:00+02:00"}, None),
        ({}, None),
    ],
)
def test_times_are_read_with_their_zone(about: dict[str, Any], time: datetime | None) -> None:
    assert read_time(about) == time


def test_a_time_is_given_in_utc() -> None:
    time = read_time({"timestamp": "2024-01-31T10:00:00+02:00"})
    assert time is not None
    assert (time.tzinfo, time.hour) == (UTC, 8)
