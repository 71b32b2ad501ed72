"""THE MAIN PATH: documents in, invoices with their evidence out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from finscribe.agreement import ElectronicInvoice, compare_with
from finscribe.arithmetic import Settled, joined, settle
from finscribe.decoding import Answer, AskedModel, Grounding, LanguageModel, Printed, Task
from finscribe.decoding.choices import Wording
from finscribe.decoding.layout import Layout
from finscribe.decoding.merging import Written, complete, merge, read_answer, read_value, without_repeats
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.rows import Rows
from finscribe.decoding.windows import Window, plan_windows
from finscribe.decoding.work import Work
from finscribe.documents import Document
from finscribe.evidence import INCOMPLETE, Evidence, calibrated, find_evidence
from finscribe.invoice import ALL_FIELDS, Invoice, Value, build_invoice, header_of, in_order
from finscribe.line_descriptions import read_descriptions
from finscribe.line_products import read_products
from finscribe.parties import read_parties
from finscribe.prompts import build_prompt
from finscribe.rereading import Transcript, read_again
from finscribe.settings import Settings
from finscribe.validate import RULES, Finding, anything_read, validate


@dataclass(frozen=True, slots=True)
class Extraction:
    """An invoice with what every value rests on.

    `evidence` has an entry for every value asked for, by its path (`line_items[0].qty`), also for one that the
    model did not get to write (null, with probability 0); `seconds` has the time of each stage (shared by the
    documents of a batch); `forward_passes` is how often the model ran for this document, or was asked where it runs
    on another machine; `complete` is False when the limit of tokens cut the answer off, which is a finding too.
    `settled` are the numbers that were read otherwise than the model wrote them, so that the invoice adds up or as the
    headers of their columns have it, and `reread` the codes of the findings that went away because its lines or its
    parties were. `electronic_invoice` is what the XML inside a PDF says, None where there is none; where that is
    something else, a finding says so.
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

    @property
    def given(self) -> dict[str, Value]:
        """The values that it gives, by their paths."""
        return {path: found.value for path, found in self.evidence.items() if found.value is not None}

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

    `arithmetic` lets a grounded answer that does not agree with itself be read otherwise (see
    `finscribe.line_products`, `finscribe.line_descriptions`, `finscribe.arithmetic`, `finscribe.rereading` and
    `finscribe.parties`).
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
    plans = [reading.plan(document) for document in documents]
    work = Work(model, batch_size, drafting, limits.max_seconds * len(documents), started)
    answers = iter(work.decode([task for plan in plans for task in plan.tasks]))
    transcripts = [reading.transcript(plan, [next(answers) for _ in plan.tasks]) for plan in plans]
    if chooser := reading.chooser:
        transcripts = read_again(transcripts, chooser, work.decode_in_time)
        transcripts = read_parties(transcripts, chooser, work.decode_in_time)
    decoded = time.monotonic() - started
    return [
        reading.extraction(plan, transcript, decoded)
        for plan, transcript in zip(plans, transcripts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A document in the windows that a model can take in, with what it is asked about each."""

    document: Document
    printed: Printed
    windows: Sequence[Window]
    tasks: Sequence[Task]


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

    def plan(self, document: Document) -> _Plan:
        windows = self._windows(document.text)
        printed = Printed(document.text)
        return _Plan(document, printed, windows, [self._task(printed, window) for window in windows])

    def _windows(self, text: str) -> list[Window]:
        model = self.model
        windows = plan_windows(
            text,
            self._count_tokens,
            model.context_length,
            window_tokens=model.window_tokens,
            most=self.max_windows,
        )
        if header_of(self.request):
            return windows
        return [window for window in windows if not window.header_only]

    def _count_tokens(self, text: str) -> int:
        model = self.model
        return model.count_tokens(text) if isinstance(model, AskedModel) else len(model.encode(text))

    def _task(self, printed: Printed, window: Window) -> Task:
        part = printed.part(window.start, window.end)
        request = header_of(self.request) if window.header_only else self.request
        prompt = build_prompt(part.text, request, self.instruction)
        return Task(prompt, part, request, self.grounding, self.max_new_tokens)

    def transcript(self, plan: _Plan, answers: Sequence[Answer]) -> Transcript:
        by_rows = partial(self._by_rows, plan)
        written, settled = by_rows(answers)
        if self.chooser:
            written, sums = settle(written, self._wordings(plan, answers), plan.printed)
            settled = joined(settled, sums)
        passes = sum(answer.forward_passes for answer in answers)
        return Transcript(plan.tasks, answers, by_rows, written, settled, passes)

    def _by_rows(self, plan: _Plan, answers: Sequence[Answer]) -> tuple[list[Written], tuple[Settled, ...]]:
        """The values of the answers, with lines as the rows of the page print them, and what changed so."""
        written = self._merged(answers, plan.windows, plan.printed)
        if not self.chooser:
            return written, ()
        wordings, rows = self._wordings(plan, answers), Rows(Layout(plan.printed))
        written, settled = read_products(written, wordings, rows)
        return read_descriptions(written, wordings, rows), settled

    def _wordings(self, plan: _Plan, answers: Sequence[Answer]) -> list[Wording]:
        assert self.chooser
        return [Wording(*each, self.chooser) for each in zip(plan.tasks, answers, strict=True)]

    @property
    def chooser(self) -> SteeredModel | None:
        """The model where an answer that does not agree with itself may be read otherwise, else None."""
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

    def extraction(self, plan: _Plan, transcript: Transcript, decoded: float) -> Extraction:
        started, document = time.monotonic(), plan.document
        invoice = build_invoice(transcript.values)
        evidence = find_evidence(transcript.written, document, plan.printed)
        electronic, differences = compare_with(document.einvoice, invoice, self.request)
        complete = all(answer.complete for answer in transcript.answers)
        # Of an answer that was cut off, nothing is what it may well begin with.
        rules = RULES if complete else [rule for rule in RULES if rule is not anything_read]
        about = _about(transcript.written, transcript.answers, complete)
        findings = (*validate(invoice, rules=rules), *about, *differences)
        if self.model.calibration:
            evidence = calibrated(evidence, findings, self.model.calibration)
        return Extraction(
            invoice,
            evidence,
            findings,
            self.model.name,
            self.grounding.value,
            {"decode": decoded, "evidence": time.monotonic() - started},
            transcript.passes,
            complete,
            transcript.settled,
            transcript.reread,
            electronic,
        )


def _about(written: Sequence[Written], answers: Sequence[Answer], complete: bool) -> Iterator[Finding]:
    """What is wrong with the answers themselves: cut off, or, where no grammar held them, not printed or no good."""
    if not complete:
        message = "the model's answer was cut off: values after its end are missing; allow it more tokens"
        yield Finding(INCOMPLETE, "warning", ("document_type",), message, None, None)
    for item in written:
        if item.value is None and item.rejected:
            message = f"the model wrote {item.rejected:.80}, which the document does not print: left out"
            yield Finding("not-printed", "warning", (item.path,), message, None, read_value(item.rejected))
    for flaw in dict.fromkeys(flaw for answer in answers for flaw in answer.flaws):
        yield Finding(flaw.code, "warning", ("document_type",), flaw.said, None, None)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return json.loads(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is not JSON")
