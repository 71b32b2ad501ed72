"""How well a model read before it learned: noted by the process that began a run, for those that go on with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from finscribe.metrics import Score, Scores
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.saving import write_json
from finscribe.training.finetuning.validation import Reading, Validation


def baseline(
    documents: Sequence[Labelled], work: Path, read: Callable[[], Validation | None]
) -> Reading | None:
    """As a process before this one noted it for the same documents, else as `read` finds it now."""
    noted, wanted = work / "before.json", _hash(documents)
    if kept := _kept(noted, wanted):
        return kept
    found = read()
    if found is None:
        return None
    write_json(noted, {"of": wanted, "documents": len(documents), **_to_record(found.scores)})
    return found.reading


def _hash(documents: Sequence[Labelled]) -> str:
    total = hashlib.sha256()
    for labelled in documents:
        for part in (labelled.text, labelled.truth.to_json()):
            total.update(hashlib.sha256(part.encode()).digest())
    return total.hexdigest()


def _kept(noted: Path, wanted: str) -> Reading | None:
    try:
        record = json.loads(noted.read_text("utf-8"))
        return Reading(record["documents"], _from_record(record)) if record["of"] == wanted else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _to_record(scores: Scores) -> dict[str, Any]:
    fields, cells = (
        {path: asdict(score) for path, score in each.items()} for each in (scores.fields, scores.cells)
    )
    return {"fields": fields, "cells": cells, "line_rows": asdict(scores.line_rows)}


def _from_record(record: Mapping[str, Any]) -> Scores:
    fields, cells = (
        {path: Score(**counts) for path, counts in record[name].items()} for name in ("fields", "cells")
    )
    return Scores(fields, cells, Score(**record["line_rows"]))
