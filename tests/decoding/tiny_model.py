"""A small real model with random weights, and what any batch of it must do."""

import random
from typing import Any

import numpy as np

from finscribe.decoding import Printed, Task
from finscribe.decoding.model import Session
from finscribe.decoding.torch_backend import TorchModel
from finscribe.invoice import ALL_FIELDS
from finscribe.prompts import build_prompt
from finscribe.synthesis import generate

SAMPLES = [generate(seed, size=0.3).text for seed in range(40, 48)]


def make_tiny_model(kind: str = "llama", **changes: Any) -> TorchModel:
    """A model of a kind that transformers knows, not prepared for anything."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    from finscribe.starter.tokenizer import train_tokenizer

    tokenizer = train_tokenizer((generate(seed).text for seed in range(300)), 1000)
    torch.manual_seed(0)
    sizes = {
        "vocab_size": len(tokenizer) + 24,  # real models have more logits than tokens
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 2048,
        "initializer_range": 0.3,
    }
    network = AutoModelForCausalLM.from_config(
        AutoConfig.for_model(kind, **sizes | changes), attn_implementation="sdpa"
    )
    return TorchModel(network, tokenizer, name="tiny", backend="transformers")


def plain_logits(model: TorchModel, tokens: list[int]) -> Any:
    """The logits behind each token of a sequence, from one pass over all of it."""
    import torch

    with torch.inference_mode():
        return model.model(torch.tensor([tokens])).logits[0].float().numpy()


def tasks_of() -> list[Task]:
    """Small invoices to be read."""
    return [Task(build_prompt(text), Printed(text), ALL_FIELDS, max_new_tokens=120) for text in SAMPLES]


def assert_any_history_ends_in_plain_logits(session: Session, model: TorchModel, seed: int) -> None:
    """Rows come, grow, forget and go at random; after each pass the logits are those of a plain one."""
    rng = random.Random(seed)
    rows: list[list[int]] = [[] for _ in range(rng.randint(1, 4))]
    for step in range(14):
        if rng.random() < 0.3 or not rows:
            rows += [[] for _ in range(rng.randint(1, 3))]
        longest = rng.choice([1, 3, 40])
        new = [[rng.randrange(900) for _ in range(rng.randint(1, longest))] for _ in rows]
        wanted = [rng.randint(1, len(tokens)) for tokens in new]
        found = session.extend(new, wanted)
        for row, tokens, logits, count in zip(rows, new, found, wanted, strict=True):
            row += tokens
            assert logits.shape[0] == count
            np.testing.assert_allclose(logits, plain_logits(model, row)[-count:], atol=1e-4)
        for _ in range(rng.randint(0, 2)):
            counts = [rng.randint(0, len(row) - 1) if rng.random() < 0.6 else 0 for row in rows]
            session.rollback(counts)
            rows = [row[: len(row) - count] for row, count in zip(rows, counts, strict=True)]
        if step % 3 == 2:
            kept = sorted(rng.sample(range(len(rows)), rng.randint(0, len(rows))))
            session.keep(kept)
            rows = [rows[index] for index in kept]
