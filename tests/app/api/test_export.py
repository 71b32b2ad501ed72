"""What is approved goes out, in every format, and nothing else does."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from fastapi.testclient import TestClient

from app.exports import workbook
from app.store import approved
from tests.app.api.conftest import decide, problem, send_one

EXPORT = "/api/v1/export"
INVOICE: dict[str, Any] = {
    "document_type": "invoice",
    "vendor": {"name": "=HYPERLINK(1)"},
    "client": {"name": "TechCorp Inc."},
    "invoice_number": "A/7 ..",
    "invoice_date": "2026-03-14",
    "currency": "EUR",
    "line_items": [
        {"desc": "+Bolts", "qty": 2, "unit_price": 5, "line_total": 10},
        {"desc": "Nuts", "line_total": -2.5},
    ],
    "financial_summary": {"grand_total": 7.5},
}


def approve(client: TestClient, name: str = "a.txt", invoice: dict[str, Any] | None = None) -> str:
    document_id = send_one(client, f"INV-1 {name} Total 12.50".encode(), name)
    body = {"version": 2, "reviewer": "ann", **({"invoice": invoice} if invoice else {})}
    response = decide(client, document_id, "approve", **body)
    assert response.status_code == 200, response.text
    return document_id


def fetch(client: TestClient, format: str, **options: str) -> Any:
    response = client.get(EXPORT, params={"format": format, **options})
    assert response.status_code == 200, response.text
    return response


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_only_what_was_approved_is_exported_as_its_reviewer_left_it(client: TestClient) -> None:
    document_id = approve(client, "first.txt", {"invoice_number": "CORRECTED"})
    as_read = approve(client, "second.txt")
    send_one(client, b"not looked at 1.00", "other.txt")
    reviewed = send_one(client, b"not approved 1.00", "third.txt")
    decide(client, reviewed, "review", version=2, invoice={"invoice_number": "X"})
    rejected = send_one(client, b"put aside 1.00", "fourth.txt")
    decide(client, rejected, "reject", version=2)
    found = [json.loads(line) for line in fetch(client, "jsonl").text.splitlines()]
    assert [(each["id"], each["invoice"]["invoice_number"]) for each in found] == [
        (document_id, "CORRECTED"),
        (as_read, "INV-1"),
    ]
    assert (found[0]["reviewer"], found[0]["model"], found[0]["file"]) == ("ann", "fake", "first.txt")


def test_json_lines_keep_every_digit(client: TestClient) -> None:
    approve(client)
    assert '"grand_total":12.50' in fetch(client, "jsonl").text


def test_csv_has_a_row_a_document_or_a_row_a_line_and_no_formula(client: TestClient) -> None:
    document_id = approve(client, "=evil.txt", INVOICE)
    (document,) = rows(fetch(client, "csv").content)
    assert document["id"] == document_id
    assert (document["file"], document["vendor.name"]) == ("'=evil.txt", "'=HYPERLINK(1)")
    assert document["financial_summary.grand_total"] == "7.5"
    lines = rows(fetch(client, "csv", table="lines").content)
    assert [(each["id"], each["line"], each["desc"]) for each in lines] == [
        (document_id, "1", "'+Bolts"),
        (document_id, "2", "Nuts"),
    ]
    assert lines[1]["line_total"] == "-2.5"


def test_a_workbook_has_numbers_dates_and_text_and_no_formula(client: TestClient) -> None:
    approve(client, "=evil.txt", INVOICE)
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "xlsx").content))
    names, values = book["documents"].iter_rows()
    cell = dict(zip((name.value for name in names), values, strict=True))
    assert (cell["vendor.name"].value, cell["vendor.name"].data_type) == ("=HYPERLINK(1)", "s")
    assert (cell["file"].value, cell["file"].data_type) == ("=evil.txt", "s")
    assert cell["financial_summary.grand_total"].value == 7.5
    assert cell["invoice_date"].value == datetime(2026, 3, 14)  # noqa: DTZ001
    assert [row[3].value for row in book["lines"].iter_rows(min_row=2)] == ["+Bolts", "Nuts"]


def test_rows_that_no_sheet_holds_go_on_to_the_next_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    approve(client, "a.txt", INVOICE)
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "xlsx").content))
    assert book.sheetnames == ["documents", "lines", "lines 2"]
    assert [row[3].value for row in book["lines 2"].iter_rows()] == ["desc", "Nuts"]


def test_ubl_is_a_zip_of_what_holds_all_it_needs_and_a_list_of_what_others_lack(client: TestClient) -> None:
    whole = approve(client, "whole.txt", INVOICE)
    lacking = approve(client, "lacking.txt")
    with zipfile.ZipFile(io.BytesIO(fetch(client, "ubl").content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"A-7-{whole}.xml", "missing.csv"]
        root = ElementTree.fromstring(archive.read(archive.namelist()[0]))
        (row,) = rows(archive.read("missing.csv"))
    assert root.tag.endswith("Invoice-2}Invoice")
    assert (row["id"], row["file"], row["invoice_number"]) == (lacking, "lacking.txt", "INV-1")
    assert "currency: is not printed" in row["missing"]


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx", "ubl"])
def test_an_export_of_nothing_is_whole(client: TestClient, format: str) -> None:
    response = fetch(client, format)
    assert "attachment" in response.headers["content-disposition"]
    assert (len(response.content) == 0) == (format == "jsonl")


def test_documents_are_read_from_the_database_a_few_at_a_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approved, "SOME", 2)
    sent = [approve(client, f"{number}.txt") for number in range(5)]
    assert [each["id"] for each in rows(fetch(client, "csv").content)] == sent


def test_an_export_may_begin_at_a_time(client: TestClient) -> None:
    approve(client)
    now = datetime.now(UTC)
    for since, count in ((now - timedelta(minutes=1), 1), (now + timedelta(minutes=1), 0)):
        assert len(rows(fetch(client, "csv", since=since.isoformat()).content)) == count


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00", "yesterday"])
def test_a_time_that_is_none_is_a_problem(client: TestClient, since: str) -> None:
    found = problem(client.get(EXPORT, params={"format": "csv", "since": since}), 422, "invalid-request")
    assert "since" in found["detail"]


def test_an_unknown_format_is_a_problem(client: TestClient) -> None:
    found = problem(client.get(EXPORT, params={"format": "pdf"}), 422, "invalid-request")
    assert "format" in found["detail"]
