"""How well a model in training reads: grounded decoding with the serving request, scored by field."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from finscribe.decoding import LanguageModel
from finscribe.decoding.loading import release_memory
from finscribe.documents import Document
from finscribe.extract import Extraction, extract_many
from finscribe.metrics import Score, Scores, score
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.memory import MODEL_HINT, OutOfMemory, is_out_of_memory

logger = logging.getLogger(__name__)

BATCH_SIZE = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """How right a model read so many documents."""

    documents: int
    scores: Scores

    @property
    def field_f1(self) -> float:
        """Micro-F1 of all values known, header fields and cells of lines together."""
        return self.known.f1

    @property
    def known(self) -> Score:
        """The counts behind `field_f1`."""
        return self.scores.micro + self.scores.line_cells


@dataclass(frozen=True, slots=True)
class Validation:
    """What a model read in the validation documents, and how right that is."""

    extractions: Sequence[Extraction]
    scores: Scores

    @property
    def reading(self) -> Reading:
        """How right it is, without what was read."""
        return Reading(len(self.extractions), self.scores)


def validate_model(model: LanguageModel, documents: Sequence[Labelled]) -> Validation:
    """Reads the documents as the server would and scores what their truth knows.

    Out of memory, fewer are read at a time; raises `OutOfMemory` where one alone is too many.
    """
    pages = [Document.from_text(labelled.text, labelled.origin) for labelled in documents]
    found = _read(pages, model)
    return Validation(
        found, score([each.invoice for each in found], [labelled.truth for labelled in documents])
    )


def _read(pages: Sequence[Document], model: LanguageModel) -> Sequence[Extraction]:
    batch_size = BATCH_SIZE
    while (found := _read_if_it_fits(pages, model, batch_size)) is None:
        if batch_size == 1:
            raise OutOfMemory("out of memory while reading one document at a time", hint=MODEL_HINT)
        batch_size //= 2
        logger.warning("Out of memory: reading %d documents at a time.", batch_size)
        release_memory()
    return found


def _read_if_it_fits(
    pages: Sequence[Document], model: LanguageModel, batch_size: int
) -> Sequence[Extraction] | None:
    """What is read; None out of memory. The error, which holds on to what is in memory, does not leave this."""
    try:
        return extract_many(pages, model, batch_size=batch_size)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        return None


@contextmanager
def as_served(model: Any, tokenizer: Any, name: str, engine: str) -> Iterator[LanguageModel]:
    """A model in training as the decoder takes it, as precise as it will be served; afterwards it trains on."""
    from finscribe.decoding.torch_backend import TorchModel, goes_on

    cached = model.config.use_cache
    switch = getattr(model, "for_inference", None)
    try:
        if switch:
            switch()
        model.config.use_cache = True
        with _without_autocast(model), _in_float32_on_a_cpu(model):
            served = TorchModel(model, tokenizer, name=name, backend=engine)
            if engine == "unsloth" and model.device.type == "cuda" and not goes_on(served):
                logger.warning(
                    "With this Unsloth the scores during training are not those that will be served."
                )
            yield served
    finally:
        model.config.use_cache = cached
        if back := getattr(model, "for_training", None):
            back()
        model.train()


@contextmanager
def _without_autocast(model: Any) -> Iterator[None]:
    """The model's own forward pass: for training, accelerate wraps it in one of lower precision."""
    wrapped = model.__dict__.get("forward")
    plain = model.__dict__.get("_original_forward")
    if plain is None:
        yield
        return
    model.forward = plain
    try:
        yield
    finally:
        model.forward = wrapped


@contextmanager
def _in_float32_on_a_cpu(model: Any) -> Iterator[None]:
    """Weights that are held in bf16 to train faster, exactly as they are in float32, in which a CPU serves them."""
    import torch

    rounded = [weight for weight in model.parameters() if weight.dtype is torch.bfloat16]
    rounded = rounded if model.device.type == "cpu" else []
    for weight in rounded:
        weight.data = weight.data.float()
    try:
        yield
    finally:
        for weight in rounded:
            weight.data = weight.data.bfloat16()
