"""`--boxes OUT.png`: where the pictures of the pages go, and drawing them."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from finscribe.batch.reading import Done, Source
from finscribe.cli.messages import print_note
from finscribe.errors import FinScribeError
from finscribe.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".png", ".jpg", ".jpeg")
_A_PAGE = re.compile(r"-[1-9][0-9]*\Z")


@dataclass(frozen=True, slots=True)
class PictureNames:
    """Names of the pictures.

    One file: OUT.png, or OUT-1.png and OUT-2.png for its two pages. Several files: OUT-1-NAME.png and so on,
    with the position and the name of the file before the number of the page.
    """

    pattern: Path
    many: bool
    count: int

    def name(self, source: Source, position: int, page: int, pages: int) -> Path:
        """The picture of one page of the document at `position`; both count from 1."""
        stem = self.pattern.stem
        if self.many:
            stem += f"-{position:0{len(str(self.count))}d}-{Path(source.name).stem}"
        if pages > 1:
            stem += f"-{page}"
        return self.pattern.with_name(stem + self.pattern.suffix)


def plan_pictures(pattern: Path | None, sources: Sequence[Source], *, many: bool) -> PictureNames | None:
    """Where pictures go, checked before any work is done: what cannot be written is a usage error."""
    if pattern is None:
        return None
    if problem := _problem(pattern):
        raise typer.BadParameter(problem, param_hint="--boxes")
    names = PictureNames(pattern, many, len(sources))
    if (picture := _document_among(names, sources)) is not None:
        raise typer.BadParameter(
            f"{picture} is a document to read and would be overwritten; choose another name.",
            param_hint="--boxes",
        )
    return names


def _document_among(names: PictureNames, sources: Sequence[Source]) -> Path | None:
    """A document that has the name of a picture; how many pages a document has is not known before it is read."""
    documents = {source.content.resolve() for source in sources if isinstance(source.content, Path)}
    stems = {names.name(source, position, 1, 1).stem for position, source in enumerate(sources, start=1)}
    there = (path for path in names.pattern.parent.iterdir() if path.suffix == names.pattern.suffix)
    taken = (path for path in there if stems & {path.stem, _A_PAGE.sub("", path.stem)})
    return next((path for path in taken if path.resolve() in documents), None)


def _problem(pattern: Path) -> str | None:
    """Why a picture cannot be written there, and what to do."""
    folder = pattern.parent
    if pattern.suffix.lower() not in SUFFIXES:
        return f"{pattern} does not end in {', '.join(SUFFIXES)}."
    if not folder.is_dir():
        return f"there is no folder {folder}; create it first."
    if pattern.is_dir():
        return f"{pattern} is a folder; name a file in it."
    writable = os.access(pattern if pattern.exists() else folder, os.W_OK)
    if not (writable and os.access(folder, os.R_OK)):  # what is in it is looked through
        return f"{pattern} cannot be written; check its permissions or choose another folder."
    return None


def draw(done: Done, names: PictureNames, position: int, settings: Settings) -> FinScribeError | None:
    """Draw and save every page; what went wrong, if something did. A text has no page, and a note says so."""
    from finscribe.drawing import draw_pages

    document = done.opened.document
    pages = len(document.pages)
    if document.pages[0].unit is None:
        print_note(f"{done.source.name}: text has no page to draw boxes on")
        return None
    try:
        drawn = draw_pages(document, done.extraction.evidence, done.source.content, settings=settings)
        for page, picture in enumerate(drawn, start=1):
            _save(picture, names.name(done.source, position, page, pages))
    except FinScribeError as error:
        return error
    return None


def _save(picture: "Image", path: Path) -> None:
    try:
        picture.save(path)
    except OSError as error:
        raise FinScribeError(
            f"{path}: the picture cannot be written ({error.strerror or error})",
            hint="Check the space left and the permissions, or choose another place with --boxes.",
        ) from error
