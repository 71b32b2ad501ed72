"""The fields of a review: what is unsure first, the lines as a table, and at each of them how far it may be trusted."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from app.local import as_printed
from app.web import texts
from app.web.form import Checked, Level, ReviewForm
from finscribe.arithmetic import COLUMN_ORDER
from finscribe.invoice import CELLS, HEADER_FIELDS, LINES, kind_of
from finscribe.validation.parties import SAME_PARTY

ICONS = {
    Level.CONFIRMED: "verified",
    Level.CHANGED: "edit",
    Level.SURE: "check",
    Level.UNSURE: "help_outline",
    Level.DOUBTFUL: "warning_amber",
    Level.FAILING: "rule",
}


class Fields:
    """Shows a form and changes it.

    `moved` is called when a value may have come to another place, `judged` with the checks whenever they were made.
    """

    def __init__(
        self, form: ReviewForm, moved: Callable[[], None], judged: Callable[[Checked], None]
    ) -> None:
        self._form, self._moved, self._judged = form, moved, judged
        self._inputs: dict[str, Any] = {}
        self._marks: dict[str, tuple[Any, Any, Any]] = {}  # row, icon and messages of each field
        self._place = ui.element("div").classes("review-fields")
        self._draw()

    # What the reviewer does -----------------------------------------------------------------------

    def fill(self, path: str, text: str) -> None:
        """Words of the page into a field."""
        if path in self._inputs:
            self._inputs[path].value = as_printed(kind_of(path), text)

    def accept(self, path: str) -> None:
        """Vouches for a field."""
        self._form.accept(path)
        self._judge()

    def accept_all(self) -> None:
        """Vouches for everything."""
        self._form.accept_all()
        self._judge()

    def paste(self, path: str, text: str) -> None:
        """Cells of a spreadsheet into the lines."""
        self._form.paste(path, text)
        self._redraw()

    def undo(self) -> None:
        """Takes the last change back."""
        if self._form.undo():
            self._redraw()

    def _typed(self, path: str, text: str | None) -> None:
        self._form.set(path, text or "")
        self._judge()

    def _change_lines(self, change: Callable[..., None], *line: int) -> None:
        change(*line)
        self._redraw()

    # How it looks ---------------------------------------------------------------------------------

    def _redraw(self) -> None:
        self._moved()
        self._draw()

    def _draw(self) -> None:
        self._inputs, self._marks = {}, {}
        self._place.clear()
        form, said = self._form, self._form.check().messages
        unsure = [path for path in HEADER_FIELDS if form.level(path).open]
        read = [path for path in HEADER_FIELDS if path not in unsure and (form.text(path) or path in said)]
        empty = [path for path in HEADER_FIELDS if path not in unsure and path not in read]
        with self._place:
            self._general = ui.label().classes("doubtful").props("role=status")
            self._section(texts.TO_CHECK, unsure)
            self._section(texts.OTHERS, read)
            self._lines()
            with ui.expansion(texts.NOT_FOUND.format(count=len(empty))).classes("w-full"):
                for path in empty:
                    self._field(path)
        self._judge()

    def _section(self, title: str, paths: Sequence[str]) -> None:
        if paths:
            _heading(title)
            for path in paths:
                self._field(path)

    def _field(self, path: str) -> None:
        name = texts.FIELDS[path]
        with ui.element("div").classes("field") as row:
            row.props(f'data-path="{path}"')
            icon = ui.icon("check").props("role=img")
            ui.label(name)
            self._input(path, name)
            accept = texts.ACCEPT.format(field=name)
            button = ui.button(icon="done", on_click=lambda: self.accept(path))
            button.props(f'flat round dense tabindex=-1 aria-label="{accept}"')
            messages = ui.label().classes("messages")
        self._marks[path] = (row, icon, messages)

    def _input(self, path: str, name: str) -> None:
        field = ui.input(value=self._form.text(path), on_change=lambda event: self._typed(path, event.value))
        field.props(f'dense outlined debounce=150 aria-label="{name}"').classes("w-full")
        self._inputs[path] = field
        if settled := self._form.settled(path):
            before, codes = settled
            with field.add_slot("append"):
                said = texts.TURNED if list(codes) == [COLUMN_ORDER] else texts.SETTLED
                _say_calculated(said.format(before=before, identities=_named(codes)))
        elif self._form.told_apart(path):
            with field.add_slot("append"):
                _say_calculated(texts.TOLD_APART)

    def _lines(self) -> None:
        with ui.row(align_items="end"):
            _heading(texts.LINES)
            if sums := [code for code in self._form.reread if code != SAME_PARTY]:
                _say_calculated(texts.REREAD.format(identities=_named(sums)))
        with ui.element("div").classes("line head"):
            for cell in CELLS:
                ui.label(texts.CELLS[cell])
        for number in range(len(self._form.rows)):
            self._line(number)
        add = ui.button(texts.ADD_LINE, icon="add", on_click=lambda: self._change_lines(self._form.add_row))
        add.props("flat dense")

    def _line(self, number: int) -> None:
        with ui.element("div").classes("line"):
            cells = []
            for cell in CELLS:
                path = f"{LINES}[{number}].{cell}"
                with ui.element("div").classes("cell").props(f'data-path="{path}"') as place:
                    self._input(path, f"{texts.CELLS[cell]} {number + 1}")
                cells.append((path, place))
            self._line_buttons(number)
            messages = ui.label().classes("messages")
        for path, place in cells:
            self._marks[path] = (place, None, messages)

    def _line_buttons(self, number: int) -> None:
        form = self._form
        remove = ui.button(icon="delete", on_click=lambda: self._change_lines(form.remove_row, number))
        label = texts.REMOVE_LINE.format(number=number + 1)
        remove.props(f'flat round dense tabindex=-1 aria-label="{label}"')
        with ui.button(icon="more_vert") as more, ui.menu():
            ui.menu_item(texts.INSERT_BELOW, on_click=lambda: self._change_lines(form.add_row, number))
            ui.menu_item(texts.SPLIT, on_click=lambda: self._split(number))
            ui.menu_item(texts.MERGE_BELOW, on_click=lambda: self._change_lines(form.merge_row, number))
        label = texts.MORE.format(number=number + 1)
        more.props(f'flat round dense tabindex=-1 aria-label="{label}"')

    async def _split(self, number: int) -> None:
        """Splits a line where the cursor last stood in its description."""
        path = f"{LINES}[{number}].desc"
        at = await ui.run_javascript(f"window.finscribeCursor?.['{path}'] ?? null")
        self._change_lines(lambda: self._form.split_row(number, at))

    # How far it may be trusted --------------------------------------------------------------------

    def _judge(self) -> None:
        """Says at each field how far it may be trusted and what is wrong with it."""
        checked = self._form.check()
        for path, (row, icon, messages) in self._marks.items():
            level = self._form.level(path)
            row.classes(replace=f"{'field' if icon else 'cell'} {level}")
            row.props(f'data-unsure="{"yes" if level.open else "no"}"')
            if icon:
                icon.name = ICONS[level]
                icon.props(f'aria-label="{texts.LEVELS[level]}"').classes(replace=str(level))
                messages.text = " ".join(checked.messages.get(path, ()))
        self._judge_lines(checked)
        self._general.text = " ".join(checked.messages.get("", ()))
        self._judged(checked)

    def _judge_lines(self, checked: Checked) -> None:
        for number in range(len(self._form.rows)):
            paths = [f"{LINES}[{number}].{cell}" for cell in CELLS]
            said = [text for path in paths for text in checked.messages.get(path, ())]
            self._marks[paths[0]][2].text = " ".join(said)


def _say_calculated(said: str) -> None:
    """A mark at what was not taken as the model wrote it first, which says why."""
    with ui.icon("calculate", size="xs").classes("settled").props(f'role=img tabindex=0 aria-label="{said}"'):
        ui.tooltip(said).classes("max-w-sm")


def _named(codes: Sequence[str]) -> str:
    """The identities that findings are about, in words."""
    return ", ".join(texts.IDENTITIES.get(code, code) for code in codes)


def _heading(text: str) -> None:
    ui.label(text).classes("text-base font-bold mt-3").props('role=heading aria-level="2"')
