"""How right a system's answers are, kept as counts of each document, so that many documents fit into memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from finscribe.decoding import Printed
from finscribe.evaluation.cases import Case
from finscribe.evaluation.columns import COLUMNS, SUPPORT, Counts, count
from finscribe.evaluation.given import GivenValues
from finscribe.evaluation.mistakes import Mistake, find_mistake
from finscribe.evaluation.predictions import Prediction
from finscribe.evaluation.public_scores import PublicScores
from finscribe.evaluation.quality import Quality
from finscribe.metrics import Pair, Paired, pair_up


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one value: its paths in answer and truth, and its mistake; None where it is right."""

    pair: Pair
    mistake: Mistake | None


@dataclass(frozen=True, slots=True)
class Judged:
    """How a system did: what is counted of each document, and what of all together."""

    folded: Counts
    exact: Counts
    scorable: NDArray[np.bool_]
    """Which documents have a value to be found, `[documents]`."""
    perfect: NDArray[np.bool_]
    """Which of them are right in every value, folded, `[documents]`."""
    given: GivenValues = field(default_factory=GivenValues)
    quality: Quality = field(default_factory=Quality)
    public: PublicScores = field(default_factory=PublicScores)
    mistakes: Counter[tuple[str, Mistake]] = field(default_factory=Counter)

    @classmethod
    def empty(cls, documents: int) -> Judged:
        """Nothing judged yet."""
        counts, flags = (documents, len(COLUMNS), 5), (documents,)
        return cls(
            np.zeros(counts, np.float32),
            np.zeros(counts, np.float32),
            np.zeros(flags, np.bool_),
            np.zeros(flags, np.bool_),
        )

    def add(self, index: int, case: Case, prediction: Prediction) -> list[Verdict]:
        """Judges the document of that index; returns the verdicts on all values that count."""
        invoice = prediction.invoice
        paired = pair_up(invoice, case.truth)
        self.folded[index] = count(paired, case.truth)
        self.exact[index] = count(pair_up(invoice, case.truth, "exact"), case.truth)
        self.scorable[index] = self.folded[index, :, SUPPORT].sum() > 0
        self.perfect[index] = self.scorable[index] and paired.perfect
        self.quality.add(prediction, invoice)
        self.public.add(invoice, case.truth)
        for pair in paired.values:
            if pair.given is not None and pair.given_path is not None:
                confidence = prediction.evidence[pair.given_path].confidence
                self.given.add(index, pair.field, confidence, pair.right)
        verdicts = _verdicts(paired, case)
        self.mistakes.update((verdict.pair.field, verdict.mistake) for verdict in verdicts if verdict.mistake)
        return verdicts


def judge_values(case: Case, prediction: Prediction) -> list[Verdict]:
    """The verdicts on all values of a document that count, folded."""
    return _verdicts(pair_up(prediction.invoice, case.truth), case)


def _verdicts(paired: Paired, case: Case) -> list[Verdict]:
    printed = Printed(case.text)
    return [Verdict(pair, find_mistake(pair, printed, case.truth)) for pair in paired.values if pair.counted]
