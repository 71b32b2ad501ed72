"""What the decoder needs of a language model, whichever library runs it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from finscribe.calibration import Calibration

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from finscribe.decoding.answering import Answer, Task

    Logits: TypeAlias = NDArray[np.float32]


class Session(Protocol):
    """A batch of growing token sequences with their key/value cache; empty at first."""

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """Appends tokens to each row in one forward pass; rows behind those known so far are new ones.

        Returns for row i the logits behind its last `wanted[i]` tokens, shape `[wanted[i], vocabulary]`.
        """
        ...

    def rollback(self, counts: Sequence[int]) -> None:
        """Forgets the last `counts[i]` tokens of each row."""
        ...

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        ...


class SteeredModel(Protocol):
    """A causal language model with its tokenizer, which is told token by token what it may write."""

    name: str
    """What answers say they come from."""
    backend: str
    context_length: int
    """Tokens of prompt and answer together."""
    window_tokens: int | None
    """Tokens of text that it reads lines best in; None for as many as its context allows."""
    eos: int
    calibration: Calibration | None
    """What makes a confidence of its probabilities, where something was fitted."""

    @property
    def guide(self) -> Any:
        """The tokenizer as llguidance sees it (`llguidance.LLTokenizer`)."""
        ...

    def encode_prompt(self, prompt: str) -> list[int]:
        """Token ids of a prompt, in the chat template where the tokenizer has one."""
        ...

    def encode(self, text: str) -> list[int]:
        """Token ids of a piece of an answer, without special tokens."""
        ...

    def token_bytes(self, token: int) -> bytes:
        """The bytes that a token writes; empty for special tokens."""
        ...

    def session(self) -> Session:
        """A fresh, empty batch; its rows come with `extend`."""
        ...


MOST_LANES = 4
"""Batches that are computed side by side; with more, their Python code waits for one another."""


@runtime_checkable
class SideBySide(Protocol):
    """A model that computes several batches side by side faster than a single large one."""

    @property
    def lanes(self) -> int:
        """How many batches at most, each in a thread of its own."""
        ...

    @property
    def exact(self) -> bool:
        """Whether a document gets the same bits whatever is computed beside it."""
        ...

    def lane(self, lanes: int) -> AbstractContextManager[None]:
        """Entered by the thread of each batch for as long as it runs: it shares the machine with `lanes - 1` others."""
        ...


@runtime_checkable
class AskedModel(Protocol):
    """A model that is asked and not steered: it writes whole answers by itself, as one on another machine does."""

    name: str
    backend: str
    context_length: int
    window_tokens: int | None
    calibration: Calibration | None

    def count_tokens(self, text: str) -> int:
        """About how many tokens a text has, rather too many than too few."""
        ...

    def answer(self, tasks: Sequence[Task]) -> list[Answer]:
        """The answers to tasks, in their order; what they say is checked against what is printed."""
        ...


LanguageModel: TypeAlias = SteeredModel | AskedModel
"""Whatever can be asked for the invoice that a document prints."""
