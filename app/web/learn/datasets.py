"""Datasets: built of the queue, each with its page."""

from nicegui import run, ui

from app.backend import Backend
from app.learning.asking import DatasetAsked
from app.store.tables import RunKind, StoredRun
from app.web import texts
from app.web.learn.names import sizes
from app.web.learn.runs import RunList, start
from app.web.parts import card, say_error
from finscribe.errors import QueueError
from finscribe.training.queue.training_queue import TrainingQueue


class DatasetsTab:
    """What is asked for, and what was built."""

    def __init__(self, backend: Backend, who: str | None) -> None:
        self._backend, self._who = backend, who
        self._list = RunList(backend, RunKind.DATASET, who, _say)

    def build(self) -> None:
        """Builds the tab."""
        with card(texts.BUILD_DATASET, texts.BUILD_DATASET_SAID):
            with ui.element("div").classes("asking"):
                self._val = _share(texts.VAL_RATIO)
                self._gate = _share(texts.GATE_RATIO)
                self._strict = ui.checkbox(texts.STRICT)
                ui.button(texts.BUILD_DATASET, icon="dataset", on_click=self._start).props("color=blue-9")
            with ui.row().classes("items-center gap-2 mt-2").props("role=alert") as self._nothing:
                ui.label(texts.NO_CORRECTION)
                ui.link(texts.TO_THE_INBOX, "/").classes("confirmed")
            self._nothing.set_visibility(False)
        self._list.build()

    async def refresh(self) -> None:
        """Shows the datasets as they are now."""
        await self._list.refresh()

    async def _start(self) -> None:
        try:
            corrections = await run.io_bound(_corrections, self._backend)
        except QueueError as error:
            say_error(error)
            return
        self._nothing.set_visibility(corrections == 0)
        if corrections:
            await self._build()

    async def _build(self) -> None:
        def asked() -> DatasetAsked:
            return DatasetAsked(
                val_ratio=self._val.value, gate_ratio=self._gate.value, strict=self._strict.value
            )

        if await start(self._backend, asked, self._who):
            await self.refresh()


def _corrections(backend: Backend) -> int:
    """How many there are to build a dataset of."""
    return TrainingQueue(backend.data_dir).stats().live


def _share(label: str) -> ui.number:
    return ui.number(label, value=0.1, min=0, max=0.9, step=0.05).props("dense outlined")


def _say(run: StoredRun) -> str:
    notes = (run.result or {}).get("notes", [])
    return ". ".join([texts.DATASET_RESULT.format(**sizes(run)), *notes])
