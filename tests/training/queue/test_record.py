import json
from decimal import Decimal

import pytest

from finscribe.documents import Box, Document, PageLayout, Token
from finscribe.errors import DocumentError, DocumentTooLarge, EmptyDocument, InvoiceShapeError
from finscribe.invoice import Invoice
from finscribe.json_lines import read_line
from finscribe.training.queue.record import make_correction, read_correction

TRUTH = {"vendor": {"name": "Acme"}}


def written(correction):
    return read_line(correction.to_line())


def word(text, x, y):
    return {"text": text, "box": [x, y, x + 10, y + 5]}


@pytest.mark.parametrize(
    "raw",
    [
        "Acme\nTotal 1.50",
        {"text": "Acme\nTotal 1.50"},
        {"ocr_text": "Acme\nTotal 1.50", "engine": {"name": "x", "dpi": 300}},
        {"content": "Acme\nTotal 1.50"},
        {"pages": [{"text": "Acme\nTotal 1.50"}]},
        {"words": [word("Total", 0, 20), word("Acme", 0, 0), word("1.50", 12, 20)]},
        [word("Acme", 0, 0), word("Total", 0, 20), word("1.50", 12, 20)],
    ],
)
def test_the_input_is_stored_as_given_and_its_text_is_what_a_model_reads(raw):
    correction = make_correction(raw, TRUTH, "7")
    assert json.loads(correction.to_line())["input"] == raw
    assert json.loads(correction.to_unsloth_line()) == {
        "input": "OCR_TEXT:\nAcme\nTotal 1.50",
        "output": '{"vendor":{"name":"Acme"}}',
    }


def test_a_document_keeps_its_words_and_boxes_and_reads_back_to_the_same_text():
    lines = [[[Token("Acme", Box(5, 5, 40, 15), 0.9)], [Token("No. 7", Box(200, 5, 240, 15), 0.5)]]]
    document = Document.assemble([PageLayout(lines, 300.0, 400.0, "pt", "ocr")], "scan")
    correction = make_correction(document, TRUTH)
    stored = json.loads(correction.to_line())["input"]
    again = Document.from_raw_ocr(stored)
    assert again.text == document.text == correction.text
    assert [(w.text, w.box, w.confidence) for w in again.words] == [
        (w.text, w.box, w.confidence) for w in document.words
    ]


def test_a_document_whose_words_would_be_read_in_another_order_keeps_its_text():
    lines = [[[Token("second", Box(0, 50, 40, 60))]], [[Token("first", Box(0, 0, 40, 10))]]]
    document = Document.assemble([PageLayout(lines, 300.0, 400.0, "px", "ocr")], "scan")
    stored = json.loads(make_correction(document, TRUTH).to_line())["input"]
    assert Document.from_raw_ocr(stored).text == "second\nfirst"
    assert [w["text"] for w in stored["layout"][0]["words"]] == ["second", "first"]


def test_a_document_without_boxes_is_stored_as_its_text():
    assert make_correction(Document.from_text("Acme"), TRUTH).input == "Acme"


def test_numbers_of_ocr_engines_are_stored_as_numbers():
    numpy = pytest.importorskip("numpy")
    raw = {"words": [{"text": "Acme", "box": [numpy.int32(n) for n in (0, 0, 9, 9)]}]}
    assert written(make_correction(raw, TRUTH))["input"]["words"][0]["box"] == [0, 0, 9, 9]


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("", EmptyDocument),
        (" \n\t", EmptyDocument),
        ({"text": ""}, EmptyDocument),
        (None, DocumentError),
        (7, DocumentError),
        ({"what": "Acme"}, DocumentError),
        ({"text": "Acme", "score": float("nan")}, DocumentError),
        ({"text": "Acme", "image": b"\x89PNG"}, DocumentError),
        ("Acme " * 2_000_000, DocumentTooLarge),
    ],
)
def test_ocr_output_without_text_or_that_json_cannot_hold_is_refused_with_a_hint(raw, error):
    with pytest.raises(error) as caught:
        make_correction(raw, TRUTH)
    assert caught.value.hint


def test_ten_megabytes_of_boxes_around_a_short_text_are_kept():
    raw = {"text": "Acme", "blob": "x" * 10_000_000}
    line = make_correction(raw, TRUTH).to_line()
    assert read_correction(read_line(line)).text == "Acme"


def test_lone_surrogates_and_unusual_line_breaks_stay_on_one_line_of_utf_8():
    raw = "Acme \ud800 one\u2028two\u0085three"
    line = make_correction(raw, TRUTH).to_line()
    assert line.decode("utf-8").splitlines() == [line.decode("utf-8").rstrip("\n")]
    assert json.loads(line)["input"] == raw


@pytest.mark.parametrize(
    ("corrected", "field"),
    [
        ({"financial_summary": {"grand_total": float("nan")}}, "financial_summary.grand_total"),
        ({"financial_summary": {"grand_total": "lots"}}, "financial_summary.grand_total"),
        ({"vendor": {"name": "A\ud800"}}, "vendor.name"),
        ({"invoice_date": "yesterday"}, "invoice_date"),
        ({}, "corrected_invoice"),
        ({"mood": "good"}, "corrected_invoice"),
        (["Acme"], "corrected_invoice"),
    ],
)
def test_what_cannot_be_read_as_an_invoice_is_refused_with_the_field_named(corrected, field):
    with pytest.raises(InvoiceShapeError) as caught:
        make_correction("Acme", corrected)
    assert caught.value.field == field


def test_a_huge_number_in_the_input_is_written_as_short_as_it_came():
    line = b'{"input": {"text": "Acme", "score": 1E+999999999}, "output": {"vendor": {"name": "Acme"}}}'
    assert b'"score": 1E+999999999}' in read_correction(read_line(line)).to_line()


def test_older_shapes_are_read_and_digits_are_kept():
    corrected = {"items": [{"description": "Box", "price": "1,234.50"}], "total": Decimal("1234.50")}
    line = make_correction("Acme", corrected).to_line()
    assert b'"unit_price": 1234.50' in line
    assert b'"grand_total": 1234.50' in line


def test_only_what_is_known_is_stored():
    partial = written(make_correction("Acme", {"vendor": {"name": None}}))
    full = written(make_correction("Acme", Invoice.from_record(TRUTH)))
    assert partial["output"] == {"vendor": {"name": None}}
    assert full["output"]["client"] == {"name": None, "address": None}


def test_a_correction_reads_back_as_it_was():
    correction = make_correction(
        "Acme 5",
        {"vendor": {"name": "Acme"}, "line_items": [{"desc": "Box", "qty": 5}, {"desc": "Lid"}]},
        17,
        reviewer="ann",
        model="starter",
        extracted={"vendor": {"name": "Acne"}},
        confirmed=["line_items"],
        source_file="scan.pdf",
    )
    again = read_correction(read_line(correction.to_line()))
    assert again == correction
    assert again.id == correction.id
    assert again.changes[0].after == "Acme"


def test_equal_corrections_have_the_same_id_however_they_are_written():
    one = make_correction("Acme", {"vendor": {"name": "Acme  Ltd"}, "total": 5.0}, "7", reviewer="ann")
    other = make_correction("Acme", {"total": Decimal("5.00"), "vendor": {"name": "Acme Ltd"}}, 7)
    assert one.id == other.id
    assert len({one.id, *(make_correction(*args).id for args in OTHERS)}) == 4


OTHERS = (
    ("Acme!", {"vendor": {"name": "Acme Ltd"}, "total": 5}, "7"),
    ("Acme", {"vendor": {"name": "Acme Ltd"}, "total": 6}, "7"),
    ("Acme", {"vendor": {"name": "Acme Ltd"}, "total": 5}, "8"),
)


def test_what_nobody_confirmed_or_changed_is_unknown():
    corrected = {"vendor": {"name": "Acme", "address": "Here 1"}, "invoice_number": "7", "total": 5}
    extracted = {"vendor": {"name": "Acme"}, "invoice_number": "1", "total": 5}
    correction = make_correction("x", corrected, extracted=extracted, confirmed=["vendor.name"])
    assert correction.truth.values == {"vendor.name": "Acme", "invoice_number": "7"}
    assert written(correction)["confirmed"] == ["vendor.name"]


def test_lines_known_in_part_are_kept_but_not_asked_for_in_training():
    correction = make_correction("x", {"line_items": [{"desc": "A", "qty": 1}, {"desc": "B"}]})
    assert written(correction)["output"]["line_items"] == [{"desc": "A", "qty": 1}, {"desc": "B"}]
    assert json.loads(correction.to_unsloth_line())["output"] == '{"line_items":[{"desc":"A"},{"desc":"B"}]}'


def test_a_record_without_input_or_output_is_refused():
    with pytest.raises(InvoiceShapeError, match="there is no output"):
        read_correction({"input": "x"})
