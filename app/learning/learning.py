"""All of learning in one hand: for the API and for the pages."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.learning.asking import Asked, EvaluationAsked, TrainingAsked
from app.learning.models import Claim, Models
from app.learning.places import Places
from app.learning.runner import Runner
from app.store import runs
from app.store.database import Database
from app.store.runs import WrongRunState
from app.store.tables import RunKind, RunState, StoredAudit, StoredRun
from finscribe.registry.gate import Verdict
from finscribe.registry.promotion import Promotion
from finscribe.registry.version import Version
from finscribe.settings import Settings

_MODELS = ("model_name", "baseline_model", "fine_tuned_model")


@dataclass(frozen=True, slots=True)
class Learning:
    """The runs of a database, and the models of its settings."""

    database: Database
    places: Places
    models: Models
    runner: Runner

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "Learning":
        """In the data folder of these settings; nothing is opened yet."""
        places = Places(settings.data_dir)
        return cls(database, places, Models(settings, places), Runner(database, places))

    def start(self, asked: Asked, who: str | None = None) -> StoredRun:
        """A new run, which is begun when those before it are done; raises NoSuchRun, WrongRunState and ModelError."""
        options = asked.options()
        for name in _MODELS:
            if name in options:
                options[name] = self.models.locate(options[name])
        with self.database.writing() as session:
            if isinstance(asked, TrainingAsked | EvaluationAsked):
                _check_dataset(session, asked)
            run = runs.add(session, asked.kind, options, who)
            session.expunge(run)
        self.runner.wake()
        return run

    def delete(self, kind: RunKind, run_id: str, who: str | None = None) -> None:
        """Erases a run that is over, and all that it made; raises NoSuchRun, WrongRunState and OSError."""
        with self.database.writing() as session:
            runs.delete(session, kind, run_id, who)
            folder = self.places.folder(kind, run_id)
            if folder.exists():
                shutil.rmtree(folder)

    def claim(
        self,
        candidate: str,
        evaluation: str | None = None,
        validation: str | None = None,
        force: str | None = None,
    ) -> Claim:
        """The claim of a training run or a version to be served, with evaluations that are done."""
        return Claim(
            self.models.folder(candidate),
            self._evaluation(evaluation),
            self._evaluation(validation),
            force,
        )

    def _evaluation(self, run_id: str | None) -> Path | None:
        if run_id is None:
            return None
        with self.database.reading() as session:
            _check_done(runs.get(session, RunKind.EVALUATION, run_id))
        return self.places.evaluation(run_id)

    def promote(self, claim: Claim, who: str | None = None) -> tuple[Promotion, Verdict | None]:
        """Serves a model that passes the gate, and what that said, None where the model was served already.

        Raises GateRefused, RegistryError and ModelError.
        """
        heard: list[Verdict] = []
        promoted = self.models.promote(claim, heard.append)
        if promoted.switched:
            self._audit("promote", who, promoted.version)
        return promoted, heard[0] if heard else None

    def rollback(self, reference: str | None = None, reason: str = "", who: str | None = None) -> Version:
        """Serves what was served before, or an earlier version; raises NoSuchVersion and RegistryError."""
        named = self.models.version(reference).id if reference else None
        version = self.models.rollback(named, reason)
        self._audit("rollback", who, version)
        return version

    def _audit(self, action: str, who: str | None, version: Version) -> None:
        with self.database.writing() as session:
            session.add(StoredAudit(who=who, action=action, detail={"version": version.id}))


def _check_dataset(session: Session, asked: TrainingAsked | EvaluationAsked) -> None:
    """Raises WrongRunState where a dataset is not there yet, or has no records to use."""
    dataset = runs.get(session, RunKind.DATASET, asked.dataset)
    _check_done(dataset)
    part = asked.part if isinstance(asked, EvaluationAsked) else "train"
    if not records(dataset).get(part):
        raise WrongRunState(
            f"this dataset has no records for {part}",
            hint="Review documents of more vendors and build another one: parts hold whole vendors.",
        )


def _check_done(run: StoredRun) -> None:
    if run.state is not RunState.DONE:
        raise WrongRunState(f"this {run.kind} is {run.state}", hint="Wait until it is done.")


def records(dataset: StoredRun) -> dict[str, int]:
    """How many records each part of a dataset has."""
    return dict((dataset.result or {}).get("records", {}))
