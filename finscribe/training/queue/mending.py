"""Mending what a crash or another program left behind: files that are whole, in step, and known to the index."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

from finscribe.journal import Signature, append, mend, read_lines, replace, sync_file, torn_file
from finscribe.json_lines import read_line
from finscribe.training.queue.index import Index
from finscribe.training.queue.record import Correction
from finscribe.training.queue.stored import QueueFile, open_queue, read_entry
from finscribe.training.queue.three_files import GENERAL, ThreeFiles
from finscribe.wording import counted


def make_whole(files: ThreeFiles, index: Index) -> list[str]:
    """Mends the files and renews the index; says what was set aside or taken in. The caller holds the lock."""
    known = index.files() or {}
    told = _set_torn_ends_aside(files)
    with open_queue(files.general) as queue:
        if in_step(files, queue):
            _settle(files, queue, index, known)
            return told
        strangers, unreadable = _strangers(files, queue)
    append({files.general: b"".join(strangers), files.orphaned: b"".join(unreadable)})
    with open_queue(files.general) as queue:
        replace(files.unsloth, queue.projection())
        _settle(files, queue, index, known)
    return told + _told(files, len(strangers), len(unreadable))


def in_step(files: ThreeFiles, queue: QueueFile) -> bool:
    """Whether the Unsloth file is the projection of the general queue, line by line."""
    pairs = zip_longest(read_lines(files.unsloth), queue.projection())
    return all(there == expected for there, expected in pairs)


def _set_torn_ends_aside(files: ThreeFiles) -> list[str]:
    torn = [(path, end) for path in files if (end := mend(path))]
    return [
        f"{path}: a torn end of {len(end):,} bytes is now in {torn_file(path).name}" for path, end in torn
    ]


def _told(files: ThreeFiles, strangers: int, unreadable: int) -> list[str]:
    taken = counted(strangers, "record of it was unknown and is", "records of it were unknown and are")
    orphaned = counted(unreadable, "unreadable line is", "unreadable lines are")
    told = [f"{taken} now in {GENERAL}"] if strangers else []
    told += [f"{orphaned} now in {files.orphaned.name}"] if unreadable else []
    return [f"{files.unsloth}: {message}" for message in told]


def _settle(files: ThreeFiles, queue: QueueFile, index: Index, known: Mapping[str, Signature]) -> None:
    """Completes the log and renews the index, when the two queues are in step."""
    _log_late_ones(files, queue, known)
    _log_tombstones(files, queue)
    for path in files:
        sync_file(path)
    index.reset(queue.survey.live, queue.survey.current, files.signatures())


def _strangers(files: ThreeFiles, queue: QueueFile) -> tuple[list[bytes], list[bytes]]:
    """What the projection has and the general queue has not: as general records, and what is unreadable."""
    lines = {hash(stored.correction.to_unsloth_line()) for stored in queue}
    unknown = [line for line in read_lines(files.unsloth) if line.strip() and hash(line) not in lines]
    if not unknown:
        return [], []
    meanings = {stored.correction.meaning for stored in queue}
    taken, unreadable = [], []
    for line in unknown:
        correction = read_entry(line)
        if not isinstance(correction, Correction):
            unreadable.append(line)
        elif correction.meaning not in meanings:
            meanings.add(correction.meaning)
            taken.append(correction.to_line())
    return taken, unreadable


def _log_late_ones(files: ThreeFiles, queue: QueueFile, known: Mapping[str, Signature]) -> None:
    """Reviews of corrections that a crash kept out of the log: those behind what the index last knew."""
    if GENERAL not in known:
        return
    late = [each.correction for each in queue if each.end > known[GENERAL].size and each.state.live]
    logged = {_example_id(line) for line in read_lines(files.reviews)} if late else set()
    append({files.reviews: b"".join(each.to_review_line() for each in late if each.id not in logged)})


def _example_id(line: bytes) -> str | None:
    try:
        return str(read_line(line).get("example_id"))
    except ValueError:
        return None


def _log_tombstones(files: ThreeFiles, queue: QueueFile) -> None:
    """The log too says what was taken back: it may be learned from without the general queue."""
    missing = dict.fromkeys(queue.survey.tombstones)
    for line in read_lines(files.reviews) if missing else ():
        missing.pop(line, None)
    append({files.reviews: b"".join(missing)})
