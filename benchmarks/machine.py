"""What a benchmark ran on, for those who read its figures."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

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


def resident_bytes() -> int:
    """The most memory that this process has held."""
    return peak_bytes(resource.getrusage(resource.RUSAGE_SELF))


def peak_bytes(usage: resource.struct_rusage) -> int:
    """The most memory of what was used; the unit of the system's figure is not the same everywhere."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
