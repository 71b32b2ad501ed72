import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from app.processing import workers
from app.processing.workers import WorkerReader
from finscribe.documents import read_document
from finscribe.errors import DocumentTooLarge, UnreadableDocument
from finscribe.settings import Settings

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


def endless(path: Path, name: str, settings: Settings) -> None:
    while True:
        pass


def fatal(path: Path, name: str, settings: Settings) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def greedy(path: Path, name: str, settings: Settings) -> None:
    bytearray(8 * 1024**3)


@pytest.fixture
def reader() -> Iterator[WorkerReader]:
    reader = WorkerReader(Settings(max_seconds=0.2), grace=0.2)
    yield reader
    reader.close()


@pytest.fixture
def patient() -> Iterator[WorkerReader]:
    reader = WorkerReader(Settings())
    yield reader
    reader.close()


def test_a_pdf_is_read_and_its_pages_are_drawn(patient: WorkerReader, tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "invoice-de.pdf", tmp_path / "original"))
    reading = patient.read(path, "invoice.pdf")
    assert reading.document == read_document(path, name="invoice.pdf")
    with Image.open(tmp_path / "page-1.png") as picture:
        assert picture.size == reading.pictures[1]
        assert max(picture.size) == 1800
    page = reading.document.pages[0]
    assert page.width is not None
    assert page.height is not None
    ratio = reading.pictures[1][0] / page.width
    assert abs(ratio - reading.pictures[1][1] / page.height) < 0.01 * ratio
    assert {file.name for file in tmp_path.iterdir()} == {"original", "page-1.png"}


def test_text_has_no_pictures(patient: WorkerReader, tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "invoice-en-us.txt", tmp_path / "original"))
    assert patient.read(path, "a.txt").pictures == {}


def test_an_error_comes_back_with_its_hint(patient: WorkerReader, tmp_path: Path) -> None:
    path = tmp_path / "original"
    path.write_bytes(b"%PDF-1.7 and nothing more")
    with pytest.raises(UnreadableDocument) as caught:
        patient.read(path, "broken.pdf")
    assert caught.value.hint
    assert "broken.pdf" in caught.value.message


@pytest.mark.parametrize(
    ("work", "error", "says"),
    [
        (endless, DocumentTooLarge, "takes longer than 0.4 seconds"),
        (fatal, UnreadableDocument, "the process that read it ended"),
        (greedy, DocumentTooLarge, "more than 4 GiB of memory"),
    ],
)
def test_a_document_that_takes_its_process_down_takes_down_nothing_else(
    reader: WorkerReader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: object,
    error: type[Exception],
    says: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(workers, "read_file", work)
        with pytest.raises(error, match=says):
            reader.read(tmp_path / "original", "bomb.pdf")
    path = Path(shutil.copy(SAMPLES / "invoice-en-us.txt", tmp_path / "original"))
    assert reader.read(path, "good.txt").document.text


def test_a_process_killed_between_two_documents_is_replaced(patient: WorkerReader, tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "invoice-en-us.txt", tmp_path / "original"))
    first = patient.read(path, "first.txt")
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    assert patient.read(path, "second.txt").document.text == first.document.text


def test_closing_cuts_off_what_is_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = WorkerReader(Settings())
    monkeypatch.setattr(workers, "read_file", endless)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(reader.read, tmp_path / "original", "a.pdf")
        reader.close()
        with pytest.raises(CancelledError):
            reading.result(10)
    with pytest.raises(CancelledError):
        reader.read(tmp_path / "original", "a.pdf")
