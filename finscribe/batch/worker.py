"""What one process does: reads the documents of a part, each of which becomes a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from finscribe.batch.contents import Contents
from finscribe.batch.reading import Done, Failed, Outcome, Reader, Source, described
from finscribe.batch.rows import Keys, Row, holds, key_of, write_row
from finscribe.batch.sources import Place
from finscribe.errors import FinScribeError, MissingDependency, ModelError, UnreadableDocument
from finscribe.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """How every document is read."""

    settings: Settings
    model_name: str | None
    request: tuple[str, ...]
    grounding: str = "grounded"

    def anywhere(self) -> Job:
        """The same in processes that start in other folders, with the model that links lead to now."""
        settings = replace(self.settings, model_dir=self.settings.model_dir.resolve())
        folder = Path(self.model_name) if self.model_name else None
        name = str(folder.resolve()) if folder and folder.is_dir() else self.model_name
        return replace(self, settings=settings, model_name=name)


@dataclass(frozen=True, slots=True)
class _Content:
    """A document that was opened, and its hash."""

    place: Place
    source: Source
    sha256: str


class Worker:
    """Reads with one model, which is loaded when there is something to read."""

    def __init__(self, job: Job, known: Keys) -> None:
        self._reader = Reader(job.settings, job.model_name, job.request, job.grounding)
        self._contents = Contents(job.settings.max_bytes)
        self._known = known

    def rows(self, part: Sequence[Place]) -> list[Row]:
        """One row a document; raises ModelError or MissingDependency where no document could be read."""
        opened = [self._open(place) for place in part]
        to_read = [one for one in opened if isinstance(one, _Content)]
        read = iter(self._read(to_read))
        return [one if isinstance(one, Row) else next(read) for one in opened]

    def _open(self, place: Place) -> _Content | Row:
        unread = key_of(place.source, None)
        if holds(self._known, unread):
            return Row(unread, "known")
        try:
            content = self._contents.read(place)
        except UnreadableDocument as error:
            return rejected(place, error)
        key = key_of(place.source, content.sha256)
        if holds(self._known, key):
            return Row(key, "known")
        return _Content(place, Source(place.source, content.data), content.sha256)

    def _read(self, contents: Sequence[_Content]) -> Iterator[Row]:
        outcomes = self._outcomes([content.source for content in contents])
        for content, outcome in zip(contents, outcomes, strict=True):
            if isinstance(outcome, Done):
                yield write_row("done", content.place.source, content.sha256, outcome.record())
            else:
                yield rejected(content.place, outcome.error, content.sha256)

    def _outcomes(self, sources: Sequence[Source]) -> list[Outcome]:
        """One outcome a source; what no library was meant to raise costs the one document that it is raised for."""
        try:
            return list(self._reader.together(sources))
        except (ModelError, MissingDependency):
            raise
        except Exception as error:
            if len(sources) == 1:
                return [Failed(sources[0], _unexpected(sources[0], error))]
            return [outcome for source in sources for outcome in self._outcomes([source])]


def rejected(place: Place, error: FinScribeError, sha256: str | None = None) -> Row:
    """The row of a document that could not be read."""
    return write_row("rejected", place.source, sha256, {"error": described(error)})


def _unexpected(source: Source, error: Exception) -> FinScribeError:
    return FinScribeError(
        f"{source.name}: {type(error).__name__}: {error}",
        hint="This is a fault of FinScribe or of a library that it uses; please report it with the document.",
    )
