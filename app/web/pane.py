"""One document as it is reviewed: its page on one side, its fields on the other."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.store.tables import StoredDocument
from app.web import texts
from app.web.fields import Fields
from app.web.form import Checked, ReviewForm
from app.web.opened import Opened
from app.web.question import Question
from app.web.viewer import Viewer

OnKey = Callable[[str, str | None], Awaitable[None]]
MOST_NAMED = 3  # failing checks whose words stand in the question; all of them stand at their fields
ANYWAY = "approve-anyway"
"""The key that no keyboard has: of the button that approves although checks fail."""


class Pane:
    """A document that was opened; `bar` draws what stands above it. A hidden one is there at once when it is shown."""

    def __init__(
        self, opened: Opened, bar: Callable[[Opened], None], on_key: OnKey, *, hidden: bool = False
    ) -> None:
        self.opened, self._on_key, self._question = opened, on_key, Question()
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
            with ui.element("div").classes("review-side"):
                self._build_question()
                self.fields = Fields(form, lambda: self._viewer.show(form.boxes()), self._judged)

    def _build_question(self) -> None:
        with ui.element("div").classes("question").props("role=alert") as self._asking:
            self._asked = ui.label()
            approve = ui.button(texts.APPROVE_ANYWAY, on_click=lambda: self._on_key(ANYWAY, None))
            approve.props("color=red-9 no-caps")
        self._asking.set_visibility(False)

    def _judged(self, checked: Checked) -> None:
        """The question says how many checks fail now, and is gone when none does."""
        self._failing = checked.failing
        count = len(checked.failing)
        fail = texts.ONE_CHECK_FAILS if count == 1 else texts.CHECKS_FAIL.format(count=count)
        what = "; ".join(each.message for each in checked.failing[:MOST_NAMED])
        self._asked.text = texts.APPROVE_OVER.format(fail=fail, what=what)
        if not count:
            self._asking.set_visibility(False)
            self._question = Question()  # what fails again is asked about again

    def may_be_approved(self) -> bool:
        """Whether no check fails, or only such as somebody was asked about; asks where not."""
        if self._question.is_settled(self._failing):
            return True
        self._asking.set_visibility(True)
        self._viewer.show_failing()
        return False

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
