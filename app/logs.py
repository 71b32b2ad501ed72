"""What the server says while it works: a JSON object a line, or text on a terminal.

Logs name requests and documents by their ids and never say what documents do: of an exception they have its kind and
where it was raised, for its message may quote one. Messages of errors about models, settings and databases are said.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from app.store.database import DatabaseUnavailable
from app.store.files import FilesUnavailable
from finscribe.errors import (
    EvaluationError,
    FinScribeError,
    MissingDependency,
    ModelError,
    QueueError,
    RegistryError,
    SettingsError,
    TrainingError,
)

Form = Literal["auto", "json", "text"]

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
document_id: ContextVar[str | None] = ContextVar("document_id", default=None)

TELLING = (
    DatabaseUnavailable,
    EvaluationError,
    FilesUnavailable,
    MissingDependency,
    ModelError,
    QueueError,
    RegistryError,
    SettingsError,
    TrainingError,
)
"""Errors whose messages are about the installation, and quote no document."""


@contextmanager
def about(document: str) -> Iterator[None]:
    """What is logged within is about this document."""
    token = document_id.set(document)
    try:
        yield
    finally:
        document_id.reset(token)


def fields(**values: Any) -> dict[str, dict[str, Any]]:
    """The argument `extra` of a logger for what a line has besides its message."""
    return {"fields": values}


def install(form: Form) -> None:
    """Has everything in this process logged in this form, on standard error; `auto` is text on a terminal."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(TextLines() if as_text else JsonLines())
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("dbos").addHandler(logging.NullHandler())  # else it brings one of its own
    logging.getLogger("uvicorn.access").disabled = True  # `app.api.observed` says more, and no query
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO)


class JsonLines(logging.Formatter):
    """A JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, ids, further fields, and the error where there is one."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **_ids(),
            **_fields(record),
        }
        if error := _raised(record):
            entry["error"] = _described(error)
        return json.dumps(entry, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same, to be read by people."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it where an error comes from."""
        when = datetime.fromtimestamp(record.created).astimezone()
        known = {**_ids(), **_fields(record)}
        rest = "".join(f" {name}={value}" for name, value in known.items())
        line = f"{when:%H:%M:%S} {record.levelname:<7} {_message(record)}{rest}"
        if error := _raised(record):
            described = _described(error)
            line += "".join(f"\n    {place}" for place in [*described["at"], described["kind"]])
        return line


def _ids() -> dict[str, str]:
    found = {"request_id": request_id.get(), "document_id": document_id.get()}
    return {name: value for name, value in found.items() if value}


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(record, "fields", {})
    return found


def _message(record: logging.LogRecord) -> str:
    """The message, with exceptions in it named and not quoted."""
    said, values = record.msg, record.args
    if isinstance(said, BaseException):
        said = name_of(said)
    if isinstance(values, tuple):
        values = tuple(name_of(value) if isinstance(value, BaseException) else value for value in values)
    text = str(said) % values if values else str(said)
    error = _raised(record)
    return text.replace(str(error), name_of(error)) if error and str(error) else text


def _raised(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def name_of(error: BaseException) -> str:
    """What may be said of an exception."""
    if isinstance(error, TELLING):
        return f"{error.message} ({error.hint})" if error.hint else error.message
    if isinstance(error, FinScribeError):
        return error.code
    if isinstance(error, OSError) and error.errno:
        return f"{type(error).__name__}: {os.strerror(error.errno)}"
    return type(error).__name__


def _described(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    return {"kind": name_of(error), "at": at, **({"because_of": name_of(cause)} if cause else {})}
