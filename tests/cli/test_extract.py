import io
import json
import subprocess
import sys

from finscribe.errors import ModelNotFound, PromptTooLong
from tests.cli.fakes import ROOT, TEXT, run
from tests.einvoices.files import XML


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


def test_an_empty_folder_is_a_warning_where_there_is_something_else_to_read(capsys, invoice, tmp_path):
    (tmp_path / "empty").mkdir()
    code, out, err = run(capsys, "extract", tmp_path / "empty", invoice, "--format", "jsonl")
    assert code == 3
    assert [json.loads(line)["file"] for line in out.splitlines()] == [str(invoice)]
    assert err.startswith(f"warning: {tmp_path / 'empty'}: no document in this folder\n  hint: Looked for ")


def test_folders_without_any_document_are_an_error(capsys, tmp_path, asked):
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    code, _, err = run(capsys, "extract", tmp_path / "one", tmp_path / "other")
    assert code == 3
    assert err.startswith("error: ")
    assert asked == []


def test_files_of_other_kinds_are_counted_by_their_endings(capsys, invoice, tmp_path):
    for name in ("a.xml", "b.DOCX", "c.docx", "README", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "folder.docx").mkdir()
    code, _, err = run(capsys, "extract", tmp_path)
    assert code == 0
    assert err == "note: passed over 4 files of other kinds: 2 .docx, 1 without an ending, 1 .xml\n"


def test_of_many_other_kinds_a_few_are_named(capsys, invoice, tmp_path):
    for number in range(20):
        (tmp_path / f"a.{number:02}").touch()
    _, _, err = run(capsys, "extract", tmp_path)
    assert err.endswith(": 1 .00, 1 .01, 1 .02, 1 .03, 1 .04, 1 .05, 1 .06, 1 .07, and others\n")


def test_a_single_file_of_another_kind_is_counted_too(capsys, invoice, tmp_path):
    (tmp_path / "a.xml").touch()
    assert "passed over 1 file of other kinds: 1 .xml" in run(capsys, "extract", tmp_path)[2]


def test_the_xml_of_an_electronic_invoice_alone_is_said_to_be_one(capsys, tmp_path):
    (tmp_path / "invoice.xml").write_text(XML)
    code, _, err = run(capsys, "extract", tmp_path / "invoice.xml")
    assert code == 3
    assert "invoice.xml: this is the XML of an electronic invoice" in err


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


def test_arithmetic_is_as_the_environment_has_it_unless_an_option_says_otherwise(
    capsys, invoice, asked, monkeypatch
):
    monkeypatch.setenv("FINSCRIBE_ARITHMETIC", "off")
    for options in ([], ["--arithmetic"], ["--no-arithmetic"]):
        run(capsys, "extract", invoice, *options)
    assert [call["settings"].arithmetic for call in asked] == [False, True, False]


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


def test_a_picture_of_one_pixel_leaves_the_others_alone(capsys, invoice, tmp_path):
    from PIL import Image

    Image.new("RGB", (1, 1)).save(tmp_path / "one.png")
    code, out, err = run(capsys, "extract", tmp_path / "one.png", invoice, "--format", "jsonl")
    errors = [json.loads(line)["error"] for line in out.splitlines()]
    assert code == 3
    assert [error and error["code"] for error in errors] == ["empty-document", None]
    assert "one.png" in err


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
        "import tests.cli.fakes as t, finscribe.extract, finscribe.serving; from finscribe.cli import main;"
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
