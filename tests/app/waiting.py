"""Waiting for what another process or thread makes."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0  # seconds


def wait_until(found: Callable[[], T | None], patience: float = PATIENCE, pause: float = 0.01) -> T:
    """What is found in the end, looked for every `pause` seconds; fails after `patience` seconds."""
    until = monotonic() + patience
    while (value := found()) is None:
        assert monotonic() < until, "it does not come"
        sleep(pause)
    return value
