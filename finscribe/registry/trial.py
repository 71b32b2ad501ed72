"""What the gate needs to know of an evaluation: one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from finscribe.metrics.paired import Interval


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two models: its name, the hash of its folder (None for a name on a hub), and its micro-F1.

    `interval` is the 95% one, None where all documents are of one vendor.
    """

    name: str
    sha256: str | None
    micro_f1: float
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """F1 of a field (or, where it has no value, how often it was left empty) with both models, and how sure that is.

    The `p_value` is two-sided, the 95% `interval` that of the difference; both are None where there is one vendor.
    `vendors` are those whose documents say something of the field, None where an earlier version did not count them.
    """

    field: str
    baseline: float
    candidate: float
    p_value: float | None
    interval: Interval | None = None
    vendors: int | None = None

    @property
    def difference(self) -> float:
        """What the candidate gains; a loss is negative."""
        return self.candidate - self.baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Baseline and candidate on the same documents.

    `gain` is the candidate's micro-F1 over all values less the baseline's, 0 to 1 and negative for a loss, `interval`
    its 95% interval with vendors resampled, None where all documents are of one vendor. `grounded_share` is that of
    the candidate's values that their document prints, None where it gave none. `families` are the vendor families of
    the documents, `names` what their truths call each of them, `test_set` the file that they came from and
    `test_sha256` its hash, None for several files. `left_empty` has the fields without a known value that a model gave
    one in, with the share of documents in which it did not, 0 to 1.
    """

    baseline: Side
    candidate: Side
    test_set: str
    documents: int
    families: frozenset[str]
    gain: float
    interval: Interval | None
    fields: tuple[FieldDifference, ...]
    grounded_share: float | None
    grounding: str
    left_empty: tuple[FieldDifference, ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    test_sha256: str | None = None
