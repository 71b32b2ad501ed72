"""Raw record -> Record: one small reader for each shape that people have on disk.

instructions.py   older prompts -> the document's text alone
parts.py          what every shape is made of: text, truth, who said so when
pairs.py          {input, output}, {prompt, completion}, Alpaca, {raw_ocr, corrected_invoice}
queued.py         the queue's records, confirmed as a whole or by field; tombstones
chats.py          {messages} and ShareGPT conversations
logs.py           active-learning logs: corrections over a completion, payloads, extracted against corrected
donut.py          Donut and CORD ground truths
receipts.py       SROIE: a receipt's box and key files
label_studio.py   Label Studio's JSON export
einvoices.py      PDFs with an embedded Factur-X, ZUGFeRD or XRechnung XML, which finscribe/einvoices/ reads
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import chats, donut, label_studio, logs, pairs, queued, receipts
from finscribe.training.reading.shapes.parts import Shape
from finscribe.training.records import Origin, Record

SHAPES: tuple[Shape, ...] = (
    *queued.SHAPES,
    *label_studio.SHAPES,
    *donut.SHAPES,
    *receipts.SHAPES,
    *logs.SHAPES,
    *chats.SHAPES,
    *pairs.SHAPES,
)
"""In order of precedence: the first whose keys a record has reads it."""


def read_record(raw: Mapping[str, Any], origin: Origin) -> Record:
    """The record in any known shape; raises `RecordError` with the reason why it cannot be learned from."""
    for shape in SHAPES:
        if shape.keys <= raw.keys():
            return shape.read(raw, origin)
    keys = ", ".join(repr(key) for key in list(raw)[:8]) or "none"
    raise RecordError(
        f"no known shape of record has these keys: {keys:.200}",
        reason="unknown-shape",
        hint='Write {"input": "OCR_TEXT:\\n...", "output": "{...}"}, or one of the shapes in the documentation.',
    )
