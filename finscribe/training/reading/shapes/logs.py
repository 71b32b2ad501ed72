"""Active-learning logs: what a model said, and what a person made of it.

A correction names the fields that it corrects: what it does not name stays unknown, unless the record says
`"reviewed": true`; then all that was extracted counts as confirmed where it was not corrected.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from finscribe.documents import read_document
from finscribe.errors import DocumentError, RecordError
from finscribe.invoice import Truth
from finscribe.training.reading.shapes.overlays import corrected
from finscribe.training.reading.shapes.parts import (
    TEXT_FROM_FILE,
    Known,
    Shape,
    Text,
    build_record,
    read_text,
    read_truth,
)
from finscribe.training.reading.strict_json import parse_object
from finscribe.training.records import Origin, Record

_TEXTS = ("ocr_text", "raw_ocr", "raw_text", "text", "input", "prompt", "ocr")


def _read_completion(raw: Mapping[str, Any], origin: Origin) -> Record:
    """A completion with the corrections to it; without any it is a pair like others."""
    meta = raw["meta"] if isinstance(raw.get("meta"), Mapping) else {}
    if meta.get("reviewed") is False:
        raise _unreviewed("its `meta` says that nobody has reviewed it")
    text, known = read_text(raw["prompt"]), read_truth(raw["completion"])
    if raw["corrections"]:
        known = corrected(known, raw["corrections"])
    return build_record("corrected-completion", origin, text, known, {**meta, **raw})


def _read_payload(raw: Mapping[str, Any], origin: Origin) -> Record:
    """A record of any other shape inside a log entry, which says when it was."""
    from finscribe.training.reading.shapes import read_record

    payload = raw["payload"]
    inner = parse_object(payload, "the payload") if isinstance(payload, str) else payload
    if not isinstance(inner, Mapping):
        raise RecordError(
            f"the payload is no object: {payload!r:.80}",
            reason="not-an-object",
            hint="Log the record itself.",
        )
    return read_record({"ts": raw["ts"], **inner} if "ts" in raw else inner, origin)


def _read_correction(raw: Mapping[str, Any], origin: Origin) -> Record:
    if not raw["correction"]:
        raise _unreviewed("its correction is empty: nobody has reviewed it")
    whole = raw.get("reviewed") is True and raw["extracted_data"]
    extracted = read_truth(raw["extracted_data"]) if whole else Known(Truth({}))
    known = corrected(extracted, raw["correction"])
    if not known.size:
        raise RecordError(
            "the correction names cells of lines that are not known",
            reason="no-truth",
            hint='Log `"reviewed": true` when all of `extracted_data` was looked at.',
        )
    return build_record("extraction-log", origin, _logged_text(raw, origin), known, raw)


def _logged_text(raw: Mapping[str, Any], origin: Origin) -> Text:
    """The text beside the correction, or in what was extracted, or that of the source file."""
    extracted = raw["extracted_data"] if isinstance(raw["extracted_data"], Mapping) else {}
    found = next(((key, place[key]) for place in (raw, extracted) for key in _TEXTS if place.get(key)), None)
    if found is not None:
        return read_text(found[1], prompt=found[0] == "prompt")
    file = _source_file(raw.get("source_file"), origin)
    if file is None:
        raise RecordError(
            "it has a correction, but neither the text of the document nor its file",
            reason="no-text",
            hint=f"Log the text as {_TEXTS[0]!r}, or lay the source file beside the log.",
        )
    try:
        return Text(read_document(file).text, Counter({TEXT_FROM_FILE: 1}))
    except DocumentError as error:
        raise RecordError(error.message, reason="no-text", hint=error.hint) from error


def _source_file(name: object, origin: Origin) -> Path | None:
    """The document that a log names, where it lies in the log's folder or in the current one, or deeper.

    A log may come from elsewhere: it does not choose which other files of this machine are read.
    """
    for folder in (Path(origin.source).parent.resolve(), Path.cwd()):
        # os.path, unlike Path, takes names of any length and content.
        if isinstance(name, str) and os.path.isfile(folder / name):
            path = (folder / name).resolve()
            if path.is_relative_to(folder):
                return path
    return None


def _refuse_opinion(_raw: Mapping[str, Any], _origin: Origin) -> Record:
    raise _unreviewed("what a model said, checked by rules: nobody has reviewed it")


def _unreviewed(message: str) -> RecordError:
    return RecordError(message, reason="unreviewed", hint="Only what a person has confirmed is learned from.")


SHAPES = (
    Shape("payload", frozenset({"payload"}), _read_payload),
    Shape("extraction-log", frozenset({"extracted_data", "correction"}), _read_correction),
    Shape("opinion", frozenset({"model_output", "validation"}), _refuse_opinion),
    Shape("corrected-completion", frozenset({"prompt", "completion", "corrections"}), _read_completion),
)
