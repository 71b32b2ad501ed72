"""What several pages are made of: headings, cards, tables, tiles, charts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from nicegui import ui

from finscribe.errors import FinScribeError
from finscribe.reports import page

Cell: TypeAlias = str | Callable[[], None]
"""Text, or what builds the content of a cell."""


@contextmanager
def card(title: str, said: str = "") -> Iterator[None]:
    """A part of a page with its heading; what is built in the context is its content."""
    with ui.element("section").classes("card").props(f'aria-label="{title}"'):
        ui.label(title).classes("heading").props('role=heading aria-level="2"')
        if said:
            ui.label(said).classes("muted text-sm mb-2")
        yield


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Rows below their columns."""
    with ui.element("div").classes("scroll"), ui.element("table").classes("inbox"):
        with ui.element("thead"), ui.element("tr"):
            for column in columns:
                with ui.element("th" if column else "td"):
                    ui.label(column)
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for cell in row:
                        with ui.element("td"):
                            _fill(cell)


def _fill(cell: Cell) -> None:
    if isinstance(cell, str):
        ui.label(cell)
    else:
        cell()


def tiles(figures: Sequence[tuple[str, str, str]]) -> None:
    """Large figures side by side: (what it is, the figure, what that means)."""
    with ui.element("div").classes("tiles"):
        for label, figure, hint in figures:
            with ui.element("div").classes("tile"):
                ui.label(label).classes("muted text-sm")
                ui.label(figure).classes("figure")
                if hint:
                    ui.label(hint).classes("muted text-xs")


def chart(svg: str, *legend: tuple[str, str]) -> None:
    """A chart of `finscribe.reports.charts`, which escapes what it shows, with (class, name) of its colours."""
    ui.html(svg + (page.legend(*legend) if legend else ""), sanitize=False).classes("chart w-full")


def choice(label: str, options: dict[str, str], value: str | None = None) -> ui.select:
    """A field to choose something by name."""
    field = ui.select(options, label=label, value=value)
    return field.props("dense outlined options-dense").classes("min-w-48")


def offer(field: ui.select, options: dict[str, str]) -> None:
    """What there is to choose from now; what was chosen stays where it can, else it is the first."""
    if options != field.options:
        chosen = field.value if field.value in options else next(iter(options), None)
        field.set_options(options, value=chosen)


def say_error(error: FinScribeError) -> None:
    """What went wrong and what to do, for a moment at the edge of the page."""
    ui.notify(
        f"{error.message}. {error.hint}", type="negative", multi_line=True, close_button="OK", timeout=12_000
    )
