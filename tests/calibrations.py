"""Calibrations for tests, by the names of what they go by."""

from finscribe.calibration import NAMES, Calibration


def make_calibration(**weights: float) -> Calibration:
    """With these weights, and none for all else."""
    assert weights.keys() <= set(NAMES)
    return Calibration(tuple(weights.get(name, 0.0) for name in NAMES), 500)
