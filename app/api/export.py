"""`/api/v1/export`: what people approved, for other programs and for people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, AwareDatetime
from starlette.responses import StreamingResponse

from app.api.access import Behind, needs
from app.api.problems import documented
from app.exports.archive import write_archive
from app.exports.rows import DOCUMENTS, LINES
from app.exports.text import write_csv, write_jsonl
from app.exports.workbook import write_workbook
from app.roles import Role
from app.store.approved import approved

router = APIRouter(prefix="/api/v1", tags=["export"], dependencies=[Depends(needs(Role.REVIEWER))])


def _as_utc(moment: datetime) -> datetime:
    """The same moment in UTC, in which it is kept; raises ValueError for one that UTC has no year for."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("its year is out of range") from error


Moment = Annotated[AwareDatetime, AfterValidator(_as_utc)]


class Format(StrEnum):
    """What documents are exported as."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"
    UBL = "ubl"


class Table(StrEnum):
    """What the rows of a CSV are."""

    DOCUMENTS = DOCUMENTS
    LINES = LINES


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSONL: "application/jsonl",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.UBL: "application/zip",
}
_ENDINGS = {Format.UBL: "zip"}
_FILE = {"schema": {"type": "string", "format": "binary"}}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": dict.fromkeys(MEDIA_TYPES.values(), _FILE)}
}


@router.get("/export", response_class=StreamingResponse, responses=FILES | documented(403, 422, 503))
def export(
    behind: Behind,
    format: Annotated[
        Format,
        Query(
            description="`csv` and `xlsx` for people, `jsonl` for programs, `ubl` for other systems: a ZIP of UBL 2.1 "
            "invoices and credit notes with `missing.csv`, which says what the others lack"
        ),
    ],
    table: Annotated[Table, Query(description="Of CSV: a row a document, or a row a line")] = Table.DOCUMENTS,
    since: Annotated[Moment | None, Query(description="Changed then or later")] = None,
) -> StreamingResponse:
    """All approved documents, as their reviewers left them."""
    documents = approved(behind.database, since)
    writers = {
        Format.CSV: lambda: write_csv(documents, table),
        Format.JSONL: lambda: write_jsonl(documents),
        Format.XLSX: lambda: write_workbook(documents),
        Format.UBL: lambda: write_archive(documents),
    }
    name = f"{table if format is Format.CSV else DOCUMENTS}.{_ENDINGS.get(format, format)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_begun(writers[format]()), media_type=MEDIA_TYPES[format], headers=headers)


def _begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same, its first part made already: what goes wrong at the start is a problem, and no broken file."""
    return chain([next(parts, b"")], parts)
