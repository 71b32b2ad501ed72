"""Models that PyTorch runs: plain transformers, or Unsloth's FastLanguageModel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from finscribe.decoding.fast_linear import use_onednn
from finscribe.decoding.model import Session
from finscribe.decoding.packed import PackedSession, is_packable, pack_rows
from finscribe.decoding.padded import PaddedSession
from finscribe.prompts import encode_prompt

MOST_LANES = 4
"""Batches that are computed side by side; with more, their Python code waits for one another."""


class TorchModel:
    """A Hugging Face causal language model with its tokenizer, ready for the decoder."""

    def __init__(self, model: Any, tokenizer: Any, *, name: str, backend: str) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.name, self.backend = name, backend
        self.context_length = int(model.config.max_position_embeddings)
        self.eos = int(tokenizer.eos_token_id)
        self._threads = _threads()
        self._bytes: dict[int, bytes] = {}
        self._encoded: dict[str, list[int]] = {}

    @cached_property
    def guide(self) -> Any:
        import llguidance.hf

        return llguidance.hf.from_tokenizer(self.tokenizer)

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        return sum(weight.numel() for weight in self.model.parameters())

    def encode_prompt(self, prompt: str) -> list[int]:
        return encode_prompt(self.tokenizer, prompt)

    def encode(self, text: str) -> list[int]:
        if not text:
            return []
        found = self._encoded.get(text)
        if found is None:
            if len(self._encoded) > 20_000:
                self._encoded.clear()
            found = self._encoded[text] = self.tokenizer.encode(text, add_special_tokens=False)
        return found

    def token_bytes(self, token: int) -> bytes:
        if token not in self._bytes:
            self._bytes[token] = b"" if token == self.eos else bytes(self.guide.decode_bytes([token]))
        return self._bytes[token]

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
    return TorchModel(model, tokenizer, name=_short(name), backend="transformers")


def load_with_unsloth(name: str, *, token: str | None) -> TorchModel:
    """Loads a folder or hub name with Unsloth: 4-bit on a GPU, its CPU backend otherwise."""
    import torch
    from unsloth import FastLanguageModel  # before torch and transformers, which it patches

    gpu = torch.cuda.is_available()
    model, tokenizer = FastLanguageModel.from_pretrained(
        name, load_in_4bit=gpu, token=token, trust_remote_code=False, use_safetensors=True
    )
    FastLanguageModel.for_inference(model)
    return TorchModel(model, tokenizer, name=_short(name), backend="unsloth")


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _short(name: str) -> str:
    return Path(name).resolve().name if Path(name).exists() else name
