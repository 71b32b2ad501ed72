"""Exports are written as documents are read, so that memory does not grow with their number."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest

from app.api.examples import EXTRACTION
from app.exports.archive import write_archive
from app.exports.rows import DOCUMENTS, LINES
from app.exports.text import write_csv, write_jsonl
from app.store.approved import Approved
from app.store.columns import now
from app.store.tables import StoredDocument

Write = Callable[[Iterable[Approved]], Iterator[bytes]]


@pytest.mark.parametrize(
    "write",
    [partial(write_csv, table=DOCUMENTS), partial(write_csv, table=LINES), write_jsonl, write_archive],
)
def test_no_document_is_read_before_the_one_before_it_is_written(write: Write) -> None:
    read = 0

    def documents() -> Iterator[Approved]:
        nonlocal read
        for number in range(100):
            read += 1
            document = StoredDocument(
                id=f"{number:032}", name="a.pdf", sha256="0" * 64, version=2, changed_at=now()
            )
            yield Approved(document, EXTRACTION.invoice, "model", None)

    parts = write(documents())
    for count in range(1, 50):
        next(parts)
        assert count - 1 <= read <= count
