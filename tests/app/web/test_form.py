from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest

from app.local import PLACES
from app.web.form import Level, ReviewForm
from finscribe.agreement import DIFFERS
from finscribe.documents import Box
from finscribe.einvoices.claims import Candidates, Claims
from finscribe.einvoices.reading import EInvoice
from finscribe.evidence import Evidence, Place, Support
from finscribe.invoice import Invoice, parse_json

INVOICE = Invoice.from_record(
    parse_json(
        """{"vendor": {"name": "ACME"}, "invoice_number": "1", "currency": "EUR",
        "line_items": [{"desc": "A", "qty": 1, "unit_price": 5.00, "line_total": 5.00},
                       {"desc": "B", "qty": 2, "unit_price": 5.00, "line_total": 10.00}],
        "financial_summary": {"grand_total": 15.00}}"""
    )
)


def printed(path: str, confidence: float, *, page: int = 1) -> tuple[str, dict[str, Any]]:
    place = Place(0, 1, page, (Box(1, 2, 3, 4),))
    return path, asdict(Evidence(path, "x", Support.PRINTED, confidence, confidence, ((place,),)))


EVIDENCE = dict(
    [
        printed("vendor.name", 0.5),
        printed("invoice_number", 0.8, page=2),
        printed("financial_summary.grand_total", 0.99),
        printed("line_items[0].desc", 0.99),
        printed("line_items[1].desc", 0.6),
    ]
)


@pytest.fixture
def form() -> ReviewForm:
    return ReviewForm(INVOICE, INVOICE, EVIDENCE)


def test_values_stand_in_their_fields_with_their_digits(form: ReviewForm) -> None:
    assert form.text("vendor.name") == "ACME"
    assert form.text("due_date") == ""
    assert form.text("line_items[1].line_total") == "10.00"
    assert form.text("financial_summary.grand_total") == "15.00"


def test_levels_follow_the_confidence_and_what_the_reviewer_does(form: ReviewForm) -> None:
    assert form.level("vendor.name") is Level.DOUBTFUL
    assert form.level("invoice_number") is Level.UNSURE
    assert form.level("financial_summary.grand_total") is Level.SURE
    form.set("invoice_number", "2")
    form.accept("vendor.name")
    assert form.level("invoice_number") is Level.CHANGED
    assert form.level("vendor.name") is Level.CONFIRMED
    form.accept_all()
    assert {form.level(path) for path in form.paths} == {Level.CONFIRMED}


def test_what_arithmetic_chose_is_marked_until_it_is_changed() -> None:
    settled = [
        {
            "path": path,
            "before": Decimal("1500.00"),
            "after": Decimal("15.00"),
            "identities": ["sum-of-lines"],
        }
        for path in ("financial_summary.grand_total", "line_items[1].line_total")
    ]
    form = ReviewForm(INVOICE, INVOICE, EVIDENCE, settled=settled, local=PLACES["de"])
    assert form.settled("financial_summary.grand_total") == ("1.500,00", ["sum-of-lines"])
    assert form.settled("vendor.name") is None
    form.add_row(after=0)
    assert form.settled("line_items[1].line_total") is None
    assert form.settled("line_items[2].line_total") == ("1.500,00", ["sum-of-lines"])
    form.set("financial_summary.grand_total", "16")
    assert form.settled("financial_summary.grand_total") is None


def test_parties_that_were_read_again_are_marked_until_they_are_changed() -> None:
    form = ReviewForm(INVOICE, INVOICE, EVIDENCE, reread=["same-party"])
    assert [path for path in form.paths if form.told_apart(path)] == ["vendor.name", "client.name"]
    form.set("vendor.name", "Another GmbH")
    assert [path for path in form.paths if form.told_apart(path)] == ["client.name"]
    lines_again = ReviewForm(INVOICE, INVOICE, EVIDENCE, reread=["sum-of-lines"])
    assert not lines_again.told_apart("vendor.name")


@pytest.mark.parametrize("typed", ["10", "10 %", "10%", "0.1", "0.10"])
def test_a_tax_rate_is_a_percentage_however_it_is_typed(form: ReviewForm, typed: str) -> None:
    form.set("financial_summary.tax_rate", typed)
    invoice = form.check().invoice
    assert invoice is not None
    assert invoice.financial_summary.tax_rate == Decimal("0.1")
    assert ReviewForm(invoice, invoice, {}).text("financial_summary.tax_rate") == "10 %"


def test_what_was_typed_is_the_correction(form: ReviewForm) -> None:
    form.set("financial_summary.grand_total", "1.234,50")
    form.set("vendor.name", "  ")
    form.set("invoice_date", "2026-03-14")
    invoice = form.check().invoice
    assert invoice is not None
    assert str(invoice.financial_summary.grand_total) == "1234.50"
    assert invoice.vendor.name is None
    assert invoice.invoice_date == "2026-03-14"


def test_what_does_not_add_up_is_said_at_the_field(form: ReviewForm) -> None:
    assert form.check().messages == {}
    form.set("line_items[1].qty", "3")
    assert "line_items[1].line_total" in form.check().messages


def test_the_fields_that_a_failing_check_names_are_to_be_looked_at(form: ReviewForm) -> None:
    total, line, other = (
        "financial_summary.grand_total",
        "line_items[0].line_total",
        "line_items[1].line_total",
    )
    assert form.level(line) is Level.SURE
    form.set(total, "16.00")
    assert {path for path in form.paths if form.level(path) is Level.FAILING} == {total, line, other}
    assert Level.FAILING.open
    assert [each.code for each in form.check().failing] == ["sum-of-lines"]
    form.accept(line)
    assert form.level(line) is Level.CONFIRMED
    form.set(total, "15.00")
    assert form.level(total) is Level.SURE
    assert form.check().failing == []
    assert form.undo()
    assert form.level(total) is Level.FAILING


def beside(claims: Claims | None, problem: str = "") -> ReviewForm:
    """The invoice with an electronic one beside it."""
    return ReviewForm(INVOICE, INVOICE, EVIDENCE, einvoice=EInvoice("factur-x.xml", claims, problem))


def test_what_the_electronic_invoice_says_otherwise_is_said_at_the_field_until_it_says_the_same() -> None:
    form = beside(Claims({"invoice_number": ("2",), "currency": ("EUR",), "client.name": ("Bob",)}, ()))
    assert form.check().messages == {
        "invoice_number": ['invoice number: "1" was read, the electronic invoice says "2"'],
        "client.name": ['client name: nothing was read, the electronic invoice says "Bob"'],
    }
    assert [each.code for each in form.check().failing] == [DIFFERS]
    assert form.level("invoice_number") is Level.FAILING
    form.set("invoice_number", "2")
    form.set("client.name", "bob")
    assert form.check().messages == {}
    form.set("financial_summary.grand_total", "16.00")
    assert [each.code for each in form.check().failing] == ["sum-of-lines"]


def test_of_lines_that_differ_the_line_says_so_and_of_those_not_read_the_whole() -> None:
    line: dict[str, Candidates] = {"desc": ("A",), "qty": (Decimal(1),), "line_total": (Decimal("6.00"),)}
    messages = beside(Claims({}, (line, {"desc": ("C",)}))).check().messages
    assert messages[""] == ['lines of the electronic invoice that were not read: "C"']
    assert messages["line_items[0].line_total"] == [
        "line 1, line total: 5.00 was read, the electronic invoice says 6.00"
    ]
    (alone,) = messages["line_items[1].line_total"]
    assert alone.startswith('line 2: "B", 2, 5.00, 10.00 was read')


def test_an_electronic_invoice_that_cannot_be_read_is_said_and_nothing_fails() -> None:
    checked = beside(None, "torn").check()
    assert checked.messages[""] == ["factur-x.xml, the electronic invoice in this PDF, cannot be read: torn"]
    assert checked.failing == []


def test_a_warning_is_said_and_is_no_check_that_fails(form: ReviewForm) -> None:
    form.set("line_items[1].qty", "3")
    checked = form.check()
    assert list(checked.messages) == ["line_items[1].line_total"]
    assert checked.failing == []
    assert form.level("line_items[1].line_total") is Level.SURE


@pytest.mark.parametrize(
    ("path", "text"),
    [("invoice_date", "soon"), ("line_items[1].qty", "many"), ("financial_summary.tax_rate", "x")],
)
def test_what_is_no_value_is_said_at_the_field(form: ReviewForm, path: str, text: str) -> None:
    form.set(path, text)
    checked = form.check()
    assert checked.invoice is None
    assert list(checked.messages) == [path]
    assert form.level(path) is Level.FAILING


def test_changes_are_taken_back_one_by_one(form: ReviewForm) -> None:
    form.set("vendor.name", "B")
    form.set("vendor.name", "B")
    form.accept("invoice_number")
    form.remove_row(0)
    assert form.undo()
    assert len(form.rows) == 2
    assert form.undo()
    assert form.confirmed == []
    assert form.undo()
    assert form.text("vendor.name") == "ACME"
    assert not form.undo()


def test_rows_that_move_take_their_boxes_and_what_is_vouched_for_along(form: ReviewForm) -> None:
    form.accept("line_items[1].desc")
    form.add_row(after=0)
    assert [row.cells["desc"] for row in form.rows] == ["A", "", "B"]
    assert form.confirmed == ["line_items[2].desc"]
    assert form.level("line_items[1].desc") is Level.CHANGED
    assert "line_items[2].desc" in form.boxes()
    form.remove_row(0)
    assert form.confirmed == ["line_items[1].desc"]
    assert form.text("line_items[1].desc") == "B"
    form.remove_row(1)
    assert form.confirmed == []


def test_boxes_say_on_which_page_they_are(form: ReviewForm) -> None:
    assert form.boxes()["invoice_number"] == [[2, 1, 2, 3, 4]]
    assert "due_date" not in form.boxes()


def test_a_former_review_is_gone_on_with() -> None:
    current = INVOICE.model_copy(update={"invoice_number": "7", "line_items": INVOICE.line_items[:1]})
    form = ReviewForm(INVOICE, current, EVIDENCE, ["vendor.name", "line_items[0].qty"])
    assert form.level("invoice_number") is Level.CHANGED
    assert form.level("vendor.name") is Level.CONFIRMED
    assert form.text("line_items[0].desc") == "A"
    assert form.confirmed == ["line_items[0].qty", "vendor.name"]


def test_lines_that_were_saved_keep_the_places_that_they_were_read_at(form: ReviewForm) -> None:
    form.remove_row(0)
    form.add_row()
    form.set("line_items[1].desc", "C")
    saved = form.check().invoice
    assert saved is not None
    again = ReviewForm(INVOICE, saved, EVIDENCE)
    assert again.boxes() == form.boxes()
    assert [again.level(path) for path in again.paths] == [form.level(path) for path in form.paths]


def test_two_lines_become_one(form: ReviewForm) -> None:
    form.accept("line_items[1].qty")
    form.set("line_items[0].qty", "")
    form.merge_row(0)
    assert [row.cells for row in form.rows] == [
        {"desc": "A B", "qty": "2", "unit_price": "5.00", "line_total": "5.00"}
    ]
    assert form.confirmed == []
    form.merge_row(0)
    assert len(form.rows) == 1


def test_one_line_becomes_two(form: ReviewForm) -> None:
    form.set("line_items[0].desc", "Bolt 5 mm Nut")
    form.accept("line_items[0].qty")
    form.accept("line_items[1].qty")
    form.split_row(0, len("Bolt 5 mm "))
    assert [row.cells["desc"] for row in form.rows] == ["Bolt 5 mm", "Nut", "B"]
    assert form.rows[1].cells["qty"] == ""
    assert form.confirmed == ["line_items[2].qty"]
    form.split_row(0)
    assert [row.cells["desc"] for row in form.rows] == ["Bolt", "5 mm", "Nut", "B"]
    form.split_row(3)
    assert [row.cells["desc"] for row in form.rows] == ["Bolt", "5 mm", "Nut", "B", ""]
    assert form.undo()
    assert len(form.rows) == 4


def test_cells_of_a_spreadsheet_fill_the_lines_from_a_cell_on(form: ReviewForm) -> None:
    form.paste("line_items[1].qty", "7\t1,50\t10.50\tmore\r\n8\t2\r\n")
    assert form.rows[1].cells == {"desc": "B", "qty": "7", "unit_price": "1,50", "line_total": "10.50"}
    assert form.rows[2].cells == {"desc": "", "qty": "8", "unit_price": "2", "line_total": ""}
    assert form.undo()
    assert len(form.rows) == 2
    form.paste("vendor.name", "a\tb")
    assert form.text("vendor.name") == "a\tb"


def test_an_answer_that_was_cut_off_is_said_above_the_fields() -> None:
    assert ReviewForm(INVOICE, INVOICE, EVIDENCE).check().messages.get("") is None
    cut = ReviewForm(INVOICE, INVOICE, EVIDENCE, complete=False).check().messages[""]
    assert "cut off" in cut[0]
