"""THE MAIN PATH of the registry: a candidate passes the gate and is served; a rollback serves what was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from finscribe.decoding import LanguageModel
from finscribe.errors import GateRefused, MissingDependency, ModelError, RegistryError
from finscribe.registry.adoption import adopt, describe
from finscribe.registry.automation import Automation
from finscribe.registry.gate import MARGIN, Contest, Verdict, judge
from finscribe.registry.hashes import hash_of
from finscribe.registry.history import Event
from finscribe.registry.lineage import trace
from finscribe.registry.reproduction import Judged, reproduce
from finscribe.registry.store import Registry
from finscribe.registry.trial import Trial
from finscribe.registry.version import UNNUMBERED, Version

Load = Callable[[Path], LanguageModel]
"""Loads a model folder as the server does; raises `ModelError` or `MissingDependency`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """A model folder that asks to be served, and what speaks for it.

    `otherwise` is what is served where the pointer leads nowhere: a folder, or a name on a hub. `force` is the reason
    to serve it although the gate refuses it. `judged` is some of what it answered in its trial, and has to answer as
    it will be served.
    """

    folder: Path
    otherwise: str
    trial: Trial | None = None
    automation: Automation | None = None
    margin: float = MARGIN
    force: str | None = None
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """The version that is served now, and whether another one was until then."""

    version: Version
    switched: bool


def promote(
    registry: Registry, candidacy: Candidacy, load: Load, show: Callable[[Verdict], None]
) -> Promotion:
    """Serves a candidate that passes the gate, or does nothing where it is served already.

    `show` is told what the gate said. Raises `GateRefused`, `RegistryError` and `ModelError`; until the pointer is
    switched, in one step at the end, nothing that is served has changed.
    """
    with registry.changing():
        candidate = _known_or_described(registry, candidacy.folder)
        contest = Contest(candidate.sha256, _served_now(registry, candidacy))
        if contest.candidate == contest.served and (served := adopt(registry)):
            return Promotion(served, switched=False)

        verdict = _judge(registry, candidacy, contest)
        refused = not (verdict.passed or candidacy.force)
        if refused:  # kept before it is shown, which may fail
            registry.history.add(Event.now("refused", str(candidacy.folder), _reasons(verdict)))
        show(verdict)
        if refused:
            raise _refusal(candidacy, verdict)

        with _in_the_registry(registry, candidate) as folder:
            model = _load_as_served(load, folder, candidacy)
            reproduced = _reproduces(registry, model, candidacy)
            adopt(registry)
            forced = None if verdict.passed and reproduced else candidacy.force
            version = registry.publish(folder, _with_figures(candidate, candidacy, verdict, forced))

        registry.serve(version, "promoted", version.forced or "")
        return Promotion(version, switched=True)


def ask_gate(registry: Registry, candidacy: Candidacy) -> Verdict:
    """What the gate says of a candidate, of which nothing comes; raises `RegistryError`."""
    candidate = _known_or_described(registry, candidacy.folder)
    return _judge(registry, candidacy, Contest(candidate.sha256, _served_now(registry, candidacy)))


def rollback(registry: Registry, reference: str | None = None, reason: str = "") -> Version:
    """Serves what was served before, or an earlier version by its name; raises `RegistryError`.

    Its files have to be those that were stored; that they load was seen when it was promoted.
    """
    with registry.changing():
        adopt(registry)
        version = _earlier(registry, reference)
        registry.verify(version)
        registry.serve(version, "rolled back", reason)
        return version


# --- the steps ---------------------------------------------------------------------------------------


def _known_or_described(registry: Registry, folder: Path) -> Version:
    """The version that a folder is, its files verified; else what would become one."""
    if inside := registry.at(folder):
        registry.verify(inside)
        return inside
    found = describe(registry, folder)
    known = registry.with_hash(found.sha256)
    if known:
        registry.verify(known)
    return known or found


def _served_now(registry: Registry, candidacy: Candidacy) -> str:
    """The hash of what is served, or its name on a hub."""
    return hash_of(registry.pointer) or hash_of(Path(candidacy.otherwise)) or candidacy.otherwise


def _judge(registry: Registry, candidacy: Candidacy, contest: Contest) -> Verdict:
    lineage = trace(candidacy.folder, registry.run_with_hash)
    return judge(candidacy.trial, contest, lineage, candidacy.margin)


def _reasons(verdict: Verdict) -> str:
    return "; ".join(f"{each.name}: {each.figure}" for each in verdict.failed)


def _refusal(candidacy: Candidacy, verdict: Verdict) -> GateRefused:
    judged = "" if candidacy.trial else "--gate RECORDS has it judged. "
    return GateRefused(
        f"{candidacy.folder} does not pass the gate, of whose conditions these do not hold: {_reasons(verdict)}",
        hint=f"{judged}What is served has not changed. --force REASON promotes it all the same, and is recorded.",
    )


@contextmanager
def _in_the_registry(registry: Registry, candidate: Version) -> Iterator[Path]:
    """The folder of a known version, or a copy of the candidate whose hashes were verified."""
    if candidate.number != UNNUMBERED:
        yield registry.folder_of(candidate)
        return
    with registry.staged(Path(candidate.source)) as staging:
        registry.verify(candidate, staging)
        yield staging


def _load_as_served(load: Load, folder: Path, candidacy: Candidacy) -> LanguageModel:
    try:
        return load(folder)
    except (ModelError, MissingDependency) as error:
        raise type(error)(f"{candidacy.folder} cannot be served: {error.message}", hint=error.hint) from error


def _reproduces(registry: Registry, model: LanguageModel, candidacy: Candidacy) -> bool:
    """Whether what would be served answers as what was judged; raises GateRefused where not, unless it is forced."""
    if candidacy.judged is None:
        return True
    found = reproduce(model, candidacy.judged)
    if found.holds or candidacy.force:
        return found.holds
    reason = (
        f"as served ({model.backend}) it gives {found.same} of {found.values} values as when it was judged"
    )
    registry.history.add(Event.now("refused", str(candidacy.folder), reason))
    raise GateRefused(
        f"{candidacy.folder}: {reason}",
        hint="Evaluate it again, with the FINSCRIBE_BACKEND that serves it.",
    )


def _with_figures(candidate: Version, candidacy: Candidacy, verdict: Verdict, forced: str | None) -> Version:
    return replace(
        candidate,
        trial=candidacy.trial,
        verdict=verdict,
        forced=forced,
        automation=candidacy.automation,
    )


def _earlier(registry: Registry, reference: str | None) -> Version:
    """The version before the one that is served, or one further back."""
    line = registry.line()
    if not line:
        raise RegistryError(
            f"no version of {registry.folder} is served", hint="finscribe models promote DIR serves one."
        )
    *before, now = line
    if reference is None:
        if not before:
            raise RegistryError(
                f"no version was served before {now.id}",
                hint="finscribe models promote starter --force REASON serves the bundled one.",
            )
        return before[-1]
    version = registry.find(reference)
    if version == now or version not in before:
        state = "is served now" if version == now else "was not served before, or was rolled back"
        raise RegistryError(f"{version.id} {state}", hint=f"finscribe models promote {version.id} serves it.")
    return version
