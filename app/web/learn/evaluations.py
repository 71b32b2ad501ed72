"""Evaluations: two models on the same documents, each with its report."""

from nicegui import run, ui

from app.backend import Backend
from app.learning.asking import EvaluationAsked
from app.learning.models import SERVED
from app.store.tables import RunKind, StoredRun
from app.web import texts
from app.web.learn import names
from app.web.learn.runs import RunList, start
from app.web.parts import card, choice, offer
from app.web.shell import local_of_visitor


class EvaluationsTab:
    """What is asked for, and what was found."""

    def __init__(self, backend: Backend, who: str | None) -> None:
        self._backend, self._local, self._who = backend, local_of_visitor(backend), who
        self._list = RunList(backend, RunKind.EVALUATION, who, _say)

    def build(self) -> None:
        """Builds the tab."""
        with card(texts.EVALUATE, texts.EVALUATE_SAID), ui.element("div").classes("asking"):
            self._candidate = choice(texts.CANDIDATE, {})
            self._baseline = choice(texts.BASELINE, {SERVED: texts.SERVED_MODEL}, SERVED)
            self._dataset = choice(texts.DATASET, {})
            self._part = choice(texts.PART, texts.PARTS, "gate")
            ui.button(texts.EVALUATE, icon="balance", on_click=self._start).props("color=blue-9")
        self._list.build()

    async def refresh(self) -> None:
        """Shows the evaluations as they are now, and what there is to compare."""
        await self._list.refresh()
        datasets = await run.io_bound(names.datasets, self._backend, self._local)
        candidates = await run.io_bound(names.candidates, self._backend, self._local)
        points = await run.io_bound(names.starting_points, self._backend, self._local)
        if datasets is not None and candidates is not None and points is not None:
            offer(self._dataset, datasets)
            offer(self._candidate, candidates)
            offer(self._baseline, points)

    async def _start(self) -> None:
        def asked() -> EvaluationAsked:
            return EvaluationAsked(
                dataset=self._dataset.value or "",
                part=self._part.value,
                baseline_model=self._baseline.value,
                fine_tuned_model=self._candidate.value or "",
            )

        if await start(self._backend, asked, self._who):
            await self.refresh()


def _say(run: StoredRun) -> str:
    result = run.result or {}
    gain, interval = result.get("gain"), result.get("interval")
    return texts.EVALUATION_RESULT.format(
        candidate=names.short(run.options["fine_tuned_model"]),
        baseline=names.short(run.options["baseline_model"]),
        gain=texts.NO_FIGURE if gain is None else f"{gain:+.1f}",
        interval=f"{interval[0]:+.1f} to {interval[1]:+.1f}" if interval else texts.NO_INTERVAL,
        documents=result.get("documents"),
        vendors=result.get("vendors"),
    )
