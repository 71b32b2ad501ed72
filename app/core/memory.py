"""How much of what was freed the C library keeps for later, where it is glibc."""

import ctypes
import sys

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h
HEAPS = 2
LARGE = 1 << 20
"""Bytes from which an array has pages of its own, which go back to the system as soon as it is freed."""


def keep_little() -> None:
    """Has all threads share two heaps, and keeps large arrays out of them.

    Called by each process that holds models, servers and workers alike, before it starts threads.
    By itself glibc has up to eight heaps for each processor, each of which stays as large as it ever was, and once an
    array of many megabytes has been freed, the next ones come from the heaps too, between what stays.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_ARENA_MAX, HEAPS)
        mallopt(M_MMAP_THRESHOLD, LARGE)
