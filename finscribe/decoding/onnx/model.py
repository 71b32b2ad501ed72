"""A model of the Llama family on ONNX Runtime, ready for the decoder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from finscribe.calibration import Calibration, read_calibration
from finscribe.decoding.model import MOST_LANES, Session
from finscribe.decoding.onnx.runtime import Runtime
from finscribe.decoding.onnx.session import OnnxSession
from finscribe.decoding.onnx.shape import read_shape
from finscribe.decoding.onnx.weights import ROTATIONS, in_eight_bits, read_weights
from finscribe.decoding.tokens import Tokens, read_tokens
from finscribe.processors import usable_threads


class OnnxModel:
    """A decoder with its tokenizer; a model of the decoder loop."""

    def __init__(
        self, runtime: Runtime, tokens: Tokens, *, name: str, backend: str, calibration: Calibration | None
    ) -> None:
        self.runtime, self.tokens = runtime, tokens
        self.name, self.backend, self.calibration = name, backend, calibration
        self.context_length, self.eos = runtime.shape.context, tokens.eos
        self.window_tokens = runtime.shape.window_tokens
        self._threads = usable_threads()
        self._here = threading.local()

    @property
    def guide(self) -> Any:
        return self.tokens.guide

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        arrays, copied = self.runtime.arrays, "head.int8" if self.runtime.shape.tied else ""
        return sum(
            array.size
            for name, array in arrays.items()
            if name not in (*ROTATIONS, copied) and not name.endswith(".scales")
        )

    def encode_prompt(self, prompt: str) -> list[int]:
        return self.tokens.encode_prompt(prompt)

    def encode(self, text: str) -> list[int]:
        return self.tokens.encode(text)

    def token_bytes(self, token: int) -> bytes:
        return self.tokens.token_bytes(token)

    @property
    def exact(self) -> bool:
        """Weights that are not packed are multiplied otherwise with one token than with several."""
        return self.runtime.packed

    @property
    def lanes(self) -> int:
        """A batch in each thread is faster than all threads in one batch, up to a few."""
        return min(self._threads, MOST_LANES)

    @contextmanager
    def lane(self, lanes: int) -> Iterator[None]:
        """Gives the calling thread its share of the processors."""
        self._here.threads = max(1, self._threads // lanes)
        try:
            yield
        finally:
            del self._here.threads

    def session(self) -> Session:
        threads = getattr(self._here, "threads", self._threads)
        return OnnxSession(partial(self.runtime.session, threads), self.runtime.shape)


def load_with_onnx(folder: Path, *, eight_bits: bool = False) -> OnnxModel:
    """Loads a model folder; raises UnsupportedModel for one that does not run here, ModelBroken, MissingDependency."""
    shape = read_shape(folder)
    arrays = read_weights(folder, shape)
    runtime = Runtime(shape, in_eight_bits(arrays) if eight_bits else arrays)
    return OnnxModel(
        runtime,
        read_tokens(folder),
        name=folder.resolve().name,
        backend="onnx-int8" if eight_bits else "onnx",
        calibration=read_calibration(folder),
    )
