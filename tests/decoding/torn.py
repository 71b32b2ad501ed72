"""A model that is of two minds."""

from collections.abc import Sequence
from typing import Any

from finscribe.testing import FakeModel


class Torn(FakeModel):
    """Wants to write one answer, and of each other one nearly as much: `doubt` is the difference, as a logarithm."""

    def __init__(self, script: str, *others: str, doubt: float = 1.0) -> None:
        super().__init__(script, eagerness=30.0)
        self.others, self.doubt = [other.encode() for other in others], doubt

    def logits(self, tokens: Sequence[int]) -> Any:
        import numpy as np

        answer = bytes(tokens[tokens.index(self.eos) + 1 :])
        logits = np.zeros(self.vocabulary, dtype=np.float32)
        for other in self.others:
            if other.startswith(answer) and len(other) > len(answer):
                logits[other[len(answer)]] = self.eagerness - self.doubt
        if self.script.startswith(answer) and len(self.script) - 1 > len(answer):
            logits[self.script[len(answer)]] = self.eagerness
        return logits
