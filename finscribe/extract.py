"""THE MAIN PATH: documents in, invoices with their evidence out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from finscribe.agreement import ElectronicInvoice, compare_with
from finscribe.arithmetic import Settled, settle
from finscribe.decoding import Answer, AskedModel, Grounding, LanguageModel, Printed, Task, decode
from finscribe.decoding.choices import Wording
from finscribe.decoding.merging import Written, complete, merge, read_answer, read_value, without_repeats
from finscribe.decoding.windows import Window, plan_windows
from finscribe.documents import Document
from finscribe.errors import DocumentTooLarge
from finscribe.evidence import Evidence, calibrated, find_evidence
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
    model did not get to write (null, with probability 0); `seconds` has the time of each stage (shared by the
    documents of a batch); `forward_passes` is how often the model ran for this document, or was asked where it runs
    on another machine; `complete` is False when the limit of tokens cut the answer off. `settled` are the numbers
    that were read otherwise than the model wrote them, so that the invoice adds up. `electronic_invoice` is what the
    XML inside a PDF says, None where there is none; where that is something else, a finding says so.
    """

    invoice: Invoice
    evidence: Mapping[str, Evidence]
    findings: tuple[Finding, ...]
    model: str
    grounding: str
    seconds: Mapping[str, float]
    forward_passes: int
    complete: bool = True
    settled: tuple[Settled, ...] = ()
    electronic_invoice: ElectronicInvoice | None = None

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
    arithmetic: bool | None = None,
    settings: Settings | None = None,
) -> list[Extraction]:
    """Reads documents in batches, answers in their order.

    `arithmetic` lets a grounded answer that does not add up be read otherwise (see `finscribe.arithmetic`).
    `settings` (default: those of the environment) say whether it does where the argument is None, and limit the
    windows of a document and the seconds that answering may take. Raises DocumentTooLarge, PromptTooLong,
    InvoiceShapeError and SettingsError.
    """
    limits = settings or Settings.from_environment()
    reading = _Reading(
        model,
        in_order(request),
        Grounding(grounding),
        instruction,
        max_new_tokens,
        limits.max_windows,
        limits.arithmetic if arithmetic is None else arithmetic,
    )
    started = time.monotonic()
    planned = [(document, reading.windows(document)) for document in documents]
    tasks = [reading.task(document, window) for document, windows in planned for window in windows]
    allowed = limits.max_seconds * len(documents)
    answers = iter(_decode_within(allowed, model, tasks, batch_size=batch_size, drafting=drafting))
    decoded = time.monotonic() - started
    return [
        reading.extraction(document, windows, [next(answers) for _ in windows], decoded)
        for document, windows in planned
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
    arithmetic: bool

    def windows(self, document: Document) -> list[Window]:
        return plan_windows(
            document.text,
            self._count_tokens,
            self.model.context_length,
            most=self.max_windows,
        )

    def _count_tokens(self, text: str) -> int:
        model = self.model
        return model.count_tokens(text) if isinstance(model, AskedModel) else len(model.encode(text))

    def task(self, document: Document, window: Window) -> Task:
        text = document.text[window.start : window.end]
        prompt = build_prompt(text, self.request, self.instruction)
        return Task(prompt, Printed(text), self.request, self.grounding, self.max_new_tokens)

    def extraction(
        self, document: Document, windows: Sequence[Window], answers: Sequence[Answer], decoded: float
    ) -> Extraction:
        started = time.monotonic()
        printed = Printed(document.text)
        written = self._written(answers, windows, printed)
        written, settled = self._settled(written, document, windows, answers, printed)
        invoice = build_invoice({item.path: item.value for item in written})
        evidence = find_evidence(written, document, printed)
        electronic, differences = compare_with(document.einvoice, invoice, self.request)
        findings = (*validate(invoice), *_about(written, answers), *differences)
        if self.model.calibration:
            evidence = calibrated(evidence, findings, self.model.calibration)
        return Extraction(
            invoice,
            evidence,
            findings,
            self.model.name,
            self.grounding.value,
            {"decode": decoded, "evidence": time.monotonic() - started},
            sum(answer.forward_passes for answer in answers),
            all(answer.complete for answer in answers),
            settled,
            electronic,
        )

    def _written(
        self, answers: Sequence[Answer], windows: Sequence[Window], printed: Printed
    ) -> list[Written]:
        parts = [read_answer(answer, self.grounding, window) for window, answer in enumerate(answers)]
        merged = merge(parts, windows, printed.text)
        if self.grounding is Grounding.GROUNDED:
            merged = without_repeats(merged, printed)
        return complete(merged, self.request)

    def _settled(
        self,
        written: list[Written],
        document: Document,
        windows: Sequence[Window],
        answers: Sequence[Answer],
        printed: Printed,
    ) -> tuple[list[Written], tuple[Settled, ...]]:
        model = self.model
        if not self.arithmetic or self.grounding is not Grounding.GROUNDED or isinstance(model, AskedModel):
            return written, ()
        wordings = [
            Wording(self.task(document, window), answer, model)
            for window, answer in zip(windows, answers, strict=True)
        ]
        return settle(written, wordings, printed)


def _about(written: Sequence[Written], answers: Sequence[Answer]) -> Iterator[Finding]:
    """What is wrong with answers that no grammar held to what is printed: values left out, and answers no good."""
    for item in written:
        if item.value is None and item.rejected:
            message = f"the model wrote {item.rejected:.80}, which the document does not print: left out"
            yield Finding("not-printed", "warning", (item.path,), message, None, read_value(item.rejected))
    for flaw in dict.fromkeys(flaw for answer in answers for flaw in answer.flaws):
        yield Finding(flaw.code, "warning", ("document_type",), flaw.said, None, None)


def _decode_within(
    seconds: float, model: LanguageModel, tasks: Sequence[Task], *, batch_size: int, drafting: bool
) -> list[Answer]:
    """Some batches at a time; no more are begun when the time is up."""
    deadline, answers, at_once = time.monotonic() + seconds, list[Answer](), BATCHES * batch_size
    for first in range(0, len(tasks), at_once):
        if first and time.monotonic() > deadline:
            raise DocumentTooLarge(
                f"{first} of {len(tasks)} windows of text took longer than {seconds:g} seconds to read",
                hint="Send one invoice at a time, or raise FINSCRIBE_MAX_SECONDS.",
            )
        answers += decode(model, tasks[first : first + at_once], batch_size=batch_size, drafting=drafting)
    return answers


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return json.loads(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is not JSON")
