"""How well a model read before it learned: noted by the process that began a run, for those that go on with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from finscribe.metrics import Score, Scores
from finscribe.training.finetuning.saving import write_json
from finscribe.training.finetuning.validation import Reading, Validation


def baseline(work: Path, read: Callable[[], Validation | None]) -> Reading | None:
    """As a process before this one noted it, else as `read` finds it now."""
    noted = work / "before.json"
    if kept := _kept(noted):
        return kept
    found = read()
    if found is None:
        return None
    write_json(noted, {"documents": found.reading.documents, **_to_record(found.scores)})
    return found.reading


def _kept(noted: Path) -> Reading | None:
    try:
        record = json.loads(noted.read_text("utf-8"))
        return Reading(record["documents"], _from_record(record))
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
