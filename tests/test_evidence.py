"""Where a value is printed."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from finscribe.agreement import ELECTRONIC_CODES
from finscribe.calibration import log_odds
from finscribe.decoding.merging import Written
from finscribe.decoding.printed import Printed
from finscribe.documents import Box, Document, PageLayout, Token
from finscribe.evidence import Evidence, Support, calibrated, features_of, find_evidence
from finscribe.invoice import Value
from finscribe.validate import Finding, Severity
from tests.calibrations import make_calibration

TEXT = "ACME Ltd\nTotal expected 20.00\n2  Tea  10.00  20.00\n2  Coffee  10.00  20.00\nTotal 20.00\nACME Ltd thanks"


def evidence(text: str | Document, values: dict[str, Value]) -> dict[str, Evidence]:
    document = Document.from_text(text) if isinstance(text, str) else text
    written = [Written(path, value, 0.75) for path, value in values.items()]
    return find_evidence(written, document, Printed(document.text))


def spots(found: Evidence) -> list[int]:
    return [places[0].start for places in found.places]


def test_a_value_printed_in_several_places_lists_all_of_them_the_first_first() -> None:
    found = evidence(TEXT, {"vendor.name": "ACME Ltd"})["vendor.name"]
    assert spots(found) == [0, TEXT.rindex("ACME")]
    assert found.support is Support.PRINTED
    assert (found.probability, found.confidence) == (0.75, 0.75)


def test_a_total_is_likeliest_the_lowest_on_the_page() -> None:
    path = "financial_summary.grand_total"
    found = spots(evidence(TEXT, {path: Decimal("20.00")})[path])
    assert len(found) == 4
    assert found[0] == TEXT.rindex("20.00")


def test_cells_of_a_line_stand_in_the_line_of_their_description() -> None:
    values: dict[str, Value] = {
        "line_items[0].desc": "Tea",
        "line_items[0].line_total": Decimal("20.00"),
        "line_items[1].desc": "Coffee",
        "line_items[1].unit_price": Decimal("10.00"),
        "line_items[1].line_total": Decimal("20.00"),
    }
    found = evidence(TEXT, values)
    first, second = TEXT.index("Tea"), TEXT.index("Coffee")
    assert first < spots(found["line_items[0].line_total"])[0] < second
    assert spots(found["line_items[1].unit_price"])[0] > second
    assert second < spots(found["line_items[1].line_total"])[0] < TEXT.index("Total 20")


def test_a_quantity_before_its_description_is_found_in_the_same_line() -> None:
    found = evidence(TEXT, {"line_items[0].desc": "Coffee", "line_items[0].qty": Decimal(2)})
    assert spots(found["line_items[0].qty"])[0] == TEXT.index("2  Coffee")


def test_equal_lines_have_a_place_each() -> None:
    text = "Tea  5.00\nTea  5.00\nTea  5.00"
    values: dict[str, Value] = {}
    for row in range(3):
        values |= {f"line_items[{row}].desc": "Tea", f"line_items[{row}].line_total": Decimal("5.00")}
    found = evidence(text, values)
    assert [spots(found[f"line_items[{row}].desc"])[0] for row in range(3)] == [0, 10, 20]
    assert [spots(found[f"line_items[{row}].line_total"])[0] for row in range(3)] == [5, 15, 25]


def test_a_value_in_pieces_has_a_stretch_for_each() -> None:
    found = evidence("Main St 5  Jane\n12345 Town  Doe", {"vendor.address": "Main St 5, 12345 Town"})
    ((first, second),) = found["vendor.address"].places
    assert (first.start, first.end, second.start, second.end) == (0, 9, 16, 26)


def test_nothing_printed_is_absent_and_a_choice_from_a_list_inferred() -> None:
    found = evidence("Total € 5", {"due_date": None, "currency": "EUR", "document_type": "invoice"})
    assert found["due_date"].support is Support.ABSENT
    assert found["currency"].support is Support.INFERRED
    assert spots(found["currency"]) == [6]
    assert found["document_type"].support is Support.INFERRED
    assert found["document_type"].places == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("vendor.name", "Someone Else"),
        ("financial_summary.grand_total", Decimal("7.77")),
        ("due_date", "1999-01-01"),
    ],
)
def test_what_the_page_does_not_print_is_marked_as_ungrounded(path: str, value: Value) -> None:
    found = evidence(TEXT, {path: value})[path]
    assert found.support is Support.UNGROUNDED
    assert found.places == ()


@pytest.mark.parametrize(
    ("path", "value", "text", "digits"),
    [
        ("financial_summary.grand_total", "1200", "Total 1,200.00 and 7.77", "1,200.00"),
        ("financial_summary.grand_total", "1200.0", "Total 1.200,00 and 7.77", "1.200,00"),
        ("financial_summary.tax_rate", "0.20", "VAT 20% of 7.77", "20"),
        ("financial_summary.discount", "5", "Less -5.00 of 7.77", "5.00"),
        ("line_items[0].qty", "3.000", "3 pcs of 7.77", "3"),
    ],
)
def test_a_number_is_found_by_its_value_however_it_is_written(
    path: str, value: str, text: str, digits: str
) -> None:
    found = evidence(text, {path: Decimal(value)})[path]
    assert found.support is Support.PRINTED
    assert [text[place.start : place.end] for (place,) in found.places] == [digits]


def test_a_number_has_the_places_that_write_it_as_it_is_before_those_of_equal_ones() -> None:
    path = "financial_summary.grand_total"
    found = evidence("2  Tea  10.00  20\nTotal  20.00", {path: Decimal("20.00")})[path]
    assert spots(found) == [25]


def test_boxes_and_pages_come_from_the_document() -> None:
    pages = [
        PageLayout([[[Token("ACME", Box(0, 0, 40, 10)), Token("Ltd", Box(50, 0, 80, 10))]]], 100, 100, "pt"),
        PageLayout(
            [[[Token("Total", Box(0, 0, 40, 10))], [Token("5.00", Box(60, 0, 90, 10))]]], 100, 100, "pt"
        ),
    ]
    document = Document.assemble(pages, "test.pdf")
    found = evidence(document, {"vendor.name": "ACME Ltd", "financial_summary.grand_total": Decimal("5.00")})
    ((name,),) = found["vendor.name"].places
    assert (name.page, name.boxes) == (1, (Box(0, 0, 80, 10),))
    ((total,),) = found["financial_summary.grand_total"].places
    assert (total.page, total.boxes) == (2, (Box(60, 0, 90, 10),))


def test_text_without_boxes_has_places_without_boxes() -> None:
    ((place,), *_) = evidence(TEXT, {"vendor.name": "ACME Ltd"})["vendor.name"].places
    assert place.boxes == ()
    assert place.page == 1


SEVERITIES: tuple[Severity, ...] = ("warning", "error")
AT_ODDS = Finding("sum", "error", ("financial_summary.grand_total",), "It does not add up.", None, None)


def test_what_a_calibration_goes_by_is_known_of_every_value_that_was_given() -> None:
    values = {"vendor.name": "ACME Ltd", "due_date": None, "financial_summary.grand_total": Decimal("20.00")}
    features = features_of(evidence(TEXT, values), [AT_ODDS])
    assert features.keys() == {"vendor.name", "financial_summary.grand_total"}
    name, total = features.values()
    assert (name.probability, name.places, name.pieces, name.contradicted) == (0.75, 2, 1, False)
    assert (total.places, total.contradicted, total.doubted, total.inferred) == (4, True, False, False)


def test_a_value_is_seen_beside_the_others_of_its_document() -> None:
    values = {"vendor.name": "ACME Ltd", "due_date": None, "financial_summary.grand_total": Decimal("20.00")}
    found = evidence(TEXT, values)
    found["vendor.name"] = replace(found["vendor.name"], probability=0.9)
    name, total = features_of(found, []).values()
    assert (name.others, total.others) == (pytest.approx(math.log(3)), pytest.approx(math.log(9)))
    (alone,) = features_of({"vendor.name": found["vendor.name"]}, []).values()
    assert alone.others == pytest.approx(math.log(9))


def test_a_calibration_does_not_go_by_what_an_electronic_invoice_says() -> None:
    values = {"vendor.name": "ACME Ltd", "financial_summary.grand_total": Decimal("20.00")}
    fields = ("vendor.name", "financial_summary.grand_total")
    differs = [
        Finding(code, severity, fields, "", None, None)
        for code in ELECTRONIC_CODES
        for severity in SEVERITIES
    ]
    found = evidence(TEXT, values)
    assert features_of(found, differs) == features_of(found, [])
    assert features_of(found, [AT_ODDS, *differs]) == features_of(found, [AT_ODDS])


def test_a_calibration_goes_by_the_values_of_the_same_block_and_by_all_others() -> None:
    values = {"vendor.name": "ACME Ltd", "financial_summary.grand_total": Decimal("20.00")}
    found = evidence(TEXT, values)
    found["vendor.tax_id"] = replace(found["vendor.name"], path="vendor.tax_id", probability=0.5)
    for path, probability in (
        ("line_items[0].qty", 0.6),
        ("line_items[0].desc", 0.7),
        ("line_items[1].qty", 0.8),
    ):
        found[path] = replace(found["vendor.name"], path=path, probability=probability)
    found["invoice_number"] = replace(found["vendor.name"], path="invoice_number", probability=0.9)
    features = features_of(found, [])
    assert features["vendor.name"].neighbours == pytest.approx(log_odds(0.5))
    assert features["vendor.tax_id"].neighbours == pytest.approx(log_odds(0.75))
    assert features["invoice_number"].neighbours == pytest.approx(log_odds(0.9))
    assert features["line_items[0].qty"].neighbours == pytest.approx(log_odds(0.7))
    assert features["line_items[1].qty"].neighbours == pytest.approx(log_odds(0.8))
    others = sum(map(log_odds, (0.75, 0.5, 0.6, 0.7, 0.8, 0.9))) / 6
    assert features["financial_summary.grand_total"].others == pytest.approx(others)
    assert features["financial_summary.grand_total"].neighbours == pytest.approx(log_odds(0.75))


def test_a_calibration_knows_of_findings_about_other_values_too() -> None:
    values = {"vendor.name": "ACME Ltd", "financial_summary.grand_total": Decimal("20.00")}
    features = features_of(evidence(TEXT, values), [AT_ODDS])["vendor.name"]
    assert (features.doubted, features.contradicted) == (False, False)
    assert (features.any_doubted, features.any_contradicted) == (False, True)


def test_a_calibration_changes_the_confidence_of_what_was_given_alone() -> None:
    doubt = make_calibration(log_odds=1.0, contradicted=-3.0)
    values = {"vendor.name": "ACME Ltd", "due_date": None, "financial_summary.grand_total": Decimal("20.00")}
    found = calibrated(evidence(TEXT, values), [AT_ODDS], doubt)
    assert found["due_date"].confidence == 0.75
    assert found["vendor.name"].confidence == pytest.approx(0.75)
    assert found["financial_summary.grand_total"].confidence < 0.2
    assert {each.probability for each in found.values()} == {0.75}
