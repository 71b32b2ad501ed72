"""Model folders without a model, records of made-up vendors, and readers that know documents by heart."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finscribe.decoding import Printed
from finscribe.decoding.align import align
from finscribe.decoding.merging import Written
from finscribe.documents import Document
from finscribe.evaluation.majority import as_extraction
from finscribe.extract import Extraction
from finscribe.invoice import CELLS, HEADER_FIELDS, LINES, Truth, Value

VENDORS = ("Alba Ltd", "Brava Ltd", "Cedro Ltd", "Dante Ltd", "Elva Ltd", "Forte Ltd")
TOTAL = "financial_summary.grand_total"


def model_folder(path: Path, content: str = "", run: Mapping[str, Any] | None = None) -> str:
    """A folder that looks like a model; `content` tells its weights from others'."""
    path.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json"):
        (path / name).write_text("{}")
    (path / "model.safetensors").write_text(content or path.name)
    if run is not None:
        (path / "run.json").write_text(json.dumps(run))
    return str(path)


def record(vendor: str, number: int, **more: Any) -> dict[str, Any]:
    """One invoice with a line, and all that is known of it."""
    text = (
        f"{vendor}\nInvoice INV-{number}\nDate 2024-03-{1 + number % 27:02}\n"
        f"2 Widgets {number}  10.00  20.00\nTotal {number}.50 EUR"
    )
    truth = {
        "vendor": {"name": vendor},
        "invoice_number": f"INV-{number}",
        "due_date": None,
        "line_items": [{"desc": f"Widgets {number}", "qty": 2, "line_total": 20.0}],
        "financial_summary": {"grand_total": number + 0.5},
    }
    return {"id": f"doc-{number}", "input": "OCR_TEXT:\n" + text, "output": json.dumps(truth), **more}


def write_records(path: Path, records: Sequence[Mapping[str, Any]]) -> str:
    """A file of records."""
    path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    return str(path)


def write_test_set(path: Path, count: int = 12, vendors: Sequence[str] = VENDORS, first: int = 100) -> str:
    """Records of several vendors in turn."""
    return write_records(path, [record(vendors[n % len(vendors)], first + n) for n in range(count)])


class ByHeart:
    """A reader that knows every document by heart, except for what it gets wrong or leaves out.

    `wrong` has values by path for all documents, and by document (its number) and path.
    """

    def __init__(
        self, wrong: Mapping[Any, Any] | None = None, *, confidence: float = 0.9, dies_at: int | None = None
    ) -> None:
        self.wrong, self.confidence, self.dies_at = wrong or {}, confidence, dies_at
        self.texts: list[str] = []

    def read(self, documents: Sequence[Document]) -> Sequence[Extraction]:
        found = []
        for document in documents:
            if self.dies_at is not None and len(self.texts) >= self.dies_at:
                raise RuntimeError("the graphics card caught fire")
            self.texts.append(document.text)
            found.append(self._extraction(document))
        return found

    def _extraction(self, document: Document) -> Extraction:
        number = int(document.text.partition("INV-")[2].partition("\n")[0])
        vendor = document.text.partition("\n")[0]
        truth = align(Truth.read(record(vendor, number)["output"]), Printed(document.text)).truth
        values: dict[str, Value] = {path: truth.values.get(path) for path in HEADER_FIELDS}
        values |= {f"{LINES}[0].{cell}": line.get(cell) for line in truth.lines or () for cell in CELLS}
        values |= {path: value for path, value in self.wrong.items() if isinstance(path, str)}
        values |= self.wrong.get(number, {})
        written = [Written(path, value, self.confidence) for path, value in values.items()]
        return as_extraction(written, document, "by heart")
