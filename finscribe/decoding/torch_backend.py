"""Models that PyTorch runs: plain transformers, or Unsloth's FastLanguageModel."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from finscribe.calibration import Calibration, read_calibration
from finscribe.decoding.fast_linear import use_onednn
from finscribe.decoding.model import Session
from finscribe.decoding.packed import PackedSession, is_packable, pack_rows
from finscribe.decoding.padded import PaddedSession
from finscribe.decoding.tokens import tokens_of

MOST_LANES = 4
"""Batches that are computed side by side; with more, their Python code waits for one another."""


class TorchModel:
    """A Hugging Face causal language model with its tokenizer, ready for the decoder."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        name: str,
        backend: str,
        calibration: Calibration | None = None,
    ) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.tokens = tokens_of(tokenizer)
        self.name, self.backend, self.calibration = name, backend, calibration
        self.context_length = int(model.config.max_position_embeddings)
        self.eos = self.tokens.eos
        self._threads = _threads()

    @property
    def guide(self) -> Any:
        return self.tokens.guide

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        return sum(weight.numel() for weight in self.model.parameters())

    def encode_prompt(self, prompt: str) -> list[int]:
        return self.tokens.encode_prompt(prompt)

    def encode(self, text: str) -> list[int]:
        return self.tokens.encode(text)

    def token_bytes(self, token: int) -> bytes:
        return self.tokens.token_bytes(token)

    @property
    def lanes(self) -> int:
        """On a processor, a batch in each thread is faster than all threads in one batch, up to a few."""
        alone = self.model.device.type != "cpu" or not is_packable(self.model)
        return 1 if alone else min(self._threads, MOST_LANES)

    @contextmanager
    def lane(self, lanes: int) -> Iterator[None]:
        """Gives the calling thread its share of PyTorch's threads."""
        import torch

        torch.set_num_threads(max(1, self._threads // lanes))
        try:
            yield
        finally:
            torch.set_num_threads(self._threads)  # of threads to come

    def session(self) -> Session:
        return PackedSession(self.model) if is_packable(self.model) else PaddedSession(self.model)


# --- loading -----------------------------------------------------------------------------------------


def load_with_transformers(name: str, *, token: str | None) -> TorchModel:
    """Loads a folder or hub name with transformers: bf16 on a GPU, float32 on a CPU."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # programs have their own
    gpu = torch.cuda.is_available()
    tokenizer = AutoTokenizer.from_pretrained(name, token=token, trust_remote_code=False)
    model = AutoModelForCausalLM.from_pretrained(
        name,
        token=token,
        trust_remote_code=False,
        use_safetensors=True,
        dtype=torch.bfloat16 if gpu else torch.float32,
        attn_implementation="sdpa",
    )
    model = model.to("cuda") if gpu else model
    pack_rows(model)
    use_onednn(model)
    return _named(model, tokenizer, name, "transformers")


def load_with_unsloth(name: str, *, token: str | None) -> TorchModel:
    """Loads a folder or hub name with Unsloth: 4-bit on a GPU, its CPU backend otherwise."""
    import torch

    with redirect_stdout(sys.stderr):  # Unsloth greets on standard output, where answers go
        from unsloth import FastLanguageModel  # before torch and transformers, which it patches

        gpu = torch.cuda.is_available()
        model, tokenizer = FastLanguageModel.from_pretrained(
            name, load_in_4bit=gpu, token=token, trust_remote_code=False, use_safetensors=True
        )
        FastLanguageModel.for_inference(model)
    return _named(model, tokenizer, name, "unsloth")


def _named(model: Any, tokenizer: Any, name: str, backend: str) -> TorchModel:
    """The model of a folder, with the calibration that lies in it, or of a hub name."""
    folder = Path(name)
    local = folder.exists()
    return TorchModel(
        model,
        tokenizer,
        name=folder.resolve().name if local else name,
        backend=backend,
        calibration=read_calibration(folder) if local else None,
    )


def _threads() -> int:
    import torch

    return torch.get_num_threads()
