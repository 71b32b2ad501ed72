"""Learning on a database of its own, with scripts that stand in for the commands."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from app.learning import commands, runner
from app.learning.learning import Learning
from app.store import runs
from app.store.database import Database
from app.store.tables import RunKind, StoredRun
from finscribe.settings import Settings
from tests.app import postgres
from tests.app.learning.fakes import write_scripts
from tests.app.waiting import wait_until


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_scripts(tmp_path / "scripts")
    monkeypatch.setattr(commands, "SCRIPTS", folder)
    monkeypatch.setattr(runner, "EVERY", 0.02)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", model_dir=tmp_path / "models" / "unsloth-finscribe")


@pytest.fixture
def database(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Database]:
    """SQLite, or PostgreSQL for a test that is given it."""
    settings.data_dir.mkdir(exist_ok=True)
    address = f"sqlite:///{settings.data_dir}/finscribe.sqlite3"
    with postgres.server() if hasattr(request, "param") else nullcontext(address) as address:
        database = Database(address)
        database.migrate()
        yield database
        database.close()


@pytest.fixture
def learning(scripts: Path, database: Database, settings: Settings) -> Iterator[Learning]:
    """Learning whose runner is not started yet."""
    learning = Learning.of(database, settings)
    yield learning
    learning.runner.close()


def ended(learning: Learning, run: StoredRun) -> StoredRun:
    """The run when it is over."""

    def look() -> StoredRun | None:
        now = stored(learning, run.kind, run.id)
        return None if now.state.open else now

    return wait_until(look)


def stored(learning: Learning, kind: RunKind, run_id: str) -> StoredRun:
    with learning.database.reading() as session:
        return runs.get(session, kind, run_id)
