import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

import finscribe
from finscribe.cli import main
from finscribe.cli.models import card_summary, count_parameters
from finscribe.cli.table import show_value
from finscribe.documents import Document
from finscribe.errors import ModelNotFound, PromptTooLong
from finscribe.evidence import Evidence, Place, Support
from finscribe.extract import Extraction
from finscribe.invoice import FinancialSummary, Invoice, Kind, LineItem, Vendor
from finscribe.validate import Finding

ROOT = Path(__file__).parent.parent
TEXT = "TechCorp Inc.\nInvoice INV-7\n2 Widgets  10.00  20.00\nTotal 20.00\nThanks"
PRINTED = {
    "vendor.name": "TechCorp Inc.",
    "invoice_number": "INV-7",
    "line_items[0].desc": "Widgets",
    "line_items[0].qty": "2",
    "line_items[0].unit_price": "10.00",
    "line_items[0].line_total": "20.00",
    "financial_summary.grand_total": "20.00",
}
FINDING = Finding(
    "total", "error", ("financial_summary.grand_total",), "the sum is 21.00", Decimal("21.00"), None
)


@dataclass
class Model:
    name: str = "fake"
    backend: str = "none"
    context_length: int = 4096


def extraction_of(document: Document, grounding: str = "grounded") -> Extraction:
    """What a perfect model finds in TEXT, with one finding."""
    line = LineItem(desc="Widgets", qty=Decimal(2), unit_price=Decimal("10.00"), line_total=Decimal("20.00"))
    invoice = Invoice(
        document_type="invoice",
        vendor=Vendor(name="TechCorp Inc."),
        invoice_number="INV-7",
        line_items=(line,),
        financial_summary=FinancialSummary(grand_total=Decimal("20.00")),
    )
    values = {**invoice.values(), **{f"line_items[0].{cell}": value for cell, value in dict(line).items()}}
    evidence = {path: evidence_of(document, path, value) for path, value in values.items()}
    return Extraction(invoice, evidence, (FINDING,), "fake", grounding, {"decode": 0.5}, 3)


def evidence_of(document: Document, path: str, value: str | Decimal | None) -> Evidence:
    if path not in PRINTED:
        support = Support.ABSENT if value is None else Support.INFERRED
        return Evidence(path, value, support, 0.99, 0.99)
    start = document.text.index(PRINTED[path])
    place = Place(start, start + len(PRINTED[path]), 1)
    return Evidence(path, value, Support.PRINTED, 0.9, 0.955, ((place,),))


@pytest.fixture(autouse=True)
def asked(monkeypatch, tmp_path):
    """A model that knows TEXT by heart; what it was asked is recorded."""
    calls = []

    def extract_many(documents, model, **options):
        calls.append({"names": [document.source for document in documents], "model": model.name, **options})
        if any("too long" in document.text for document in documents):
            raise PromptTooLong("does not fit", hint="Split it.")
        return [extraction_of(document, options["grounding"]) for document in documents]

    @dataclass
    class Served:
        model: Model
        origin: str = "starter"
        tried: tuple[str, ...] = ()

    monkeypatch.setattr("finscribe.extract.extract_many", extract_many, raising=False)
    monkeypatch.setattr("finscribe.serving.load_served_model", lambda settings: Served(Model()))
    monkeypatch.setattr("finscribe.decoding.load_model", lambda name, *, settings=None: Model(name))
    monkeypatch.setattr("finscribe.starter.path", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    return calls


@pytest.fixture
def invoice(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command line."""
    with pytest.raises(SystemExit) as exit_:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return int(exit_.value.code or 0), captured.out, captured.err


def imported(code: str) -> set[str]:
    code += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


# --- the command -------------------------------------------------------------------------------------


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


def test_a_file_that_is_not_named_is_a_usage_error(capsys):
    code, _, err = run(capsys, "extract")
    assert code == 2
    assert "FILE" in err


# --- formats -----------------------------------------------------------------------------------------


def test_the_table_shows_values_confidence_place_and_findings(capsys, invoice):
    code, out, err = run(capsys, "extract", invoice)
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


def test_the_table_names_the_fields_that_are_not_printed_instead_of_showing_them(capsys, invoice):
    _, out, _ = run(capsys, "extract", invoice)
    missing = out[out.index("Not printed:") :]
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


# --- sources and options -----------------------------------------------------------------------------


def test_standard_input_is_read_by_its_content(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    _, out, _ = run(capsys, "extract", "-", "--format", "json")
    assert json.loads(out)["file"] == "stdin"


def test_standard_input_cannot_be_read_twice(capsys):
    assert run(capsys, "extract", "-", "-")[0] == 2


def test_a_folder_without_documents_is_an_error(capsys, tmp_path):
    code, _, err = run(capsys, "extract", tmp_path)
    assert code == 3
    assert ".pdf" in err


def test_a_block_stands_for_its_fields(capsys, invoice, asked):
    run(capsys, "extract", invoice, "--fields", "invoice_number, client")
    assert asked[0]["request"] == ("client.name", "client.address", "invoice_number")


def test_a_misspelt_field_is_a_usage_error_that_names_the_nearest(capsys, invoice, asked):
    code, _, err = run(capsys, "extract", invoice, "--fields", "invoice_nmber")
    assert code == 2
    assert "invoice_number" in err
    assert asked == []


def test_the_model_and_the_grounding_are_the_ones_asked_for(capsys, invoice, asked):
    _, out, _ = run(capsys, "extract", invoice, "--model", "my/model", "--grounding", "off")
    assert (asked[0]["model"], asked[0]["grounding"]) == ("my/model", "off")
    assert "grounding off" in out


def test_many_files_are_read_in_batches_and_printed_in_order(capsys, invoice, asked):
    _, out, _ = run(capsys, "extract", *[invoice] * 10, "--format", "jsonl")
    assert [len(call["names"]) for call in asked] == [8, 2]
    assert len(out.splitlines()) == 10


def test_a_document_that_fails_leaves_the_others_of_its_batch_alone(capsys, invoice, tmp_path):
    (tmp_path / "long.txt").write_text("too long")
    files = [invoice] * 4 + [tmp_path / "long.txt"] + [invoice] * 5
    code, out, _ = run(capsys, "extract", *files, "--format", "jsonl")
    errors = [json.loads(line)["error"] for line in out.splitlines()]
    assert code == PromptTooLong.exit_code
    assert [error and error["code"] for error in errors] == [None] * 4 + ["prompt-too-long"] + [None] * 5


def test_a_model_that_does_not_load_ends_the_run_with_its_exit_code(capsys, invoice, monkeypatch):
    def missing(settings):
        raise ModelNotFound("no such model", hint="Name another.")

    monkeypatch.setattr("finscribe.serving.load_served_model", missing)
    code, out, err = run(capsys, "extract", invoice, invoice)
    assert (code, out) == (5, "")
    assert err == "error: no such model\n  hint: Name another.\n"


def test_no_model_is_loaded_for_files_that_cannot_be_read(capsys, tmp_path, monkeypatch):
    monkeypatch.delattr("finscribe.serving.load_served_model")
    code, _, err = run(capsys, "extract", tmp_path / "none.pdf")
    assert code == 3
    assert "none.pdf" in err


def test_a_setting_with_a_bad_value_is_a_usage_error(capsys, invoice, monkeypatch):
    monkeypatch.setenv("FINSCRIBE_MAX_PAGES", "many")
    code, _, err = run(capsys, "extract", invoice)
    assert code == 2
    assert "FINSCRIBE_MAX_PAGES" in err


def test_a_reader_that_stops_early_ends_the_command_silently(invoice):
    code = (
        "import tests.test_cli as t, finscribe.extract, finscribe.serving; from finscribe.cli import main;"
        "finscribe.extract.extract_many = lambda documents, model, **_: [*map(t.extraction_of, documents)];"
        "finscribe.serving.load_served_model = lambda settings: type('Served', (), {'model': t.Model()});"
        f"main(['extract', '--format', 'csv', *[{str(invoice)!r}] * 2000])"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=pipe, stderr=pipe) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.readline()
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 1


# --- pictures ----------------------------------------------------------------------------------------


@pytest.fixture
def pdf(tmp_path):
    from finscribe.synthesis import Sample
    from finscribe.synthesis.render import render_pdf

    path = tmp_path / "a.pdf"
    path.write_bytes(render_pdf(Sample(TEXT, {}, "invoice-letter", "en-US")))
    return path


def test_one_file_of_one_page_is_drawn_into_the_picture_named(capsys, pdf, tmp_path):
    code, _, err = run(capsys, "extract", pdf, "--boxes", tmp_path / "out.png")
    assert (code, err) == (0, "")
    assert [path.name for path in tmp_path.glob("out*")] == ["out.png"]


def test_several_files_are_drawn_into_pictures_with_their_position_and_name(capsys, pdf, tmp_path):
    run(capsys, "extract", pdf, pdf, "--boxes", tmp_path / "out.jpg")
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-1-a.jpg", "out-2-a.jpg"]


def test_each_page_of_a_file_is_a_picture(capsys, tmp_path):
    from PIL import Image

    pages = [Image.new("1", (800, 1000), 1) for _ in range(2)]
    pages[0].save(tmp_path / "fax.tiff", save_all=True, append_images=pages[1:])
    names = plan(tmp_path / "out.png", tmp_path / "fax.tiff")
    assert [path.name for path in names] == ["out-1.png", "out-2.png"]


def plan(pattern: Path, *files: Path) -> list[Path]:
    """Names of the pictures of the first file, two pages long."""
    from finscribe.cli.inputs import Source
    from finscribe.cli.pictures import plan_pictures

    sources = [Source(str(file), file) for file in files]
    names = plan_pictures(pattern, sources, many=len(files) > 1)
    assert names
    return [names.name(sources[0], 1, page, 2) for page in (1, 2)]


def test_text_has_no_page_to_draw_and_a_note_says_so(capsys, invoice, tmp_path):
    code, out, err = run(capsys, "extract", invoice, "--boxes", tmp_path / "out.png")
    assert code == 0
    assert "INV-7" in out
    assert "no page" in err
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("none/out.png", "create it"),
        ("out.gif", ".png"),
        ("folder.png", "folder"),
        ("a.pdf.png", "overwritten"),
    ],
)
def test_a_picture_that_cannot_be_written_is_found_out_before_the_work(
    name, problem, capsys, pdf, tmp_path, asked
):
    (tmp_path / "folder.png").mkdir()
    scan = pdf.rename(tmp_path / "a.pdf.png")
    code, out, err = run(capsys, "extract", scan, "--boxes", tmp_path / name)
    assert code == 2
    assert problem in " ".join(err.split())
    assert (out, asked) == ("", [])


def test_a_folder_without_write_permission_is_found_out_before_the_work(
    capsys, pdf, tmp_path, asked, monkeypatch
):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    code, _, err = run(capsys, "extract", pdf, "--boxes", tmp_path / "out.png")
    assert code == 2
    assert "permissions" in err
    assert asked == []


# --- models ------------------------------------------------------------------------------------------


def test_models_path_prints_the_folder_of_the_starter(capsys, tmp_path):
    assert run(capsys, "models", "path")[:2] == (0, f"{tmp_path}\n")


@pytest.fixture
def folder(tmp_path):
    header = b'{"__metadata__":{"format":"pt"},"a":{"shape":[30,40]},"b":{"shape":[5]}}'
    (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "README.md").write_text("---\nlicense: x\n---\n# A model\n\nReads\ninvoices.\n\nMore.\n")
    return tmp_path


def test_models_info_shows_what_would_be_served(capsys, folder):
    code, out, _ = run(capsys, "models", "info")
    rows = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert code == 0
    assert rows["origin"] == "the bundled starter"
    assert rows["context"] == "4,096 tokens"
    assert rows["parameters"] == "1,205"
    assert rows["config.json"] == "2 B"
    assert rows["card"] == "Reads invoices."


def test_models_info_shows_the_model_named(capsys, folder):
    _, out, _ = run(capsys, "models", "info", folder)
    assert str(folder) in out
    assert "1,205" in out


def test_a_folder_without_card_or_with_broken_weights_has_no_summary_and_no_count(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    assert (card_summary(tmp_path), count_parameters(tmp_path)) == ("", 0)


def test_a_quantised_model_has_no_count(folder):
    (folder / "config.json").write_text('{"quantization_config": {}}')
    assert count_parameters(folder) == 0
