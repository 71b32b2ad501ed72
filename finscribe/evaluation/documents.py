"""The parts of the page that show single documents: what was lost, what was gained, what is still wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from finscribe.evaluation.cases import Case
from finscribe.evaluation.columns import CASES, COLUMN, HITS
from finscribe.evaluation.judging import Verdict, judge_values
from finscribe.evaluation.predictions import Journal, Prediction
from finscribe.evaluation.results import Evaluation, Result
from finscribe.invoice import FIELDS, Value
from finscribe.reports import page

MOST_LOST, MOST_GAINED, MOST_WRONG = 25, 5, 10
_OPEN = 2
"""Documents of the first section that are shown unfolded."""
_LONGEST_TEXT = 20_000
_VALUES = [COLUMN[path] for path in FIELDS]


@dataclass(frozen=True, slots=True)
class Said:
    """What a system said about one value, where it is printed, and what is wrong with it."""

    value: Value
    spots: tuple[tuple[int, int], ...]
    mistake: str | None

    @property
    def right(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.mistake is None


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a document: what is known, and what the systems said."""

    path: str
    known: Value
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """The systems whose answers are shown side by side, one or two."""

    evaluation: Evaluation
    journal: Journal
    results: Sequence[Result]

    @property
    def names(self) -> list[str]:
        return [self.evaluation.label(result.system.name) for result in self.results]

    def rows(self, case: Case) -> list[Row]:
        """Every value that is known or was given, with what each system said."""
        return _rows(case, [self.journal.get(result.system, case.digest) for result in self.results])

    def section(self, title: str, said: str, documents: Sequence[int], *, open_first: int = 0) -> str:
        shown = "".join(
            _document(self, self.evaluation.test.cases[index], title, unfolded=place < open_first)
            for place, index in enumerate(documents)
        )
        return page.section(title, said, shown, wide=True)


def sections(evaluation: Evaluation, journal: Journal) -> str:
    """Documents worth a look: regressions first."""
    if not evaluation.comparisons:
        only = _Look(evaluation, journal, evaluation.results[:1])
        wrong = _worst(_wrong(only.results[0]), MOST_WRONG)
        return only.section("Mistakes", "Documents with the most.", wrong, open_first=_OPEN) if wrong else ""
    comparison = evaluation.comparisons[0]
    before, after = evaluation.of(comparison.baseline), evaluation.of(comparison.candidate)
    both = _Look(evaluation, journal, [before, after])
    lost, gained = _lost(before, after), _lost(after, before)
    whole = before.judged.perfect & ~after.judged.perfect & (lost > 0)
    regressed = _worst(lost + 1_000 * whole, MOST_LOST)
    still = _wrong(after) * ((lost == 0) & (gained == 0))
    said = _said_of_losses(int((lost > 0).sum()), int(whole.sum()), *both.names)
    return (
        both.section("Regressions", said, regressed, open_first=_OPEN)
        + _if_any(both, "Gains", f"Right only by {both.names[1]}.", _worst(gained, MOST_GAINED))
        + _if_any(
            both, "Still wrong", "The most mistakes without a loss or a gain.", _worst(still, MOST_WRONG)
        )
    )


def _if_any(look: _Look, title: str, said: str, documents: Sequence[int]) -> str:
    return look.section(title, said, documents) if documents else ""


def _said_of_losses(documents: int, whole: int, baseline: str, candidate: str) -> str:
    if not documents:
        return f"None: whatever {baseline} had right, {candidate} has right, too."
    first = f" {whole:,} of them were right as a whole and come first." if whole else ""
    return (
        f"In {documents:,} documents {candidate} has a value wrong that {baseline} had right.{first} "
        "The text shows where both values came from."
    )


# --- which documents ---------------------------------------------------------------------------------


def _hits(result: Result) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return result.judged.folded[:, _VALUES, HITS]


def _lost(one: Result, other: Result) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How many values of each document only the first system has right, `[documents]`."""
    return np.asarray(np.maximum(_hits(one) - _hits(other), 0).sum(axis=1))


def _wrong(result: Result) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How many values of each document are wrong or missing, `[documents]`."""
    counts = result.judged.folded[:, _VALUES]
    return np.asarray((counts[:, :, CASES] - counts[:, :, HITS]).sum(axis=1))


def _worst(counts: np.ndarray[tuple[int, ...], np.dtype[np.float32]], most: int) -> list[int]:
    """The documents with the highest counts above 0."""
    order = np.argsort(-counts, kind="stable")[:most]
    return [int(index) for index in order if counts[index] > 0]


# --- documents ---------------------------------------------------------------------------------------


def _document(look: _Look, case: Case, title: str, *, unfolded: bool) -> str:
    chosen = [row for row in look.rows(case) if _matters(row, title)]
    named = ", ".join(dict.fromkeys(row.path for row in chosen))
    head = f"{escape(case.name)} <span>{escape(case.family)} · {escape(_clipped(named, 110))}</span>"
    table = _table(case, chosen, look.names)
    pair = f'<pre>{_marked(case.text, chosen)}</pre><div class="scroll">{table}</div>'
    return (
        f'<details class="document"{" open" if unfolded else ""}><summary>{head}</summary>'
        f'<div class="pair">{pair}</div></details>'
    )


def _matters(row: Row, title: str) -> bool:
    """Whether a value belongs into a section."""
    first, last = row.said[0], row.said[-1]
    return {
        "Regressions": first.right and not last.right,
        "Gains": last.right and not first.right,
    }.get(title, not last.right)


def _rows(case: Case, predictions: Sequence[Prediction]) -> list[Row]:
    verdicts = [_by_path(judge_values(case, prediction)) for prediction in predictions]
    paths = dict.fromkeys(path for found in verdicts for path in found)
    return [
        Row(
            path,
            next((found[path].pair.known for found in verdicts if path in found), None),
            tuple(
                _said(found.get(path), prediction)
                for found, prediction in zip(verdicts, predictions, strict=True)
            ),
        )
        for path in paths
    ]


def _by_path(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """By the path of the truth; a value without one, in a line too many, by its own."""
    return {
        verdict.pair.known_path or f"{verdict.pair.given_path} (too many)": verdict for verdict in verdicts
    }


def _said(verdict: Verdict | None, prediction: Prediction) -> Said:
    if verdict is None:
        return Said(None, (), None)
    evidence = prediction.evidence.get(verdict.pair.given_path or "")
    places = evidence.places[0] if evidence and evidence.places else ()
    spots = tuple((place.start, place.end) for place in places)
    return Said(verdict.pair.given, spots, str(verdict.mistake) if verdict.mistake else None)


# --- HTML --------------------------------------------------------------------------------------------


def _table(case: Case, rows: Sequence[Row], names: Sequence[str]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in ("field", "known", *names))
    body = "".join(
        f"<tr><td>{escape(row.path)}</td><td>{_value(row.known)}</td>"
        f"{''.join(_cell(case, said) for said in row.said)}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(case: Case, said: Said) -> str:
    """The value, the kind of mistake, and the line of the text that it comes from."""
    where = f'<span class="from">{escape(_line_of(case.text, said.spots[0]))}</span>' if said.spots else ""
    wrong = f" <b>{escape(said.mistake)}</b>" if said.mistake else " <b>✓</b>"
    return f'<td class="{"right" if said.right else "wrong"}">{_value(said.value)}{wrong}{where}</td>'


def _line_of(text: str, spot: tuple[int, int]) -> str:
    number = text.count("\n", 0, spot[0])
    return f"line {number + 1}: {_clipped(text.splitlines()[number].strip(), 60)}"


def _value(value: Value) -> str:
    return "–" if value is None else escape(_clipped(str(value), 160))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _marked(text: str, rows: Sequence[Row]) -> str:
    """The text with marks where right values come from, and where wrong ones do."""
    right, wrong = (
        {place for row in rows for said in row.said if said.right is kind for place in _characters(said)}
        for kind in (True, False)
    )
    kinds = {place: "both" if place in right & wrong else "right" for place in right}
    kinds |= dict.fromkeys(wrong - right, "wrong")
    return "".join(
        f'<mark class="{kind}">{escape(piece)}</mark>' if kind else escape(piece)
        for kind, piece in _runs(text[:_LONGEST_TEXT], kinds)
    )


def _characters(said: Said) -> Iterator[int]:
    for start, end in said.spots:
        yield from range(start, end)


def _runs(text: str, kinds: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Stretches of the same kind with their text."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or kinds.get(place, "") != kinds.get(start, ""):
            yield kinds.get(start, ""), text[start:place]
            start = place
