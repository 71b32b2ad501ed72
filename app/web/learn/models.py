"""Versions of models: what the gate says, promotion, and the way back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from nicegui import run, ui

from app.api.access import Caller
from app.backend import Backend
from app.learning.models import Claim, Models, NoSuchVersion
from app.local import Local
from app.roles import Role
from app.store.tables import RunKind, StoredRun
from app.web import texts
from app.web.learn import names
from app.web.parts import Cell, card, choice, offer, say_error, table
from app.web.shell import local_of_visitor
from finscribe.errors import FinScribeError, GateRefused
from finscribe.registry.gate import Verdict
from finscribe.registry.history import Event
from finscribe.registry.promotion import Promotion
from finscribe.registry.version import Version

EVENTS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The registry as it is now, the newest first."""

    location: str
    served: Version | None
    versions: list[Version]
    events: list[Event]


class ModelsTab:
    """What may be served, what is served, and what was."""

    def __init__(self, backend: Backend, who: Caller) -> None:
        self._backend, self._local, self._who = backend, local_of_visitor(backend), who
        self._shown: Found | None = None
        self._evaluations: list[StoredRun] = []

    def build(self) -> None:
        """Builds the tab."""
        may_change = self._who.role.covers(Role.ADMIN)
        with card(texts.SERVE, texts.SERVE_SAID):
            with ui.element("div").classes("asking"):
                self._candidate = choice(texts.CANDIDATE, {})
                self._candidate.on_value_change(self._offer_evaluations)
                self._evaluation = choice(texts.EVALUATION, {}).props("clearable")
                self._validation = choice(texts.VALIDATION, {}).props("clearable")
                ui.button(texts.ASK_GATE, icon="gavel", on_click=self._ask).props("flat")
                promote = ui.button(texts.PROMOTE, icon="publish", on_click=lambda: self._promote(None))
                promote.props("color=blue-9")
                back = ui.button(texts.ROLLBACK, icon="undo", on_click=self._ask_to_roll_back).props("flat")
                for button in (promote, back):
                    button.set_enabled(may_change)
            if not may_change:
                ui.label(texts.ADMINS_ONLY).classes("muted")
            self._verdict = ui.element("div").classes("w-full").props("role=status")
        self._place = ui.element("div").classes("w-full")

    async def refresh(self) -> None:
        """Shows the versions as they are now, and what could be served."""
        found = await run.io_bound(self._query)
        if found is None:  # the server is ending
            return
        registry, candidates, self._evaluations = found
        offer(self._candidate, candidates)
        self._offer_evaluations()
        if registry != self._shown:
            self._shown = registry
            self._place.clear()
            with self._place:
                _draw(registry, self._local)

    def _query(self) -> tuple[Found, dict[str, str], list[StoredRun]]:
        models = self._backend.learning.models
        registry = models.registry
        events = list(islice(reversed(list(registry.history)), EVENTS))
        found = Found(models.served(), registry.served(), registry.versions()[::-1], events)
        with self._backend.database.reading() as session:
            evaluations = names.done(session, RunKind.EVALUATION)
        return found, names.candidates(self._backend, self._local), evaluations

    def _offer_evaluations(self) -> None:
        """Those of the model that was chosen."""
        if not self._candidate.value:
            return
        fitting = evaluations_of(self._candidate.value, self._backend.learning.models, self._evaluations)
        for field, part in ((self._evaluation, "gate"), (self._validation, "val")):
            fit = [each for each in fitting if each.options["part"] == part]
            offer(field, {each.id: _evaluation(each, self._local) for each in fit})

    # --- what the buttons do --------------------------------------------------------------------------

    def _claim(self, force: str | None = None) -> Claim:
        chosen = self._candidate.value or "", self._evaluation.value, self._validation.value
        return self._backend.learning.claim(*chosen, force)

    async def _ask(self) -> None:
        def ask() -> Verdict:
            return self._backend.learning.models.ask_gate(self._claim())

        try:
            self._show(await run.io_bound(ask))
        except FinScribeError as error:
            say_error(error)

    async def _promote(self, force: str | None) -> None:
        if not self._candidate.value:
            ui.notify(texts.NO_CANDIDATE, type="warning")
            return
        learning = self._backend.learning
        note = ui.notification(texts.PROMOTE, spinner=True, timeout=None)
        try:
            done = await run.io_bound(learning.promote, self._claim(force), self._who.name)
            if done is not None:  # else the server is ending
                self._say(*done)
        except GateRefused as refused:
            say_error(refused)
            await self._ask()
            with self._verdict:
                button = ui.button(texts.FORCE, on_click=self._ask_to_force, color=None)
                button.props("flat").classes("doubtful")
        except FinScribeError as error:
            say_error(error)
        finally:
            note.dismiss()
        await self.refresh()

    def _say(self, promoted: Promotion, verdict: Verdict | None) -> None:
        said = texts.PROMOTED if promoted.switched else texts.SERVED_ALREADY
        ui.notify(said.format(version=promoted.version.id), type="positive")
        self._show(verdict)

    async def _ask_to_force(self) -> None:
        await _ask_reason(texts.FORCE_REASON, texts.FORCE, self._promote)

    async def _ask_to_roll_back(self) -> None:
        await _ask_reason(texts.ROLLBACK_REASON, texts.ROLLBACK, self._roll_back)

    async def _roll_back(self, reason: str) -> None:
        try:
            version = await run.io_bound(self._backend.learning.rollback, None, reason, self._who.name)
            if version is not None:
                ui.notify(texts.ROLLED_BACK.format(version=version.id), type="positive")
        except FinScribeError as error:
            say_error(error)
        await self.refresh()

    def _show(self, verdict: Verdict | None) -> None:
        self._verdict.clear()
        if verdict is None:
            return
        with self._verdict:
            said = texts.GATE_PASSED if verdict.passed else texts.GATE_REFUSED
            ui.label(f"{texts.GATE_SAYS}: {said}").classes("sure" if verdict.passed else "doubtful")
            rows: list[list[Cell]] = [
                [partial(_mark, each.passed), each.name, each.figure] for each in verdict.conditions
            ]
            table(texts.GATE_COLUMNS, rows)


def evaluations_of(candidate: str, models: Models, evaluations: Sequence[StoredRun]) -> list[StoredRun]:
    """Those of a model; none of one that somebody removed since it was offered."""
    try:
        folder = str(models.folder(candidate))
    except NoSuchVersion:
        return []
    return [each for each in evaluations if each.options.get("fine_tuned_model") == folder]


async def _ask_reason(title: str, act: str, then: Callable[[str], Awaitable[None]]) -> None:
    with ui.dialog() as dialog, ui.card():
        ui.label(title)
        reason = ui.input().props(f'autofocus outlined aria-label="{title}"').classes("w-full")
        with ui.row():
            ui.button(texts.CANCEL, on_click=lambda: dialog.submit(None)).props("flat")
            ui.button(act, on_click=lambda: dialog.submit(reason.value)).props("color=blue-9")
    said = await dialog
    if said and said.strip():
        await then(said.strip())


def _mark(passed: bool) -> None:
    with ui.row().classes(f"items-center gap-1 no-wrap {'sure' if passed else 'doubtful'}"):
        ui.icon("check" if passed else "close").props("aria-hidden=true")
        ui.label(texts.HOLDS if passed else texts.FAILS)


def _evaluation(each: StoredRun, local: Local) -> str:
    gain = (each.result or {}).get("gain")
    points = texts.NO_FIGURE if gain is None else f"{gain:+.1f}"
    return texts.EVALUATION_NAME.format(time=local.moment(each.created_at), gain=points)


def _draw(found: Found, local: Local) -> None:
    with card(texts.VERSIONS):
        if found.versions:
            table(texts.VERSION_COLUMNS, [_version(each, found.served, local) for each in found.versions])
        else:
            served = names.short(found.location)
            ui.label(texts.NO_VERSIONS.format(served=served)).classes("muted")
    if found.events:
        with card(texts.HISTORY):
            table(texts.HISTORY_COLUMNS, [_event(each, local) for each in found.events])


def _event(each: Event, local: Local) -> list[Cell]:
    at = local.moment(datetime.fromisoformat(each.time))
    return [at, each.what, names.short(each.version), each.by, each.said]


def _version(each: Version, served: Version | None, local: Local) -> list[Cell]:
    f1 = "" if each.trial is None else f"{each.trial.candidate.micro_f1:.3f}"
    is_served = served is not None and each.id == served.id

    def links() -> None:
        with ui.row().classes("items-center gap-2 no-wrap"):
            ui.link(texts.CARD, f"/api/v1/models/{each.id}/card", new_tab=True)
            if is_served:
                ui.badge(texts.SERVED_NOW).props("color=green-9")

    return [each.id, each.standing, f1, local.moment(each.added), links]
