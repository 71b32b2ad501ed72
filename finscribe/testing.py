"""Fakes of the outside things, for tests of this package and of programs built on it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from finscribe.calibration import Calibration
from finscribe.documents import Token

if TYPE_CHECKING:
    from PIL.Image import Image


class FakeEngine:
    """An OCR engine that finds what it was told to: one list of tokens a page, the last one repeated."""

    def __init__(self, *pages: Sequence[Token]) -> None:
        self._pages = pages or ((),)
        self.sizes: list[tuple[int, int]] = []  # of the pictures it was shown

    def read(self, image: "Image") -> list[Token]:
        """The tokens of the next page."""
        page = self._pages[min(len(self.sizes), len(self._pages) - 1)]
        self.sizes.append(image.size)
        return list(page)


class FakeModel:
    """A language model without weights: its logits are noise that depends only on the latest tokens.

    With a `script` it wants to write that text instead, wherever it is allowed to; `eagerness` says how much.
    Every token is one byte, and 256 ends the answer. `lanes` batches are computed side by side.
    """

    name = "fake"
    backend = "fake"
    eos = 256
    calibration: Calibration | None = None
    vocabulary = 257

    def __init__(
        self,
        script: str = "",
        *,
        seed: int = 0,
        eagerness: float = 100.0,
        context_length: int = 100_000,
        window_tokens: int | None = None,
        lanes: int = 1,
    ) -> None:
        self.script = script.encode() + b"\xff"  # 255 stands for the end: it is in no UTF-8 text
        self.seed, self.eagerness = seed, eagerness
        self.context_length, self.window_tokens = context_length, window_tokens
        self.lanes, self.exact = lanes, True
        self.prompts: list[str] = []
        self.passes = 0

    @cached_property
    def guide(self) -> Any:
        from llguidance import LLTokenizer

        return LLTokenizer("byte")

    def encode_prompt(self, prompt: str) -> list[int]:
        self.prompts.append(prompt)
        return [*prompt.encode("utf-8", "replace"), self.eos]

    def encode(self, text: str) -> list[int]:
        return list(text.encode("utf-8", "replace"))

    def token_bytes(self, token: int) -> bytes:
        return bytes([token]) if token < 256 else b""

    def session(self) -> "FakeSession":
        return FakeSession(self)

    def lane(self, lanes: int) -> AbstractContextManager[None]:  # noqa: ARG002
        """Needs nothing."""
        return nullcontext()

    def script_for(self, prompt: bytes) -> bytes:  # noqa: ARG002
        """What it wants to answer to a prompt; for programs that need one script for each document."""
        return self.script

    def logits(self, tokens: Sequence[int]) -> Any:
        """The logits behind a sequence, shape `[257]`."""
        import numpy as np

        end = tokens.index(self.eos)
        answer, script = bytes(tokens[end + 1 :]), self.script_for(bytes(tokens[:end]))
        noise = np.random.default_rng([self.seed, len(answer), *answer[-3:]])
        logits = noise.standard_normal(self.vocabulary).astype(np.float32)
        if len(script) > 1 and script.startswith(answer):
            wanted = script[len(answer)]
            logits[self.eos if wanted == 255 else wanted] += self.eagerness
        return logits


class FakeSession:
    """The fake model's batch: whole sequences, no cache."""

    def __init__(self, model: FakeModel) -> None:
        self.model = model
        self.rows: list[list[int]] = []

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Any]:
        """Logits behind the last `wanted[i]` tokens of each row."""
        import numpy as np

        self.model.passes += 1
        self.rows += [[] for _ in range(len(tokens) - len(self.rows))]
        found = []
        for row, new, count in zip(self.rows, tokens, wanted, strict=True):
            row += new
            ends = range(len(row) - count + 1, len(row) + 1)
            found.append(np.stack([self.model.logits(row[:end]) for end in ends]))
        return found

    def rollback(self, counts: Sequence[int]) -> None:
        """Forgets the last tokens of each row."""
        self.rows = [row[: len(row) - count] for row, count in zip(self.rows, counts, strict=True)]

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        self.rows = [self.rows[index] for index in rows]
