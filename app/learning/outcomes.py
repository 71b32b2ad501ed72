"""From what a command left to what is kept of it."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.learning.places import PARTS, Places
from app.store.tables import RunKind, StoredRun
from finscribe.evaluation.results import read_summary
from finscribe.evaluation.runs import get, read_run

CARD = "dataset.json"
_LINES, _LONGEST = 4, 1000  # of what a failed command said last


def is_there(run: StoredRun, places: Places) -> bool:
    """Whether a run is known to be done though nobody saw it end: what it makes appears whole or not at all."""
    if run.kind is RunKind.TRAINING:
        return places.model(run.id).is_dir()
    return run.kind is RunKind.EVALUATION and places.evaluation(run.id).is_file()


def collect(run: StoredRun, places: Places) -> dict[str, Any]:
    """What came of a run; raises OSError, ValueError and EvaluationError where it left nothing of the kind."""
    return _COLLECT[run.kind](run, places)


def failure(run: StoredRun, places: Places) -> dict[str, Any]:
    """Why a run failed: what its command said last."""
    hint = "Its log has the rest. What failed for want of room or memory can go on."
    return {"code": "run-failed", "detail": _last_words(places.log(run)), "hint": hint}


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        return f"it left no log: {error.strerror}"
    said = [line.strip() for line in lines if line.strip()]
    errors = [place for place, line in enumerate(said) if line.startswith("error: ")]
    last = said[errors[-1] :] if errors else said[-_LINES:]
    return " ".join(last)[-_LONGEST:] or "it said nothing"


def _dataset(run: StoredRun, places: Places) -> dict[str, Any]:
    """The files of a dataset, kept under its id whatever is prepared after it."""
    data, folder = places.data_dir, places.folder(run.kind, run.id)
    card = json.loads((data / CARD).read_text("utf-8"))
    parts = {part: file["records"] for part, file in card["files"].items()}
    for name in (CARD, places.page(run).name, *(PARTS[part] for part in parts)):
        _keep(data / name, folder / name)
    return {"version": card["version"], "counts": card["counts"], "records": parts, "notes": card["notes"]}


def _keep(source: Path, copy: Path) -> None:
    """A second name for a file, which preparation replaces and never changes; a copy where that cannot be."""
    copy.unlink(missing_ok=True)
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)


def _training(run: StoredRun, places: Places) -> dict[str, Any]:
    described: Mapping[str, Any] = read_run(places.model(run.id)) or {}
    return {
        "base": get(described, "base", "name"),
        "field_f1_before": get(described, "before", "field_f1"),
        "field_f1": get(described, "after", "field_f1"),
        "documents": get(described, "before", "documents"),
        "loss": get(described, "final", "loss"),
        "seconds": get(described, "seconds"),
        "peak_memory_gb": get(described, "peak_memory_gb"),
    }


def _evaluation(run: StoredRun, places: Places) -> dict[str, Any]:
    found = read_summary(places.evaluation(run.id))
    systems = [
        {"name": each["name"], "sha256": each["sha256"], "f1": each["groups"]["all"]["f1"]}
        for each in found["systems"]
    ]
    gain = found["comparisons"][0]["groups"]["all"] if found["comparisons"] else {}
    return {
        "documents": found["test_data"]["documents"],
        "vendors": found["test_data"]["vendors"],
        "systems": systems,
        "gain": gain.get("points"),
        "interval": gain.get("interval"),
        "notes": found["notes"],
    }


_COLLECT = {
    RunKind.DATASET: _dataset,
    RunKind.TRAINING: _training,
    RunKind.EVALUATION: _evaluation,
}
