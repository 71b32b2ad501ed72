"""The dataset's card, `dataset.json`: what went in, where it ended, and what it is like."""

from __future__ import annotations

import hashlib
import heapq
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from finscribe.invoice import FIELDS
from finscribe.training.dataset.ledger import PARTS, TRAIN
from finscribe.training.dataset.lint import CODES, DESCRIPTIONS
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.study import StudiedRecord
from finscribe.training.reading.counted import FileFacts

SPELLED_AS_PRINTED = "spelled as printed"
WORST_SHOWN = 100
VENDORS_SHOWN = 50
_PERCENTILES = (5, 25, 50, 75, 90, 95, 99, 100)
_BINS = 40


@dataclass(slots=True)
class Tally:
    """Counts, built up record by record: `missing` and `partial` of values, the other fields' of records.

    `new_families` are records of those that the ledger did not know.
    """

    parts: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    rejects: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    affected: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    partial: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    part_of_family: dict[str, str] = field(default_factory=dict)
    new_families: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    tokens: array[int] = field(default_factory=lambda: array("l"))
    worst: list[tuple[int, int, str, str, str]] = field(default_factory=list)

    def add(self, record: StudiedRecord, part: str) -> None:
        """Count a record that was written; only train gets the spelling of the page."""
        self.parts[part] += 1
        if record.changes:
            self.changes.update(record.changes)
        if part == PARTS[TRAIN]:
            self.changes[SPELLED_AS_PRINTED] += record.respelled
        self.known.update(record.known)
        if record.missing:
            self.affected.update(record.missing.keys())
            self.missing.update(record.missing)
        if record.partial:
            self.partial.update(record.partial)
        self.shapes[record.shape] += 1
        self.languages[record.language or "unknown"] += 1
        self.families[record.family] += 1
        self.part_of_family[record.family] = part
        if record.tokens is not None:
            self.tokens.append(record.tokens)
        for warning in record.warnings:
            self.warnings[warning.code] += 1
            entry = (-warning.rank, -self.written, warning.code, warning.message, str(record.origin))
            (heapq.heappush if len(self.worst) < WORST_SHOWN else heapq.heappushpop)(self.worst, entry)

    @property
    def written(self) -> int:
        """Records that went to train, val or gate."""
        return self.parts.total()

    @property
    def total(self) -> int:
        """All records that were read."""
        return self.written + self.duplicates.total() + self.rejects.total()


def build_card(
    tally: Tally,
    files: Mapping[str, FileFacts],
    sources: Sequence[FileFacts],
    notes: Sequence[str],
    options: PrepareOptions,
) -> dict[str, Any]:
    """The card as plain JSON values; `version` is the hash of what the files of the parts hold."""
    return {
        "version": _version(files),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "tool": {"name": "finscribe", "version": version("finscribe")},
        "seed": options.seed,
        "options": _options(options),
        "notes": [*notes, *_notes(tally, options)],
        "sources": [_facts(source) for source in sources],
        "files": {part: _facts(file) for part, file in files.items()},
        "counts": counts(tally, options),
        "duplicates": _most(tally.duplicates),
        "rejects": _most(tally.rejects),
        "normalised": _most(tally.changes),
        "fields": _fields(tally),
        "shapes": _most(tally.shapes),
        "languages": _most(tally.languages),
        "vendors": _vendors(tally),
        "tokens": _tokens(tally.tokens, options),
        "warnings": _warnings(tally),
    }


def counts(tally: Tally, options: PrepareOptions) -> dict[str, int]:
    """How many records were read, and how many ended in each place."""
    parts = ["train", "val", "gate"] if options.gate_output else ["train", "val"]
    return {
        "input": tally.total,
        **{part: tally.parts[part] for part in parts},
        "duplicate": tally.duplicates.total(),
        "rejected": tally.rejects.total(),
    }


def _version(files: Mapping[str, FileFacts]) -> str:
    content = "\n".join(f"{part} {file.sha256}" for part, file in sorted(files.items()))
    return hashlib.sha256(content.encode()).hexdigest()


def _facts(file: FileFacts) -> dict[str, Any]:
    return {"path": file.path, "records": file.records, "sha256": file.sha256}


def _options(options: PrepareOptions) -> dict[str, Any]:
    return {
        "inputs": list(options.inputs),
        "split": options.split,
        "val_ratio": options.val_ratio,
        "gate_ratio": options.gate_ratio if options.gate_output else None,
        "max_seq_length": options.max_seq_length,
        "tokenizer": options.tokenizer and Path(options.tokenizer).name,
        "strict": options.strict,
        "align": options.align,
    }


def _most(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted((+counter).items(), key=lambda item: (-item[1], item[0])))


def _fields(tally: Tally) -> dict[str, dict[str, int]]:
    """Of each field the records that know a value of it and those of which a value is not printed; then values.

    They are those not printed, and those lost because only some lines of their record know the cell.
    """
    return {
        path: {
            "known": tally.known[path],
            "affected": tally.affected[path],
            "not_learnable": tally.missing[path],
            "partial": tally.partial[path],
        }
        for path in FIELDS
    }


def _vendors(tally: Tally) -> dict[str, Any]:
    largest = heapq.nsmallest(VENDORS_SHOWN, tally.families.items(), key=lambda item: (-item[1], item[0]))
    return {
        "families": len(tally.families),
        "largest": [
            {"family": name, "records": count, "part": tally.part_of_family[name]} for name, count in largest
        ],
    }


def _tokens(tokens: array[int], options: PrepareOptions) -> dict[str, Any] | None:
    if not tokens:
        return None
    lengths = np.asarray(tokens)
    heights, edges = np.histogram(lengths, bins=min(_BINS, int(np.ptp(lengths)) + 1))
    most = options.max_seq_length
    return {
        "percentiles": {
            f"p{p}": int(value) for p, value in zip(_PERCENTILES, _percentiles(lengths), strict=True)
        },
        "mean": round(float(lengths.mean()), 1),
        "max_seq_length": most,
        "too_long": int((lengths > most).sum()) if most else 0,
        "histogram": {"edges": [round(float(edge), 1) for edge in edges], "records": heights.tolist()},
    }


def _percentiles(lengths: Any) -> Any:
    return np.percentile(lengths, _PERCENTILES, method="higher")


def _warnings(tally: Tally) -> dict[str, Any]:
    worst = sorted(tally.worst, reverse=True)
    return {
        "counts": {code: tally.warnings[code] for code in CODES if tally.warnings[code]},
        "meaning": {code: DESCRIPTIONS[code] for code in CODES if tally.warnings[code]},
        "worst": [
            {"code": code, "record": origin, "message": message} for *_, code, message, origin in worst
        ],
    }


def _notes(tally: Tally, options: PrepareOptions) -> list[str]:
    """What to know about the dataset as a whole."""
    notes = []
    if not tally.written:
        notes.append("no record can be learned from: see the rejects")
    if options.split:
        notes += _notes_on_split(tally, options)
    elif options.ledger.exists():
        notes.append(
            f"--split was not given: the output also holds what {options.ledger} keeps for val or gate"
        )
    return notes


def _notes_on_split(tally: Tally, options: PrepareOptions) -> list[str]:
    notes = []
    asked = {"val": options.val_ratio if options.val_output else 0, "gate": options.gate_ratio}
    if not options.gate_output:
        del asked["gate"]
    for part, ratio in asked.items():
        share = tally.parts[part] / max(1, tally.written)
        if ratio and tally.written and not tally.parts[part]:
            notes.append(f"no {part} could be made: {_why_none(part, tally)}")
        elif ratio and tally.written and not ratio / 2 <= share <= ratio * 2:
            notes.append(
                f"{part} has {share:.0%} of the records, not {ratio:.0%}: vendor families are not cut"
            )
    return notes


def _why_none(part: str, tally: Tally) -> str:
    if tally.new_families:
        return "all records hang together in too few vendor families"
    return f"the ledger knows all vendor families, none of them for {part}; new ones will go there"
