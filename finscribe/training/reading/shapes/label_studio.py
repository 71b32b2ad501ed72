"""A Label Studio JSON export: regions with labels and transcriptions -> text in reading order, fields by label.

A label is a field's path (`vendor.name`, `line_items.qty`, `line_items[0].qty`) or any of its older names
(`company`, `total`). Cells of lines without a row number are rows by their height on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import Any

from finscribe.documents import Box
from finscribe.errors import RecordError
from finscribe.invoice import FIELDS, LINES, Kind
from finscribe.training.reading.shapes.parts import (
    AMBIGUOUS,
    Known,
    Shape,
    build_record,
    read_row,
    read_text,
    read_truth,
)
from finscribe.training.records import Origin, Record

_TEXTS = ("ocr_text", "text", "ocr", "raw_ocr")
_CELL = re.compile(r"(?:line_items?|items?|lines?)(?:\[(?P<row>\d+)\])?[. _](?P<cell>\w+)", re.IGNORECASE)


_LARGEST = 1e6


@dataclass(frozen=True, slots=True)
class _Region:
    """A marked part of a page: its box in pixels (or percent), what it is and what it says."""

    page: int
    box: Box | None
    text: str
    labels: tuple[str, ...]


def _read_task(raw: Mapping[str, Any], origin: Origin) -> Record:
    annotation = _completed(raw["annotations"])
    regions = _regions(annotation.get("result"))
    text = read_text(_page_text(raw["data"]) or _pages(regions))
    return build_record("label-studio", origin, text, _truth(regions), {**annotation, **raw})


def _completed(annotations: Any) -> Mapping[str, Any]:
    """The latest annotation that was not cancelled."""
    found = annotations if isinstance(annotations, list) else []
    done = [each for each in found if isinstance(each, Mapping) and each.get("result")]
    kept = [each for each in done if not each.get("was_cancelled") and not each.get("skipped")]
    if not kept:
        why = "its annotations are cancelled" if done else "it has no annotation"
        raise RecordError(why, reason="unreviewed", hint="Complete the task, then export again.")
    return max(kept, key=lambda each: str(each.get("updated_at") or each.get("created_at") or ""))


def _page_text(data: Any) -> Any:
    """The whole text of the document, where the task carries it; marked regions are seldom all of a page."""
    if not isinstance(data, Mapping):
        return None
    return next((data[key] for key in _TEXTS if data.get(key)), None)


def _regions(result: Any) -> list[_Region]:
    """One region for each id, put together from the results that share it."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for number, each in enumerate(result if isinstance(result, list) else []):
        if isinstance(each, Mapping) and isinstance(each.get("value"), Mapping):
            parts.setdefault(str(each.get("id", number)), []).append(each)
    return [_region(each) for each in parts.values()]


def _region(results: Sequence[Mapping[str, Any]]) -> _Region:
    values = [result["value"] for result in results]
    names = [value.get(key) for value in values for key in ("rectanglelabels", "labels")]
    labels = [label for each in names for label in _listed(each)]
    texts = [text for value in values for text in _listed(value.get("text"))]
    page = next((result["item_index"] for result in results if isinstance(result.get("item_index"), int)), 0)
    box = next((box for result in results if (box := _box(result))), None)
    return _Region(page, box, " ".join(texts).strip(), tuple(dict.fromkeys(labels)))


def _listed(text: Any) -> list[str]:
    return [part for part in (text if isinstance(text, list) else [text]) if isinstance(part, str)]


def _box(result: Mapping[str, Any]) -> Box | None:
    """The rectangle in pixels; its numbers are percent of the picture."""
    sides = [_size(result["value"].get(key)) for key in ("x", "y", "width", "height")]
    if any(side is None for side in sides):
        return None
    x, y, w, h = (side or 0.0 for side in sides)
    width, height = ((_size(result.get(f"original_{side}")) or 100.0) / 100 for side in ("width", "height"))
    return Box(x * width, y * height, (x + w) * width, (y + h) * height)


def _size(value: Any) -> float | None:
    """A number of a page's size; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value) if -_LARGEST < value < _LARGEST else None


def _pages(regions: Iterable[_Region]) -> dict[str, Any]:
    """The transcribed regions as OCR output."""
    pages: dict[int, list[dict[str, Any]]] = {}
    for region in regions:
        if region.text and region.box:
            box = region.box
            corners = {"x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1}
            pages.setdefault(region.page, []).append({"text": region.text, "bbox": corners})
    if not pages:
        raise RecordError(
            "no region of it is transcribed", reason="no-text", hint="Add a text area for each region."
        )
    return {"pages": [{"words": pages[page]} for page in sorted(pages)]}


# --- labels ------------------------------------------------------------------------------------------


def _truth(regions: Sequence[_Region]) -> Known:
    """The labelled regions as an invoice; two that differ on a field which holds one value leave it unknown."""
    marked = [(label, each) for each in _read_in_order(regions) for label in each.labels if each.text]
    cells = [(cell, each) for label, each in marked if (cell := _CELL.fullmatch(label))]
    fields: dict[str, list[str]] = {}
    for label, each in marked:
        if not _CELL.fullmatch(label):
            fields.setdefault(label, []).append(each.text)
    values = {label: _one_value(label, texts) for label, texts in fields.items()}
    nested: dict[str, Any] = {LINES: _rows(cells)} if cells else {}
    for label, value in values.items():
        if value is not None:
            _put(nested, label, value)
    known = read_truth(nested)
    return Known(known.truth, known.changes + Counter({AMBIGUOUS: list(values.values()).count(None)}))


def _read_in_order(regions: Sequence[_Region]) -> list[_Region]:
    return sorted(
        regions, key=lambda each: (each.page, each.box.y0, each.box.x0) if each.box else (each.page, 0, 0)
    )


def _one_value(label: str, texts: list[str]) -> str | None:
    """The text of a field; the parts of a name or an address are joined."""
    kind = FIELDS.get(
        label, Kind.PHRASE if re.search("address|name|terms", label, re.IGNORECASE) else Kind.SPAN
    )
    if kind is Kind.PHRASE:
        return ", ".join(dict.fromkeys(texts))
    return texts[0] if len(set(texts)) == 1 else None


def _put(nested: dict[str, Any], label: str, value: str) -> None:
    *blocks, key = label.split(".")
    for block in blocks:
        inner = nested.setdefault(block, {})
        nested = inner if isinstance(inner, dict) else {}
    nested[key] = value


def _rows(cells: Sequence[tuple[re.Match[str], _Region]]) -> list[dict[str, str]]:
    """The lines that cells make, by the row that a label names, else by their height on the page."""
    rows: dict[int, dict[str, str]] = {}
    last, bottom = -1, (-1, -inf)
    for cell, region in cells:
        top, end = (region.box.y0, region.box.y1) if region.box else (inf, inf)
        if cell["row"] is None and (region.page, (top + end) / 2) > bottom:
            last, bottom = last + 1, (region.page, end)
        row = rows.setdefault(last if cell["row"] is None else read_row(cell["row"]), {})
        name = cell["cell"]
        row[name] = f"{row[name]} {region.text}" if name in row else region.text
    return [rows[number] for number in sorted(rows)]


SHAPES = (Shape("label-studio", frozenset({"data", "annotations"}), _read_task),)
