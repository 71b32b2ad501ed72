import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

import finscribe
from finscribe.agreement import ElectronicInvoice
from finscribe.arithmetic import COLUMN_ORDER, Settled
from finscribe.cli.table import show_value
from finscribe.extract import Extraction, extract_many
from finscribe.invoice import FinancialSummary, Invoice, Kind, Vendor
from finscribe.testing import FakeModel
from finscribe.validate import Finding
from tests.cli.fakes import FINDING, PRINTED, ROOT, extraction_of, run


def imported(code: str) -> set[str]:
    code += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_command_line_imports_nothing_heavy():
    heavy = {
        "torch",
        "transformers",
        "PIL",
        "rapidocr",
        "scipy",
        "numpy",
        "pydantic",
        "llguidance",
        "pypdfium2",
    }
    assert not heavy & imported("import finscribe.cli")


def test_the_version_is_printed(capsys):
    code, out, _ = run(capsys, "--version")
    assert (code, out) == (0, f"finscribe {finscribe.__version__}\n")


def test_the_package_runs_as_a_module():
    command = [sys.executable, "-m", "finscribe", "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"finscribe {finscribe.__version__}\n"


def test_a_file_that_is_not_named_is_a_usage_error(capsys):
    code, _, err = run(capsys, "extract")
    assert code == 2
    assert "FILE" in err


SETTLED = (
    Settled("line_items[0].qty", Decimal(3), Decimal(2), ("line-arithmetic", "sum-of-lines")),
    Settled("financial_summary.tax_rate", Decimal("0.02"), Decimal("0.2"), ("tax-amount",)),
    Settled("line_items[1].qty", Decimal(40), Decimal(5), (COLUMN_ORDER,)),
)


def test_what_was_read_otherwise_is_said(capsys, invoice, monkeypatch):
    def extract_many(documents, _model, **_options):
        return [replace(extraction_of(document), settled=SETTLED) for document in documents]

    monkeypatch.setattr("finscribe.extract.extract_many", extract_many)
    _, out, _ = run(capsys, "extract", invoice)
    assert "Line 1, quantity: 2 and not 3, so that it adds up (line-arithmetic, sum-of-lines)" in out
    assert "Tax rate: 20 % and not 2 %, so that it adds up" in out
    assert "Line 2, quantity: 5 and not 40, as the headers of its columns say (column-order)" in out
    found = json.loads(run(capsys, "extract", invoice, "--format", "json")[1])["settled"]
    assert found[0] == {
        "path": "line_items[0].qty",
        "before": 3,
        "after": 2,
        "identities": ["line-arithmetic", "sum-of-lines"],
    }


LINES_AGAIN = "the lines were read again, so that they add up (sum-of-lines)"
PARTIES_AGAIN = "the parties were read again, for both had one name (same-party)"


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("sum-of-lines",), [LINES_AGAIN]),
        (("same-party",), [PARTIES_AGAIN]),
        (("sum-of-lines", "same-party"), [LINES_AGAIN, PARTIES_AGAIN]),
    ],
)
def test_what_was_read_again_is_said(capsys, invoice, monkeypatch, codes, said):
    def extract_many(documents, _model, **_options):
        return [replace(extraction_of(document), reread=codes) for document in documents]

    monkeypatch.setattr("finscribe.extract.extract_many", extract_many)
    shown = run(capsys, "extract", invoice)[1]
    assert [each for each in (LINES_AGAIN, PARTIES_AGAIN) if each in shown] == said
    assert json.loads(run(capsys, "extract", invoice, "--format", "json")[1])["reread"] == list(codes)


DIFFERENCE = Finding(
    "electronic-invoice",
    "error",
    ("invoice_number",),
    'invoice number: "INV-7" was read, the electronic invoice says "INV-1"',
    "INV-1",
    "INV-7",
)


@pytest.mark.parametrize(
    ("agrees", "findings", "said"),
    [
        (
            ("currency", "invoice_number"),
            (FINDING,),
            "✓ a.xml, the electronic invoice in this PDF, agrees on 2 values",
        ),
        (
            ("currency",),
            (DIFFERENCE, FINDING),
            "≠ a.xml, the electronic invoice in this PDF, agrees on 1 value and differs",
        ),
        ((), (), "· a.xml, the electronic invoice in this PDF, says nothing of what was asked for"),
    ],
)
def test_what_the_electronic_invoice_inside_says_is_told(
    capsys, invoice, monkeypatch, agrees, findings, said
):
    electronic = ElectronicInvoice("a.xml", {"financial_summary.grand_total": Decimal("20.00")}, agrees)

    def extract_many(documents, _model, **_options):
        changes = {"electronic_invoice": electronic, "findings": findings}
        return [replace(extraction_of(document), **changes) for document in documents]

    monkeypatch.setattr("finscribe.extract.extract_many", extract_many)
    _, out, _ = run(capsys, "extract", invoice)
    assert said in out
    assert all(finding.message in out for finding in findings)
    if DIFFERENCE in findings:
        assert out.index(FINDING.message) < out.index(said) < out.index(DIFFERENCE.message)
    _, out, _ = run(capsys, "extract", invoice, "--format", "json")
    assert '"financial_summary.grand_total": 20.00' in out
    assert json.loads(out)["electronic_invoice"]["agrees"] == list(agrees)


def test_without_an_electronic_invoice_nothing_is_said_of_one(capsys, invoice):
    assert "the electronic invoice" not in run(capsys, "extract", invoice)[1]
    assert json.loads(run(capsys, "extract", invoice, "--format", "json")[1])["electronic_invoice"] is None


def test_the_table_shows_values_confidence_place_and_findings(capsys, invoice):
    code, out, err = run(capsys, "extract", invoice.name)
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert "a.txt" in rows[0]
    assert "8 values" in rows[1]
    assert "fake" in rows[1]
    number = next(row for row in rows if "Invoice number" in row)
    assert all(part in number for part in ("INV-7", "95%", "1", "Invoice INV-7"))
    assert next(row for row in rows if "Widgets" in row).split()[:5] == [
        "1",
        "Widgets",
        "2",
        "10.00",
        "20.00",
    ]
    assert out.index("Widgets") < out.index("Grand total") < out.index("✗ the sum is 21.00")


def test_the_table_names_the_fields_that_were_not_found_instead_of_showing_them(capsys, invoice):
    _, out, _ = run(capsys, "extract", invoice)
    missing = out[out.index("Not found:") :]
    assert "due date" in missing
    assert "Due date" not in out


def test_the_table_fits_the_columns_it_is_given(capsys, invoice, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    _, out, _ = run(capsys, "extract", invoice)
    assert max(map(len, out.splitlines())) <= 70


def test_one_file_as_json_is_one_object(capsys, invoice):
    _, out, _ = run(capsys, "extract", invoice, "--format", "json")
    record = json.loads(out)
    assert record["file"] == str(invoice)
    assert record["error"] is None
    assert record["invoice"]["invoice_number"] == "INV-7"
    assert set(record["seconds"]) == {"read", "decode"}


@pytest.mark.parametrize("output_format", ["json", "jsonl", "csv"])
def test_amounts_keep_the_digits_of_the_page(capsys, invoice, output_format):
    _, out, _ = run(capsys, "extract", invoice, "--format", output_format)
    written = out.replace('""', '"').replace(": ", ":")
    assert '"unit_price":10.00' in written
    assert '"line_total":20.00' in written
    assert '"qty":2,' in written
    if output_format != "csv":
        assert '"grand_total":20.00' in written
        assert '"expected":21.00' in written
        assert '"value":20.00' in written


def test_places_count_the_characters_of_the_text_in_the_record(capsys, invoice):
    _, out, _ = run(capsys, "extract", invoice, "--format", "jsonl")
    record = json.loads(out)
    places = {
        path: [record["text"][part["start"] : part["end"]] for part in found["places"][0]]
        for path, found in record["evidence"].items()
        if found["places"]
    }
    assert places == {path: [printed] for path, printed in PRINTED.items()}


def test_several_files_as_json_are_a_list_with_the_failed_ones_in_it(capsys, invoice, tmp_path):
    (tmp_path / "b.txt").touch()
    code, out, err = run(capsys, "extract", invoice, tmp_path / "b.txt", "--format", "json")
    good, bad = json.loads(out)
    assert code == 3
    assert good["error"] is None
    assert bad["error"]["code"] == "empty-document"
    assert "zero bytes" in err
    assert "hint: " in err


def test_a_folder_as_json_is_a_list_even_with_one_document_in_it(capsys, invoice, tmp_path):
    (tmp_path / "notes.md").write_text("not a document")
    _, out, _ = run(capsys, "extract", tmp_path, "--format", "json")
    assert [record["file"] for record in json.loads(out)] == [str(invoice)]


def test_json_lines_are_one_object_a_line(capsys, invoice):
    _, out, _ = run(capsys, "extract", invoice, invoice, "--format", "jsonl")
    assert [json.loads(line)["error"] for line in out.splitlines()] == [None, None]


def test_csv_is_one_row_a_document(capsys, invoice, tmp_path):
    _, out, _ = run(capsys, "extract", invoice, tmp_path / "none.pdf", "--format", "csv")
    good, bad = csv.DictReader(io.StringIO(out))
    assert good["vendor.name"] == "TechCorp Inc."
    assert good["financial_summary.grand_total"] == "20.00"
    assert json.loads(good["line_items"])[0]["qty"] == 2
    assert good["findings"] == "total"
    assert (bad["error"], bad["vendor.name"]) == ("unreadable-document", "")


@pytest.mark.parametrize(("output_format", "said"), [("csv", "incomplete"), ("table", "cut off")])
def test_an_answer_that_was_cut_off_is_marked(capsys, invoice, monkeypatch, output_format, said):
    model = FakeModel("{}")
    monkeypatch.setattr(
        "finscribe.extract.extract_many",
        lambda documents, *_, **__: extract_many(documents, model, max_new_tokens=5),
    )
    _, out, _ = run(capsys, "extract", invoice, "--format", output_format)
    assert said in out
    assert "nothing-found" not in out
    assert "may be no invoice" not in out


def test_a_spreadsheet_never_takes_a_printed_text_for_a_formula(capsys, invoice, monkeypatch):
    evil = Invoice(vendor=Vendor(name="=1+1"), financial_summary=FinancialSummary(grand_total=Decimal(-5)))
    extraction = Extraction(evil, {}, (), "fake", "grounded", {}, 1)
    monkeypatch.setattr("finscribe.extract.extract_many", lambda *_, **__: [extraction])
    _, out, _ = run(capsys, "extract", invoice, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["vendor.name"] == "'=1+1"
    assert row["financial_summary.grand_total"] == "-5"


def test_amounts_are_shown_with_thousands_apart_and_rates_in_percent():
    assert show_value(Decimal("16242.20"), Kind.NUMBER) == "16,242.20"
    assert show_value(Decimal("0.190"), Kind.RATE) == "19 %"
    assert show_value(Decimal("0.10"), Kind.RATE) == "10 %"
    assert show_value("a\x1b[31m\nb", Kind.SPAN) == "a [31m b"
