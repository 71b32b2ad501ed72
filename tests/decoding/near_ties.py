"""Equality of two answers up to tokens that the model hardly tells apart, and the textbook answer to compare with."""

from typing import Any

import numpy as np
from llguidance import LLMatcher

from finscribe.decoding import Task
from finscribe.decoding.answering import Answer
from finscribe.decoding.grammar import build_grammar
from finscribe.decoding.torch_backend import TorchModel

NEAR_TIE = 1e-3
"""A gap between two logits that padding and the order of sums may close."""


def assert_same_up_to_near_ties(model: TorchModel, task: Task, first: Answer, second: Answer) -> None:
    """The same tokens, or at the first difference two tokens of nearly the same logit."""
    import torch

    pairs = zip(first.tokens, second.tokens, strict=False)
    place = next((index for index, (a, b) in enumerate(pairs) if a != b), None)
    if place is None:
        assert len(first.tokens) == len(second.tokens)
        return
    tokens = model.encode_prompt(task.prompt) + list(first.tokens[:place])
    with torch.inference_mode():
        logits = model.model(torch.tensor([tokens])).logits[0, -1].float()
    gap = abs(float(logits[first.tokens[place]] - logits[second.tokens[place]]))
    assert gap < NEAR_TIE, f"token {place}: {gap}"


def textbook_tokens(network: Any, model: TorchModel, task: Task) -> list[int]:
    """Greedy decoding under the mask: each token from a full forward pass of `network`, none forced or guessed.

    `network` is the causal language model of transformers whose tokenizer `model` has.
    """
    import torch

    matcher = LLMatcher(model.guide, build_grammar(task.printed, task.request, task.grounding), log_level=0)
    prompt, tokens = model.encode_prompt(task.prompt), list[int]()
    while not (matcher.is_stopped() or matcher.is_accepting()):
        with torch.inference_mode():
            found = network(torch.tensor([prompt + tokens]), use_cache=False).logits[0, -1]
        logits = found[: model.guide.vocab_size].float().numpy()
        bits = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8), bitorder="little")
        tokens.append(int(np.where(bits[: len(logits)].astype(bool), logits, -np.inf).argmax()))
        matcher.consume_token(tokens[-1])
    return tokens
