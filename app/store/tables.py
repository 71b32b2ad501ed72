"""The tables. A change here goes with a migration; a test compares the two."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.roles import Role
from app.store.columns import ExactJson, Utc, now


class State(StrEnum):
    """How far a document has come."""

    QUEUED = "queued"
    READING = "reading"
    EXTRACTING = "extracting"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def in_progress(self) -> bool:
        """Whether the machine is to do something with it."""
        return self in IN_PROGRESS


IN_PROGRESS = frozenset({State.QUEUED, State.READING, State.EXTRACTING})
READ = frozenset({State.NEEDS_REVIEW, State.APPROVED, State.REJECTED})
"""States of a document from which an invoice was read."""


class Errand(StrEnum):
    """What is owed to the training queue, and of a deleted document to its folder."""

    EXPORT = "export"
    RETRACT = "retract"
    PURGE = "purge"
    ERASE = "erase"


def _words(kind: type[StrEnum]) -> Enum:
    """The values of an enumeration as text, so that a new one needs no migration."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda kind: [str(each) for each in kind])


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {dict[str, Any]: ExactJson, list[Any]: ExactJson, datetime: Utc}  # noqa: RUF012


class StoredDocument(Base):
    """A document: its bytes are known by their hash, the name is only shown.

    `version` counts what a reviewer may have missed: extractions and decisions. `run` counts extractions, and
    `handed_over` says whether the background work knows of this one. `problem` says why it failed. `worth` is how
    much a review is expected to bring (`app.store.worth`), `summary` what a list shows, and `search` what it is
    found by, in lower case. `einvoice` is the electronic invoice inside a PDF (`app.store.einvoices`), which is loaded
    only where it is asked for; null where there is none, or nobody looked for one.
    """

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    state: Mapped[State] = mapped_column(_words(State))
    version: Mapped[int] = mapped_column(default=1)
    run: Mapped[int] = mapped_column(default=1)
    handed_over: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    page_count: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(20))
    problem: Mapped[dict[str, Any] | None]
    summary: Mapped[dict[str, Any] | None]
    search: Mapped[str] = mapped_column(Text)
    vendor_key: Mapped[str | None] = mapped_column(String(255))
    new_vendor: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float | None]
    findings: Mapped[int] = mapped_column(default=0)
    worth: Mapped[float] = mapped_column(default=0.0)
    einvoice: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)

    pages: Mapped[list["StoredPage"]] = relationship(
        order_by="StoredPage.number", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("ix_documents_state_worth", "state", "worth", "id"),
        Index("ix_documents_created", "created_at", "id"),
        Index("ix_documents_vendor", "vendor_key"),
        Index("ix_documents_handed_over", "handed_over", "state"),
    )


class StoredPage(Base):
    """A page as `finscribe.documents.Page` has it; `lines` are lists of words.

    A word is `[text, start, end, [x0, y0, x1, y1] or null, confidence or null]`. `picture` is the size of its
    picture in pixels, null for plain text.
    """

    __tablename__ = "pages"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[float | None]
    height: Mapped[float | None]
    unit: Mapped[str | None] = mapped_column(String(2))
    source: Mapped[str] = mapped_column(String(20))
    rotation: Mapped[int]
    start: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]
    picture: Mapped[list[Any] | None]


class StoredExtraction(Base):
    """What a model read of a document; `run` says which time it was, `doubt` how many values are probably wrong.

    `settled` are the numbers that were read otherwise so that it adds up, `reread` the codes of what did not hold
    before lines or parties were read once more; null where nobody noted them.
    `electronic_invoice` is what the XML inside a PDF says and what of it was read; null where there is none.
    """

    __tablename__ = "extractions"
    __table_args__ = (UniqueConstraint("document_id", "run"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    run: Mapped[int]
    invoice: Mapped[dict[str, Any]]
    evidence: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    settled: Mapped[list[Any] | None]
    reread: Mapped[list[Any] | None]
    electronic_invoice: Mapped[dict[str, Any] | None]
    confidence: Mapped[float]
    doubt: Mapped[float]
    model: Mapped[str] = mapped_column(Text)
    grounding: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[dict[str, Any]]
    forward_passes: Mapped[int]
    complete: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=now)


class StoredReview(Base):
    """What a reviewer made of an extraction, and which fields they vouch for.

    `version` is that of the document afterwards. `seconds` is how long the review took, where that is known.
    """

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    extraction_id: Mapped[int] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    invoice: Mapped[dict[str, Any]]
    confirmed: Mapped[list[Any]]
    changes: Mapped[list[Any]]
    reviewer: Mapped[str | None] = mapped_column(String(255))
    seconds: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class StoredErrand(Base):
    """What is still owed to the training queue, written together with what causes it (an outbox).

    `document_id` outlives its document, for a purge is owed after it is gone. `refused` says why the queue will
    never take it.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Errand] = mapped_column(_words(Errand))
    document_id: Mapped[str] = mapped_column(String(32), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    refused: Mapped[str | None] = mapped_column(Text)


class StoredAudit(Base):
    """Who did what, when; never what a document says."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    who: Mapped[str | None] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[str | None] = mapped_column(String(32), index=True)
    detail: Mapped[dict[str, Any] | None]


class StoredRequest(Base):
    """An upload that may be repeated: its Idempotency-Key, the hash of what was sent, and which documents it made."""

    __tablename__ = "requests"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    document_ids: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class StoredUser(Base):
    """Somebody who may log in; `password` is an argon2 hash, and a new `stamp` ends the sessions of before."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[Role] = mapped_column(_words(Role))
    password: Mapped[str] = mapped_column(String(255))
    stamp: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=now)


class StoredKey(Base):
    """A key that a program shows instead of logging in; `digest` is the SHA-256 of its secret part."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(_words(Role))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)


class RunKind(StrEnum):
    """What of learning takes long."""

    DATASET = "dataset"
    TRAINING = "training"
    EVALUATION = "evaluation"


class RunState(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self in (RunState.QUEUED, RunState.RUNNING)


class StoredRun(Base):
    """A dataset to build, a model to train, or an evaluation: what was asked for, and what came of it.

    `cancelled` says that it is to be stopped, `attempts` how often it was begun, `process` which one is at it.
    """

    __tablename__ = "runs"
    __table_args__ = (Index("ix_runs_kind", "kind", "created_at", "id"), Index("ix_runs_state", "state"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[RunKind] = mapped_column(_words(RunKind))
    state: Mapped[RunState] = mapped_column(_words(RunState), default=RunState.QUEUED)
    who: Mapped[str | None] = mapped_column(String(255))
    options: Mapped[dict[str, Any]]
    cancelled: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    process: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
