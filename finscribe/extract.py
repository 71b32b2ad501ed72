"""THE MAIN PATH: documents in, invoices with their evidence out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from finscribe.decoding import Answer, Grounding, LanguageModel, Printed, Task, decode
from finscribe.decoding.merging import complete, merge, read_answer
from finscribe.decoding.windows import Window, plan_windows
from finscribe.documents import Document
from finscribe.errors import DocumentTooLarge
from finscribe.evidence import Evidence, find_evidence
from finscribe.invoice import ALL_FIELDS, Invoice, build_invoice, in_order
from finscribe.prompts import build_prompt
from finscribe.settings import Settings
from finscribe.validate import Finding, validate

BATCHES = 4
"""How many batches are read between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """An invoice with what every value rests on.

    `evidence` has an entry for every value asked for, by its path (`line_items[0].qty`), also for one that the
    model did not get to write (null, with probability 0); `seconds` the time of
    each stage (shared by the documents of a batch); `forward_passes` how often the model ran for this document;
    `complete` is False when the limit of tokens cut the answer off.
    """

    invoice: Invoice
    evidence: Mapping[str, Evidence]
    findings: tuple[Finding, ...]
    model: str
    grounding: str
    seconds: Mapping[str, float]
    forward_passes: int
    complete: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values for the outside."""
        rest = {key: value for key, value in asdict(self).items() if key not in ("invoice", "evidence")}
        evidence = {path: asdict(found) for path, found in self.evidence.items()}
        plain: dict[str, Any] = json.loads(json.dumps({**rest, "evidence": evidence}, default=_plain))
        return {"invoice": self.invoice.to_dict(), **plain}


def extract(document: Document, model: LanguageModel, **options: Any) -> Extraction:
    """Reads one document; the options and errors are those of `extract_many`."""
    return extract_many([document], model, **options)[0]


def extract_many(
    documents: Sequence[Document],
    model: LanguageModel,
    *,
    request: Sequence[str] = ALL_FIELDS,
    grounding: str = Grounding.GROUNDED,
    instruction: str | None = None,
    max_new_tokens: int | None = None,
    batch_size: int = 8,
    drafting: bool = True,
    settings: Settings | None = None,
) -> list[Extraction]:
    """Reads documents in batches, answers in their order.

    `settings` (default: those of the environment) limit the windows of a document, and the seconds that answering
    may take. Raises DocumentTooLarge, PromptTooLong, InvoiceShapeError and SettingsError.
    """
    limits = settings or Settings.from_environment()
    reading = _Reading(
        model, in_order(request), Grounding(grounding), instruction, max_new_tokens, limits.max_windows
    )
    started = time.monotonic()
    windows = [reading.windows(document) for document in documents]
    tasks = [
        reading.task(document, window)
        for document, of in zip(documents, windows, strict=True)
        for window in of
    ]
    allowed = limits.max_seconds * len(documents)
    answers = iter(_decode_within(allowed, model, tasks, batch_size=batch_size, drafting=drafting))
    decoded = time.monotonic() - started
    return [
        reading.extraction(document, of, [next(answers) for _ in of], decoded)
        for document, of in zip(documents, windows, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How documents are read: the model, the fields asked for, the options."""

    model: LanguageModel
    request: tuple[str, ...]
    grounding: Grounding
    instruction: str | None
    max_new_tokens: int | None
    max_windows: int

    def windows(self, document: Document) -> list[Window]:
        return plan_windows(
            document.text,
            lambda text: len(self.model.encode(text)),
            self.model.context_length,
            most=self.max_windows,
        )

    def task(self, document: Document, window: Window) -> Task:
        text = document.text[window.start : window.end]
        prompt = build_prompt(text, self.request, self.instruction)
        return Task(prompt, Printed(text), self.request, self.grounding, self.max_new_tokens)

    def extraction(
        self, document: Document, windows: Sequence[Window], answers: Sequence[Answer], decoded: float
    ) -> Extraction:
        started = time.monotonic()
        printed = Printed(document.text)
        parts = [read_answer(answer, self.grounding) for answer in answers]
        written = complete(merge(parts, windows, document.text), self.request)
        invoice = build_invoice({item.path: item.value for item in written})
        evidence = find_evidence(written, document, printed)
        findings = tuple(validate(invoice))
        return Extraction(
            invoice,
            evidence,
            findings,
            self.model.name,
            self.grounding.value,
            {"decode": decoded, "evidence": time.monotonic() - started},
            sum(answer.forward_passes for answer in answers),
            all(answer.complete for answer in answers),
        )


def _decode_within(
    seconds: float, model: LanguageModel, tasks: Sequence[Task], *, batch_size: int, drafting: bool
) -> list[Answer]:
    """Some batches at a time; no more are begun when the time is up."""
    deadline, answers, some = time.monotonic() + seconds, list[Answer](), BATCHES * batch_size
    for first in range(0, len(tasks), some):
        if first and time.monotonic() > deadline:
            raise DocumentTooLarge(
                f"{first} of {len(tasks)} windows of text took longer than {seconds:g} seconds to read",
                hint="Send one invoice at a time, or raise FINSCRIBE_MAX_SECONDS.",
            )
        answers += decode(model, tasks[first : first + some], batch_size=batch_size, drafting=drafting)
    return answers


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return json.loads(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is not JSON")
