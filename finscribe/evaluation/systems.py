"""The systems under evaluation: what the names of a plan stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from finscribe.decoding.loading import check_loadable
from finscribe.errors import EvaluationError, ModelNotFound
from finscribe.evaluation.cases import Case
from finscribe.evaluation.plan import Plan
from finscribe.training.finetuning.provenance import folder_hash

Kind = Literal["model", "few-shot", "majority", "regex"]

FEW_SHOT, MAJORITY, REGEX = "few-shot", "majority", "regex"


@dataclass(frozen=True, slots=True)
class System:
    """Something that reads documents, by the name that tables show.

    `source` is the model folder or hub name that it needs, `fingerprint` what its answers depend on. One that is
    `optional` nobody asked for: it is left out where it cannot run.
    """

    name: str
    kind: Kind
    source: str | None
    fingerprint: str
    optional: bool = False

    @property
    def sha256(self) -> str | None:
        """The hash of the model's folder; None for a name on a hub and for rules."""
        return folder_hash(Path(self.source)) if self.source else None


def enter(plan: Plan, examples: Sequence[Case]) -> list[System]:
    """The systems of a plan, the baseline first; raises `ModelError` for a folder that holds no model.

    `examples` are training records: few-shot prompts and the majority are made of them. Few-shot prompts of the
    baseline stand in the table unasked where another model is compared with it.
    """
    systems = [_system(name, plan, examples) for name in plan.models]
    models = [system for system in systems if system.kind == "model"]
    asked = any(system.kind == FEW_SHOT for system in systems)
    if plan.few_shot and not asked and examples and len(models) > 1 and systems[0].kind == "model":
        systems.insert(1, _few_shot(plan.models[0], plan, examples, optional=True))
    return systems


def _system(name: str, plan: Plan, examples: Sequence[Case]) -> System:
    kind, _, of = name.partition(":")
    if kind in (FEW_SHOT, MAJORITY) and not examples:
        raise EvaluationError(
            f"{name} is made of training records, and none are known", hint="Name them with --train_data."
        )
    if kind == FEW_SHOT:
        return _few_shot(of or _first_model(plan), plan, examples, optional=False)
    if name == MAJORITY:
        return System(name, "majority", None, _mark(plan, name, _digest(examples)))
    if name == REGEX:
        return System(name, "regex", None, _mark(plan, name))
    source = plan.aliases.get(name, name)
    return System(name, "model", source, _mark(plan, _identity(name, source)))


def _few_shot(of: str, plan: Plan, examples: Sequence[Case], *, optional: bool) -> System:
    source = plan.aliases.get(of, of)
    mark = _mark(plan, FEW_SHOT, _identity(of, source), _digest(examples), str(plan.seed))
    return System(f"{of} few-shot", "few-shot", source, mark, optional)


def _first_model(plan: Plan) -> str:
    kinds = {FEW_SHOT, MAJORITY, REGEX}
    found = next((name for name in plan.models if name.partition(":")[0] not in kinds), None)
    if found is None:
        raise EvaluationError(
            "few-shot prompts need a model, and none is named", hint="Name one: few-shot:starter."
        )
    return found


def _identity(name: str, source: str) -> str:
    """What tells a model from another: the contents of its folder, else its name; raises `ModelError`."""
    try:
        check_loadable(source)
    except ModelNotFound as error:
        raise ModelNotFound(
            f"{name}: {error.message}", hint=f"{error.hint} Nothing else is evaluated in its place."
        ) from error
    return folder_hash(Path(source)) or name


def _digest(examples: Sequence[Case]) -> str:
    return hashlib.sha256(
        "".join(case.digest + case.truth.to_json() for case in examples).encode()
    ).hexdigest()


def _mark(plan: Plan, *parts: str) -> str:
    return hashlib.sha256("\n".join([plan.grounding, *parts]).encode()).hexdigest()[:16]
