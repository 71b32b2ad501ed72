"""The pictures of the documentation: `FINSCRIBE_PICTURES=docs/images pytest -m e2e tests/app/web/test_pictures.py`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.app.web.conftest import opening, serve
from tests.app.web.test_browser import SAMPLES, field, upload

pytestmark = pytest.mark.e2e

Shoot = Callable[[str], Image.Image]


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that has seen nothing but the samples."""
    with serve(tmp_path_factory.mktemp("pictures")) as address:
        yield address


@pytest.fixture
def page(browser: Any, own_address: str) -> Iterator[Any]:
    with opening(browser, own_address) as opened:
        yield opened


@pytest.fixture
def shoot(page: Any, tmp_path: Path) -> Shoot:
    """Takes a picture of what is shown, into the folder that the variable names."""
    folder = Path(os.environ.get("FINSCRIBE_PICTURES", tmp_path))

    def take(name: str) -> Image.Image:
        page.locator(".q-loading-bar[role='progressbar']").wait_for(state="detached")
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        with Image.open(path) as picture:
            picture.quantize(128).save(path, optimize=True)
            return picture.convert("L")

    return take


def test_the_inbox_and_the_review_have_their_pictures(page: Any, shoot: Shoot) -> None:
    upload(page, *sorted(path.name for path in SAMPLES.iterdir()))
    page.goto("/")
    page.locator("tr", has_text="receipt-en-us.jpg").wait_for()
    assert len(shoot("inbox").getcolors(256) or ()) > 50

    page.get_by_role("link", name="invoice-de.pdf").click()
    page.locator(".viewer-sheet rect.viewer-word").first.wait_for(state="attached")
    field(page, "financial_summary.grand_total").click()
    page.locator("rect.active[data-box='financial_summary.grand_total']").wait_for(state="attached")
    page.wait_for_timeout(500)
    assert len(shoot("review").getcolors(256) or ()) > 50
