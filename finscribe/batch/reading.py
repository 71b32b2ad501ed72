"""From sources to outcomes, in order, a failure of one leaving the others alone: for `extract` and `batch`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from finscribe.errors import FinScribeError, ModelError
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.decoding import LanguageModel
    from finscribe.documents import Document
    from finscribe.extract import Extraction

SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".txt"})
"""What is taken for a document in a folder."""

BATCH = 8
"""Documents that the model reads at once; with no more than these, each alone, so that it shows when done."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document to read: its name as people know it, and its file or its bytes."""

    name: str
    content: Path | bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A document read, and how many seconds that took."""

    source: Source
    document: Document
    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """A document with what was found in it."""

    opened: Opened
    extraction: Extraction

    @property
    def source(self) -> Source:
        """Where the document came from."""
        return self.opened.source

    @property
    def seconds(self) -> dict[str, float]:
        """How long each stage took, reading the file included."""
        return {"read": self.opened.seconds, **self.extraction.seconds}

    def record(self) -> dict[str, Any]:
        """What was found and in which text, for `write_exactly`."""
        found = asdict(self.extraction) | {"invoice": self.extraction.invoice.model_dump()}
        seconds = {stage: round(took, 4) for stage, took in self.seconds.items()}
        return {**found, "seconds": seconds, "text": self.opened.document.text}


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that could not be read."""

    source: Source
    error: FinScribeError


Outcome: TypeAlias = Done | Failed


def described(error: FinScribeError) -> dict[str, str]:
    """What went wrong and what to do about it, as results say it."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def _unwatched(_doing: str) -> None:
    pass


@dataclass(frozen=True)
class Reader:
    """Reads documents with one model, which is loaded when the first document is open."""

    settings: Settings
    model_name: str | None
    request: tuple[str, ...]
    grounding: str
    doing: Callable[[str], None] = field(default=_unwatched)

    def outcomes(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """One outcome a source, in order; raises ModelError, as no other document would fare better."""
        size = BATCH if len(sources) > BATCH else 1
        for start in range(0, len(sources), size):
            yield from self.together(sources[start : start + size])

    @cached_property
    def model(self) -> LanguageModel:
        """The model named, or the one that a server would serve; raises ModelError."""
        self.doing("loading the model")
        if self.model_name is not None:
            from finscribe.decoding import load_model

            return load_model(self.model_name, settings=self.settings)
        from finscribe.serving import load_served_model

        return load_served_model(self.settings).model

    def together(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """One outcome a source, in order, the model reading all of them at once; raises ModelError."""
        opened = [self._open(source) for source in sources]
        results = iter(self._extract([one.document for one in opened if isinstance(one, Opened)]))
        for one in opened:
            if isinstance(one, Failed):
                yield one
            elif isinstance(result := next(results), FinScribeError):
                yield Failed(one.source, result)
            else:
                yield Done(one, result)

    def _open(self, source: Source) -> Opened | Failed:
        from finscribe.documents import read_document

        self.doing(f"reading {source.name}")
        start = time.perf_counter()
        try:
            document = read_document(source.content, name=source.name, settings=self.settings)
        except FinScribeError as error:
            return Failed(source, error)
        return Opened(source, document, time.perf_counter() - start)

    def _extract(self, documents: Sequence[Document]) -> list[Extraction | FinScribeError]:
        """An extraction or an error for each document; where a batch fails, each is tried alone."""
        if not documents:
            return []
        model = self.model
        from finscribe.extract import extract_many

        self.doing(f"extracting {documents[-1].source}")
        try:
            return list(
                extract_many(
                    documents,
                    model,
                    batch_size=BATCH,
                    request=self.request,
                    grounding=self.grounding,
                    settings=self.settings,
                )
            )
        except ModelError:
            raise
        except FinScribeError as error:
            if len(documents) == 1:
                return [error]
            return [result for document in documents for result in self._extract([document])]
