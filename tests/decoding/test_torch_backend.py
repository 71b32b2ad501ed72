"""The session in PyTorch, and the whole decoder on a small real model with random weights."""

import random
from typing import Any

import numpy as np
import pytest

from finscribe.decoding import Printed, Task, decode
from finscribe.decoding.torch_backend import TorchModel, TorchSession
from finscribe.invoice import ALL_FIELDS, Invoice
from finscribe.prompts import build_prompt
from finscribe.synthesis import generate
from tests.decoding.near_ties import assert_same_up_to_near_ties

SAMPLES = [generate(seed, size=0.3).text for seed in range(40, 48)]


@pytest.fixture(scope="module")
def model() -> TorchModel:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from finscribe.starter.tokenizer import train_tokenizer

    tokenizer = train_tokenizer((generate(seed).text for seed in range(300)), 1000)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer) + 24,  # real models have more logits than tokens
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=2048,
        initializer_range=0.3,
        attn_implementation="sdpa",
    )
    return TorchModel(LlamaForCausalLM(config), tokenizer, name="tiny", backend="transformers")


def plain_logits(model: TorchModel, tokens: list[int]) -> Any:
    import torch

    with torch.inference_mode():
        return model.model(torch.tensor([tokens])).logits[0].float().numpy()


@pytest.mark.parametrize("seed", range(12))
def test_after_any_history_the_logits_are_those_of_a_plain_forward_pass(model: TorchModel, seed: int) -> None:
    rng = random.Random(seed)
    session, rows = TorchSession(model.model), [[] for _ in range(rng.randint(1, 4))]
    for step in range(14):
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
        if len(rows) > 1 and step % 4 == 3:
            kept = sorted(rng.sample(range(len(rows)), len(rows) - 1))
            session.keep(kept)
            rows = [rows[index] for index in kept]


def test_what_all_rows_forgot_is_cut_out_of_the_cache(model: TorchModel) -> None:
    session = TorchSession(model.model)
    session.extend([[5] * 10, [6] * 200], [1, 1])
    session.rollback([0, 150])
    assert session.mask.shape[1] == session.cache.get_seq_length() <= 200
    session.rollback([5, 5])
    session.extend([[7] * 90, [8]], [1, 1])
    session.rollback([89, 0])
    session.keep([1])
    (logits,) = session.extend([[9, 9]], [2])
    np.testing.assert_allclose(logits, plain_logits(model, [6] * 45 + [8, 9, 9])[-2:], atol=1e-4)


def test_padding_that_sees_nothing_gives_no_nan(model: TorchModel) -> None:
    session = TorchSession(model.model)
    for _ in range(3):
        first, second = session.extend([[1], [2] * 50], [1, 50])
        assert np.isfinite(first).all()
        assert np.isfinite(second).all()


def tasks_of() -> list[Task]:
    return [Task(build_prompt(text), Printed(text), ALL_FIELDS, max_new_tokens=120) for text in SAMPLES]


def test_drafts_change_nothing_on_a_real_model(model: TorchModel) -> None:
    for task in tasks_of()[:4]:
        (drafted,), (plain,) = decode(model, [task]), decode(model, [task], drafting=False)
        assert_same_up_to_near_ties(model, task, drafted, plain)
        assert drafted.forward_passes <= plain.forward_passes


def test_a_batch_of_a_real_model_gives_what_each_document_gets_alone(model: TorchModel) -> None:
    tasks = tasks_of()
    for task, answer in zip(tasks, decode(model, tasks), strict=True):
        assert_same_up_to_near_ties(model, task, answer, decode(model, [task])[0])


def test_the_answers_of_a_real_model_are_invoices(model: TorchModel) -> None:
    text = SAMPLES[0]
    (answer,) = decode(model, [Task(build_prompt(text), Printed(text), ALL_FIELDS)])
    if answer.complete:
        Invoice.from_json(answer.text)
    assert answer.values


def test_the_bytes_of_tokens_are_the_text(model: TorchModel) -> None:
    text = 'Müller "x" 日本 12.50\n{"vendor":{"name":null'
    assert b"".join(map(model.token_bytes, model.encode(text))).decode() == text
    assert model.token_bytes(model.eos) == b""
    assert model.encode("") == []
