"""Donut ground truths: `{"ground_truth": {"gt_parse": ...}}`, with CORD's receipts among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from finscribe.errors import RecordError
from finscribe.invoice import LINES
from finscribe.training.reading.shapes.parts import (
    AMBIGUOUS,
    Known,
    Shape,
    Text,
    build_record,
    read_text,
    read_truth,
)
from finscribe.training.reading.strict_json import parse_object
from finscribe.training.records import Origin, Record

_LINE = {"nm": "desc", "cnt": "qty", "unitprice": "unit_price", "price": "line_total"}
_SUMMARY = {
    "sub_total.subtotal_price": "subtotal",
    "sub_total.discount_price": "discount",
    "sub_total.service_price": "other_charges",
    "sub_total.tax_price": "tax_amount",
    "total.total_price": "grand_total",
}
# CORD's receipts are Indonesian: rupiah have no decimals, and points or commas part the thousands.
_POINTS_OF_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_TEXTS = ("text", "ocr", "ocr_text", "raw_ocr", "input")


def _read_donut(raw: Mapping[str, Any], origin: Origin) -> Record:
    ground_truth = raw["ground_truth"]
    if isinstance(ground_truth, str):
        ground_truth = parse_object(ground_truth, "ground_truth")
    if not isinstance(ground_truth, Mapping) or "gt_parse" not in ground_truth:
        raise RecordError(
            "ground_truth has no gt_parse", reason="no-truth", hint="Give the parse of the document."
        )
    parse = ground_truth["gt_parse"]
    known = _read_cord(parse) if isinstance(parse, Mapping) and "menu" in parse else read_truth(parse)
    return build_record("donut", origin, _text(raw, ground_truth), known, raw)


def _text(raw: Mapping[str, Any], ground_truth: Mapping[str, Any]) -> Text:
    """The words of CORD's lines where they are given, else a text beside the truth."""
    lines = ground_truth.get("valid_line")
    if isinstance(lines, list) and (words := [word for line in lines for word in _words(line)]):
        return read_text({"words": words})
    found = next((place[key] for place in (raw, ground_truth) for key in _TEXTS if place.get(key)), None)
    return read_text(found)


def _words(line: Any) -> list[dict[str, Any]]:
    found = line.get("words") if isinstance(line, Mapping) else None
    return [
        {"text": word["text"], "quad": _points(word["quad"])}
        for word in (found if isinstance(found, list) else [])
        if isinstance(word, Mapping) and isinstance(word.get("text"), str) and "quad" in word
    ]


def _points(quad: Any) -> Any:
    """CORD's `{x1, y1, ..., x4, y4}` as points; anything else as it is."""
    corners = range(1, 5)
    if isinstance(quad, Mapping) and all(f"{axis}{corner}" in quad for axis in "xy" for corner in corners):
        return [[quad[f"x{corner}"], quad[f"y{corner}"]] for corner in corners]
    return quad


def _read_cord(parse: Mapping[str, Any]) -> Known:
    """CORD's receipt in today's keys. A value given as several is left out, for it is not clear which is meant."""
    ambiguous: list[str] = []
    menu = parse["menu"] if isinstance(parse["menu"], list) else [parse["menu"]]
    nested: dict[str, Any] = {LINES: [_renamed(item, _LINE, ambiguous) for item in menu if item]}
    summary: dict[str, Any] = {}
    for path, name in _SUMMARY.items():
        block, _, key = path.partition(".")
        place = parse.get(block)
        if isinstance(place, Mapping) and key in place:
            summary |= _renamed({key: place[key]}, {key: name}, ambiguous)
    if summary:
        nested["financial_summary"] = summary
    known = read_truth(nested)
    return Known(known.truth, known.changes + Counter({AMBIGUOUS: len(ambiguous)}))


def _renamed(values: Any, names: Mapping[str, str], ambiguous: list[str]) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise RecordError(f"gt_parse: an object is expected, got {values!r:.80}", reason="bad-invoice")
    found: dict[str, Any] = {}
    for key, name in names.items():
        value = values.get(key)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if key == "nm" and isinstance(value, list):
            value = " ".join(map(str, value))
        if isinstance(value, str) and "price" in key:
            value = _POINTS_OF_THOUSANDS.sub("", value)
        if isinstance(value, list):
            ambiguous.append(key)
        elif value is not None:
            found[name] = value
    return found


SHAPES = (Shape("donut", frozenset({"ground_truth"}), _read_donut),)
