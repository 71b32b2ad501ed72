"""The processors of this machine: their model, and how many of them this process may use."""

from __future__ import annotations

import math
import os
import platform
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


def processor_name() -> str:
    """The model of the processor, as Linux names it, else the kind that Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
