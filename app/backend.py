"""What the pages and the API work on, put together in one place."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from app.core.models.unsloth_service import UnslothService
from app.learning.learning import Learning
from app.processing.elsewhere import WorkElsewhere
from app.processing.errands import Errands
from app.processing.intake import Intake
from app.processing.steps import Steps
from app.processing.workers import WorkerReader
from app.processing.workflows import Work, Workflows
from app.settings import AppSettings
from app.store import reviews
from app.store.database import Database
from app.store.files import Files
from app.store.folder import FilesInFolder, hindrance
from app.store.objects import FilesInStore
from finscribe.errors import SettingsError
from finscribe.settings import Settings

DATABASE, WORKFLOWS, DOCUMENTS, COPIES, EXECUTORS = (
    "finscribe.sqlite3",
    "workflows.sqlite3",
    "documents",
    "copies",
    "executors",
)


@dataclass(frozen=True, slots=True)
class Backend:
    """The store, the model service, and the work behind the requests; `locale` is that of `AppSettings`."""

    database: Database
    files: Files
    intake: Intake
    service: UnslothService
    work: Work
    learning: Learning
    data_dir: Path
    locale: str | None = None

    def start(self) -> None:
        """Opens the database, brings it up to date, and takes up the work; raises DatabaseUnavailable."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.database.migrate()
        self.service.preload()
        Thread(target=reviews.prepare, daemon=True).start()
        self.work.start()
        self.learning.runner.start()

    def close(self) -> None:
        """Ends the work; what is cut off is gone on with after the next start."""
        self.learning.runner.close()
        self.work.close()
        self.service.close()
        self.database.close()


def open_store(settings: Settings, app_settings: AppSettings) -> tuple[Database, Files]:
    """The database and the files of these settings, nothing opened yet; raises SettingsError, MissingDependency."""
    folder, url = settings.data_dir, app_settings.files_url
    database = Database(app_settings.database_url or f"sqlite:///{folder / DATABASE}")
    return database, FilesInStore(url, folder / COPIES) if url else FilesInFolder(folder / DOCUMENTS)


MakeWork = Callable[[Database, Files, UnslothService, Settings], Work]


def make_backend(
    service: UnslothService,
    settings: Settings,
    app_settings: AppSettings,
    make_work: MakeWork | None = None,
) -> Backend:
    """The backend of these settings, not yet started and nothing opened; raises SettingsError, MissingDependency."""
    folder = settings.data_dir
    _require_folder(folder)
    database, files = open_store(settings, app_settings)
    work: Work
    if make_work is not None:
        work = make_work(database, files, service, settings)
    elif not app_settings.reads:
        work = WorkElsewhere()
    else:
        work = _workflows(database, files, service, settings, app_settings)
    intake = Intake(database, files, settings, most_waiting=app_settings.max_waiting)
    learning = Learning.of(database, settings)
    return Backend(database, files, intake, service, work, learning, folder, app_settings.locale)


def _require_folder(folder: Path) -> None:
    """Raises SettingsError where the data cannot be kept in a folder, or a database in it is another user's."""
    if reason := hindrance(folder) or _database_of_another(folder):
        raise SettingsError(
            f"FINSCRIBE_DATA_DIR is {folder}, and {reason}",
            hint="Give a folder, new or old, and allow writing there; what another user wrote is theirs (chown).",
        )


def _database_of_another(folder: Path) -> str | None:
    """What is to be said of the first database in a folder that may not be written, if there is one."""
    others = (path for path in sorted(folder.glob("*.sqlite3*")) if not os.access(path, os.W_OK))
    return next((f"{path} may not be written" for path in others), None)


def _workflows(
    database: Database, files: Files, service: UnslothService, settings: Settings, app_settings: AppSettings
) -> Workflows:
    folder = settings.data_dir
    return Workflows(
        database,
        Steps(database, files, WorkerReader(settings, workers=app_settings.read_at_once), service),
        Errands(database, files, folder),
        address=f"sqlite:///{folder / WORKFLOWS}" if database.is_sqlite else database.address,
        folder=folder / EXECUTORS,
        executor=app_settings.executor,
        readers=app_settings.read_at_once,
    )
