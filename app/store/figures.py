"""How much comes in, how right it is read, and what reviewing costs: what the dashboard shows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.store.tables import State, StoredDocument, StoredExtraction, StoredReview
from finscribe.corrections import ChangeKind, FieldChange
from finscribe.invoice import Invoice, Truth, cell_path
from finscribe.training.queue.confirmed import only_confirmed

SOME = 200  # rows in memory at a time


@dataclass(slots=True)
class Day:
    """Documents that were approved on a day: how many, how many as they were read, and their values.

    `values` are those that reviewers confirmed or changed, `right` those of them that had been read as they are. What
    nobody looked at is neither.
    """

    documents: int = 0
    as_read: int = 0
    values: int = 0
    right: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def accuracy(self) -> float | None:
        """The share of values that were right, 0 to 1."""
        return self.right / self.values if self.values else None

    @property
    def median_seconds(self) -> float | None:
        """How long a review took."""
        return median(self.seconds) if self.seconds else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What came in by day, what was approved by day, and corrections by field, the commonest first."""

    arrived: Mapping[date, int]
    approved: Mapping[date, Day]
    corrections: Mapping[str, int]

    @property
    def total(self) -> Day:
        """All days as one."""
        days = self.approved.values()
        return Day(
            documents=sum(day.documents for day in days),
            as_read=sum(day.as_read for day in days),
            values=sum(day.values for day in days),
            right=sum(day.right for day in days),
            seconds=[each for day in days for each in day.seconds],
        )

    @property
    def automation(self) -> float | None:
        """The share of approved documents in which nothing had to be corrected, 0 to 1."""
        total = self.total
        return total.as_read / total.documents if total.documents else None


def figures(session: Session, since: datetime) -> Figures:
    """The figures from a moment on; days are those of UTC."""
    approved: dict[date, Day] = {}
    corrections: Counter[str] = Counter()
    for row in session.execute(_approved(since).execution_options(yield_per=SOME)):
        changes = [FieldChange.from_record(each) for each in row.changes or ()]
        _count(approved.setdefault(row.changed_at.date(), Day()), row, changes)
        corrections.update(change.field for change in changes)
    return Figures(_arrived(session, since), dict(sorted(approved.items())), dict(corrections.most_common()))


def _arrived(session: Session, since: datetime) -> dict[date, int]:
    column: Any = StoredDocument.created_at
    if session.get_bind().dialect.name == "postgresql":
        column = func.timezone("UTC", column)
    day = func.date(column)
    query = select(day, func.count()).where(StoredDocument.created_at >= since).group_by(day).order_by(day)
    return {date.fromisoformat(str(row[0])): row[1] for row in session.execute(query)}


def _approved(since: datetime) -> Select[Any]:
    """Approved documents, and the last review of what was read of them last."""
    newest = (
        select(StoredExtraction.id)
        .where(StoredExtraction.document_id == StoredDocument.id)
        .order_by(StoredExtraction.run.desc())
        .limit(1)
        .correlate(StoredDocument)
        .scalar_subquery()
    )
    last = (
        select(func.max(StoredReview.version))
        .where(StoredReview.extraction_id == StoredExtraction.id)
        .correlate(StoredExtraction)
        .scalar_subquery()
    )
    is_last = (StoredReview.extraction_id == StoredExtraction.id) & (StoredReview.version == last)
    return (
        select(
            StoredDocument.changed_at,
            StoredReview.invoice,
            StoredReview.confirmed,
            StoredReview.changes,
            StoredReview.seconds,
        )
        .join(StoredExtraction, StoredExtraction.id == newest)
        .outerjoin(StoredReview, is_last)
        .where(StoredDocument.state == State.APPROVED, StoredDocument.changed_at >= since)
    )


def _count(day: Day, row: Row[Any], changes: list[FieldChange]) -> None:
    day.documents += 1
    day.as_read += not changes
    right = _confirmed_as_read(row, changes) if row.confirmed else 0
    wrong = sum(_cells(change.after if change.kind in _MISSED else change.before) for change in changes)
    day.values += right + wrong
    day.right += right
    if row.seconds is not None:
        day.seconds.append(float(row.seconds))


_MISSED = (ChangeKind.FILLED, ChangeKind.LINE_ADDED)


def _confirmed_as_read(row: Row[Any], changes: Iterable[FieldChange]) -> int:
    """How many values a reviewer vouched for that stand as they were read."""
    known = only_confirmed(Truth.of(Invoice.from_record(row.invoice)), row.confirmed)
    cells = {
        cell_path(number, cell): value
        for number, line in enumerate(known.lines or ())
        for cell, value in line.items()
    }
    changed = {change.path for change in changes if change.kind is not ChangeKind.LINE_REMOVED}
    confirmed = [path for path, value in {**known.values, **cells}.items() if value is not None]
    return sum(changed.isdisjoint({path, path.rpartition(".")[0]}) for path in confirmed)


def _cells(value: object) -> int:
    """How many values a change is about: one, or the cells of a line."""
    return sum(each is not None for each in value.values()) if isinstance(value, Mapping) else 1
