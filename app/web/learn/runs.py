"""What datasets, training runs and evaluations look like in a list, and what can be done with them."""

from collections.abc import Callable
from typing import Any

from nicegui import run, ui

from app.api.learning import datasets, evaluations, training
from app.backend import Backend
from app.learning.asking import Asked
from app.store import runs
from app.store.tables import RunKind, RunState, StoredRun
from app.web import texts
from app.web.learn.names import mark
from app.web.parts import Cell, say_error, table
from app.web.shell import local_of_visitor
from finscribe.errors import FinScribeError

ROWS = 20
ICONS = {
    RunState.QUEUED: "hourglass_empty",
    RunState.RUNNING: "autorenew",
    RunState.DONE: "check_circle",
    RunState.FAILED: "error",
    RunState.CANCELLED: "block",
}
COLOURS = {RunState.DONE: "sure", RunState.FAILED: "doubtful", RunState.RUNNING: "confirmed"}
ADDRESSES = {
    RunKind.DATASET: datasets.prefix,
    RunKind.TRAINING: training.prefix,
    RunKind.EVALUATION: evaluations.prefix,
}


class RunList:
    """The newest runs of a kind; `say` writes what came of one that is done, `more` adds buttons to a row."""

    def __init__(
        self,
        backend: Backend,
        kind: RunKind,
        who: str | None,
        say: Callable[[StoredRun], str],
        more: Callable[[StoredRun], None] = lambda _: None,
    ) -> None:
        self._backend, self._kind, self._who, self._say, self._more = backend, kind, who, say, more
        self._local = local_of_visitor(backend)
        self._shown: object = None
        self.runs: list[StoredRun] = []

    def build(self) -> None:
        """Builds the list."""
        self._place = ui.element("div").classes("w-full")

    async def refresh(self) -> bool:
        """Shows the runs as they are now; whether anything has changed."""
        found = await run.io_bound(self._query)
        if found is None:  # the server is ending
            return False
        view = [(each.id, each.state, each.cancelled) for each in found]
        if view == self._shown:
            return False
        self._shown, self.runs = view, found
        self._draw()
        return True

    def _query(self) -> list[StoredRun]:
        with self._backend.database.reading() as session:
            return runs.list_runs(session, self._kind, limit=ROWS)[0]

    def _draw(self) -> None:
        self._place.clear()
        with self._place:
            if self.runs:
                table(texts.RUN_COLUMNS, [self._row(each) for each in self.runs])
            else:
                ui.label(texts.NO_RUNS[self._kind]).classes("muted p-4")

    def _row(self, each: StoredRun) -> list[Cell]:
        came = self._say(each) if each.state is RunState.DONE else (each.problem or {}).get("detail", "")
        return [
            self._local.moment(each.created_at),
            mark(each.id),
            each.who or texts.SOMEBODY,
            lambda: _state(each),
            came,
            lambda: self._actions(each),
        ]

    def _actions(self, each: StoredRun) -> None:
        address = f"{ADDRESSES[self._kind]}/{each.id}"
        with ui.row().classes("items-center gap-1 no-wrap"):
            if each.state is RunState.DONE:
                ui.link(texts.PAGE, f"{address}/page", new_tab=True)
            if each.started_at:
                ui.link(texts.LOG, f"{address}/log", new_tab=True)
            self._more(each)
            if each.state.open and not each.cancelled:
                _button(texts.STOP, lambda: self._change(runs.cancel, each))
            elif each.state in (RunState.FAILED, RunState.CANCELLED):
                _button(texts.GO_ON, lambda: self._change(runs.resume, each))

    async def _change(self, change: Callable[..., StoredRun], each: StoredRun) -> None:
        def act() -> None:
            with self._backend.database.writing() as session:
                change(session, self._kind, each.id, self._who)

        try:
            await run.io_bound(act)
        except FinScribeError as error:
            say_error(error)
        self._backend.learning.runner.wake()
        await self.refresh()


def _state(each: StoredRun) -> None:
    with ui.row().classes(f"items-center gap-1 no-wrap {COLOURS.get(each.state, '')}"):
        ui.icon(ICONS[each.state]).props("aria-hidden=true")
        stops = each.cancelled and each.state is RunState.RUNNING
        ui.label(texts.STOPPING if stops else texts.RUN_STATES[each.state])


def _button(text: str, act: Callable[[], Any]) -> None:
    ui.button(text, on_click=act).props("flat dense no-caps")


async def start(backend: Backend, asked: Callable[[], Asked], who: str | None) -> bool:
    """Starts what is asked for, or says why not; whether it was started."""
    try:
        await run.io_bound(lambda: backend.learning.start(asked(), who))
    except FinScribeError as error:
        say_error(error)
        return False
    except ValueError as error:  # of pydantic: the fields have limits of their own, so this is rare
        ui.notify(str(error), type="negative", multi_line=True)
        return False
    ui.notify(texts.STARTED)
    return True
