"""When a record was made, as records of any shape say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_KEYS = ("timestamp", "ts", "reviewed_at", "corrected_at", "created_at", "time")


def read_time(about: Mapping[str, Any]) -> datetime | None:
    """When a record was made (ISO 8601 or seconds since 1970; UTC where no zone is given), in UTC, if it says so."""
    value = next((about[key] for key in _KEYS if about.get(key) is not None), None)
    try:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        return time and (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
