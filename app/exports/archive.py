"""UBL: a ZIP of one XML for each invoice or credit note that holds all it needs, and a list of what others lack."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.exports.text import BYTE_ORDER_MARK, csv_row, harmless
from app.store.approved import Approved
from finscribe.ubl import missing, write_ubl

MISSING = "missing.csv"
_COLUMNS = ("id", "file", "invoice_number", "missing")
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_NUMBER = 40  # characters of an invoice's number in the name of its file
_IN_MEMORY = 1024 * 1024  # bytes of the list before it goes to the disk


class _Pipe:
    """What is written to it can be taken out again; it cannot be sought in."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Takes bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written stays."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def write_archive(documents: Iterable[Approved]) -> Iterator[bytes]:
    """The ZIP, in pieces as it grows; `missing.csv` is its last file."""
    pipe = _Pipe()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as others:
        others.write(BYTE_ORDER_MARK.encode() + csv_row(_COLUMNS))
        with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:
            for approved in documents:
                _add(archive, others, approved)
                yield pipe.take()
            others.seek(0)
            with archive.open(MISSING, "w", force_zip64=True) as file:
                for part in iter(lambda: others.read(_IN_MEMORY), b""):
                    file.write(part)
                    yield pipe.take()
        yield pipe.take()


def _add(archive: ZipFile, others: IO[bytes], approved: Approved) -> None:
    invoice, document = approved.invoice, approved.document
    if lacks := missing(invoice):
        cells = (document.id, document.name, invoice.invoice_number, "; ".join(lacks))
        others.write(csv_row(map(harmless, cells)))
        return
    info = ZipInfo(_name(approved), document.changed_at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    archive.writestr(info, write_ubl(invoice))


def _name(approved: Approved) -> str:
    """What people know it by, and the id, which no other file has."""
    number = _UNSAFE.sub("-", approved.invoice.invoice_number or "")[:_NUMBER].strip("-")
    return f"{number}-{approved.document.id}.xml" if number else f"{approved.document.id}.xml"
