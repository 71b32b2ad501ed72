"""The inbox: files are dropped, and one sees what becomes of them, what is worth a review first."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from nicegui import run, ui

from app.api.answers import waiting_for, worth_answer
from app.backend import Backend
from app.store import inbox
from app.store.inbox import Filter, Order
from app.store.tables import IN_PROGRESS, State, StoredDocument
from app.web import texts
from app.web.drop_zone import DropZone
from app.web.shell import local_of_visitor, shell
from finscribe.invoice import Kind

ROWS = 50
EVERY = 1.5  # seconds between two looks while something goes on
CALM = 6  # times as long when nothing does

ICONS = {
    State.QUEUED: "hourglass_empty",
    State.READING: "document_scanner",
    State.EXTRACTING: "auto_awesome",
    State.NEEDS_REVIEW: "rate_review",
    State.APPROVED: "check_circle",
    State.REJECTED: "block",
    State.FAILED: "error",
}
COLOURS = {State.APPROVED: "sure", State.FAILED: "doubtful", State.NEEDS_REVIEW: "unsure"}


class Inbox:
    """The list as one visitor has filtered and turned it."""

    def __init__(self, backend: Backend) -> None:
        self._backend, self._local = backend, local_of_visitor(backend)
        self._state: State | None = None
        self._order, self._text, self._offset = Order.WORTH, "", 0
        self._shown: object = None
        self._looks = 0

    def build(self) -> None:
        """Builds the page."""
        with shell(texts.INBOX):
            DropZone("/api/v1/documents", texts.DROP, texts.KINDS, texts.THERE_ALREADY, on_sent=self._soon)
            self._warning = ui.label().classes("doubtful").props("role=status")
            self._build_filters()
            self._list = ui.element("section").classes("w-full").props(f'aria-label="{texts.INBOX}"')
        self._timer = ui.timer(EVERY, self._look)

    def _build_filters(self) -> None:
        with ui.row().classes("w-full items-center gap-4 my-2"):
            self._tabs = ui.toggle(self._states({}), value="", on_change=self._choose_state)
            self._tabs.props("toggle-color=blue-9 toggle-text-color=white")
            ui.space()
            search = ui.input(placeholder=texts.SEARCH, on_change=self._search)
            search.props(f'dense outlined clearable debounce=300 aria-label="{texts.SEARCH}"')
            orders = {str(order): text for order, text in texts.ORDERS.items()}
            order = ui.select(orders, value=str(self._order), on_change=self._sort)
            order.props('dense outlined aria-label="Order"')

    def _states(self, counts: dict[State, int]) -> dict[str, str]:
        total = sum(counts.values())
        named = {str(state): f"{text} {counts.get(state, 0)}" for state, text in texts.STATES.items()}
        return {"": f"{texts.ALL} {total}"} | named

    def _choose_state(self, event: Any) -> None:
        self._state, self._offset = State(event.value) if event.value else None, 0
        self._soon()

    def _search(self, event: Any) -> None:
        self._text, self._offset = event.value or "", 0
        self._soon()

    def _sort(self, event: Any) -> None:
        self._order, self._offset = Order(event.value), 0
        self._soon()

    def _turn(self, by: int) -> None:
        self._offset = max(0, self._offset + by * ROWS)
        self._soon()

    def _soon(self) -> None:
        self._looks = 0

    async def _look(self) -> None:
        """Looks what has changed, seldom while nothing goes on."""
        self._looks += 1
        if self._looks > 1 and self._looks % CALM and not self._busy:
            return
        found = await run.io_bound(self._query)
        if found is None:  # the server is ending
            return
        documents, total, counts = found
        self._busy = any(counts[state] for state in IN_PROGRESS)
        view = (
            self._offset,
            total,
            [(each.id, each.version, each.state, each.worth) for each in documents],
            counts,
        )
        if view != self._shown:
            self._shown = view
            self._draw(documents, total, counts)
        self._warn(documents)

    _busy = True

    def _query(self) -> tuple[list[StoredDocument], int, dict[State, int]]:
        chosen = Filter([self._state] if self._state else [], self._text or None)
        with self._backend.database.reading() as session:
            page = partial(inbox.list_documents, session, chosen, self._order, limit=ROWS)
            found, total = page(offset=self._offset)
            if total and not found:  # what was on the last page has gone
                self._offset = (total - 1) // ROWS * ROWS
                found, total = page(offset=self._offset)
            session.expunge_all()
            return found, total, inbox.counts(session)

    def _warn(self, documents: list[StoredDocument]) -> None:
        waits = (waiting_for(each, self._backend.service) for each in documents)
        reason = next((each for each in waits if each), None)
        self._warning.text = texts.WAITING.format(**reason) if reason else ""

    def _draw(self, documents: list[StoredDocument], total: int, counts: dict[State, int]) -> None:
        self._tabs.options = self._states(counts)
        self._tabs.update()
        self._list.clear()
        with self._list:
            if documents:
                self._table(documents)
                self._pager(len(documents), total)
            else:
                ui.label(texts.NOTHING_FOUND if sum(counts.values()) else texts.NOTHING).classes("muted p-6")

    def _pager(self, count: int, total: int) -> None:
        if total <= ROWS:
            return
        with ui.row().classes("items-center my-2"):
            back = ui.button(texts.PREVIOUS, on_click=lambda: self._turn(-1)).props("flat")
            back.set_enabled(self._offset > 0)
            ui.label(f"{self._offset + 1} – {self._offset + count} / {total}")
            onward = ui.button(texts.NEXT, on_click=lambda: self._turn(1)).props("flat")
            onward.set_enabled(self._offset + count < total)

    def _table(self, documents: list[StoredDocument]) -> None:
        with ui.element("table").classes("inbox"):
            with ui.element("thead"), ui.element("tr"):
                for key, title in texts.COLUMNS.items():
                    with ui.element("th").classes("number" if key in ("total", "worth") else ""):
                        ui.label(title)
            with ui.element("tbody"):
                for document in documents:
                    with ui.element("tr"):
                        self._row(document)

    def _row(self, document: StoredDocument) -> None:
        summary = document.summary or {}
        with ui.element("td"):
            ui.link(document.name, f"/review/{document.id}")
        with ui.element("td"):
            ui.label(summary.get("vendor") or "")
        with ui.element("td"):
            ui.label(summary.get("invoice_number") or "")
        with ui.element("td"):
            ui.label(self._local.say(Kind.DATE, summary.get("invoice_date")))
        with ui.element("td").classes("number"):
            ui.label(self._amount(summary))
        with ui.element("td"):
            _state(document)
        with ui.element("td").classes("number"):
            self._worth(document)

    def _amount(self, summary: Mapping[str, Any]) -> str:
        total = summary.get("total")
        return "" if total is None else f"{self._local.number(total)} {summary.get('currency') or ''}".strip()

    def _worth(self, document: StoredDocument) -> None:
        if document.state is not State.NEEDS_REVIEW:
            return
        parts = worth_answer(document)
        with ui.label(self._local.rounded(parts["value"], 1)).props("tabindex=0"):
            ui.tooltip(texts.WORTH.format(**parts)).classes("max-w-sm")


def _state(document: StoredDocument) -> None:
    with ui.row().classes(f"items-center gap-1 no-wrap {COLOURS.get(document.state, '')}"):
        ui.icon(ICONS[document.state]).props("aria-hidden=true")
        ui.label(texts.STATES[document.state])
        if document.problem:
            ui.tooltip(f"{document.problem['detail']}. {document.problem['hint']}")
