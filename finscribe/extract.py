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
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.windows import Window, plan_windows
from finscribe.documents import Document
from finscribe.errors import DocumentTooLarge
from finscribe.evidence import Evidence, calibrated, find_evidence
from finscribe.invoice import ALL_FIELDS, Invoice, build_invoice, in_order
from finscribe.prompts import build_prompt
from finscribe.rereading import Draft, read_again
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
    that were read otherwise than the model wrote them, so that the invoice adds up, and `reread` the codes of the
    findings that went away because its lines were. `electronic_invoice` is what the
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
    reread: tuple[str, ...] = ()
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
    work = _Work(model, batch_size, drafting, limits.max_seconds * len(documents), started)
    answers = iter(work.decode(tasks))
    drafts = [
        reading.draft(document, windows, [next(answers) for _ in windows]) for document, windows in planned
    ]
    if chooser := reading.chooser:
        drafts = read_again(drafts, chooser, work.decode_in_time)
    decoded = time.monotonic() - started
    read = zip(documents, drafts, strict=True)
    return [reading.extraction(document, draft, decoded) for document, draft in read]


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

    def draft(self, document: Document, windows: Sequence[Window], answers: Sequence[Answer]) -> Draft:
        printed = Printed(document.text)
        tasks = [self.task(document, window) for window in windows]
        written, settled = self._merged(answers, windows, printed), tuple[Settled, ...]()
        if chooser := self.chooser:
            wordings = [Wording(*each, chooser) for each in zip(tasks, answers, strict=True)]
            written, settled = settle(written, wordings, printed)
        passes = sum(answer.forward_passes for answer in answers)
        return Draft(
            tasks, answers, lambda found: self._merged(found, windows, printed), written, settled, passes
        )

    @property
    def chooser(self) -> SteeredModel | None:
        """The model where an answer that does not add up may be read otherwise, else None."""
        grounded = self.grounding is Grounding.GROUNDED
        return (
            None if isinstance(self.model, AskedModel) or not (grounded and self.arithmetic) else self.model
        )

    def _merged(
        self, answers: Sequence[Answer], windows: Sequence[Window], printed: Printed
    ) -> list[Written]:
        parts = [read_answer(answer, self.grounding, window) for window, answer in enumerate(answers)]
        merged = merge(parts, windows, printed.text)
        if self.grounding is Grounding.GROUNDED:
            merged = without_repeats(merged, printed)
        return complete(merged, self.request)

    def extraction(self, document: Document, draft: Draft, decoded: float) -> Extraction:
        started = time.monotonic()
        printed = Printed(document.text)
        invoice = build_invoice({item.path: item.value for item in draft.written})
        evidence = find_evidence(draft.written, document, printed)
        electronic, differences = compare_with(document.einvoice, invoice, self.request)
        findings = (*validate(invoice), *_about(draft.written, draft.answers), *differences)
        if self.model.calibration:
            evidence = calibrated(evidence, findings, self.model.calibration)
        return Extraction(
            invoice,
            evidence,
            findings,
            self.model.name,
            self.grounding.value,
            {"decode": decoded, "evidence": time.monotonic() - started},
            draft.passes,
            all(answer.complete for answer in draft.answers),
            draft.settled,
            draft.reread,
            electronic,
        )


def _about(written: Sequence[Written], answers: Sequence[Answer]) -> Iterator[Finding]:
    """What is wrong with answers that no grammar held to what is printed: values left out, and answers no good."""
    for item in written:
        if item.value is None and item.rejected:
            message = f"the model wrote {item.rejected:.80}, which the document does not print: left out"
            yield Finding("not-printed", "warning", (item.path,), message, None, read_value(item.rejected))
    for flaw in dict.fromkeys(flaw for answer in answers for flaw in answer.flaws):
        yield Finding(flaw.code, "warning", ("document_type",), flaw.said, None, None)


@dataclass(frozen=True, slots=True)
class _Work:
    """How answers are decoded, some batches at a time, and that it may take so many seconds from when it `started`."""

    model: LanguageModel
    batch_size: int
    drafting: bool
    seconds: float
    started: float

    def decode(self, tasks: Sequence[Task]) -> list[Answer]:
        """The answers to all tasks; raises DocumentTooLarge where the time is up before."""
        answers = self._decode(tasks[: self._at_once])
        answers += self.decode_in_time(tasks[self._at_once :])
        if len(answers) < len(tasks):
            raise DocumentTooLarge(
                f"{len(answers)} of {len(tasks)} windows of text took longer than {self.seconds:g} seconds to read",
                hint="Send one invoice at a time, or raise FINSCRIBE_MAX_SECONDS.",
            )
        return answers

    def decode_in_time(self, tasks: Sequence[Task]) -> list[Answer]:
        """The answers to as many tasks as there is time for; no more are begun when it is up."""
        answers: list[Answer] = []
        while len(answers) < len(tasks) and time.monotonic() < self.started + self.seconds:
            answers += self._decode(tasks[len(answers) : len(answers) + self._at_once])
        return answers

    def _decode(self, tasks: Sequence[Task]) -> list[Answer]:
        return decode(self.model, tasks, batch_size=self.batch_size, drafting=self.drafting)

    @property
    def _at_once(self) -> int:
        return BATCHES * self.batch_size


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return json.loads(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is not JSON")
