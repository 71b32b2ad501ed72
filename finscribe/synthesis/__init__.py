"""Synthetic finance documents whose truth is exactly what they print."""

from .generate import FAMILIES, HELD_OUT_FAMILIES, LONGEST, Sample, generate

__all__ = ["FAMILIES", "HELD_OUT_FAMILIES", "LONGEST", "Sample", "generate"]
