"""THE MAIN PATH: from sources to prepared files. Every record ends in exactly one place, and the counts say so."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finscribe.training.dataset.card import build_card
from finscribe.training.dataset.duplicates import REASONS, find_clusters, find_duplicates
from finscribe.training.dataset.ledger import BRIDGE, PARTS, TRAIN, UNKNOWN, Ledger, Parts, only_one
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.outputs import Outputs
from finscribe.training.dataset.parallel import chunks, in_order
from finscribe.training.dataset.report import render_page
from finscribe.training.dataset.shelf import Shelf
from finscribe.training.dataset.splitting import split
from finscribe.training.dataset.staging import Staging, failed_writes_are_said
from finscribe.training.dataset.study import Rules, StudiedRecord, study
from finscribe.training.dataset.tokens import load_counter
from finscribe.training.reading.counted import Reading
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.sources import expand
from finscribe.training.records import Reject

Progress = Callable[[str, int], None]
"""Told what is being done, and how many records of it are done."""

DUPLICATE = -3
"""The place of a record that says nothing new; the others have a part or `BRIDGE`."""
_CHUNK = 256
_CHUNK_CHARACTERS = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a preparation did: how many records ended in each place, the files written, the dataset's card."""

    counts: Mapping[str, int]
    files: Mapping[str, Path]
    card: Mapping[str, Any]


def prepare(options: PrepareOptions, progress: Progress = lambda _what, _done: None) -> Prepared:
    """Turns sources of any shape into training files, a split, rejects, a card and a page.

    Raises SettingsError, LedgerError, OutputError, ModelNotFound, MissingDependency, and what the sources raise; the
    files of an earlier preparation are whole then.
    """
    sources = expand(options.inputs)
    options.check_inputs(source.path for source in sources if source.path)
    reading = Reading(sources)
    working = options.output.with_name(f".{options.output.stem}.work")
    with (
        failed_writes_are_said(working.parent),
        only_one(options.output),
        Shelf(working) as shelf,
        Staging() as staging,
    ):
        ledger = Ledger.read(options.ledger)
        outputs = Outputs(options, staging)
        _study_all(reading, shelf, outputs, options, progress)
        places = _find_places(shelf, ledger, options, progress)
        _write_all(shelf, places, ledger, outputs, progress)
        return _publish(reading, outputs, staging, options)


def _study_all(
    reading: Reading, shelf: Shelf, outputs: Outputs, options: PrepareOptions, progress: Progress
) -> None:
    """Each record by itself: a record on the shelf, or a reject."""
    if options.tokenizer:
        load_counter(options.tokenizer)  # an error of it is said before anything is read
    rules = Rules(
        options.tokenizer, options.max_seq_length, options.strict, options.align, reading.retractions()
    )
    done = 0
    stream = chunks(reading, _CHUNK, _weigh, _CHUNK_CHARACTERS)
    for chunk in in_order(partial(study, rules=rules), stream, options.workers):
        shelf.add(chunk)
        for reject in chunk.rejects:
            outputs.reject(reject)
        done += len(chunk.keys) + len(chunk.rejects)
        progress("reading", done)
    shelf.close()


def _weigh(found: Raw | Reject) -> int:
    return len(found.content if isinstance(found, Raw) else str(found.original))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each record goes: a part, `BRIDGE` or `DUPLICATE`; where the other name of its family does; why it is a
    duplicate.
    """

    parts: Parts
    aliases: Parts
    reasons: NDArray[np.uint8]


def _find_places(shelf: Shelf, ledger: Ledger, options: PrepareOptions, progress: Progress) -> _Places:
    """All records together: what says nothing new, and the part of each other."""
    progress("comparing", 0)
    keys = shelf.keys
    reasons = find_duplicates(keys, shelf.near)
    kept = np.flatnonzero(reasons == 0)
    parts, aliases = np.full((2, len(keys)), DUPLICATE, np.int8)
    parts[kept] = aliases[kept] = TRAIN
    if options.split:
        clusters = find_clusters(keys, shelf.alike, kept)
        parts[kept], aliases[kept] = split(keys[kept], clusters, ledger, options.ratios, options.seed)
    return _Places(parts, aliases, reasons)


def _write_all(shelf: Shelf, places: _Places, ledger: Ledger, outputs: Outputs, progress: Progress) -> None:
    """Every record to its place."""
    texts, families, aliases = (shelf.keys[name] for name in ("text", "family", "alias"))
    new_texts = ledger.part_of_texts(texts) == UNKNOWN
    new_families, new_aliases = (ledger.part_of_families(each) == UNKNOWN for each in (families, aliases))
    for row, record in enumerate(shelf.records()):
        part = int(places.parts[row])
        if part == DUPLICATE:
            outputs.drop_duplicate(REASONS[places.reasons[row]])
        elif part not in outputs.parts:
            outputs.reject(_set_aside(record, part))
        else:
            outputs.write(record, part)
            if new_families[row]:
                outputs.remember_name(record.family, part)
            if new_aliases[row]:
                outputs.remember_name(record.alias, int(places.aliases[row]))
            outputs.tally.new_families += bool(new_families[row] and new_aliases[row])
            if new_texts[row]:
                outputs.remember_text(int(texts[row]), part)
        progress("writing", row + 1)


def _set_aside(record: StudiedRecord, part: int) -> Reject:
    """What ties two parts together, or belongs to one that is not written this time."""
    if part == BRIDGE:
        message = (
            "its vendor, by name or by tax id, and its text belong to different parts of the split, and would tie "
            "them together"
        )
        return Reject(record.origin, "bridges-split", message, record.original())
    message = f"the ledger keeps it for {PARTS[part]}, and no file was named for that part"
    return Reject(record.origin, f"kept-for-{PARTS[part]}", message, record.original())


def _publish(reading: Reading, outputs: Outputs, staging: Staging, options: PrepareOptions) -> Prepared:
    """The card and the page beside the files; then all of them into their places."""
    _check_sum(reading, outputs)
    files = outputs.files()
    card = build_card(outputs.tally, files, reading.facts(), reading.warnings, options)
    staging.open(options.card).write(json.dumps(card, ensure_ascii=False, indent=2) + "\n")
    staging.open(options.page).write(render_page(card))
    staging.publish()
    paths = {part: Path(file.path) for part, file in files.items()}
    aside = {"rejects": options.rejects, "card": options.card, "page": options.page}
    return Prepared(card["counts"], {**paths, **aside}, card)


def _check_sum(reading: Reading, outputs: Outputs) -> None:
    """Every record that was read has to have ended somewhere."""
    if outputs.tally.total != reading.total:
        raise AssertionError(f"{reading.total} records were read, but {outputs.tally.total} ended somewhere")
