"""What a benchmark ran on, for those who read its figures."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from statistics import quantiles
from typing import Any

from finscribe.processors import processor_name


def hardware() -> str:
    """The GPU, or the processor and its cores."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f"{processor_name()}, {os.cpu_count()} cores, no GPU"


def packages(names: Sequence[str]) -> str:
    """Those that are installed, with their versions."""
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def figures_of(command: Sequence[str], name: str) -> Any:
    """What a process of its own prints as JSON in its last line; None where it fails, which standard error says."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"{name}: failed: {(done.stderr or done.stdout)[-2_000:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def percentiles(times: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, the 95th and the 99th, none beyond what was measured; 0 where nothing was."""
    if len(times) < 2:
        only = times[0] if times else 0.0
        return only, only, only
    cuts = quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def resident_bytes() -> int:
    """The most memory that this process has held."""
    return peak_bytes(resource.getrusage(resource.RUSAGE_SELF))


def peak_bytes(usage: resource.struct_rusage) -> int:
    """The most memory of what was used; the unit of the system's figure is not the same everywhere."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
