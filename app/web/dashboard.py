"""The dashboard: how much comes in, how right it is read, and what reviewing costs."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from nicegui import run, ui

from app.backend import Backend
from app.store.figures import Day, Figures, figures
from app.web import texts
from app.web.learn.queue import counted, name_of
from app.web.parts import card, chart, choice, tiles
from app.web.shell import local_of_visitor, shell
from finscribe.reports.charts import Line, line_chart

FIRST_PERIOD = 30  # days


class Dashboard:
    """The figures of a period that a visitor chooses."""

    def __init__(self, backend: Backend) -> None:
        self._backend, self._local, self._days = backend, local_of_visitor(backend), FIRST_PERIOD

    def build(self) -> None:
        """Builds the page."""
        with shell(texts.DASHBOARD):
            with ui.row().classes("w-full items-center gap-4 my-2"):
                periods = {str(days): text for days, text in texts.DAYS.items()}
                period = choice(texts.PERIOD, periods, str(self._days))
                period.on_value_change(self._choose)
                ui.space()
                _exports()
            self._place = ui.element("div").classes("w-full")
        ui.timer(0.01, self._draw, once=True)

    async def _choose(self, event: Any) -> None:
        self._days = int(event.value)
        await self._draw()

    async def _draw(self) -> None:
        found = await run.io_bound(self._query)
        if found is None:  # the server is ending
            return
        self._place.clear()
        with self._place:
            self._draw_figures(found)

    def _query(self) -> Figures:
        with self._backend.database.reading() as session:
            return figures(session, datetime.now(UTC) - timedelta(days=self._days))

    def _draw_figures(self, found: Figures) -> None:
        total, number = found.total, self._local.number
        shown = {
            "arrived": number(sum(found.arrived.values())),
            "approved": number(total.documents),
            "automation": self._percent(found.automation),
            "accuracy": self._percent(total.accuracy),
            "seconds": self._seconds(total.median_seconds),
        }
        tiles([(name, shown[key], hint) for key, (name, hint) in texts.DASHBOARD_TILES.items()])
        with ui.element("div").classes("cards"):
            with card(texts.A_DAY, texts.A_DAY_SAID):
                approved = {day: each.documents for day, each in found.approved.items()}
                self._lines(
                    texts.A_DAY,
                    {texts.ARRIVED: ("one", found.arrived), texts.APPROVED_A_DAY: ("two", approved)},
                )
            with card(texts.ACCURACY, texts.ACCURACY_SAID):
                self._line(
                    texts.ACCURACY, {day: each.accuracy for day, each in found.approved.items()}, top=1.0
                )
            with card(texts.AUTOMATION, texts.AUTOMATION_SAID):
                self._line(
                    texts.AUTOMATION, {day: _as_read(each) for day, each in found.approved.items()}, top=1.0
                )
            with card(texts.SECONDS, texts.SECONDS_SAID):
                self._line(texts.SECONDS, {day: each.median_seconds for day, each in found.approved.items()})
            with card(texts.CORRECTIONS, texts.CORRECTIONS_SAID):
                self._corrections(found.corrections)

    def _corrections(self, corrections: Mapping[str, int]) -> None:
        if corrections:
            named = {name_of(field): count for field, count in corrections.items()}
            counted(named, texts.CORRECTIONS, "warn", self._local)
        else:
            ui.label(texts.NOTHING_APPROVED).classes("muted")

    def _line(self, title: str, values: Mapping[date, float | None], top: float | None = None) -> None:
        """One curve over days; those without a figure are left out."""
        self._lines(
            title, {"": ("one", {day: value for day, value in values.items() if value is not None})}, top
        )

    def _lines(
        self, title: str, curves: Mapping[str, tuple[str, Mapping[date, float]]], top: float | None = None
    ) -> None:
        lines = [
            Line([(day.toordinal(), value) for day, value in values.items()], kind, dotted=True, name=name)
            for name, (kind, values) in curves.items()
            if values
        ]
        if not lines:
            ui.label(texts.NOTHING_APPROVED).classes("muted")
            return
        legend = [(line.kind, line.name) for line in lines if line.name]
        chart(line_chart(lines, title, top=top, say=self._say_day), *legend)

    def _percent(self, share: float | None) -> str:
        return texts.NO_FIGURE if share is None else self._local.share(share)

    def _seconds(self, seconds: float | None) -> str:
        return texts.NO_FIGURE if seconds is None else f"{self._local.rounded(seconds, 0)} s"

    def _say_day(self, ordinal: float) -> str:
        return self._local.day_of_year(date.fromordinal(int(ordinal)))


def _exports() -> None:
    with ui.button(texts.EXPORT, icon="download").props("flat"), ui.menu():
        for format, text in texts.EXPORTS.items():
            address = f"/api/v1/export?format={format}"
            ui.menu_item(text, on_click=lambda address=address: ui.navigate.to(address))


def _as_read(day: Day) -> float:
    return day.as_read / day.documents
