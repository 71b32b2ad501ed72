"""What all pages have around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from nicegui import ui

from app.api.access import Caller, get_caller
from app.backend import Backend
from app.local import Local, local_of
from app.roles import Role
from app.web import texts
from app.web.login import LOGOUT, form_token

STYLE = Path(__file__).with_name("style.css").read_text()
COLOURS = {
    "primary": "#1d4ed8",
    "positive": "#1b6e3c",
    "negative": "#b3261e",
    "info": "#0b5c8a",
    "warning": "#f2c037",
}
"""Of buttons and notices: white is written on all of them, but on `warning` black."""


@contextmanager
def shell(title: str) -> Iterator[None]:
    """A page with its header; what is built in the context is its content."""
    ui.colors(**COLOURS)
    ui.add_css(STYLE)
    ui.page_title(f"{title} · {texts.TITLE}")
    dark = ui.dark_mode(None)
    with (
        ui.header()
        .classes("items-center gap-4 py-2")
        .props("bordered")
        .style("background: #0f172a; color: white")
    ):
        ui.link(texts.TITLE, "/").classes("text-lg font-bold text-white no-underline")
        ui.link(texts.INBOX, "/").classes("text-white")
        if visitor().role.covers(Role.TRAINER):
            ui.link(texts.LEARN, "/learn").classes("text-white")
        ui.link(texts.DASHBOARD, "/dashboard").classes("text-white")
        ui.link(texts.API, "/docs").classes("text-white")
        ui.space()
        _who()
        switch = ui.button(icon="contrast", on_click=lambda: dark.set_value(not dark.value))
        switch.props(f'flat round color=white aria-label="{texts.DARK}"')
    with ui.element("main").classes("w-full max-w-screen-2xl mx-auto"):
        yield


def visitor() -> Caller:
    """Who looks at the page that is being built."""
    return get_caller(ui.context.client.request)


def local_of_visitor(backend: Backend) -> Local:
    """How numbers and dates are written for who looks at the page that is being built."""
    asked = ui.context.client.request.headers.get("accept-language", "")
    return local_of(backend.locale or asked)


def _who() -> None:
    """The name of somebody who has logged in, and the way out."""
    if not (name := visitor().name):
        return
    ui.label(name)
    token = escape(form_token(ui.context.client.request))
    with ui.element("form").props(f'method=post action="{LOGOUT}"'):
        ui.element("input").props(f'type=hidden name=token value="{token}"')
        ui.button(texts.LOG_OUT, icon="logout").props("flat color=white type=submit")
