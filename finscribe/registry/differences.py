"""What tells two versions apart: their recipes, their data, their files, and how they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from finscribe.evaluation.runs import get, read_run
from finscribe.registry.store import Registry
from finscribe.registry.version import Version


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: what it is, and how it is with each of two versions."""

    what: str
    one: str
    other: str


def compare(registry: Registry, one: Version, other: Version) -> list[Change]:
    """Everything that is different; scores only where both were measured on the same file."""
    facts: list[Callable[[Version], dict[str, str]]] = [
        _facts,
        lambda version: _recipe(registry, version),
        _files,
    ]
    if one.trial and other.trial and one.trial.test_set == other.trial.test_set:
        facts.insert(2, _scores)
    return [change for of in facts for change in _different(of(one), of(other))]


def _different(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Change]:
    for what in {**one, **other}:
        change = Change(what, one.get(what, "-"), other.get(what, "-"))
        if change.one != change.other:
            yield change


def _facts(version: Version) -> dict[str, str]:
    return {
        "trained from": str(version.base),
        "dataset": str(version.dataset),
        "gate": version.standing,
        "gate set": version.trial.test_set if version.trial else "-",
    }


def _recipe(registry: Registry, version: Version) -> dict[str, str]:
    run = read_run(registry.folder_of(version))
    recipe: Mapping[str, Any] = get(run, "recipe") or {}
    return {f"--{name}": str(value) for name, value in recipe.items() if name != "output_dir"}


def _scores(version: Version) -> dict[str, str]:
    trial = version.trial
    if trial is None:
        return {}
    scores = {"all values": trial.candidate.micro_f1, **{each.field: each.candidate for each in trial.fields}}
    return {f"F1 of {name}": f"{score:.3f}" for name, score in scores.items()}


def _files(version: Version) -> dict[str, str]:
    return {name: f"sha256 {sha256[:12]}" for name, sha256 in version.files.items()}
