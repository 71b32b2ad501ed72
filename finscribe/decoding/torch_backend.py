"""Models that PyTorch runs: plain transformers, or Unsloth's FastLanguageModel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finscribe.prompts import encode_prompt

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

WASTE_BEFORE_COMPACTION = 64
"""Columns of the cache that no row uses any more, before they are cut out."""


class TorchModel:
    """A Hugging Face causal language model with its tokenizer, ready for the decoder."""

    def __init__(self, model: Any, tokenizer: Any, *, name: str, backend: str) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.name, self.backend = name, backend
        self.context_length = int(model.config.max_position_embeddings)
        self.eos = int(tokenizer.eos_token_id)
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
        if text not in self._encoded:
            if len(self._encoded) > 20_000:
                self._encoded.clear()
            self._encoded[text] = self.tokenizer.encode(text, add_special_tokens=False)
        return self._encoded[text]

    def token_bytes(self, token: int) -> bytes:
        if token not in self._bytes:
            self._bytes[token] = b"" if token == self.eos else bytes(self.guide.decode_bytes([token]))
        return self._bytes[token]

    def session(self) -> TorchSession:
        return TorchSession(self.model)


class TorchSession:
    """A batch in PyTorch: one cache, new tokens padded on the left, and a mask that hides padding and rollbacks."""

    def __init__(self, model: Any) -> None:
        from transformers import DynamicCache

        self.model = model
        self.cache = DynamicCache(config=model.config)
        self.mask: Any = None
        self.lengths: list[int] = []

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """One forward pass over `[rows, longest]` new tokens; see `Session.extend`."""
        import torch

        longest = max(map(len, tokens))
        ids = torch.zeros((len(tokens), longest), dtype=torch.long)
        fresh = torch.zeros((len(tokens), longest), dtype=torch.bool)
        positions = torch.zeros((len(tokens), longest), dtype=torch.long)
        self.lengths = self.lengths or [0] * len(tokens)
        for row, new in enumerate(tokens):
            begin, length = longest - len(new), self.lengths[row]
            ids[row, begin:] = torch.tensor(list(new), dtype=torch.long)
            fresh[row, begin:] = True
            positions[row, begin:] = torch.arange(length, length + len(new))
            self.lengths[row] += len(new)
        self.mask = fresh if self.mask is None else torch.cat([self.mask, fresh], dim=1)
        logits = self._forward(ids, positions, max(wanted))
        return [logits[row, -count:] if count else logits[row, :0] for row, count in enumerate(wanted)]

    def _forward(self, ids: Any, positions: Any, most_wanted: int) -> Any:
        import torch

        device = self.model.device
        with torch.inference_mode():
            output = self.model(
                input_ids=ids.to(device),
                attention_mask=None
                if bool(self.mask.all()) and ids.shape[1] == 1
                else self.mask.long().to(device),
                position_ids=positions.to(device),
                past_key_values=self.cache,
                use_cache=True,
                logits_to_keep=most_wanted,
            )
        return output.logits.float().cpu().numpy()

    def rollback(self, counts: Sequence[int]) -> None:
        """Hides the last tokens of each row; what all rows forget is cut off."""
        for row, count in enumerate(counts):
            if count:
                self.mask[row, self.mask[row].nonzero().flatten()[-count:]] = False
                self.lengths[row] -= count
        if unused := int(self.mask.any(dim=0).flip(0).int().argmax()):
            self.mask = self.mask[:, :-unused]
            self.cache.crop(-unused)
        if int((~self.mask.any(dim=0)).sum()) > WASTE_BEFORE_COMPACTION:
            self._compact()

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        import torch

        if rows:
            self.cache.batch_select_indices(torch.tensor(list(rows), device=self.model.device))
            self.mask = self.mask[list(rows)]
            self.lengths = [self.lengths[row] for row in rows]

    def _compact(self) -> None:
        used = self.mask.any(dim=0).nonzero().flatten()
        self.mask = self.mask[:, used]
        for layer in self.cache.layers:
            layer.keys = layer.keys[:, :, used.to(layer.keys.device)]
            layer.values = layer.values[:, :, used.to(layer.values.device)]


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
    return TorchModel(
        model.to("cuda") if gpu else model, tokenizer, name=_short(name), backend="transformers"
    )


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


def _short(name: str) -> str:
    return Path(name).resolve().name if Path(name).exists() else name
