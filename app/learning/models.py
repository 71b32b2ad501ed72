"""The models that there are: what is served, what was trained, and what the gate says of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.learning.places import Places
from finscribe import starter
from finscribe.doctor.models import find_model
from finscribe.errors import FinScribeError
from finscribe.registry import promotion
from finscribe.registry.evaluations import Report
from finscribe.registry.gate import Verdict
from finscribe.registry.hashes import hash_of
from finscribe.registry.lineage import trace
from finscribe.registry.promotion import Candidacy, Load, Promotion
from finscribe.registry.store import Registry
from finscribe.registry.version import Version
from finscribe.serving import load_and_try
from finscribe.settings import Settings

SERVED, STARTER = "served", "starter"
"""Names for the model that is served now, and for the one that comes with FinScribe."""


class NoSuchVersion(FinScribeError):
    """A name that no version of a model has."""

    code = "no-such-version"


@dataclass(frozen=True, slots=True)
class Claim:
    """That a model should be served: the JSON of its evaluation on a gate set, of one on a validation set, a reason
    to serve it whatever the gate says.
    """

    folder: Path
    evaluation: Path | None = None
    validation: Path | None = None
    force: str | None = None


class Models:
    """The models of these settings, and those that training runs made; methods raise RegistryError and ModelError."""

    def __init__(self, settings: Settings, places: Places) -> None:
        self._settings, self._places = settings, places

    @property
    def registry(self) -> Registry:
        """The versions."""
        return Registry.of(self._settings)

    def served(self) -> str:
        """The folder or the name of what is served now, or would be."""
        if self._settings.model_dir.exists():
            return str(self._settings.model_dir.resolve())
        return find_model(replace(self._settings, model_dir_is_explicit=False)).location

    def version(self, reference: str) -> Version:
        """The version that a reference names, as on the command line; raises NoSuchVersion."""
        found = [version for version in self.registry.versions() if version.answers_to(reference)]
        if len(found) != 1:
            hint = "GET /api/v1/models lists the versions."
            raise NoSuchVersion(f"there is no version {reference!r:.80}", hint=hint)
        return found[0]

    def locate(self, name: str) -> str:
        """The folder that a name means: `served`, `starter`, a training run, a version, a folder; else a hub's name."""
        if name == SERVED:
            return self.served()
        if name == STARTER:
            return str(starter.path())
        trained = self._trained(name)
        if trained is not None:
            return str(trained)
        versions = [version for version in self.registry.versions() if version.answers_to(name)]
        return str(self.registry.folder_of(versions[0])) if len(versions) == 1 else name

    def folder(self, candidate: str) -> Path:
        """The model of a training run or of a version; raises NoSuchVersion."""
        return self._trained(candidate) or self.registry.folder_of(self.version(candidate))

    def _trained(self, name: str) -> Path | None:
        is_id = len(name) == 32 and name.isalnum()
        folder = self._places.model(name) if is_id else None
        return folder if folder and folder.is_dir() else None

    def ask_gate(self, claim: Claim) -> Verdict:
        """What the gate would say; raises EvaluationError where the evaluation is none."""
        return promotion.ask_gate(self.registry, self._candidacy(claim))

    def promote(self, claim: Claim, show: Callable[[Verdict], None]) -> Promotion:
        """Serves a model that passes the gate; raises GateRefused too, after `show` was told why."""
        return promotion.promote(self.registry, self._candidacy(claim), self._load(), show)

    def rollback(self, reference: str | None, reason: str) -> Version:
        """Serves what was served before."""
        return promotion.rollback(self.registry, reference, reason)

    def _candidacy(self, claim: Claim) -> Candidacy:
        sha256 = hash_of(claim.folder) or ""
        certain = Report.read(claim.validation, sha256) if claim.validation else None
        report = Report.read(claim.evaluation, sha256) if claim.evaluation else None
        return Candidacy(
            folder=claim.folder,
            otherwise=self.served(),
            trial=report.trial() if report else None,
            judged=report.judged() if report else None,
            automation=certain.certify(trace(claim.folder, self.registry.run_with_hash)) if certain else None,
            force=claim.force,
        )

    def _load(self) -> Load:
        return lambda folder: load_and_try(folder, self._settings)
