"""Documents of a few words, and working without Ray."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from finscribe.batch.ledger import open_ledger
from finscribe.batch.rows import Keys, Row
from finscribe.batch.run import Part, Tally, Work, run
from finscribe.batch.sources import find_places
from finscribe.batch.worker import Job, Worker
from finscribe.invoice import ALL_FIELDS
from finscribe.settings import Settings
from tests.cli.fakes import TEXT

JOB = Job(Settings(), None, ALL_FIELDS)


def text(number: int) -> str:
    return f"{TEXT}\nPage {number}"


def write_texts(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:04}.txt").write_text(text(number))


def in_process(job: Job = JOB) -> Work:
    """Reads parts one after the other in this process."""

    def work(parts: Sequence[Part], known: Keys) -> Iterator[tuple[int, list[Row]]]:
        worker = Worker(job, known)
        for number, part in enumerate(parts):
            yield number, worker.rows(part)

    return work


def batch(
    inputs: Path | str, output: Path, work: Work | None = None, *, retry_rejects: bool = False
) -> Tally:
    """What the command does, without Ray."""
    with open_ledger(output, retry_rejects=retry_rejects) as ledger:
        places = find_places([str(inputs)], without=output)
        return run(places, work or in_process(), ledger, lambda tally: None)


def fates(tally: Tally) -> dict[str, int]:
    """What became of the documents, where they add up."""
    assert tally.fates.total() == tally.inputs
    return {fate: tally.fates[fate] for fate in ("done", "rejected", "known")}
