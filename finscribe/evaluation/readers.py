"""Whatever reads documents, behind one method: models here or on other machines, models with examples, rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from finscribe.decoding import AskedModel, LanguageModel
from finscribe.documents import Document
from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import Case
from finscribe.evaluation.systems import System
from finscribe.extract import Extraction, extract_many


class Reader(Protocol):
    """Something that reads documents."""

    def read(self, documents: Sequence[Document]) -> Sequence[Extraction]:
        """One extraction for each document, in their order.

        What was no JSON is an empty invoice whose evidence has the probability 0. Raises `FinScribeError` for a
        document that cannot be read, `ModelError` where none can.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How models are asked; the same for all systems of an evaluation."""

    grounding: str
    batch_size: int
    seed: int
    arithmetic: bool = True


@dataclass(frozen=True, slots=True)
class ModelReader:
    """A language model, asked as the server asks it."""

    model: LanguageModel
    options: ReadingOptions

    def read(self, documents: Sequence[Document]) -> Sequence[Extraction]:
        """The request of serving: all fields."""
        return extract_many(
            documents,
            self.model,
            grounding=self.options.grounding,
            batch_size=self.options.batch_size,
            arithmetic=self.options.arithmetic,
        )


def open_reader(
    system: System,
    examples: Sequence[Case],
    options: ReadingOptions,
    load: Callable[[str], LanguageModel],
) -> Reader:
    """The reader that a system stands for; raises `ModelError`, and `EvaluationError` for examples that do not fit."""
    if system.kind == "majority":
        from finscribe.evaluation.majority import Majority

        return Majority.of([case.truth for case in examples])
    if system.kind == "regex":
        from finscribe.evaluation.rules import Rules

        return Rules()
    model = load(system.source or system.name)
    if system.kind == "few-shot":
        from finscribe.evaluation.few_shot import with_examples

        if isinstance(model, AskedModel):
            raise EvaluationError(
                f"few-shot prompts need a model on this machine, and {system.source} is not",
                hint="Name a model folder: few-shot:DIR.",
            )
        model = with_examples(model, examples, options.seed)
    return ModelReader(model, options)
