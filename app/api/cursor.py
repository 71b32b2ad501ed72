"""Cursors: where a part of a list ended, so that the next one begins there whatever came in meanwhile."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from math import isfinite

from app.store.inbox import Order, Place
from app.store.tables import StoredDocument
from finscribe.errors import FinScribeError


class InvalidCursor(FinScribeError):
    """A text that is no cursor of this list."""

    code = "invalid-cursor"


def cursor_behind(document: StoredDocument, order: Order) -> str:
    """The cursor of what comes behind a document."""
    place = Place.of(document, order)
    by = place.by.isoformat() if isinstance(place.by, datetime) else repr(float(place.by))
    return urlsafe_b64encode(f"{order} {by} {place.id}".encode()).decode()


def place_of(cursor: str, order: Order) -> Place:
    """The place that a cursor names; raises InvalidCursor, also for one of a list in another order."""
    try:
        of, by, document_id = urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").split(" ")
        key = _worth(by) if order is Order.WORTH else _moment(by)
        if of != order or not document_id.isalnum():
            raise ValueError(of)
    except ValueError as error:  # those of base64 and of Unicode are such, too
        raise InvalidCursor(
            f"after: {cursor!r:.60} is no cursor of this list",
            hint="Give `next` of an answer with the same `sort`, or leave it out for the beginning.",
        ) from error
    return Place(key, document_id)


def _worth(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
