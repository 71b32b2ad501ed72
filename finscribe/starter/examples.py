"""Synthetic documents as training batches: a curriculum by length, random requests, buckets by length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from finscribe.invoice import (
    ALL_FIELDS,
    CELLS,
    HEADER_FIELDS,
    LINES,
    Invoice,
    Truth,
    Value,
    header_of,
    in_order,
)
from finscribe.synthesis import LONGEST, Sample, generate
from finscribe.training.finetuning.examples import Example, Labelled, encode, encode_all
from finscribe.training.finetuning.windowing import split

if TYPE_CHECKING:
    from torch.utils.data import DataLoader
    from transformers import PreTrainedTokenizerFast

BUCKETS = (96, 128, 192, 256, 320, 384, 448, 512, 640, 768, 1024, 1408, 2048, 2816, 4096)
"""Lengths in tokens; examples of a batch are padded to the same one."""
AT_ONCE = 32
"""Documents that a process which draws them hands over at a time."""
MOST_WINDOWS = 3
"""Of one document, its head or the whole of it always among them; the others show the same kind of table again."""
STARTER_WINDOW_TOKENS = 320
"""Of text that the starter reads lines in."""
FULL_REQUEST_SHARE = 0.7
PRACTISED_SHARE = 0.5
"""How many of the documents have a layout that is practised, where one is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of one length bucket, and how many documents were drawn when it was full."""

    examples: Sequence[Example]
    length: int
    documents_seen: int


@dataclass(frozen=True, slots=True)
class Mixture:
    """Which documents are drawn: they grow from tiny to full size over the first `ramp_documents`.

    Of those behind them a share of `long` may have more lines than most, up to tables over several pages. Windows
    have the tokens that they have where the model is served times one of `longer`. `practised` are layout families
    that the model shall see more of; `records` are real documents, which take the place of a share of `real`.
    """

    ramp_documents: int = 3_000
    long: float = 0.35
    longer: tuple[int, ...] = (1, 1, 1, 2)
    practised: tuple[str, ...] = ()
    records: tuple[Labelled, ...] = ()
    real: float = 0.15

    def record(self, rng: random.Random) -> Labelled | None:
        """A real document in the place of the next one, or none."""
        return rng.choice(self.records) if self.records and rng.random() < self.real else None

    def document(self, seed: int, rng: random.Random) -> Sample:
        """The synthetic document of a seed."""
        size = self._size(rng, seed / max(1, self.ramp_documents))
        families = self.practised if self.practised and rng.random() < PRACTISED_SHARE else None
        return generate(seed, families, size)

    def _size(self, rng: random.Random, ramp: float) -> float:
        """How large the next document is, `ramp` being how much of the ramp is done."""
        if ramp >= 1 and rng.random() < self.long:
            return rng.uniform(2.0, LONGEST)
        return min(1.0, 0.3 + ramp) * (1 - 0.5 * rng.random() ** 2)


def random_request(rng: random.Random) -> tuple[str, ...]:
    """All fields most of the time, else a random few, lines or no lines."""
    if rng.random() < FULL_REQUEST_SHARE:
        return ALL_FIELDS
    header = rng.sample(HEADER_FIELDS, rng.randint(1, 12))
    wants_lines = rng.random() < 0.5
    cells = rng.sample(CELLS, rng.randint(1, len(CELLS))) if wants_lines else []
    return in_order([*header, *(f"{LINES}.{cell}" for cell in cells)])


def encode_sample(
    tokenizer: PreTrainedTokenizerFast,
    sample: Sample,
    request: Sequence[str],
    context_length: int,
    window_tokens: int = STARTER_WINDOW_TOKENS,
) -> Sequence[Example]:
    """One document with one request, as it is served: in windows where a model of that context needs them.

    What a window does not print is null in it; one that shows a line only in part is asked for the header alone.
    """
    truth = Truth.of(Invoice.from_record(sample.truth))
    parts = split(sample.text, truth, lambda text: len(tokenizer.encode(text)), context_length, window_tokens)
    nothing: dict[str, Value] = dict.fromkeys(truth.values)
    asked = [(part, request if part.truth.lines is not None else header_of(request)) for part in parts]
    return [
        encode(tokenizer, part.text, replace(part.truth, values={**nothing, **part.truth.values}), paths)
        for part, paths in asked
        if paths
    ]


@dataclass(frozen=True, slots=True)
class Documents:
    """The examples of every document of a mixture by its seed, for a model of `context_length` tokens."""

    tokenizer: PreTrainedTokenizerFast
    mixture: Mixture
    context_length: int

    def __getitem__(self, seed: int) -> Sequence[Example]:
        rng = random.Random(seed)
        record = self.mixture.record(rng)
        if record:
            return encode_all(
                self.tokenizer, [record], self.context_length, self.context_length, STARTER_WINDOW_TOKENS
            ).examples
        sample = self.mixture.document(seed, rng)
        window = STARTER_WINDOW_TOKENS * rng.choice(self.mixture.longer)
        examples = encode_sample(self.tokenizer, sample, random_request(rng), self.context_length, window)
        head, others = examples[:1], examples[1:]
        return [*head, *rng.sample(others, min(len(others), MOST_WINDOWS - 1))]

    def from_seed(self, first: int, workers: int = 0) -> Iterator[Sequence[Example]]:
        """Those of one document after the other without end, drawn here or by so many processes beforehand."""
        if workers:
            yield from chain.from_iterable(self._drawn_elsewhere(first, workers))
        else:
            yield from map(self.__getitem__, count(first))

    def _drawn_elsewhere(self, first: int, workers: int) -> DataLoader[Any]:
        from torch.utils.data import DataLoader

        return DataLoader(
            self,  # type: ignore[arg-type]
            batch_size=AT_ONCE,
            sampler=count(first),
            num_workers=workers,
            collate_fn=list,
            multiprocessing_context="spawn",  # which does not take over a GPU
            prefetch_factor=4,
        )


def stream_batches(
    documents: Documents, *, tokens_per_batch: int, first_seed: int, workers: int = 0
) -> Iterator[Batch]:
    """Endless batches of documents from a seed on, which `workers` processes draw, or this one where there is none.

    The stream depends on seed and documents alone, so that training resumes where it stopped.
    """
    waiting: dict[int, list[Example]] = {length: [] for length in BUCKETS}
    for seen, examples in enumerate(documents.from_seed(first_seed, workers), first_seed + 1):
        for example in examples:
            length = next((bucket for bucket in BUCKETS if bucket >= len(example.ids)), None)
            if length is None:
                continue
            waiting[length].append(example)
            if len(waiting[length]) * length >= tokens_per_batch:
                yield Batch(waiting[length], length, seen)
                waiting[length] = []
