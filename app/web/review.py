"""The review: the page on one side, the fields on the other, and one key for what one does most."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from nicegui import run, ui
from sqlalchemy.orm import Session

from app.backend import Backend
from app.roles import Role
from app.store import reviews
from app.store.inbox import NoSuchDocument
from app.store.reviews import NotReadYet, StaleVersion, Verdict
from app.store.tables import StoredDocument
from app.web import texts
from app.web.opened import Opened, next_document, open_document, open_next
from app.web.pane import ANYWAY, Pane
from app.web.shell import local_of_visitor, shell, visitor
from finscribe.errors import InvoiceShapeError

LOOK_AHEAD = 0.4  # seconds after which the next review is built, while somebody looks at this one


class ReviewPage:
    """One visitor reviewing one document after the other."""

    def __init__(self, backend: Backend, document_id: str) -> None:
        self._backend, self._document_id = backend, document_id
        self._reviewer: str | None = None
        self._may_delete = self._approving = False
        self._started = monotonic()
        self._ahead: Pane | None = None

    def build(self) -> None:
        """Builds the page."""
        self._local = local_of_visitor(self._backend)
        self._reviewer, self._may_delete = visitor().name, visitor().role.covers(Role.ADMIN)
        with shell(texts.REVIEW):
            self._place = ui.element("section").classes("w-full")
        self._keys = _keys_dialog()
        self._show()

    def _show(self) -> None:
        """Shows the document as it is now."""
        self._place.clear()
        self._ahead = None
        with self._place:
            try:
                opened = open_document(self._backend, self._document_id, self._local)
            except NoSuchDocument:
                ui.label(texts.GONE).classes("p-6")
                return
            self._begin(Pane(opened, self._bar, self._key))
            if opened.document.state.in_progress:
                ui.timer(1.0, self._show, once=True)

    def _begin(self, pane: Pane) -> None:
        self._pane, self._started = pane, monotonic()
        with self._place:
            ui.timer(LOOK_AHEAD, self._look_ahead, once=True)

    async def _look_ahead(self) -> None:
        """Builds the review that comes next where nobody sees it, pictures and all."""
        pane = self._pane
        opened = await run.io_bound(open_next, self._backend, self._document_id, self._local)
        if opened is None or opened.form is None or pane is not self._pane:
            return
        with self._place:
            self._ahead = Pane(opened, self._bar, self._key, hidden=True)

    def _bar(self, opened: Opened) -> None:
        document = opened.document
        with ui.row().classes("w-full items-center gap-2 my-1"):
            ui.label(document.name).classes("text-lg font-bold").props('role=heading aria-level="1"')
            ui.badge(texts.STATES[document.state]).props("color=blue-grey-8")
            ui.space()
            if opened.form is not None:
                ui.button(texts.ACCEPT_ALL, icon="done_all", on_click=self._accept_all).props("flat")
                ui.button(texts.SAVE, icon="save", on_click=self._save).props("flat")
                ui.button(texts.APPROVE, icon="check", on_click=self._approve).props("color=green-9")
            if not document.state.in_progress:
                ui.button(texts.REJECT, icon="block", on_click=self._reject).props("flat")
                ui.button(texts.READ_AGAIN, icon="refresh", on_click=self._read_again).props("flat")
            if self._may_delete:
                ui.button(texts.DELETE, icon="delete", on_click=self._delete).props("flat")
            ui.button(texts.SKIP, icon="skip_next", on_click=self._next).props("flat")
            ui.button(icon="keyboard", on_click=self._keys.open).props(f'flat aria-label="{texts.KEYS}"')

    def _accept_all(self) -> None:
        self._pane.fields.accept_all()

    async def _key(self, name: str, path: str | None) -> None:
        if name == "approve":
            await self._approve()
        elif name == ANYWAY:
            await self._approve(anyway=True)
        elif name == "accept" and path:
            self._pane.fields.accept(path)
        elif name == "undo":
            self._pane.fields.undo()
        elif name == "keys":
            self._keys.open()

    # Decisions ------------------------------------------------------------------------------------

    def _verdict(self) -> Verdict:
        form = self._pane.opened.form
        assert form is not None  # there is no button for it without
        return Verdict(
            version=self._pane.opened.document.version,
            invoice=form.record(),
            confirmed=form.confirmed,
            reviewer=self._reviewer,
            seconds=round(monotonic() - self._started, 1),
        )

    async def _save(self) -> None:
        if await self._judge(reviews.review):
            ui.notify(texts.SAVED)
            self._show()

    async def _approve(self, *, anyway: bool = False) -> None:
        """Approves, and opens the next one; where checks fail, asks once before unless it is to be done `anyway`."""
        if self._approving:  # the key was pressed twice: nobody has seen the next one yet
            return
        if not anyway and not self._pane.may_be_approved():
            return
        self._approving = True
        try:
            if await self._judge(reviews.approve):
                ui.notify(texts.APPROVED, type="positive")
                await self._next()
        finally:
            self._approving = False

    async def _reject(self) -> None:
        with ui.dialog() as dialog, ui.card():
            reason = ui.input(texts.REASON).props("autofocus").classes("w-80")
            _yes_or_no(dialog, texts.REJECT)
        if not await dialog:
            return
        version, why = self._pane.opened.document.version, reason.value or None
        document_id, who = self._document_id, self._reviewer
        if await self._decide(lambda session: reviews.reject(session, document_id, version, who, why)):
            ui.notify(texts.REJECTED)
            await self._next()

    async def _delete(self) -> None:
        with ui.dialog() as dialog, ui.card():
            ui.label(texts.DELETE_ALL)
            _yes_or_no(dialog, texts.DELETE)
        document_id, who = self._document_id, self._reviewer
        if await dialog and await self._decide(lambda session: reviews.delete(session, document_id, who)):
            ui.notify(texts.DELETED)
            await self._next()

    async def _read_again(self) -> None:
        version = self._pane.opened.document.version
        document_id, who = self._document_id, self._reviewer
        if await self._decide(lambda session: reviews.read_again(session, document_id, version, who)):
            self._show()

    async def _judge(self, judge: Callable[[Session, str, Verdict], StoredDocument]) -> bool:
        """Makes a decision with what stands in the fields; what that changes is found before others have to wait."""
        document_id, verdict, database = self._document_id, self._verdict(), self._backend.database

        def write() -> None:
            with database.reading() as session:
                compared = reviews.compared(session, document_id, verdict)
            with database.writing() as session:
                judge(session, document_id, compared)

        return await self._is_written(write)

    async def _decide(self, decide: Callable[[Session], StoredDocument | None]) -> bool:
        """Makes a decision."""

        def write() -> None:
            with self._backend.database.writing() as session:
                decide(session)

        return await self._is_written(write)

    async def _is_written(self, write: Callable[[], None]) -> bool:
        """Writes a decision; where somebody else was faster, shows what is there now."""
        try:
            await run.io_bound(write)
        except StaleVersion:
            ui.notify(texts.STALE, type="warning", timeout=10_000)
            self._show()
        except (InvoiceShapeError, NotReadYet, NoSuchDocument) as error:
            ui.notify(f"{error.message}. {error.hint}", type="negative", timeout=10_000)
        else:
            self._backend.work.wake()
            return True
        return False

    async def _next(self) -> None:
        """Opens what is most worth a review, without loading the page anew."""
        following = await run.io_bound(next_document, self._backend, self._document_id)
        if following is None:
            ui.notify(texts.DONE)
            ui.navigate.to("/")
            return
        self._document_id, _ = following
        ui.navigate.history.replace(f"/review/{self._document_id}")
        before, ahead, self._ahead = self._pane, self._ahead, None
        if ahead is None or ahead.opened.version != following:
            self._show()
            return
        self._begin(ahead)
        ahead.show()
        before.remove()


def _yes_or_no(dialog: ui.dialog, yes: str) -> None:
    with ui.row():
        ui.button(yes, on_click=lambda: dialog.submit(True)).props("color=red-9")
        ui.button(texts.CANCEL, on_click=lambda: dialog.submit(False)).props("flat")


def _keys_dialog() -> Any:
    with ui.dialog() as dialog, ui.card():
        for key, meaning in texts.KEYBOARD.items():
            with ui.row().classes("items-center no-wrap"):
                ui.label(key).classes("font-mono font-bold w-32")
                ui.label(meaning)
    return dialog
