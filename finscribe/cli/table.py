"""Results for people: what was found, how sure it is, and the printed line that it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from finscribe.agreement import DIFFERS
from finscribe.arithmetic import COLUMN_ORDER, Settled
from finscribe.batch.reading import Done, Failed, Outcome
from finscribe.cli.console import make_console, make_table
from finscribe.cli.messages import printable
from finscribe.documents import Document
from finscribe.evidence import Evidence, Place, Support
from finscribe.extract import Extraction
from finscribe.invoice import (
    CELLS,
    FIELDS,
    HEADER_FIELDS,
    LINES,
    Kind,
    Value,
    cell_path,
    kind_of,
    row_and_cell,
)
from finscribe.validate import Finding
from finscribe.validation.parties import SAME_PARTY

_TOTALS = "financial_summary."
_BAR = 5  # blocks
_SURE, _DOUBTFUL = 0.9, 0.6
_SNIPPET = 24  # characters shown on either side of a value in its line
_SEVERITIES = {"error": ("✗", "red"), "warning": ("!", "yellow")}
_LABELS = {
    "vendor.name": "Vendor",
    "vendor.tax_id": "Vendor tax ID",
    "client.name": "Client",
    "payment.iban": "IBAN",
    "payment.terms": "Payment terms",
    "line_items.desc": "Description",
    "line_items.qty": "Quantity",
}


class TableWriter:
    """A header, the fields, the line items, the totals and the findings of each document."""

    def __init__(self, request: Sequence[str]) -> None:
        self._request = request

    def write(self, outcome: Outcome) -> None:
        """Print a document; of one that failed, the message on standard error tells."""
        if not isinstance(outcome, Failed):
            make_console().print(render(outcome, self._request))

    def finish(self) -> None:
        """Nothing is left."""


def render(done: Done, request: Sequence[str]) -> RenderableType:
    """Everything about one document, the fields in the order of the schema."""
    header = [path for path in HEADER_FIELDS if not path.startswith(_TOTALS)]
    totals = [path for path in HEADER_FIELDS if path.startswith(_TOTALS)]
    tables = [_fields(done, header), _lines(done), _fields(done, totals)]
    notes = [
        *_not_printed(done, request),
        *map(_settled, done.extraction.settled),
        *_reread(done.extraction),
        *(_finding(finding) for finding in done.extraction.findings if finding.code != DIFFERS),
        *_electronic(done.extraction),
    ]
    return Group(
        _title(done),
        *(Padding(table, (1, 0, 0, 2)) for table in tables if table.row_count),
        Text(),
        *(Padding(note, (0, 0, 0, 2)) for note in notes),
        Text(),
    )


def label_of(path: str) -> str:
    """A field as people call it: `vendor.address` is "Vendor address", `payment.terms` "Payment terms"."""
    short = path.removeprefix(_TOTALS).removeprefix(f"{LINES}.")
    return _LABELS.get(path, short.replace(".", " ").replace("_", " ").capitalize())


def show_value(value: Value, kind: Kind) -> str:
    """A value for reading: thousands apart, rates in percent."""
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %" if kind is Kind.RATE else f"{value:,f}"
    return "" if value is None else printable(value)


# --- parts -------------------------------------------------------------------------------------------


def _title(done: Done) -> RenderableType:
    extraction = done.extraction
    found = sum(evidence.value is not None for evidence in extraction.evidence.values())
    facts = [
        f"{found} value" if found == 1 else f"{found} values",
        f"{sum(done.seconds.values()):.1f} s",
        f"model {printable(extraction.model)}",
    ]
    if extraction.grounding != "grounded":
        facts.append(f"grounding {extraction.grounding}")
    name = Text(printable(done.source.name), "bold")
    return Group(Rule(name, align="left", style="dim"), Text(f"  {' · '.join(facts)}", "dim"))


def _fields(done: Done, paths: Sequence[str]) -> Table:
    """One row a value: the field, the value, how sure, the page, the line that prints it."""
    table = make_table(show_header=paths[0] == HEADER_FIELDS[0], expand=True)
    table.add_column("Field", style="cyan", width=17)
    table.add_column("Value", ratio=5)
    table.add_column("Sure", width=_BAR + 5)
    table.add_column("Page", justify="right", width=4)
    table.add_column("Printed as", ratio=6)
    for path in paths:
        evidence = done.extraction.evidence.get(path)
        if evidence is None or evidence.value is None:
            continue
        value = Text(show_value(evidence.value, kind_of(path)), "bold")
        place = _place(evidence, done.opened.document)
        table.add_row(label_of(path), value, _bar(evidence.confidence), _page(evidence), place)
    return table


def _lines(done: Done) -> Table:
    table = make_table()
    table.add_column("#", justify="right", style="cyan")
    for cell in CELLS:
        numeric = FIELDS[f"{LINES}.{cell}"].numeric
        table.add_column(label_of(f"{LINES}.{cell}"), justify="right" if numeric else "left")
    table.add_column("Sure")
    for index in range(len(done.extraction.invoice.line_items)):
        paths = [cell_path(index, cell) for cell in CELLS]
        known = [done.extraction.evidence.get(path) for path in paths]
        shown = [show_value(one.value, kind_of(one.path)) if one else "" for one in known]
        sure = [one.confidence for one in known if one and one.value is not None]
        table.add_row(str(index + 1), *map(Text, shown), _bar(min(sure)) if sure else "")
    return table


def _bar(confidence: float) -> Text:
    """Five blocks and percent; rounded down, so that only certainty is 100%."""
    colour = "green" if confidence >= _SURE else "yellow" if confidence >= _DOUBTFUL else "red"
    full = min(_BAR, max(0, round(confidence * _BAR)))
    return Text.assemble(
        ("█" * full, colour), ("░" * (_BAR - full), "bright_black"), f" {int(confidence * 100):3d}%"
    )


def _page(evidence: Evidence) -> str:
    page = next((part.page for part in _likeliest(evidence)), None)
    return "" if page is None else str(page)


def _likeliest(evidence: Evidence) -> tuple[Place, ...]:
    return evidence.places[0] if evidence.places else ()


def _place(evidence: Evidence, document: Document) -> Text:
    """The printed line with the value in it, shortened around it; how many other places print it."""
    parts = _likeliest(evidence)
    if not parts:
        style = "red" if evidence.support is Support.UNGROUNDED else "dim"
        return Text(str(evidence.support), style)
    snippet = _snippet(document.text, parts[0])
    lines = document.text.count("\n", parts[0].start, parts[-1].end)
    if lines:
        snippet.append(f" … {lines + 1} lines", "dim italic")
    if len(evidence.places) > 1:
        snippet.append(f" +{len(evidence.places) - 1}", "dim italic")
    return snippet


def _snippet(text: str, place: Place) -> Text:
    start = text.rfind("\n", 0, place.start) + 1
    end = text.find("\n", place.start)
    end = len(text) if end < 0 else end
    stop = min(place.end, end)
    left, right = max(start, place.start - _SNIPPET), min(end, stop + _SNIPPET)
    before = ("…" if left > start else "") + text[left : place.start]
    after = text[stop:right] + ("…" if right < end else "")
    return Text.assemble(
        (printable(before), "dim"), printable(text[place.start : stop]), (printable(after), "dim")
    )


def _not_printed(done: Done, request: Sequence[str]) -> list[Text]:
    """The fields asked for that the document does not print."""
    lines = done.extraction.invoice.lines()
    values = done.extraction.invoice.values()
    absent = [path for path in request if path in values and values[path] is None]
    asked = [path for path in request if path.startswith(f"{LINES}.")]
    if asked and not lines:
        absent.append(LINES)
    elif lines:
        absent += [
            path for path in asked if all(line[path.removeprefix(f"{LINES}.")] is None for line in lines)
        ]
    if not absent:
        return []
    names = (label_of(path) for path in absent)
    return [
        Text(f"Not found: {', '.join(name if name.isupper() else name.lower() for name in names)}", "dim")
    ]


def _settled(change: Settled) -> Text:
    """What was read otherwise so that the invoice adds up."""
    place, kind = row_and_cell(change.path), kind_of(change.path)
    name = (
        f"Line {place[0] + 1}, {label_of(f'{LINES}.{place[1]}').lower()}" if place else label_of(change.path)
    )
    before, after = show_value(change.before, kind), show_value(change.after, kind)
    turned = change.identities == (COLUMN_ORDER,)
    why = "as the headers of its columns say" if turned else "so that it adds up"
    return Text(f"≈ {name}: {after} and not {before}, {why} ({', '.join(change.identities)})", "cyan")


def _reread(extraction: Extraction) -> list[Text]:
    """That the lines or the parties were read once more, and for what."""
    sums = [code for code in extraction.reread if code != SAME_PARTY]
    said = [f"the lines were read again, so that they add up ({', '.join(sums)})"] if sums else []
    if SAME_PARTY in extraction.reread:
        said.append(f"the parties were read again, for both had one name ({SAME_PARTY})")
    return [Text(f"≈ {each}", "cyan") for each in said]


def _electronic(extraction: Extraction) -> list[Text]:
    """Where the electronic invoice inside agrees and where it does not; of one that cannot be read a finding tells."""
    found = extraction.electronic_invoice
    if found is None or found.problem is not None:
        return []
    differences = [_finding(finding) for finding in extraction.findings if finding.code == DIFFERS]
    name = f"{printable(found.file)}, the electronic invoice in this PDF,"
    values = f"{len(found.agrees)} value{'s' * (len(found.agrees) != 1)}"
    if differences:
        return [Text(f"≠ {name} agrees on {values} and differs as follows", "cyan"), *differences]
    if not found.agrees:
        return [Text(f"· {name} says nothing of what was asked for", "dim")]
    return [Text(f"✓ {name} agrees on {values}", "green")]


def _finding(finding: Finding) -> Text:
    mark, colour = _SEVERITIES.get(finding.severity, ("·", "dim"))
    text = Text(f"{mark} {printable(finding.message)}", colour)
    if finding.expected is not None and str(finding.expected) not in finding.message:
        text.append(f" (expected {printable(str(finding.expected))})")
    return text
