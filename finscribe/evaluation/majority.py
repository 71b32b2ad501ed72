"""The baseline that has learned nothing but what is most frequent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finscribe.decoding import Printed
from finscribe.decoding.merging import Written
from finscribe.documents import Document
from finscribe.evidence import find_evidence
from finscribe.extract import Extraction
from finscribe.invoice import HEADER_FIELDS, Truth, Value, build_invoice
from finscribe.validate import validate


@dataclass(frozen=True, slots=True)
class Majority:
    """Says of every document what most training records say, header field by header field; never a line."""

    values: Mapping[str, tuple[Value, float]]
    """Of each field the most frequent value and its share."""

    @classmethod
    def of(cls, truths: Sequence[Truth]) -> Majority:
        """Learns from what is known; a field that no truth knows is null."""
        found: dict[str, tuple[Value, float]] = {}
        for path in HEADER_FIELDS:
            known = Counter(truth.values[path] for truth in truths if path in truth.values)
            [(value, count)] = known.most_common(1) or [(None, 0)]
            found[path] = value, count / (known.total() or 1)
        return cls(found)

    def read(self, documents: Sequence[Document]) -> Sequence[Extraction]:
        """The same answer for each."""
        written = [Written(path, value, share) for path, (value, share) in self.values.items()]
        return [as_extraction(written, document, "majority") for document in documents]


def as_extraction(written: Sequence[Written], document: Document, name: str) -> Extraction:
    """What a rule wrote, with its places and findings, as if a model had."""
    started = time.perf_counter()
    invoice = build_invoice({item.path: item.value for item in written})
    evidence = find_evidence(written, document, Printed(document.text))
    findings = tuple(validate(invoice))
    return Extraction(
        invoice, evidence, findings, name, "off", {"evidence": time.perf_counter() - started}, 0
    )
