"""How many processors this process may use."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup/cpu.max")


def usable_threads() -> int:
    """The processors that this process may use, or as many as OMP_NUM_THREADS says."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdigit() and int(said):
        return int(said)
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _share_of(CONTROL_GROUP)))


def _share_of(limits: Path) -> int:
    """The processors that a container may use, rounded up; more than there are where it may use all."""
    try:
        quota, period = limits.read_text().split()
        return math.ceil(int(quota) / int(period))
    except (OSError, ValueError):  # no control group of version 2, or `max`
        return sys.maxsize
