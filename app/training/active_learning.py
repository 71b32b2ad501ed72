"""Corrections as training examples: `export_training_example`, and what has come together so far.

The queue lies in `FINSCRIBE_DATA_DIR` (default `data`); see docs/queue.md.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.settings import Settings
from finscribe.training.queue.known import Known
from finscribe.training.queue.record import make_correction
from finscribe.training.queue.training_queue import TrainingQueue


@dataclass(frozen=True, slots=True)
class Exported:
    """A correction that is on disk: its id, whether it was new, and which of its keys belong to no field."""

    id: str
    new: bool
    ignored: tuple[str, ...] = ()


def export_training_example(
    raw_ocr: object,
    corrected_invoice: Known,
    invoice_id: str | int | None = None,
    *,
    reviewer: str | None = None,
    model: str | None = None,
    extracted: Known | None = None,
    confirmed: Iterable[str] | None = None,
    source_file: str | None = None,
    folder: Path | None = None,
) -> Exported:
    """Stores a correction and returns when it is safe on disk; the same one twice is stored once.

    `raw_ocr` is text, older OCR output or a `Document`; invoices may be of today's or an older shape. With
    `confirmed`, a list of field paths, nothing else counts as known but what was changed. `folder` is where the
    queue lies, None for that of the setting. Raises `DocumentError`, `InvoiceShapeError` and `QueueError`.
    """
    correction = make_correction(
        raw_ocr,
        corrected_invoice,
        invoice_id,
        reviewer=reviewer,
        model=model,
        extracted=extracted,
        confirmed=confirmed,
        source_file=source_file,
    )
    return Exported(correction.id, new=_queue(folder).append(correction), ignored=correction.ignored)


def load_training_queue(limit: int | None = None) -> list[dict[str, Any]]:
    """The general records that were not taken back, newest last; the last `limit` of them."""
    if limit is not None and limit < 0:
        raise ValueError(f"limit must be 0 or more, not {limit}")
    return [json.loads(each.to_line()) for each in deque(_queue().corrections(), maxlen=limit)]


def get_training_queue_stats() -> dict[str, Any]:
    """Counts of the queue as plain JSON values: see `finscribe.training.queue.stats.QueueStats`."""
    return _queue().stats().to_dict()


def _queue(folder: Path | None = None) -> TrainingQueue:
    return TrainingQueue(folder or Settings.from_environment().data_dir)
