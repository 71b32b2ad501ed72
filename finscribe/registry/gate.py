"""The gate: what has to be true of a model before it replaces the one that is served. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from finscribe.registry.lineage import Lineage
from finscribe.registry.trial import FieldDifference, Trial
from finscribe.wording import counted

MARGIN = 0.01
"""How much micro-F1 may be lost at worst, where nothing else is asked for."""
LEVEL = 0.05
"""Of the tests for fields that regress, all of them together."""
LEAST_VENDORS = 5
"""With fewer, all of them gain by chance more often than once in 20 times, whatever an interval says."""
LOST = 0.75
"""A fall of a field's F1 that is none by chance, also with too few vendors for a test."""
GROUNDED = "grounded"
_NAMES = 3  # of families or fields that a figure spells out


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that has to be true, whether it is, and the figure that says so."""

    name: str
    passed: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found, condition by condition."""

    conditions: tuple[Condition, ...]

    @property
    def passed(self) -> bool:
        """Whether every condition holds, and there are any."""
        return bool(self.conditions) and not self.failed

    @property
    def failed(self) -> list[Condition]:
        """The conditions that do not hold."""
        return [each for each in self.conditions if not each.passed]


@dataclass(frozen=True, slots=True)
class Contest:
    """Who would replace whom: the hash of the candidate's folder, and what is served now (a hash, or a hub name)."""

    candidate: str
    served: str


def judge(trial: Trial | None, contest: Contest, lineage: Lineage, margin: float = MARGIN) -> Verdict:
    """Holds an evaluation on the gate set against every condition; without an evaluation nothing passes.

    `margin` is the share of micro-F1 that may be lost at worst.
    """
    if trial is None:
        return Verdict((Condition("it was evaluated on the gate set", False, "there is no evaluation"),))
    return Verdict(
        (
            _loses_nothing(trial, margin),
            _no_field_regresses(trial),
            _is_what_was_evaluated(trial, contest),
            _stands_against_what_is_served(trial, contest),
            _is_grounded(trial),
            _vendors_are_new(trial, lineage),
        )
    )


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """P-values corrected for how many they are (Holm 1979): held against a level, they keep it all together."""
    corrected: dict[str, float] = {}
    largest = 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        largest = max(largest, min(1.0, p_values[name] * (len(p_values) - rank)))
        corrected[name] = largest
    return corrected


# --- conditions --------------------------------------------------------------------------------------


def _loses_nothing(trial: Trial, margin: float) -> Condition:
    name = f"micro-F1 loses at most {100 * margin:g} points"
    vendors = len(trial.families)
    gain = f"{_signed(trial.gain)} points on {counted(trial.documents, 'document')} of {counted(vendors, 'vendor')}"
    if trial.interval is None or vendors < LEAST_VENDORS:
        return Condition(name, False, f"{gain}; an interval takes {LEAST_VENDORS} vendors")
    low, high = trial.interval
    return Condition(name, low >= -margin, f"{gain}, 95% interval {_signed(low)} to {_signed(high)}")


def _no_field_regresses(trial: Trial) -> Condition:
    """Fields with values by their F1, those without by how often they are left empty.

    Where too few vendors print a field for a test, most of what was right may not be lost.
    """
    name = "no field regresses"
    empty = [replace(each, field=f"{each.field} left empty") for each in trial.left_empty]
    fields = [*trial.fields, *empty]
    if trial.interval is None or not trial.fields:
        return Condition(name, False, "no test can be made, for there is one vendor or no field with values")
    corrected = _corrected(trial.fields) | _corrected(empty)  # the one kind makes the other no less certain
    worse = sorted(
        (each for each in fields if each.difference < 0),
        key=lambda each: (corrected[each.field], each.difference),
    )
    certain = [each for each in worse if corrected[each.field] < LEVEL]
    said = _few([f"{each.field} {_signed(each.difference)} ({_sure(each, corrected)})" for each in worse])
    count = f"{len(certain)} of {len(fields)} for certain, {len(worse)} are lower"
    return Condition(f"{name} (Holm, {LEVEL:.0%})", not certain, f"{count}: {said}" if worse else count)


def _corrected(fields: Iterable[FieldDifference]) -> dict[str, float]:
    tested = {each.field: each.p_value for each in fields if each.p_value is not None and not _in_few(each)}
    return holm(tested) | {
        each.field: 0.0 if _is_lost(each) else 1.0 for each in fields if each.field not in tested
    }


def _in_few(field: FieldDifference) -> bool:
    """Whether too few vendors print a field to test it."""
    return field.vendors is not None and field.vendors < LEAST_VENDORS


def _is_lost(field: FieldDifference) -> bool:
    """Whether most values were right and few are now, with more vendors than one."""
    return field.difference <= -LOST and field.vendors != 1


def _sure(field: FieldDifference, corrected: Mapping[str, float]) -> str:
    if field.vendors is not None and _in_few(field):
        return f"of {counted(field.vendors, 'vendor')}"
    return f"p {corrected[field.field]:.3f}"


def _is_what_was_evaluated(trial: Trial, contest: Contest) -> Condition:
    evaluated = trial.candidate.sha256
    figure = _short(contest.candidate)
    if evaluated != contest.candidate:
        figure += f", but {_short(evaluated)} was evaluated"
    return Condition("what was evaluated is what will be served", evaluated == contest.candidate, figure)


def _stands_against_what_is_served(trial: Trial, contest: Contest) -> Condition:
    baseline = trial.baseline
    same = contest.served in (baseline.sha256, baseline.name)
    figure = f"{baseline.name}, {_short(contest.served)}"
    if not same:
        figure = (
            f"{_short(contest.served)} is served, the baseline is {baseline.name}, {_short(baseline.sha256)}"
        )
    return Condition("the baseline is what is served now", same, figure)


def _is_grounded(trial: Trial) -> Condition:
    share = trial.grounded_share
    figure = "no value was given" if share is None else f"{100 * share:.2f}% of its values are printed"
    if trial.grounding != GROUNDED:
        figure += f", decoded with grounding {trial.grounding}"
    return Condition("every value is grounded", share == 1 and trial.grounding == GROUNDED, figure)


def _vendors_are_new(trial: Trial, lineage: Lineage) -> Condition:
    name = "the gate's vendors are in neither train nor val"
    shared = sorted(
        family for family in trial.families if {family, *trial.names.get(family, ())} & lineage.families
    )
    known = f"{len(shared)} of {len(trial.families)} are among {len(lineage.families)}"
    if shared:
        return Condition(name, False, f"{known}: {_few(shared)}")
    if lineage.unchecked:
        return Condition(name, False, f"cannot be checked: {'; '.join(lineage.unchecked)}")
    return Condition(name, bool(trial.families), known)


# --- figures -----------------------------------------------------------------------------------------


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}"


def _short(mark: str | None) -> str:
    """A hash by its first characters, a name as it is."""
    if mark is None:
        return "nothing with a hash"
    is_hash = len(mark) == 64 and set(mark) <= set("0123456789abcdef")
    return f"sha256 {mark[:12]}" if is_hash else mark
