"""Arithmetic as a reader, never as an editor: which of the numbers that a model weighed makes an invoice add up.

Where an identity of the invoice does not hold, the printed numbers that the model itself gave weight to are tried in
place of those that it wrote. Of the assignments under which what was found is gone, and nothing else is found, the
likeliest is taken, if the model finds it likely enough beside its own. No number is ever computed: without such an
assignment the answer stays, and so do the findings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import combinations

from finscribe.decoding.choices import Wording
from finscribe.decoding.merging import Written
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

LEAST = math.log(0.05)
"""How likely an assignment has to be beside what the model wrote, as a difference of log probabilities.

Identities hold by chance, too: among a few alternatives about once in a hundred. And they fail where all that they name
is right, for a line is missing.
"""

MOST_CHANGES = 2
"""How many numbers may be read otherwise at once."""

MOST_DOUBTS = 10
"""How many findings of what may be right as it is are tried one by one."""

MOST_OPTIONS, MOST_TRIED, MOST_SCORED = 40, 200, 7
"""The likeliest alternatives that are considered, assignments of them tried, and of those that fit scored."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A number that was read otherwise so that the invoice adds up; `identities` are the codes of what did not."""

    path: str
    before: Decimal
    after: Decimal
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Option:
    """A printed number that the model gave weight to, as JSON.

    `chance` is how likely it is at most beside what the model wrote, as a difference of log probabilities.
    """

    path: str
    json: str
    chance: float


_Assignment = tuple[_Option, ...]


def settle(
    written: Sequence[Written], wordings: Sequence[Wording], printed: Printed
) -> tuple[list[Written], tuple[Settled, ...]]:
    """The values with those exchanged that make the identities hold, and which these are.

    Errors are settled all at once. Where none is left, so is one by one what may be right as it is: a line with a
    discount, a tax on a part of the whole. `wordings` are the answers that the values came from, one for each window.
    Takes a forward pass for each window concerned, and for each of these, where there is something to choose between,
    and none where the identities hold.
    """
    found, settled = _settle(list(written), _errors, wordings, printed)
    left = _findings(found)
    for doubt in [] if _errors(left) else left[:MOST_DOUBTS]:
        if {each.path for each in settled}.isdisjoint(doubt.fields):
            found, exchanged = _settle(found, partial(_alike, doubt), wordings, printed)
            settled += exchanged
    return found, tuple(settled)


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _alike(doubt: Finding, findings: Sequence[Finding]) -> list[Finding]:
    """Those about the same numbers, whatever these are by now."""
    return [finding for finding in findings if (finding.code, finding.fields) == (doubt.code, doubt.fields)]


def _settle(
    written: list[Written],
    choose: Callable[[Sequence[Finding]], list[Finding]],
    wordings: Sequence[Wording],
    printed: Printed,
) -> tuple[list[Written], list[Settled]]:
    """The values with those exchanged under which the findings that are chosen are gone, and no other comes."""
    findings = _findings(written)
    at_odds = choose(findings)
    if not at_odds:
        return written, []
    values = {item.path: item.value for item in written}
    origins = {item.path: item.origin for item in written if item.origin}
    options = _options(values, at_odds, origins, wordings, printed)
    allowed = {(finding.code, finding.fields) for finding in findings if finding not in at_odds}
    best = _likeliest(list(_fitting(values, at_odds, options, allowed)), origins, wordings)
    if best is None:
        return written, []
    return _exchanged(written, best), [*_settled(values, best, at_odds)]


def _findings(written: Sequence[Written]) -> list[Finding]:
    return _found_in({item.path: item.value for item in written})


def _found_in(values: Mapping[str, Value]) -> list[Finding]:
    return validate(build_invoice(values), rules=IDENTITIES)


# --- which assignments fit ---------------------------------------------------------------------------


def _options(
    values: Mapping[str, Value],
    at_odds: Sequence[Finding],
    origins: Mapping[str, tuple[int, str]],
    wordings: Sequence[Wording],
    printed: Printed,
) -> list[_Option]:
    """The likeliest alternatives to the numbers that take part in what does not hold."""
    options = []
    for path in dict.fromkeys(path for finding in at_odds for path in finding.fields if path in origins):
        window, name = origins[path]
        found = wordings[window].alternatives(name, printed.places(kind_of(path)))
        options += [
            _Option(path, value, chance)
            for value, chance in found.items()
            if chance >= LEAST and Decimal(value) != values[path]
        ]
    return sorted(options, key=lambda option: -option.chance)[:MOST_OPTIONS]


def _fitting(
    values: Mapping[str, Value],
    at_odds: Sequence[Finding],
    options: Sequence[_Option],
    allowed: set[tuple[str, tuple[str, ...]]],
) -> Iterator[_Assignment]:
    """The assignments under which nothing is found that is not allowed, none with a number more than it takes."""
    found: list[_Assignment] = []
    for assignment in _assignments(at_odds, options)[:MOST_TRIED]:
        if len(found) == MOST_SCORED or any(set(fewer) <= set(assignment) for fewer in found):
            continue
        tried = {**values, **{option.path: Decimal(option.json) for option in assignment}}
        found_now = _found_in(tried)
        if not _errors(found_now) and all((each.code, each.fields) in allowed for each in found_now):
            found.append(assignment)
            yield assignment


def _assignments(at_odds: Sequence[Finding], options: Sequence[_Option]) -> list[_Assignment]:
    """Those that touch all that does not hold: fewer changes first, then the likelier."""
    found = []
    for count in range(1, MOST_CHANGES + 1):
        several = (each for each in combinations(options, count) if _chance(each) >= LEAST)
        found += sorted(
            (each for each in several if _touches(each, at_odds)), key=lambda each: -_chance(each)
        )
    return found


def _chance(assignment: _Assignment) -> float:
    return sum(option.chance for option in assignment)


def _touches(assignment: _Assignment, at_odds: Sequence[Finding]) -> bool:
    """Whether each number is changed once, and each finding has one that is."""
    paths = {option.path for option in assignment}
    return len(paths) == len(assignment) and all(not paths.isdisjoint(each.fields) for each in at_odds)


# --- which of them the model finds likeliest ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Weighed:
    """An assignment, and the log probability of each of its values, by its path.

    `chance` is how likely it is beside what was written, as a difference of log probabilities.
    """

    assignment: _Assignment
    chance: float
    values: Mapping[str, float]


def _likeliest(
    fitting: Sequence[_Assignment], origins: Mapping[str, tuple[int, str]], wordings: Sequence[Wording]
) -> _Weighed | None:
    """The likeliest of the assignments, None where the model finds none likely enough."""
    weighed = [_Weighed(assignment, 0.0, {}) for assignment in fitting]
    for window, wording in enumerate(wordings):
        weighed = _weighed(
            weighed, {path: name for path, (place, name) in origins.items() if place == window}, wording
        )
    best = max(weighed, key=lambda each: each.chance, default=None)
    return best if best and best.chance >= LEAST else None


def _weighed(before: Sequence[_Weighed], names: Mapping[str, str], wording: Wording) -> list[_Weighed]:
    """The assignments with what the answer to one window adds; `names` are its values' paths there."""
    parts = [
        {names[option.path]: option.json for option in each.assignment if option.path in names}
        for each in before
    ]
    rewordings = [wording.reworded(part) for part in parts if part]
    scores = iter(wording.scored(rewordings) if rewordings else ())
    paths = {name: path for path, name in names.items()}
    after = []
    for each, part in zip(before, parts, strict=True):
        if part:
            score = next(scores)
            values = {paths[name]: chance for name, chance in score.values.items()}
            each = _Weighed(each.assignment, each.chance + score.chance, {**each.values, **values})
        after.append(each)
    return after


def _exchanged(written: Sequence[Written], best: _Weighed) -> list[Written]:
    new = {option.path: Decimal(option.json) for option in best.assignment}
    return [
        replace(item, value=new[item.path], probability=math.exp(best.values[item.path]))
        if item.path in new
        else item
        for item in written
    ]


def _settled(values: Mapping[str, Value], best: _Weighed, at_odds: Sequence[Finding]) -> Iterator[Settled]:
    for option in best.assignment:
        before = values[option.path]
        assert isinstance(before, Decimal)
        codes = dict.fromkeys(finding.code for finding in at_odds if option.path in finding.fields)
        yield Settled(option.path, before, Decimal(option.json), tuple(codes))
