"""Whoever sees little can read what the pages say, in the light and in the dark."""

import re
from typing import Any

import pytest

from app.web.shell import COLOURS, STYLE
from tests.app.web.contrast import ENOUGH, contrast, measured, mixed

PAGES = {"light": "#ffffff", "dark": "#121212"}
TEXTS = ("sure", "unsure", "doubtful", "confirmed", "changed", "muted")
NOTICES = (None, "positive", "negative", "warning", "info", "ongoing")
HOVER = 0.08  # of a row that is pointed at


def colours(scheme: str) -> dict[str, str]:
    """The variables of the style, as they are in the light or in the dark."""
    found: dict[str, str] = {}
    for block in [":root", r"\.body--dark"][: 1 + (scheme == "dark")]:
        for content in re.findall(rf"^{block} \{{([^}}]*)\}}", STYLE, re.MULTILINE):
            found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", content))
    return found


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.005)
    assert mixed("#ff0000", "#ffffff", 0.5) == "#ff8080"


@pytest.mark.parametrize("scheme", PAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stands_out_from_every_ground(scheme: str, text: str) -> None:
    known = colours(scheme)
    pointed_at = mixed(known["confirmed"], PAGES[scheme], HOVER)
    for ground in (PAGES[scheme], known["panel"], pointed_at):
        assert contrast(known[text], ground) >= ENOUGH, ground


@pytest.mark.parametrize("kind", ["primary", "positive", "negative", "info"])
def test_white_stands_out_from_the_colours_of_buttons_and_notices(kind: str) -> None:
    assert contrast("#ffffff", COLOURS[kind]) >= ENOUGH


@pytest.mark.e2e
@pytest.mark.parametrize("scheme", PAGES)
def test_notices_of_every_kind_can_be_read(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto("/")
    page.locator(f"body.body--{scheme} .drop-zone").wait_for()
    found = {}
    for kind in NOTICES:
        options = {"message": f"a notice: {kind}", "timeout": 0, "closeBtn": "OK"} | (
            {"type": kind} if kind else {}
        )
        page.evaluate("options => { Quasar.Notify.create(options); }", options)
        notice = page.locator(".q-notification", has_text=f"a notice: {kind}")
        found[kind] = min(measured(notice.get_by_text("a notice")), measured(notice.get_by_role("button")))
    assert {kind: ratio for kind, ratio in found.items() if ratio < ENOUGH} == {}
