"""The values that a system gave, each with its confidence and whether it was right.

This is what a calibration of the confidence is fitted on, and what a threshold for automation is chosen by. Confidence
is `Evidence.confidence`: whatever is fitted there shows here.
"""

from __future__ import annotations

from array import array
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finscribe.evaluation.columns import COLUMN

GIVEN = np.dtype(
    [("document", np.int32), ("column", np.int16), ("confidence", np.float32), ("right", np.bool_)]
)
"""A value given in a field that the truth knows: the index of its document, that of its field in `COLUMNS`."""
Given: TypeAlias = NDArray[Any]
"""Values of dtype `GIVEN`, shape `[values]`."""


class GivenValues:
    """Values as they come, in little memory."""

    def __init__(self) -> None:
        self._documents, self._columns = array("i"), array("h")
        self._confidences, self._right = array("f"), array("b")

    def add(self, document: int, field: str, confidence: float, right: bool) -> None:
        """Remembers one value."""
        self._documents.append(document)
        self._columns.append(COLUMN[field])
        self._confidences.append(confidence)
        self._right.append(right)

    def table(self) -> Given:
        """All of them."""
        found = np.zeros(len(self._documents), GIVEN)
        columns = (self._documents, self._columns, self._confidences, self._right)
        for name, values in zip(("document", "column", "confidence", "right"), columns, strict=True):
            found[name] = np.asarray(values)
        return found
