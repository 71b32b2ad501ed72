"""A model that is shown training records before each document: the honest baseline of fine-tuning on them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from finscribe.calibration import Calibration
from finscribe.decoding import Printed, SteeredModel
from finscribe.decoding.align import align
from finscribe.decoding.model import Session
from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import Case
from finscribe.prompts import build_prompt

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

MOST_EXAMPLES = 3
SHARE_OF_CONTEXT = 1 / 3
"""How much of the model's context examples may take; the document and its answer need the rest."""


class NoExampleFits(EvaluationError):
    """Training records that are all too long for a model's context."""


def with_examples(model: SteeredModel, cases: Sequence[Case], seed: int) -> ShownExamples:
    """A model with up to three records, drawn by `seed`, before each prompt; raises `NoExampleFits`."""
    room = int(model.context_length * SHARE_OF_CONTEXT)
    shown: list[int] = []
    count = 0
    for case in random.Random(seed).sample(cases, len(cases)):
        tokens = _example(model, case)
        if tokens and len(shown) + len(tokens) <= room:
            shown, count = shown + tokens, count + 1
        if count == MOST_EXAMPLES:
            break
    if not count:
        raise NoExampleFits(
            f"no training record fits into a third of the context of {model.name}, {room} tokens",
            hint="Leave few-shot out, or give training records that are shorter.",
        )
    return ShownExamples(model, shown, count)


def _example(model: SteeredModel, case: Case) -> list[int]:
    """A record as prompt and answer, read whole; empty where its page prints nothing that is known."""
    truth = align(case.truth, Printed(case.text)).truth
    if not truth.request:
        return []
    prompt = model.encode_prompt(build_prompt(case.text, truth.request))
    return [*prompt, *model.encode(truth.to_json(truth.request)), model.eos]


class ShownExamples:
    """A language model whose every session begins with the same examples; they take room in its context."""

    def __init__(self, model: SteeredModel, shown: Sequence[int], count: int) -> None:
        self.model, self.shown, self.count = model, tuple(shown), count
        self.name, self.backend, self.eos = f"{model.name}, {count} examples", model.backend, model.eos
        self.context_length = model.context_length - len(self.shown)
        self.calibration: Calibration | None = (
            None  # that of the model was fitted to what it says without examples
        )

    def __getattr__(self, name: str) -> Any:
        """What else the model can do, to compute several batches side by side for instance."""
        return getattr(self.model, name)

    @property
    def guide(self) -> Any:
        """The tokenizer as llguidance sees it."""
        return self.model.guide

    def encode_prompt(self, prompt: str) -> list[int]:
        """The prompt alone; the examples are put before it by the session."""
        return self.model.encode_prompt(prompt)

    def encode(self, text: str) -> list[int]:
        """Token ids of a piece of an answer."""
        return self.model.encode(text)

    def token_bytes(self, token: int) -> bytes:
        """The bytes that a token writes."""
        return self.model.token_bytes(token)

    def session(self) -> _Session:
        """A batch in which every row has seen the examples."""
        return _Session(self.model.session(), list(self.shown))


class _Session:
    """A batch whose rows begin with the examples, those too that come later."""

    def __init__(self, session: Session, shown: list[int]) -> None:
        self._session, self._shown, self._rows = session, shown, 0

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """See `Session.extend`; the examples go before the first tokens of a row."""
        rows = [row if place < self._rows else [*self._shown, *row] for place, row in enumerate(tokens)]
        self._rows = len(rows)
        return self._session.extend(rows, wanted)

    def rollback(self, counts: Sequence[int]) -> None:
        """Forgets the last tokens of each row."""
        self._session.rollback(counts)

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        self._rows = len(rows)
        self._session.keep(rows)
