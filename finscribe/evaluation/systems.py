"""The systems under evaluation: what the names of a plan stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Literal

import finscribe
from finscribe.decoding.loading import check_loadable, choose_backend
from finscribe.decoding.remote import PREFIX, is_remote
from finscribe.errors import EvaluationError, ModelNotFound
from finscribe.evaluation.cases import Case
from finscribe.evaluation.plan import Plan
from finscribe.files import folder_hash
from finscribe.settings import Settings

Kind = Literal["model", "few-shot", "majority", "regex"]

Hash = Callable[[str], str | None]
"""The hash of the folder that a name stands for; it takes a while for a large one."""

FEW_SHOT, MAJORITY, REGEX = "few-shot", "majority", "regex"


@dataclass(frozen=True, slots=True)
class System:
    """Something that reads documents, by the name that tables show.

    `source` is the model folder or hub name that it needs, `sha256` that folder's hash (None for a name on a hub and
    for rules), `fingerprint` what its answers depend on. One that is `optional` nobody asked for: it is left out where
    it cannot run. `backend` is what runs the model, None for rules.
    """

    name: str
    kind: Kind
    source: str | None
    fingerprint: str
    sha256: str | None = None
    optional: bool = False
    backend: str | None = None


def enter(plan: Plan, examples: Sequence[Case]) -> list[System]:
    """The systems of a plan, the baseline first; raises `ModelError` for a folder that holds no model.

    `examples` are training records: few-shot prompts and the majority are made of them. Few-shot prompts of the
    baseline stand in the table unasked where another model is compared with it.
    """
    hash_of = cache(partial(_hash, plan))
    systems = [_system(name, plan, examples, hash_of) for name in plan.models]
    models = [system for system in systems if system.kind == "model"]
    asked = any(system.kind == FEW_SHOT for system in systems)
    is_here = systems[0].kind == "model" and not is_remote(plan.models[0])
    if plan.few_shot and not asked and examples and len(models) > 1 and is_here:
        systems.insert(1, _few_shot(plan.models[0], plan, examples, hash_of, optional=True))
    return systems


def _system(name: str, plan: Plan, examples: Sequence[Case], hash_of: Hash) -> System:
    kind, _, of = name.partition(":")
    if kind in (FEW_SHOT, MAJORITY) and not examples:
        raise EvaluationError(
            f"{name} is made of training records, and none are known", hint="Name them with --train_data."
        )
    if kind == FEW_SHOT:
        return _few_shot(of or _first_model(plan), plan, examples, hash_of, optional=False)
    if name == MAJORITY:
        return System(name, "majority", None, _mark(plan, name, _digest(examples)))
    if name == REGEX:
        return System(name, "regex", None, _mark(plan, name))
    sha256, source = hash_of(name), plan.aliases.get(name, name)
    backend, *servers = _run_by(source)
    mark = _mark(plan, sha256 or name, backend, *servers)
    return System(name, "model", source, mark, sha256, backend=backend)


def _few_shot(of: str, plan: Plan, examples: Sequence[Case], hash_of: Hash, *, optional: bool) -> System:
    sha256, source = hash_of(of), plan.aliases.get(of, of)
    backend, *servers = _run_by(source)
    mark = _mark(plan, FEW_SHOT, sha256 or of, backend, *servers, _digest(examples), str(plan.seed))
    return System(f"{of} few-shot", "few-shot", source, mark, sha256, optional, backend)


def _first_model(plan: Plan) -> str:
    kinds = {FEW_SHOT, MAJORITY, REGEX}
    found = next((name for name in plan.models if name.partition(":")[0] not in kinds), None)
    if found is None:
        raise EvaluationError(
            "few-shot prompts need a model, and none is named", hint="Name one: few-shot:starter."
        )
    return found


def _hash(plan: Plan, name: str) -> str | None:
    """What tells a model folder from another, None for a name on a hub; raises `ModelError`."""
    source = plan.aliases.get(name, name)
    try:
        check_loadable(source)
    except ModelNotFound as error:
        raise ModelNotFound(
            f"{name}: {error.message}", hint=f"{error.hint} Nothing else is evaluated in its place."
        ) from error
    folder = Path(source)
    return folder_hash(folder) if folder.is_dir() else None


def _run_by(source: str) -> list[str]:
    """The backend that runs a model; for one on other machines their addresses too, and its name there."""
    settings = Settings.from_environment()
    backend = choose_backend(settings, source)
    if backend != "remote":
        return [backend]
    return [backend, *sorted(settings.remote.urls), _served_as(source, settings)]


def _served_as(source: str, settings: Settings) -> str:
    """The name of a model on other machines: as asked for, else as they say."""
    if named := source.removeprefix(PREFIX) or settings.remote.model:
        return named
    from finscribe.decoding.remote.model import load_remote

    return load_remote(source, settings).name


def _digest(examples: Sequence[Case]) -> str:
    return hashlib.sha256(
        "".join(case.digest + case.truth.to_json() for case in examples).encode()
    ).hexdigest()


def _mark(plan: Plan, *parts: str) -> str:
    how = [plan.grounding] if plan.arithmetic else [plan.grounding, "without arithmetic"]
    return hashlib.sha256("\n".join([finscribe.__version__, *how, *parts]).encode()).hexdigest()[:16]
