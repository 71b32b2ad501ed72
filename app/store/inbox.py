"""Documents coming in, found and listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from app.store.tables import (
    IN_PROGRESS,
    State,
    StoredDocument,
    StoredExtraction,
    StoredPage,
    StoredReview,
)
from finscribe.errors import FinScribeError

NAME_LENGTH = 255


class NoSuchDocument(FinScribeError):
    """An id that no document has, or none any more."""

    code = "no-such-document"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that lies in the folder of `id` and is to become a document."""

    id: str
    sha256: str
    name: str
    media_type: str
    size: int


class Order(StrEnum):
    """What comes first in a list."""

    WORTH = "worth"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents are asked for: of these states, and with this in their name, vendor or invoice number."""

    states: Sequence[State] = ()
    text: str | None = None
    new_vendor: bool | None = None


def shown_name(name: str) -> str:
    """The name of a file as it is shown: its last part, without what cannot be seen, never used as a path."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = "".join(char for char in last if char.isprintable()).strip()
    return visible.encode("utf-8", "ignore").decode()[:NAME_LENGTH] or "document"


def add(session: Session, file: Incoming) -> tuple[StoredDocument, bool]:
    """The document of these bytes, and whether it is new: the same bytes are the same document."""
    values = {
        "id": file.id,
        "sha256": file.sha256,
        "name": shown_name(file.name),
        "media_type": file.media_type,
        "size": file.size,
        "state": State.QUEUED,
        "search": shown_name(file.name).lower(),
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(StoredDocument).values(values).on_conflict_do_nothing(index_elements=["sha256"]))
    stored = session.scalars(select(StoredDocument).where(StoredDocument.sha256 == file.sha256)).one()
    return stored, stored.id == file.id


def get(session: Session, document_id: str, *, lock: bool = False) -> StoredDocument:
    """A document, kept from changing until the session ends where `lock` says so; raises NoSuchDocument."""
    found = find(session, document_id, lock=lock)
    if found is None:
        raise no_such(document_id)
    return found


def find(session: Session, document_id: str, *, lock: bool = False) -> StoredDocument | None:
    """A document, or None."""
    query = select(StoredDocument).where(StoredDocument.id == document_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def no_such(document_id: str) -> NoSuchDocument:
    """The error for an id that no document has."""
    return NoSuchDocument(
        f"there is no document {document_id!r:.60}",
        hint="It may have been deleted; GET /api/v1/documents lists those that are there.",
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: what the document there is ordered by, and its id."""

    by: float | datetime
    id: str

    @classmethod
    def of(cls, document: StoredDocument, order: Order) -> "Place":
        """Where a document stands."""
        return cls(document.worth if order is Order.WORTH else document.created_at, document.id)


def list_documents(
    session: Session, chosen: Filter, order: Order, *, limit: int, offset: int = 0, after: Place | None = None
) -> tuple[list[StoredDocument], int]:
    """A part of the documents asked for, those behind a place where one is given, and how many there are in all."""
    query = _filtered(select(StoredDocument), chosen)
    if after is not None:
        query = query.where(_behind(after, order))
    total = session.scalar(_filtered(select(func.count()).select_from(StoredDocument), chosen)) or 0
    return list(session.scalars(query.order_by(*_order(order)).limit(limit).offset(offset))), total


def _order(order: Order) -> list[ColumnElement[Any]]:
    return [column.asc() if order is Order.OLDEST else column.desc() for column in _columns(order)]


def _behind(place: Place, order: Order) -> ColumnElement[bool]:
    here, there = tuple_(*_columns(order)), tuple_(place.by, place.id)
    return here > there if order is Order.OLDEST else here < there


def _columns(order: Order) -> tuple[InstrumentedAttribute[Any], InstrumentedAttribute[str]]:
    first = StoredDocument.worth if order is Order.WORTH else StoredDocument.created_at
    return first, StoredDocument.id


def _filtered(query: Select[Any], chosen: Filter) -> Select[Any]:
    if chosen.states:
        query = query.where(StoredDocument.state.in_(chosen.states))
    if chosen.new_vendor is not None:
        query = query.where(StoredDocument.new_vendor == chosen.new_vendor)
    if chosen.text:
        query = query.where(StoredDocument.search.contains(chosen.text.lower(), autoescape=True))
    return query


def counts(session: Session) -> dict[State, int]:
    """How many documents there are in every state."""
    rows = session.execute(select(StoredDocument.state, func.count()).group_by(StoredDocument.state))
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in State}


def waiting(session: Session) -> int:
    """How many documents the machine has still to do something with."""
    query = select(func.count()).select_from(StoredDocument).where(StoredDocument.state.in_(IN_PROGRESS))
    return session.scalar(query) or 0


def pages(session: Session, document_id: str) -> list[StoredPage]:
    """The pages of a document in their order."""
    query = select(StoredPage).where(StoredPage.document_id == document_id).order_by(StoredPage.number)
    return list(session.scalars(query))


def page(session: Session, document_id: str, number: int) -> StoredPage | None:
    """A page without its words, or None."""
    query = select(StoredPage).where(StoredPage.document_id == document_id, StoredPage.number == number)
    return session.scalars(query.options(defer(StoredPage.lines), defer(StoredPage.text))).one_or_none()


def latest_extraction(session: Session, document_id: str) -> StoredExtraction | None:
    """What was read last, or None."""
    query = select(StoredExtraction).where(StoredExtraction.document_id == document_id)
    return session.scalars(query.order_by(StoredExtraction.run.desc()).limit(1)).one_or_none()


def latest_review(session: Session, extraction_id: int) -> StoredReview | None:
    """What a reviewer last made of an extraction, or None."""
    query = select(StoredReview).where(StoredReview.extraction_id == extraction_id)
    return session.scalars(query.order_by(StoredReview.version.desc()).limit(1)).one_or_none()
