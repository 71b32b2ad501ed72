"""Equality of two answers up to tokens that the model hardly tells apart."""

from finscribe.decoding import Task
from finscribe.decoding.answering import Answer
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
