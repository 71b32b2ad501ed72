"""The scores of SROIE and CORD, added up over the documents of a test set."""

from __future__ import annotations

from dataclasses import dataclass, field

from finscribe.invoice import Invoice, Truth
from finscribe.metrics import Score
from finscribe.metrics.public import cord_score, sroie_score, tree_accuracy, tree_size

MOST_TREES = 2_000
"""Documents whose trees are compared, the first ones; that takes longer than all else."""
LARGEST_TREE = 300
"""Nodes of a truth beyond which its tree is left out; the time grows with their cube."""


@dataclass(slots=True)
class PublicScores:
    """What papers would report."""

    sroie: Score = field(default_factory=Score)
    cord: Score = field(default_factory=Score)
    trees: list[float] = field(default_factory=list)

    def add(self, invoice: Invoice, truth: Truth) -> None:
        """Scores one document."""
        self.sroie += sroie_score(invoice, truth)
        self.cord += cord_score(invoice, truth)
        if len(self.trees) < MOST_TREES and tree_size(truth) <= LARGEST_TREE:
            found = tree_accuracy(invoice, truth)
            self.trees += [] if found is None else [found]

    @property
    def tree_accuracy(self) -> float | None:
        """The mean over the documents whose trees were compared; None without any."""
        return sum(self.trees) / len(self.trees) if self.trees else None
