"""Whether there is a GPU: asked without PyTorch where there can be none, for its import takes a second."""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

DRIVERS = ("libcuda.so.1", "nvcuda.dll")
"""What NVIDIA's driver installs, on Linux and on Windows."""

AMD_DEVICE = Path("/dev/kfd")


def gpu_present() -> bool:
    """Whether there is a GPU that PyTorch can use."""
    if not _may_be_there():
        return False
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def _may_be_there() -> bool:
    if "torch" in sys.modules:
        return True
    return find_spec("torch") is not None and (AMD_DEVICE.exists() or any(map(_loads, DRIVERS)))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
