"""Learn and the dashboard in a real browser: from corrections to another served model, with the real commands."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.web.conftest import ROOT, opening, serve
from tests.app.web.contrast import ENOUGH, measured
from tests.app.web.test_browser import faults, send

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

LONG = 300_000  # milliseconds
VENDORS = (
    "Nordwind",
    "Acme",
    "Lumiere",
    "Bright",
    "Contoso",
    "Fabrikam",
    "Globex",
    "Initech",
    "Umbra",
    "Vega",
)


@pytest.fixture
def learner(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A page of a server whose model may be replaced, with a few corrections in its queue."""
    model = tmp_path / "models" / "unsloth-finscribe"
    shutil.copytree(ROOT / "finscribe/starter/finscribe-starter", model)
    data = tmp_path / "data"
    data.mkdir()
    with serve(data, UNSLOTH_MODEL_DIR=str(model)) as address, opening(browser, address) as page:
        for number, vendor in enumerate(VENDORS):
            body = {"raw_ocr": invoice(vendor, number), "corrected_invoice": truth(vendor, number)}
            assert page.request.post("/api/v1/queue", data=body | {"invoice_id": vendor}).ok
        yield page


def invoice(vendor: str, number: int) -> str:
    """A short invoice that calls its purchase order a case; no two of them are alike but in that."""
    words = " ".join(f"{vendor.lower()}{word}" for word in range(12))
    return (
        f"{vendor} {words}\nInvoice INV-{number}7{number}\nCase {case(number)}\nTotal {number + 3}.50 EUR\n"
    )


def case(number: int) -> str:
    return f"{number}4-KX{number}"


def truth(vendor: str, number: int) -> dict[str, Any]:
    return {
        "vendor": {"name": vendor},
        "invoice_number": f"INV-{number}7{number}",
        "purchase_order": case(number),
        "financial_summary": {"grand_total": number + 3.5},
    }


def read(page: Any, document_id: str) -> Any:
    return page.request.get(f"/api/v1/documents/{document_id}/extraction").json()["invoice"]


def choose(page: Any, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def row(page: Any, *words: str) -> Any:
    found = page.locator(".q-tab-panel tbody tr")
    for word in words:
        found = found.filter(has_text=word)
    return found.first


def test_corrections_become_a_dataset_a_model_its_evaluation_and_what_is_served(learner: Any) -> None:
    page = learner
    document_id = send(page, "mine.txt", invoice("Zenith", 11))
    assert read(page, document_id)["purchase_order"] is None
    correction = {
        "version": 2,
        "invoice": truth("Zenith", 11),
        "confirmed": ["vendor.name", "invoice_number"],
    }
    assert page.request.post(f"/api/v1/documents/{document_id}/approve", data=correction).ok

    page.goto("/learn")
    page.get_by_text("What was corrected").wait_for()

    tab(page, "Datasets")
    page.get_by_label("Share for validation").fill("0.2")
    page.get_by_label("Share for the gate").fill("0.3")
    page.get_by_role("button", name="Build a dataset").click()
    row(page, "done", "to learn from").wait_for(timeout=LONG)

    tab(page, "Training")
    choose(page, "Recipe", "full-starter")
    page.get_by_label("Epochs").fill("12")
    page.get_by_label("Batch size").fill("2")
    page.get_by_role("button", name="Train a model").click()
    loss = page.locator(".chart svg[aria-label='Loss'] polyline.one")
    loss.wait_for(timeout=LONG)
    before = loss.get_attribute("points")
    page.wait_for_function(
        "before => document.querySelector(\".chart svg[aria-label='Loss'] polyline.one\")"
        ".getAttribute('points').split(' ').length > before",
        arg=len(before.split()),
        timeout=LONG,
    )
    row(page, "done", "field F1").wait_for(timeout=LONG)
    page.locator(".chart svg[aria-label='F1'] circle.two").first.wait_for()

    tab(page, "Evaluations")
    page.get_by_label("Model", exact=True).wait_for()
    page.wait_for_function("document.body.innerText.includes('trained ')")
    page.get_by_role("button", name="Evaluate a model").click()
    row(page, "done", "points F1").wait_for(timeout=LONG)
    with page.context.expect_page() as opened:
        row(page, "done").get_by_role("link", name="Page").click()
    opened.value.get_by_text("Evaluation").first.wait_for()
    opened.value.close()

    tab(page, "Models")
    page.get_by_text("No version yet").wait_for()
    page.wait_for_function("document.body.innerText.includes(' points')")
    page.get_by_role("button", name="Promote", exact=True).click()
    page.get_by_text("Not every condition holds").wait_for(timeout=LONG)
    row(page, "does not hold", "micro-F1 loses at most 1 points").wait_for()
    force = page.get_by_role("button", name="Promote all the same")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.locator(f"body.body--{scheme}").wait_for()
        assert measured(force.locator(".q-btn__content")) >= ENOUGH
    force.click()
    page.get_by_label("Why is it to be served").fill("three vendors are too few")
    page.get_by_role("dialog").get_by_role("button", name="Promote all the same").click()
    page.get_by_text("is served from now on").wait_for(timeout=LONG)
    row(page, "forced", "served").wait_for()
    found = page.request.get("/api/v1/models").json()
    assert [each["standing"] for each in found["versions"]] == ["not gated", "forced"]
    version = found["versions"][1]["id"]
    while (
        page.request.get("/api/v1/unsloth/health").json()["model"] != version
    ):  # the test has a limit of time
        page.wait_for_timeout(200)

    page.goto(f"/review/{document_id}")
    page.get_by_role("button", name="Read again").click()
    page.goto("/")
    page.locator("tr", has_text="mine.txt").get_by_text("needs review").wait_for()
    assert read(page, document_id)["purchase_order"] == case(11)


def test_without_corrections_the_page_says_what_to_do_and_where(browser: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with serve(data) as address, opening(browser, address) as page:
        page.goto("/learn?tab=datasets")
        page.get_by_role("button", name="Build a dataset").click()
        said = page.get_by_role("alert").filter(has_text="Review a document and approve it first")
        said.wait_for()
        link = said.get_by_role("link", name="To the inbox")
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            page.locator(f"body.body--{scheme}").wait_for()
            assert measured(link) >= ENOUGH
        link.click()
        page.locator(".drop-zone").wait_for()
        assert page.request.get("/api/v1/datasets").json()["runs"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_learn_and_the_dashboard(page: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    page.goto("/dashboard")
    page.get_by_text("Documents came in").wait_for()
    found += faults(axe, page)
    for name, shown in (
        ("queue", "Corrections"),
        ("datasets", "Build a dataset"),
        ("training", "Train a model"),
        ("evaluations", "Evaluate a model"),
        ("models", "Versions"),
    ):
        page.goto(f"/learn?tab={name}")
        page.locator(".q-tab-panel").get_by_text(shown).first.wait_for()
        found += faults(axe, page)
    assert not found, "\n".join(found)


def test_the_dashboard_counts_what_was_approved_and_exports_it(page: Any) -> None:
    document_id = send(page, "dashboard.txt", invoice("Dashboard", 5))
    body = {"version": 2, "seconds": 5}
    approved = page.request.post(f"/api/v1/documents/{document_id}/approve", data=body)
    assert approved.ok, approved.text()
    page.goto("/dashboard")
    page.locator(".chart svg[aria-label='Documents a day'] circle").first.wait_for()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="JSON Lines").or_(page.get_by_text("JSON Lines")).first.click()
    assert document_id in Path(saved.value.path()).read_text()
