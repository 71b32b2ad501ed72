"""Synthetic documents as training batches: a curriculum by length, random requests, buckets by length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finscribe.invoice import ALL_FIELDS, CELLS, HEADER_FIELDS, LINES, Invoice, Truth, in_order
from finscribe.synthesis import Sample, generate
from finscribe.training.finetuning.examples import Example, encode

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

BUCKETS = (96, 128, 192, 256, 320, 384, 448, 512, 640, 768, 1024, 1408, 2048)
FULL_REQUEST_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of one length bucket, and how many documents were drawn when it was full."""

    examples: Sequence[Example]
    length: int
    documents_seen: int


def random_request(rng: random.Random) -> tuple[str, ...]:
    """All fields most of the time, else a random few, lines or no lines."""
    if rng.random() < FULL_REQUEST_SHARE:
        return ALL_FIELDS
    header = rng.sample(HEADER_FIELDS, rng.randint(1, 12))
    wants_lines = rng.random() < 0.5
    cells = rng.sample(CELLS, rng.randint(1, len(CELLS))) if wants_lines else []
    return in_order([*header, *(f"{LINES}.{cell}" for cell in cells)])


def encode_example(tokenizer: PreTrainedTokenizerFast, sample: Sample, request: Sequence[str]) -> Example:
    """One document with one request, exactly as it is served."""
    return encode(tokenizer, sample.text, Truth.of(Invoice.from_record(sample.truth)), request)


def stream_batches(
    tokenizer: PreTrainedTokenizerFast,
    *,
    tokens_per_batch: int,
    first_seed: int,
    ramp_documents: int,
) -> Iterator[Batch]:
    """Endless batches; documents grow from tiny to full size over the first `ramp_documents`.

    The stream depends on `first_seed` alone, so that training resumes where it stopped.
    """
    waiting: dict[int, list[Example]] = {length: [] for length in BUCKETS}
    seed = first_seed
    while True:
        rng = random.Random(seed)
        longest = min(1.0, 0.3 + seed / max(1, ramp_documents))
        size = longest * (1 - 0.5 * rng.random() ** 2)
        example = encode_example(tokenizer, generate(seed, size=size), random_request(rng))
        seed += 1
        length = next((bucket for bucket in BUCKETS if bucket >= len(example.ids)), None)
        if length is None:
            continue
        waiting[length].append(example)
        if len(waiting[length]) * length >= tokens_per_batch:
            yield Batch(waiting[length], length, seed)
            waiting[length] = []
