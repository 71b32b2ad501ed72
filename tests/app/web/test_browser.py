"""The pages in a real browser, with the real model: what a reviewer does from dropping a file to approving it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.web.question import READING
from tests.app.web.conftest import opening, serve
from tests.einvoices.files import XML, einvoice

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"

pytestmark = pytest.mark.e2e


BEGUN = """() => {
    const pane = document.querySelector('.review-pane')
    const first = pane.querySelector("[data-unsure='yes'] input") ?? pane.querySelector('[data-path] input')
    return first === document.activeElement
}"""
"""Whether the focus is where a reviewer begins: in the first unsure field, or in the first one where all are sure."""


def upload(page: Any, *names: str) -> None:
    page.goto("/")
    page.set_input_files(".drop-zone input", [SAMPLES / name for name in names])
    for name in names:
        row = page.locator("tr", has_text=name)
        row.get_by_text("needs review").or_(row.get_by_text("approved")).wait_for()


def send(page: Any, name: str, sent: str | bytes) -> str:
    """Sends a document, and waits until it was read."""
    data = sent.encode() if isinstance(sent, str) else sent
    content = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    answer = page.request.post("/api/v1/documents", multipart={"files": content})
    page.goto("/")
    page.locator("tr", has_text=name).get_by_text("needs review").wait_for()
    document_id: str = answer.json()["documents"][0]["document"]["id"]
    return document_id


def review(page: Any, name: str) -> None:
    upload(page, name)
    page.locator("tr").get_by_role("link", name=name).click()
    field(page, "vendor.name").wait_for()
    page.locator(".viewer-sheet rect.viewer-word").first.wait_for(state="attached")


def field(page: Any, path: str) -> Any:
    """A field of the review that is shown; the one that comes next is there, too, and hidden."""
    return page.locator(f".review-pane:visible [data-path='{path}'] input")


def wait_for_value(page: Any, path: str, value: str) -> None:
    script = "([path, value]) => document.querySelector(`[data-path='${path}'] input`)?.value === value"
    page.wait_for_function(script, arg=[path, value])


def click_word(page: Any, text: str) -> None:
    """Clicks where a word is printed."""
    box = page.locator("svg rect.viewer-word", has_text=text).first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_dropped_file_is_listed_with_what_was_read(page: Any) -> None:
    upload(page, "invoice-de.pdf", "receipt-en-my.jpg")
    listed = page.request.get("/api/v1/documents", params={"q": "invoice-de"}).json()["documents"]
    shown = page.locator("tr", has_text="invoice-de.pdf").inner_text()
    assert listed[0]["summary"]["invoice_number"] in shown


def test_a_file_that_is_not_taken_says_why(page: Any, tmp_path: Path) -> None:
    file = tmp_path / "letter.docx"
    file.write_bytes(b"PK\x03\x04")
    page.goto("/")
    page.set_input_files(".drop-zone input", file)
    page.get_by_role("alert").get_by_text("Save the document as PDF").wait_for()
    page.get_by_text("letter.docx").wait_for()


def test_of_several_files_a_bad_one_says_why_and_the_others_are_taken(page: Any, tmp_path: Path) -> None:
    contents = {
        "one.txt": b"One Ltd\nTotal 1.50 EUR\n",
        "no.docx": b"PK\x03\x04",
        "two.txt": b"Two\nTotal 2.50",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    page.goto("/")
    page.set_input_files(".drop-zone input", [tmp_path / name for name in contents])
    page.get_by_role("alert").get_by_text("no.docx: ").wait_for()
    for name in ("one.txt", "two.txt"):
        page.locator("tr", has_text=name).get_by_text("needs review").wait_for()
    assert page.get_by_role("alert").get_by_role("listitem").count() == 1


def test_a_file_that_is_there_already_is_said_with_a_link_to_its_document(page: Any) -> None:
    text = "Known Ltd\nInvoice K-1\nTotal 7.50 EUR\n"
    document_id = send(page, "first.txt", text)
    again = {"name": "again.txt", "mimeType": "text/plain", "buffer": text.encode()}
    page.set_input_files(".drop-zone input", again)
    said = page.get_by_role("status").filter(has_text="again.txt is there already")
    said.get_by_role("link", name="first.txt").click()
    page.wait_for_url(f"**/review/{document_id}")


def test_pointing_at_a_field_shows_its_box_and_the_focus_zooms_to_it(page: Any) -> None:
    review(page, "invoice-de.pdf")
    page.wait_for_function(BEGUN)
    field(page, "invoice_number").hover()
    page.locator("rect.active[data-box='invoice_number']").wait_for(state="attached")
    field(page, "financial_summary.grand_total").click()
    page.locator("rect.active[data-box='financial_summary.grand_total']").wait_for(state="attached")
    page.wait_for_function(
        "document.querySelector('.viewer-sheet').clientWidth > "
        "1.5 * document.querySelector('.viewer-page').clientWidth"
    )


def test_a_clicked_word_fills_the_field_that_has_the_focus_and_checks_follow(page: Any) -> None:
    review(page, "invoice-de.pdf")
    subtotal = field(page, "financial_summary.subtotal")
    before = subtotal.input_value()
    subtotal.click()
    page.locator("rect.active[data-box='financial_summary.subtotal']").wait_for(state="attached")
    click_word(page, "228,61")
    wait_for_value(page, "financial_summary.subtotal", "228,61")
    page.locator("[data-path='financial_summary.subtotal'] .messages", has_text="228.61").wait_for()
    page.keyboard.press("Escape")
    wait_for_value(page, "financial_summary.subtotal", before)


def test_a_reviewer_with_a_keyboard_alone_approves_and_gets_the_next_document(
    page: Any, served_data: Path
) -> None:
    upload(page, "receipt-en-us.jpg")
    document_id = send(page, "keyboard.txt", "Keyboard Ltd\nInvoice KB-1\nTotal 9.50 EUR\n")
    page.goto(f"/review/{document_id}")
    field(page, "vendor.name").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Typed by a reviewer")
    page.keyboard.press("Enter")
    page.locator(".field.confirmed[data-path='vendor.name']").wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(document_id))
    field(page, "financial_summary.grand_total").wait_for()
    answer = page.request.get(f"/api/v1/documents/{document_id}").json()
    assert (answer["state"], answer["summary"]["vendor"]) == ("approved", "Typed by a reviewer")
    while page.request.get("/api/v1/queue").json()["stats"]["total"] == 0:  # until the test runs out of time
        page.wait_for_timeout(50)
    lines = (served_data / "unsloth_training_queue.jsonl").read_text().splitlines()
    assert {"name": "Typed by a reviewer"} in [
        json.loads(json.loads(line)["output"]).get("vendor") for line in lines
    ]


def test_what_was_typed_right_before_the_key_is_approved_too(page: Any) -> None:
    document_id = send(page, "quick.txt", "Quick Ltd\nInvoice QK-1\nTotal 9.50 EUR\n")
    page.goto(f"/review/{document_id}")
    field(page, "vendor.name").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Typed in haste")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(document_id))
    found = page.request.get(f"/api/v1/documents/{document_id}").json()
    assert (found["state"], found["summary"]["vendor"]) == ("approved", "Typed in haste")


def test_a_key_that_is_pressed_twice_or_held_down_approves_once(page: Any) -> None:
    upload(page, "receipt-en-us.jpg", "receipt-en-my.jpg")
    opened = send(page, "twice.txt", "Twice Ltd\nInvoice TW-2\nTotal 12.50 EUR\n")
    counts = page.request.get("/api/v1/documents").json()["counts"]
    page.goto(f"/review/{opened}")
    field(page, "vendor.name").wait_for()
    page.evaluate(
        """() => {
            for (const repeat of [false, false, true])
                document.body.dispatchEvent(
                    new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, repeat, bubbles: true}));
        }"""
    )
    page.wait_for_url(lambda url: not url.endswith(opened))
    field(page, "financial_summary.grand_total").wait_for()
    now = page.request.get("/api/v1/documents").json()["counts"]
    assert (now["approved"], now["needs_review"]) == (counts["approved"] + 1, counts["needs_review"] - 1)
    assert page.get_by_text("Somebody else has changed").count() == 0


def test_keys_in_a_dialog_do_nothing_to_the_review_behind_it(page: Any) -> None:
    document_id = send(page, "dialog.txt", "Dialog Ltd\nInvoice DL-1\nTotal 9.50 EUR\n")
    page.goto(f"/review/{document_id}")
    page.get_by_role("button", name="Reject", exact=True).click()
    page.locator(".q-dialog input").fill("An offer")
    page.keyboard.press("Control+Enter")
    page.locator(".q-dialog").get_by_role("button", name="Reject").click()
    page.get_by_text("Rejected.").wait_for()
    assert state(page, document_id) == "rejected"


def failing(page: Any, number: int) -> str:
    """A document whose subtotal and total do not agree, opened."""
    document_id = send(page, f"failing-{number}.txt", f"Failing Ltd\nInvoice F-{number}\nTotal 50.00 EUR\n")
    summary = dict.fromkeys(("discount", "shipping", "other_charges", "tax_rate", "tax_amount", "rounding"))
    correction = {
        "version": 2,
        "invoice": {
            "line_items": [{"desc": "Bolt", "qty": 1, "unit_price": "5.00", "line_total": "5.00"}],
            "financial_summary": {**summary, "subtotal": "5.00", "grand_total": "50.00", "amount_due": None},
        },
    }
    assert page.request.post(f"/api/v1/documents/{document_id}/review", data=correction).ok
    page.goto(f"/review/{document_id}")
    field(page, "financial_summary.grand_total").wait_for()
    return document_id


def state(page: Any, document_id: str) -> str:
    found: str = page.request.get(f"/api/v1/documents/{document_id}").json()["state"]
    return found


AT_ODDS = {"financial_summary.subtotal", "financial_summary.grand_total"}
TO_CHECK = """() => {
    const found = [];
    let inside = false;
    for (const each of document.querySelector(".review-pane .review-fields").children) {
        if (each.getAttribute("role") === "heading") inside = each.textContent === "To check";
        else if (inside) found.push(each.dataset.path);
    }
    return found;
}"""


def test_fields_that_a_failing_check_names_are_to_be_checked_and_in_the_walk_of_tab(page: Any) -> None:
    failing(page, 1)
    assert set(page.evaluate(TO_CHECK)) >= AT_ODDS
    walked = []
    page.locator(".review-pane:visible [data-unsure='yes'] input:focus").wait_for()
    while (here := page.locator("[data-unsure='yes']:focus-within")).count():
        path = here.get_attribute("data-path")
        assert path not in walked
        walked.append(path)
        page.keyboard.press("Tab")
    assert set(walked) >= AT_ODDS


def test_approving_over_a_check_that_fails_is_asked_about_once_and_audited(
    page: Any, served_data: Path
) -> None:
    document_id = failing(page, 2)
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").get_by_text("One check fails").wait_for()
    page.locator(".review-pane:visible .failing input:focus").wait_for()
    assert state(page, document_id) == "needs_review"
    page.wait_for_timeout(READING * 1000)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(document_id))
    assert state(page, document_id) == "approved"
    with closing(sqlite3.connect(served_data / "finscribe.sqlite3")) as database:
        query = "SELECT detail FROM audit WHERE document_id = ? AND action = 'approve'"
        ((detail,),) = database.execute(query, [document_id])
    assert json.loads(detail) == {"failing": ["total"]}


def test_the_question_has_a_button_and_goes_when_the_check_holds(page: Any) -> None:
    document_id = failing(page, 3)
    question = page.get_by_role("alert").filter(has_text="One check fails")
    page.get_by_role("button", name="Approve", exact=True).click()
    question.wait_for()
    total = field(page, "financial_summary.grand_total")
    total.fill("5.00")
    question.wait_for(state="hidden")
    total.fill("40.00")
    page.locator(".review-pane:visible .failing[data-path='financial_summary.grand_total']").wait_for()
    page.get_by_role("button", name="Approve", exact=True).click()
    question.get_by_role("button", name="Approve all the same").click()
    page.wait_for_url(lambda url: not url.endswith(document_id))
    assert state(page, document_id) == "approved"


def test_what_the_electronic_invoice_says_otherwise_stands_at_its_field(page: Any) -> None:
    xml = XML.replace("<ram:ID>F-1<", "<ram:ID>G-77<")
    document_id = send(page, "electronic.pdf", einvoice(xml))
    page.goto(f"/review/{document_id}")

    def said(path: str, what: str) -> Any:
        return page.locator(f".review-pane:visible [data-path='{path}'] .messages", has_text=what)

    said("invoice_number", 'the electronic invoice says "G-77"').wait_for()
    said("client.name", 'nothing was read, the electronic invoice says "Not on the page"').wait_for()
    field(page, "invoice_number").fill("G-77")
    said("invoice_number", "the electronic invoice").wait_for(state="detached")
    assert page.request.delete(f"/api/v1/documents/{document_id}").ok


def test_lines_are_added_corrected_and_removed(page: Any) -> None:
    review(page, "invoice-de.pdf")
    lines = "document.querySelector('.review-pane').querySelectorAll('.line:not(.head)').length"
    count = page.evaluate(lines)
    page.get_by_role("button", name="Add a line").click()
    page.wait_for_function(f"count => {lines} === count + 1", arg=count)
    field(page, f"line_items[{count}].desc").fill("Rohr")
    page.get_by_role("button", name="Remove line 1", exact=True).click()
    page.wait_for_function(f"count => {lines} === count", arg=count)
    assert field(page, f"line_items[{count - 1}].desc").input_value() == "Rohr"


def test_a_line_is_split_where_the_cursor_stood(page: Any) -> None:
    review(page, "invoice-de.pdf")
    first = field(page, "line_items[0].desc")
    first.fill("Bolt 5 mm Nut")
    first.evaluate("input => input.setSelectionRange(10, 10)")
    page.get_by_role("button", name="More for line 1", exact=True).click()
    page.get_by_text("Split where the cursor stands").click()
    wait_for_value(page, "line_items[0].desc", "Bolt 5 mm")
    wait_for_value(page, "line_items[1].desc", "Nut")


def test_the_picture_of_the_next_document_is_there_before_it_is_opened(browser: Any, tmp_path: Path) -> None:
    with serve(tmp_path) as own, opening(browser, own) as page:  # where all documents have pictures
        upload(page, "receipt-en-my.jpg")
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        review(page, "invoice-de.pdf")
        opened = page.url.rsplit("/", 1)[1]
        with page.expect_request(lambda request: request.url.endswith(".png") and opened not in request.url):
            page.reload()
        assert any(opened in url for url in fetched)


@pytest.fixture
def pictured(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A page of a server that has nothing but documents with pictures, at the review of one, with the next prepared."""
    with serve(tmp_path) as own, opening(browser, own) as page:
        upload(page, "receipt-en-us.jpg", "receipt-en-my.jpg")
        review(page, "invoice-fr.pdf")
        page.wait_for_function("document.querySelectorAll('.review-pane').length === 2")
        yield page


def prepared_next(page: Any) -> str:
    """The document of the review that is prepared."""
    picture = page.locator(".review-pane:not(:visible) .viewer-sheet img").get_attribute("src")
    document_id: str = picture.split("/")[-3]
    return document_id


def test_the_next_review_is_there_before_it_is_asked_for_and_keeps_quiet_until_then(pictured: Any) -> None:
    page, following = pictured, prepared_next(pictured)
    ahead = page.locator(".review-pane:not(:visible)")
    assert page.evaluate("document.activeElement.closest('.review-pane').checkVisibility()")
    name = ahead.locator("[role=heading][aria-level='1']").text_content()
    ahead.evaluate("pane => { pane.dataset.seen = 'yes' }")
    page.get_by_role("button", name="Skip").click()
    page.wait_for_url(f"**/review/{following}")
    shown = page.locator(".review-pane[data-seen]")
    shown.get_by_role("heading", name=name).wait_for()
    focused = "document.activeElement.closest('.review-pane')?.dataset.seen === 'yes'"
    page.wait_for_function(focused)
    assert page.locator(".review-pane:visible").count() == 1


def test_a_review_that_changed_after_it_was_prepared_is_opened_anew(pictured: Any) -> None:
    page, ahead = pictured, prepared_next(pictured)
    version = page.request.get(f"/api/v1/documents/{ahead}").json()["version"]
    body = {"version": version, "invoice": {"purchase_order": "MEANWHILE"}}
    assert page.request.post(f"/api/v1/documents/{ahead}/review", data=body).ok
    page.get_by_role("button", name="Skip").click()
    page.wait_for_url(f"**/review/{ahead}")
    wait_for_value(page, "purchase_order", "MEANWHILE")


def test_numbers_and_dates_are_shown_and_read_as_the_browser_asks(browser: Any, address: str) -> None:
    with opening(browser, address, locale="de-DE") as page:
        document_id = send(page, "local.txt", "Muster GmbH\nRechnung R-17\n14.03.2026\nSumme 1.234,50 EUR\n")
        correction = {
            "version": 2,
            "invoice": {
                "invoice_date": "2026-03-14",
                "financial_summary": {"grand_total": "1234.50", "tax_rate": "0.19"},
            },
        }
        assert page.request.post(f"/api/v1/documents/{document_id}/review", data=correction).ok
        page.goto("/")
        row = page.locator("tr", has_text="local.txt")
        row.get_by_text("1.234,50").wait_for()
        row.get_by_text("14.03.2026").wait_for()
        page.goto(f"/review/{document_id}")
        wait_for_value(page, "financial_summary.grand_total", "1.234,50")
        wait_for_value(page, "financial_summary.tax_rate", "19 %")
        field(page, "financial_summary.grand_total").fill("2.000")
        field(page, "financial_summary.tax_rate").fill("7")
        field(page, "invoice_date").fill("04.03.2026")
        page.locator(".review-pane:visible .field.changed[data-path='invoice_date']").wait_for()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        saved = page.request.get(f"/api/v1/documents/{document_id}/extraction").json()["review"]["invoice"]
        assert saved["invoice_date"] == "2026-03-04"
        assert saved["financial_summary"]["grand_total"] == 2000
        assert saved["financial_summary"]["tax_rate"] == 0.07
        assert page.request.delete(f"/api/v1/documents/{document_id}").ok


def test_a_document_is_deleted_from_its_page(page: Any) -> None:
    upload(page, "invoice-en-us.txt")
    page.locator("tr").get_by_role("link", name="invoice-en-us.txt").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.locator(".q-dialog").get_by_role("button", name="Delete").click()
    page.get_by_text("Deleted.").wait_for()
    left = page.request.get("/api/v1/documents", params={"q": "invoice-en-us"}).json()["documents"]
    assert left == []


def test_cells_of_a_spreadsheet_are_pasted_into_the_lines(page: Any) -> None:
    review(page, "invoice-de.pdf")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "Bolt\\t3\\t2,00\\t6,00\\nNut\\t1\\t1,00\\t1,00\\n");
            const input = document.querySelector("[data-path='line_items[0].desc'] input");
            input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    wait_for_value(page, "line_items[1].desc", "Nut")
    wait_for_value(page, "line_items[0].line_total", "6,00")


def test_of_two_reviewers_the_slower_one_is_told(page: Any) -> None:
    review(page, "invoice-fr.pdf")
    document_id = page.url.rpartition("/")[2]
    version = page.request.get(f"/api/v1/documents/{document_id}").json()["version"]
    body = {"version": version, "invoice": {"purchase_order": "OTHER"}}
    assert page.request.post(f"/api/v1/documents/{document_id}/review", data=body).ok
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Somebody else has changed this document").wait_for()
    wait_for_value(page, "purchase_order", "OTHER")


def test_what_documents_say_is_shown_as_text_and_does_nothing(page: Any, tmp_path: Path) -> None:
    file = tmp_path / "<img src=x onerror=alert(1)>.txt"
    file.write_text("<script>alert(1)</script> <img src=x onerror=alert(2)>\nInvoice INV-1\nTotal 12.50\n")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto("/")
    page.set_input_files(".drop-zone input", file)
    page.get_by_role("link", name="onerror").click()
    page.locator(".viewer-page pre", has_text="<script>alert(1)</script>").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(page: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    review(page, "invoice-de.pdf")
    of_review = faults(axe, page)
    field(page, "financial_summary.grand_total").fill("1.00")
    page.locator(".review-pane:visible .failing[data-path='financial_summary.grand_total']").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Approve all the same").wait_for()
    of_review += faults(axe, page)
    page.goto("/")
    refused = {"name": "no.docx", "mimeType": "application/zip", "buffer": b"PK\x03\x04"}
    page.set_input_files(".drop-zone input", [refused])
    page.get_by_role("alert").get_by_text("no.docx: ").wait_for()
    page.locator("tr").get_by_role("link", name="invoice-de.pdf").wait_for()
    found = faults(axe, page) + of_review
    assert not found, "\n".join(found)


def faults(axe: Any, page: Any) -> list[str]:
    page.locator(".q-loading-bar[role='progressbar']").wait_for(state="detached")  # of a request that goes on
    found = axe.run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]


def test_where_nothing_is_programs_get_a_problem_and_people_the_way_back(address: str) -> None:
    answer = httpx2.get(f"{address}/api/v1/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "nothing is at /api/v1/nothing"
    assert answer.json()["hint"]
    wrong = httpx2.get(f"{address}/api/v1/unsloth/infer")
    assert (wrong.status_code, wrong.headers["allow"], wrong.json()["code"]) == (
        405,
        "POST",
        "method-not-allowed",
    )
    page = httpx2.get(f"{address}/dashbord", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert '<a href="/">' in page.text
