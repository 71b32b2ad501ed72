"""How people know models and datasets: names to choose from, by what the engine knows them by."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.backend import Backend
from app.learning.learning import records
from app.learning.models import SERVED, STARTER
from app.local import Local
from app.store import runs
from app.store.tables import RunKind, RunState, StoredRun
from app.web import texts

MOST = 50  # of each kind


def done(session: Session, kind: RunKind) -> list[StoredRun]:
    """The newest runs of a kind that are done."""
    found, _ = runs.list_runs(session, kind, limit=MOST)
    return [run for run in found if run.state is RunState.DONE]


def datasets(backend: Backend, local: Local) -> dict[str, str]:
    """Datasets by their id."""
    with backend.database.reading() as session:
        return {run.id: _dataset(run, local) for run in done(session, RunKind.DATASET)}


def _dataset(run: StoredRun, local: Local) -> str:
    return texts.DATASET_NAME.format(time=local.moment(run.created_at), **sizes(run))


def sizes(dataset: StoredRun) -> dict[str, int]:
    """How many records each part has, 0 for one that is not there."""
    return {part: records(dataset).get(part, 0) for part in ("train", "val", "gate")}


def candidates(backend: Backend, local: Local) -> dict[str, str]:
    """Training runs and versions that could be served."""
    registry = backend.learning.models.registry
    served = registry.served()
    with backend.database.reading() as session:
        trained = {run.id: _trained(run, local) for run in done(session, RunKind.TRAINING)}
    versions = [each for each in registry.versions() if not each.removed and each != served]
    return trained | {each.id: texts.VERSION_NAME.format(id=each.id) for each in reversed(versions)}


def _trained(run: StoredRun, local: Local) -> str:
    return texts.TRAINING_RUN.format(time=local.moment(run.created_at), id=mark(run.id))


def starting_points(backend: Backend, local: Local) -> dict[str, str]:
    """Everything that can be trained further, or compared."""
    return {SERVED: texts.SERVED_MODEL, STARTER: texts.STARTER_MODEL, **candidates(backend, local)}


def short(location: str) -> str:
    """A model by the end of its path; that of a training run by the beginning of its id."""
    path = Path(location)
    return mark(path.parent.name) if path.name == "model" else path.name


def mark(run_id: str) -> str:
    """The beginning of an id, by which people tell runs apart."""
    return run_id[:8]
