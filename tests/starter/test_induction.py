import dataclasses
import random

import torch

from finscribe.starter.pretrain import PRESETS, new_model
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import generate

SMALL = dataclasses.replace(PRESETS["cpu"], vocabulary=1024, layers=2, feed_forward=64)


def test_a_fresh_model_continues_what_stands_earlier():
    tokenizer = train_tokenizer((generate(seed).text for seed in range(100)), SMALL.vocabulary)
    model = new_model(SMALL, tokenizer).eval()
    rng = random.Random(0)
    tokens = rng.sample(range(2, 1000), 100)
    with torch.no_grad():
        likeliest = model(torch.tensor([tokens + tokens])).logits[0].argmax(-1)
    right = (likeliest[100:-1] == torch.tensor(tokens[1:])).float().mean()
    assert right > 0.9


def test_initial_weights_depend_on_the_seed_alone():
    tokenizer = train_tokenizer((generate(seed).text for seed in range(100)), SMALL.vocabulary)
    one, other = new_model(SMALL, tokenizer), new_model(SMALL, tokenizer)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
