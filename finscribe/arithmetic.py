"""Arithmetic as a reader, never as an editor: which of the numbers that a model weighed makes an invoice add up.

Where an identity of the invoice does not hold, the printed numbers that the model itself gave weight to are tried in
place of those that it wrote. Of the assignments under which what was found is gone, and nothing else is found, the one
furthest above how likely it has to be beside the model's own is taken, if there is one; the more identities a number
mends, the less likely it has to be. No number is ever computed: without such an assignment the answer stays, and so do
the findings.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from finscribe.decoding.choices import Wording
from finscribe.decoding.merging import Origin, Written, exchanged
from finscribe.decoding.printed import Printed
from finscribe.invoice import Value, build_invoice, kind_of
from finscribe.validate import (
    Finding,
    Rule,
    quantity_times_price,
    sum_of_lines,
    tax_amount,
    totals_add_up,
    validate,
)

IDENTITIES: tuple[Rule, ...] = (quantity_times_price, sum_of_lines, totals_add_up, tax_amount)

LEAST_LOG_RATIO = math.log(0.05)
"""How likely an assignment has to be beside what the model wrote, as a difference of log probabilities.

Some assignments fit by chance: among a few alternatives about one in a hundred. And an identity may fail though every
number in it is right, because a line is missing.
"""

MOST_WITNESSES = 3
"""How many times `LEAST_LOG_RATIO` an assignment may fall to.

Once, and once more for each identity beyond the number of its changes, for few numbers fit twice by chance.
"""

MOST_CHANGES = 2
"""How many numbers may be read otherwise at once."""

MOST_DOUBTS = 10
"""How many warnings, of what may be right as it is, are tried one by one."""

MOST_OPTIONS = 40
"""How many alternatives to what was written are considered, the likeliest ones."""

MOST_TRIED = 200
"""How many assignments of these are tried."""

MOST_SCORED = 7
"""How many of the assignments that fit are scored by the model."""


COLUMN_ORDER = "column-order"
"""Stands among the identities of numbers that are the other way round by the headers of their columns; no finding."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A number that was read otherwise so that the invoice adds up; `identities` are the codes of what did not.

    `COLUMN_ORDER` is there where quantity and price were the other way round than the headers of their columns.
    """

    path: str
    before: Decimal
    after: Decimal
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Option:
    """A printed number that the model gave weight to, as JSON.

    `log_ratio` is how likely it is at most beside what the model wrote, as a difference of log probabilities.
    """

    path: str
    json: str
    log_ratio: float


_Assignment = tuple[_Option, ...]
_Subject = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class _State:
    """The values as they are by now, and what they came from: the answers, one for each window, and the page."""

    written: list[Written]
    wordings: Sequence[Wording]
    printed: Printed

    @cached_property
    def values(self) -> dict[str, Value]:
        return {item.path: item.value for item in self.written}

    @cached_property
    def findings(self) -> list[Finding]:
        return identity_findings(self.values)

    @cached_property
    def origins(self) -> dict[str, Origin]:
        return {item.path: item.origin for item in self.written if item.origin}


def settle(
    written: Sequence[Written], wordings: Sequence[Wording], printed: Printed
) -> tuple[list[Written], tuple[Settled, ...]]:
    """The values of a document, with numbers exchanged where the identities do not hold, and which these are.

    All errors are settled together; where that fails, those that one number mends at once. Where no error is left,
    each warning is settled by itself, for what it is about may be right as it is: a line with a discount, a tax on a
    part of the whole. `wordings` are the answers that the values came from, one for each window. Where the identities
    hold, the model does not run; else it runs at most once for each window with a number to exchange, for the errors
    together, for each number that is in several and for each warning.
    """
    state = _State(list(written), wordings, printed)
    errors = [finding for finding in state.findings if finding.is_error]
    state, settled = _mended(state, errors)
    if errors and not settled:
        state, settled = _mended_at_once(state)
    left = state.findings
    for doubt in [] if any(finding.is_error for finding in left) else left[:MOST_DOUBTS]:
        if {each.path for each in settled}.isdisjoint(doubt.fields):
            state, exchanged = _mended(state, [each for each in state.findings if _alike(doubt, each)])
            settled += exchanged
    return state.written, tuple(settled)


def joined(earlier: Iterable[Settled], later: Iterable[Settled]) -> tuple[Settled, ...]:
    """All changes, one for each number: from what it was at first to what it is in the end."""
    found: dict[str, Settled] = {}
    for each in (*earlier, *later):
        known = found.get(each.path, each)
        codes = tuple(dict.fromkeys((*known.identities, *each.identities)))
        found[each.path] = Settled(each.path, known.before, each.after, codes)
    return tuple(each for each in found.values() if each.before != each.after)


def identity_findings(values: Mapping[str, Value]) -> list[Finding]:
    """Where the identities of an invoice with these values, by their paths, do not hold."""
    return validate(build_invoice(values), rules=IDENTITIES)


def _alike(one: Finding, other: Finding) -> bool:
    return _subject(one) == _subject(other)


def _subject(finding: Finding) -> _Subject:
    """What a finding is about: the identity and its numbers, whatever these are by now."""
    return finding.code, finding.fields


def _mended_at_once(state: _State) -> tuple[_State, list[Settled]]:
    """The state with each number exchanged that by itself mends all of several identities that it is in."""
    settled: list[Settled] = []
    for path in _fields(state.findings):
        at_odds = [finding for finding in state.findings if path in finding.fields]
        if _equations(at_odds) > 1 and any(finding.is_error for finding in at_odds):
            state, exchanged = _mended(state, at_odds, (path,))
            settled += exchanged
    return state, settled


def _equations(findings: Sequence[Finding]) -> int:
    """How many of the findings name the one number that would do; many would do for the others."""
    return sum(finding.expected is not None for finding in findings)


def _fields(findings: Iterable[Finding]) -> list[str]:
    """The paths of all values that take part in what does not hold."""
    return list(dict.fromkeys(path for finding in findings for path in finding.fields))


def _mended(
    state: _State, at_odds: Sequence[Finding], paths: Sequence[str] | None = None
) -> tuple[_State, list[Settled]]:
    """The state with some of its values exchanged, so that these of its findings are gone and no other comes.

    Only values at `paths` are exchanged; without them, any that take part in the findings.
    """
    if not at_odds:
        return state, []
    mended = _equations(at_odds)
    options = _options(state, _fields(at_odds) if paths is None else paths, _least_log_ratio(1, mended))
    others = {(_subject(each), each.is_error) for each in state.findings if each not in at_odds}
    allowed = others | {(subject, False) for subject, _ in others}
    fitting = _fitting(state.values, _assignments(at_odds, options)[:MOST_TRIED], allowed)
    best = _likeliest(state, fitting, mended)
    if best is None:
        return state, []
    new = {option.path: (Decimal(option.json), best.logprobs[option.path]) for option in best.assignment}
    return replace(state, written=exchanged(state.written, new)), [*_changes(state.values, best, at_odds)]


# --- which assignments fit ---------------------------------------------------------------------------


def _options(state: _State, paths: Iterable[str], least: float) -> list[_Option]:
    """The likeliest alternatives to the numbers at some paths, none with a lower log ratio than `least`."""
    options = []
    for path in paths:
        if path not in state.origins:
            continue
        origin = state.origins[path]
        found = state.wordings[origin.window].alternatives(origin.path, state.printed.places(kind_of(path)))
        options += [
            _Option(path, value, log_ratio)
            for value, log_ratio in found.items()
            if log_ratio >= least and Decimal(value) != state.values[path]
        ]
    return sorted(options, key=lambda option: -option.log_ratio)[:MOST_OPTIONS]


def _fitting(
    values: Mapping[str, Value],
    assignments: Sequence[_Assignment],
    allowed: Collection[tuple[_Subject, bool]],
) -> list[_Assignment]:
    """Those under which only findings that are `allowed` are left, none with a number more than it takes.

    `allowed` has what each is about and whether it is an error.
    """
    fitting: list[_Assignment] = []
    for assignment in assignments:
        if len(fitting) == MOST_SCORED:
            break
        if any(set(fewer) <= set(assignment) for fewer in fitting):
            continue
        left = identity_findings({**values, **{option.path: Decimal(option.json) for option in assignment}})
        if all((_subject(finding), finding.is_error) in allowed for finding in left):
            fitting.append(assignment)
    return fitting


def _assignments(at_odds: Sequence[Finding], options: Sequence[_Option]) -> list[_Assignment]:
    """Those that touch all that does not hold: fewer changes first, then the likelier."""
    found = []
    for count in range(1, MOST_CHANGES + 1):
        least = _least_log_ratio(count, _equations(at_odds))
        several = (each for each in combinations(options, count) if _log_ratio(each) >= least)
        found += sorted(
            (each for each in several if _touches(each, at_odds)), key=lambda each: -_log_ratio(each)
        )
    return found


def _least_log_ratio(changes: int, mended: int) -> float:
    """How likely so many changes have to be, which mend so many identities, beside what the model wrote."""
    return LEAST_LOG_RATIO * min(max(1 + mended - changes, 1), MOST_WITNESSES)


def _log_ratio(assignment: _Assignment) -> float:
    return sum(option.log_ratio for option in assignment)


def _touches(assignment: _Assignment, at_odds: Sequence[Finding]) -> bool:
    """Whether each number is changed once, and each finding has one that is."""
    paths = {option.path for option in assignment}
    return len(paths) == len(assignment) and all(not paths.isdisjoint(each.fields) for each in at_odds)


# --- which of them the model finds likeliest ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An assignment as the model scored it: the log probability of each of its values, by its path.

    `log_ratio` is how likely it is beside what was written, as a difference of log probabilities.
    """

    assignment: _Assignment
    log_ratio: float
    logprobs: Mapping[str, float]


def _likeliest(state: _State, fitting: Sequence[_Assignment], mended: int) -> _Candidate | None:
    """The assignment furthest above its limit, which so many identities lower; None where none reaches it."""
    candidates = [_Candidate(assignment, 0.0, {}) for assignment in fitting]
    for window, wording in enumerate(state.wordings):
        names = {path: origin.path for path, origin in state.origins.items() if origin.window == window}
        candidates = _scored_by(wording, names, candidates)

    def margin(each: _Candidate) -> float:
        return each.log_ratio - _least_log_ratio(len(each.assignment), mended)

    return max((each for each in candidates if margin(each) >= 0), key=margin, default=None)


def _scored_by(
    wording: Wording, names: Mapping[str, str], candidates: Sequence[_Candidate]
) -> list[_Candidate]:
    """The candidates with what the answer to one window adds; `names` are its values' paths there."""
    parts = [
        {names[option.path]: option.json for option in each.assignment if option.path in names}
        for each in candidates
    ]
    rewordings = [wording.reworded(part) for part in parts if part]
    scores = iter(wording.scored(rewordings) if rewordings else ())
    paths = {name: path for path, name in names.items()}
    after = []
    for each, part in zip(candidates, parts, strict=True):
        if part:
            score = next(scores)
            logprobs = {paths[name]: logprob for name, logprob in score.logprobs.items()}
            each = _Candidate(
                each.assignment, each.log_ratio + score.log_ratio, {**each.logprobs, **logprobs}
            )
        after.append(each)
    return after


def _changes(values: Mapping[str, Value], best: _Candidate, at_odds: Sequence[Finding]) -> Iterator[Settled]:
    for option in best.assignment:
        before = values[option.path]
        assert isinstance(before, Decimal)
        codes = dict.fromkeys(finding.code for finding in at_odds if option.path in finding.fields)
        yield Settled(option.path, before, Decimal(option.json), tuple(codes))
