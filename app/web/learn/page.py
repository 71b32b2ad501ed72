"""The tabs of the page Learn, and when they look for what is new."""

from typing import Protocol

from nicegui import ui

from app.backend import Backend
from app.web import texts
from app.web.learn.datasets import DatasetsTab
from app.web.learn.evaluations import EvaluationsTab
from app.web.learn.models import ModelsTab
from app.web.learn.queue import QueueTab
from app.web.learn.training import TrainingTab
from app.web.shell import shell, visitor

EVERY = 2.0  # seconds between two looks


class Tab(Protocol):
    """A tab: built once, and then shown as things are now."""

    def build(self) -> None:
        """Builds it."""

    async def refresh(self) -> None:
        """Shows what has changed."""


class LearnPage:
    """One visitor's look at what is learned."""

    def __init__(self, backend: Backend, tab: str) -> None:
        who = visitor()
        self._tabs: dict[str, Tab] = {
            "queue": QueueTab(backend),
            "datasets": DatasetsTab(backend, who.name),
            "training": TrainingTab(backend, who.name),
            "evaluations": EvaluationsTab(backend, who.name),
            "models": ModelsTab(backend, who),
        }
        self._first = tab if tab in self._tabs else "queue"

    def build(self) -> None:
        """Builds the page."""
        with shell(texts.LEARN):
            with ui.tabs().props("no-caps align=left").classes("w-full") as choice:
                for name in self._tabs:
                    ui.tab(name, texts.TABS[name])
            self._panels = ui.tab_panels(choice, value=self._first, animated=False, on_change=self._look)
            with self._panels.classes("w-full bg-transparent"):
                for name, tab in self._tabs.items():
                    with ui.tab_panel(name).classes("p-0 pt-2"):
                        tab.build()
        ui.timer(EVERY, self._look)

    async def _look(self) -> None:
        await self._tabs[str(self._panels.value)].refresh()
