"""One document as it is reviewed: its page on one side, its fields on the other."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.store.tables import StoredDocument
from app.web import texts
from app.web.fields import Fields
from app.web.form import ReviewForm
from app.web.opened import Opened
from app.web.viewer import Viewer

OnKey = Callable[[str, str | None], Awaitable[None]]


class Pane:
    """A document that was opened; `bar` draws what stands above it. A hidden one is there at once when it is shown."""

    def __init__(
        self, opened: Opened, bar: Callable[[Opened], None], on_key: OnKey, *, hidden: bool = False
    ) -> None:
        self.opened, self._on_key = opened, on_key
        with ui.element("div").classes("review-pane") as self._place:
            bar(opened)
            if opened.form is None:
                _not_read(opened.document)
            else:
                self._columns(opened.form)
        self._place.set_visibility(not hidden)

    def _columns(self, form: ReviewForm) -> None:
        with ui.element("div").classes("review"):
            self._viewer = Viewer(
                f"/api/v1/documents/{self.opened.document.id}",
                self.opened.pages,
                form.boxes(),
                on_text=lambda path, text: self.fields.fill(path, text),
                on_key=self._on_key,
                on_paste=lambda path, text: self.fields.paste(path, text),
            )
            self.fields = Fields(form, lambda: self._viewer.show(form.boxes()))

    def show(self) -> None:
        """Shows a pane that was hidden, with the focus where a review begins."""
        self._place.set_visibility(True)
        self._viewer.begin()

    def remove(self) -> None:
        """Takes it off the page."""
        self._place.delete()


def _not_read(document: StoredDocument) -> None:
    with ui.column().classes("p-6"):
        ui.label(texts.NOT_READ.format(state=texts.STATES[document.state]))
        if document.problem:
            ui.label(f"{document.problem['detail']}. {document.problem['hint']}").classes("doubtful")
