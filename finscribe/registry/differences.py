"""What tells two versions apart: their recipes, their data, their files, and how they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from finscribe.evaluation.runs import get
from finscribe.registry.store import Registry
from finscribe.registry.trial import Trial
from finscribe.registry.version import Version
from finscribe.wording import counted


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: what it is, and how it is with each of two versions."""

    what: str
    one: str
    other: str


def compare(registry: Registry, one: Version, other: Version) -> list[Change]:
    """Everything that is different; scores only where both were measured on the same documents."""
    facts: list[Callable[[Version], dict[str, str]]] = [
        _facts,
        lambda version: _recipe(registry, version),
        _files,
    ]
    if _comparable(one.trial, other.trial):
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
        "gate set": _gate_set(version.trial) if version.trial else "-",
    }


def _gate_set(trial: Trial) -> str:
    sha256 = f", sha256 {trial.test_sha256[:12]}" if trial.test_sha256 else ""
    return f"{trial.test_set}, {counted(trial.documents, 'document')}{sha256}"


def _comparable(one: Trial | None, other: Trial | None) -> bool:
    """Whether both are known to be about the same documents, wherever their file was."""
    if not (one and other and one.test_sha256):
        return False
    return (one.test_sha256, one.documents) == (other.test_sha256, other.documents)


def _recipe(registry: Registry, version: Version) -> dict[str, str]:
    recipe: Mapping[str, Any] = get(registry.run_with_hash(version.sha256), "recipe") or {}
    return {f"--{name}": str(value) for name, value in recipe.items() if name != "output_dir"}


def _scores(version: Version) -> dict[str, str]:
    trial = version.trial
    if trial is None:
        return {}
    scores = {"all values": trial.candidate.micro_f1, **{each.field: each.candidate for each in trial.fields}}
    return {f"F1 of {name}": f"{score:.3f}" for name, score in scores.items()}


def _files(version: Version) -> dict[str, str]:
    return {name: f"sha256 {sha256[:12]}" for name, sha256 in version.files.items()}
