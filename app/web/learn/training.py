"""Training runs, with the curve of one of them as it grows."""

from typing import Any

from nicegui import run, ui

from app.backend import Backend
from app.learning.asking import TrainingAsked
from app.learning.commands import recipes
from app.learning.models import SERVED
from app.store.tables import RunKind, StoredRun
from app.web import texts
from app.web.learn import names
from app.web.learn.runs import RunList, start
from app.web.parts import card, chart, choice, offer
from app.web.shell import local_of_visitor
from finscribe.reports.charts import line_chart
from finscribe.training.finetuning.curves import curves


class TrainingTab:
    """What is asked for, the runs, and the curve of the newest or the chosen one."""

    def __init__(self, backend: Backend, who: str | None) -> None:
        self._backend, self._local, self._who = backend, local_of_visitor(backend), who
        self._list = RunList(backend, RunKind.TRAINING, who, _say, self._curve_button)
        self._chosen: str | None = None
        self._drawn: tuple[str, int] | None = None

    def build(self) -> None:
        """Builds the tab."""
        with card(texts.TRAIN, texts.TRAIN_SAID), ui.element("div").classes("asking"):
            self._dataset = choice(texts.DATASET, {})
            self._base = choice(texts.START_FROM, {SERVED: texts.SERVED_MODEL}, SERVED)
            known = {"": texts.AS_USUAL, **{name: name for name in recipes()}}
            self._recipe = choice(texts.RECIPE, known, "")
            self._epochs = _number(texts.EPOCHS)
            self._rate = _number(texts.LEARNING_RATE)
            self._batch = _number(texts.BATCH_SIZE)
            ui.button(texts.TRAIN, icon="model_training", on_click=self._start).props("color=blue-9")
        self._curves = ui.element("div").classes("w-full")
        self._list.build()

    async def refresh(self) -> None:
        """Shows the runs and the curve as they are now."""
        await self._list.refresh()
        await self._offer()
        await self._draw_curve()

    async def _offer(self) -> None:
        """What there is to choose from now."""
        datasets = await run.io_bound(names.datasets, self._backend, self._local)
        points = await run.io_bound(names.starting_points, self._backend, self._local)
        if datasets is not None and points is not None:
            offer(self._dataset, datasets)
            offer(self._base, points)

    async def _start(self) -> None:
        if not self._dataset.value:
            ui.notify(texts.NO_DATASET, type="warning")
            return

        def asked() -> TrainingAsked:
            return TrainingAsked(
                dataset=self._dataset.value or "",
                model_name=self._base.value,
                recipe=self._recipe.value or None,
                num_epochs=self._epochs.value,
                learning_rate=self._rate.value,
                batch_size=None if self._batch.value is None else int(self._batch.value),
            )

        if await start(self._backend, asked, self._who):
            self._chosen = None
            await self.refresh()

    # The curve ------------------------------------------------------------------------------------

    def _curve_button(self, each: StoredRun) -> None:
        if each.started_at:
            ui.button(texts.CURVE, on_click=lambda: self._choose(each.id)).props("flat dense no-caps")

    async def _choose(self, run_id: str) -> None:
        self._chosen = run_id
        await self._draw_curve()

    async def _draw_curve(self) -> None:
        begun = [each for each in self._list.runs if each.started_at]
        shown = next((each for each in begun if each.id == self._chosen), begun[0] if begun else None)
        if shown is None:
            return
        metrics = await run.io_bound(self._backend.learning.places.metrics, shown.id)
        if metrics is None or self._drawn == (shown.id, len(metrics)):
            return
        self._drawn = (shown.id, len(metrics))
        self._curves.clear()
        with self._curves:
            _draw(texts.CURVE_OF.format(time=self._local.moment(shown.created_at)), metrics)


def _draw(title: str, metrics: list[dict[str, Any]]) -> None:
    if not metrics:
        with card(title):
            ui.label(texts.NO_CURVE).classes("muted")
        return
    with ui.element("div").classes("cards"):
        for each in curves(metrics):
            if each.title in texts.CHART_TITLES:
                name, said = texts.CHART_TITLES[each.title]
                at = texts.STEP.format(step=metrics[-1]["step"], steps=metrics[-1]["steps"])
                with card(f"{name}, {at}", f"{title}. {said}"):
                    legend = [(line.kind, texts.LEGEND[line.name]) for line in each.lines if line.points]
                    chart(line_chart(each.lines, name, top=each.top), *legend)


def _number(label: str) -> ui.number:
    return ui.number(label, min=0).props("dense outlined").classes("w-32")


def _say(run: StoredRun) -> str:
    result = run.result or {}
    seconds = round(result.get("seconds") or 0)
    if result.get("field_f1") is None:
        return texts.NO_VALIDATION.format(seconds=seconds)
    before, after = result["field_f1_before"], result["field_f1"]
    return texts.TRAINING_RESULT.format(before=f"{before:.3f}", after=f"{after:.3f}", seconds=seconds)
