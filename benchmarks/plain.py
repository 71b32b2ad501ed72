"""Plain greedy generation, without anything of ours: what `benchmarks/inference.py` compares with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from finscribe.calibration import Calibration
from finscribe.decoding import Answer, Grounding, Printed, Task, load_model
from finscribe.decoding.remote.checking import check
from finscribe.decoding.remote.dialects import schema_of
from finscribe.decoding.remote.replies import Said
from finscribe.decoding.tokens import Tokens, tokens_of
from finscribe.documents import Document
from finscribe.extract import Extraction, extract
from finscribe.invoice import ALL_FIELDS
from finscribe.prompts import build_prompt
from finscribe.settings import Settings


@dataclass(frozen=True, slots=True)
class Plain:
    """A model as its library loads it, with its tokenizer, and what makes the logits processors of a call."""

    model: Any
    tokens: Tokens
    processors: Callable[[], list[Any]] = field(default=list)

    def write(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of the answers, each with the end where it came to one; prompts are padded on their left."""
        import torch

        prompts = [self.tokens.encode_prompt(build_prompt(text, ALL_FIELDS)) for text in texts]
        longest = max(map(len, prompts))
        ids = torch.tensor([[self.tokens.eos] * (longest - len(each)) + each for each in prompts])
        mask = torch.tensor([[0] * (longest - len(each)) + [1] * len(each) for each in prompts])
        with torch.inference_mode():
            written = self.model.generate(
                input_ids=ids.to(self.model.device),
                attention_mask=mask.to(self.model.device),
                do_sample=False,
                logits_processor=self.processors(),
                max_new_tokens=self.model.config.max_position_embeddings - longest,
            )
        return [self._up_to_end(row) for row in written[:, longest:].tolist()]

    def _up_to_end(self, row: list[int]) -> list[int]:
        return row[: row.index(self.tokens.eos) + 1] if self.tokens.eos in row else row

    def read(self, text: str, answer: Sequence[int]) -> Extraction:
        """What an answer says of a document."""
        written = b"".join(map(self.tokens.token_bytes, answer)).decode("utf-8", "replace")
        ended = self.tokens.eos in answer
        told = Told(Said(written, "stop" if ended else "length"))
        return extract(Document.from_text(text), told, grounding=Grounding.OFF)


class Told:
    """A model that has said already what it says of a document."""

    name = backend = "told"
    context_length = sys.maxsize
    window_tokens: int | None = None
    calibration: Calibration | None = None

    def __init__(self, said: Said) -> None:
        self.said = said

    def count_tokens(self, text: str) -> int:  # noqa: ARG002
        """None count: a document is a single window."""
        return 0

    def answer(self, tasks: Sequence[Task]) -> list[Answer]:
        """The same for each task."""
        return [check(self.said, task, 1) for task in tasks]


def load_plain(folder: str, *, unsloth: bool = False, schema: bool = False) -> Plain:
    """The weights as transformers or Unsloth loads them; `schema` holds answers to that of an invoice."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if unsloth:
        found: Any = load_model(folder, settings=Settings(backend="unsloth"))
        if found.backend != "unsloth":
            raise SystemExit(f"Unsloth does not run {folder} as it should")
        return Plain(found.model, found.tokens)
    gpu = torch.cuda.is_available()
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.bfloat16 if gpu else torch.float32, device_map="cuda" if gpu else "cpu"
    ).eval()
    tokens = tokens_of(AutoTokenizer.from_pretrained(folder))
    return Plain(model, tokens, schema_processors(tokens, model.config.vocab_size) if schema else list)


def schema_processors(tokens: Tokens, vocabulary: int) -> Callable[[], list[Any]]:
    """What makes the logits processors that let one answer be nothing but JSON of the invoice's schema."""
    import xgrammar
    from xgrammar.contrib.hf import LogitsProcessor

    known = xgrammar.TokenizerInfo.from_huggingface(tokens.tokenizer, vocab_size=vocabulary)
    schema = schema_of(Task("", Printed(""), ALL_FIELDS, Grounding.SCHEMA))
    compiled = xgrammar.GrammarCompiler(known).compile_json_schema(
        schema, any_whitespace=False, separators=(",", ":")
    )
    return lambda: [LogitsProcessor(compiled)]
