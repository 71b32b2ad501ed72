"""What an invoice may contradict itself in, and what is legal."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.invoice import CELLS, FIELDS, HEADER_FIELDS, LINES, Invoice, write_json
from finscribe.validate import Finding, validate

TODAY = date(2024, 6, 1)


def summary(**parts: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in parts.items()}


def rows(*lines: tuple[str | None, ...]) -> list[dict[str, Any]]:
    return [dict(zip(CELLS, line, strict=False)) for line in lines]


def check(record: dict[str, Any], **options: Any) -> list[Finding]:
    return validate(Invoice.from_record(record), today=TODAY, **options)


def codes(record: dict[str, Any]) -> list[str]:
    return [finding.code for finding in check(record)]


SOUND = {
    "vendor": {"tax_id": "DE136695976"},
    "invoice_date": "2024-05-01",
    "due_date": "2024-05-31",
    "currency": "EUR",
    "line_items": rows(("Rye", "2", "3.50", "7.00"), ("Oats", "3", "1.00", "3.00")),
    "financial_summary": summary(
        subtotal="10.00",
        discount="1.00",
        shipping="2.00",
        other_charges="1.00",
        tax_rate="0.10",
        tax_amount="1.20",
        rounding="-0.02",
        grand_total="13.18",
        amount_due="3.18",
    ),
    "payment": {"iban": "DE89 3704 0044 0532 0130 00"},
}


def test_a_sound_invoice_has_no_findings() -> None:
    assert check(SOUND) == []


def test_of_an_empty_invoice_nothing_is_said_but_that_it_is_empty() -> None:
    assert [finding.code for finding in validate(Invoice())] == ["nothing-found"]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (
            {"line_items": rows(("Rye", "2", "5.00", "11.00"))},
            (
                "line-arithmetic",
                "error",
                tuple(f"line_items[0].{cell}" for cell in CELLS[1:]),
                Decimal("10.00"),
                Decimal("11.00"),
            ),
        ),
        (
            {"line_items": rows(("Rye", None, None, "7.00"), ("Oats", None, None, "5.00"))},
            (
                "sum-of-lines",
                "error",
                ("line_items[0].line_total", "line_items[1].line_total", "financial_summary.subtotal"),
                Decimal("12.00"),
                Decimal("10.00"),
            ),
        ),
        (
            {"financial_summary": summary(subtotal="10.00", tax_amount="1.00", grand_total="12.00")},
            (
                "total",
                "error",
                tuple(f"financial_summary.{part}" for part in ("subtotal", "tax_amount", "grand_total")),
                Decimal("11.00"),
                Decimal("12.00"),
            ),
        ),
        (
            {"financial_summary": summary(grand_total="10.00", amount_due="12.00")},
            (
                "amount-due",
                "warning",
                ("financial_summary.grand_total", "financial_summary.amount_due"),
                Decimal("10.00"),
                Decimal("12.00"),
            ),
        ),
        (
            {"financial_summary": summary(subtotal="10.00", tax_rate="0.10", tax_amount="2.00")},
            (
                "tax-amount",
                "error",
                tuple(f"financial_summary.{part}" for part in ("subtotal", "tax_rate", "tax_amount")),
                Decimal("1.00"),
                Decimal("2.00"),
            ),
        ),
        (
            {"financial_summary": summary(tax_amount="50.00", grand_total="50.00")},
            (
                "tax-amount",
                "warning",
                ("financial_summary.grand_total", "financial_summary.tax_amount"),
                None,
                Decimal("50.00"),
            ),
        ),
        (
            {"financial_summary": summary(tax_rate="19")},
            ("tax-rate", "error", ("financial_summary.tax_rate",), None, Decimal(19)),
        ),
        (
            {"due_date": "2024-04-30"},
            ("date-order", "error", ("invoice_date", "due_date"), "2024-05-01", "2024-04-30"),
        ),
        ({"due_date": "soon"}, ("date-format", "error", ("due_date",), None, "soon")),
        (
            {"invoice_date": "2031-01-01", "due_date": None},
            ("date-implausible", "warning", ("invoice_date",), None, "2031-01-01"),
        ),
        (
            {"due_date": "2034-01-01"},
            ("date-implausible", "warning", ("invoice_date", "due_date"), None, "2034-01-01"),
        ),
        (
            {"payment": {"iban": "DE89370400440532013001"}},
            ("iban", "error", ("payment.iban",), None, "DE89370400440532013001"),
        ),
        (
            {"vendor": {"tax_id": "DE136695970"}},
            ("vat-id", "warning", ("vendor.tax_id",), None, "DE136695970"),
        ),
        ({"currency": "EUX"}, ("currency", "error", ("currency",), None, "EUX")),
        (
            {"line_items": rows(("Rye", "1", "5.00", "5.00"), ("RYE ", "1", "5.00", "5.00"))},
            ("duplicate-line", "warning", ("line_items[0].desc", "line_items[1].desc"), None, "RYE "),
        ),
    ],
)
def test_a_contradiction_is_found(change: dict[str, Any], finding: tuple[Any, ...]) -> None:
    record = SOUND | ({"line_items": []} if "financial_summary" in change else {}) | change
    if "line_items" in change:
        record["financial_summary"] = summary(subtotal="11.00" if finding[0][0] == "l" else "10.00")
    (found,) = check(record)
    assert (found.code, found.severity, found.fields, found.expected, found.found) == finding
    assert found.message


@pytest.mark.parametrize(
    "parts",
    [
        {"subtotal": "11.90", "tax_amount": "1.90", "grand_total": "11.90", "tax_rate": "0.19"},
        {"subtotal": "10.00", "tax_amount": "1.90", "grand_total": "11.90", "tax_rate": "0.19"},
        {"subtotal": "9.00", "discount": "1.00", "grand_total": "9.00"},
        {"subtotal": "10.00", "grand_total": "11.90"},
        {"subtotal": "30.91", "rounding": "0.01", "grand_total": "30.90"},
        {"tax_amount": "1.90", "grand_total": "11.90", "tax_rate": "0.19"},
        {"grand_total": "10.00", "amount_due": "0.00"},
        {"grand_total": "10.00", "amount_due": "-5.00"},
        {"subtotal": "-10.00", "tax_amount": "-1.90", "grand_total": "-11.90", "tax_rate": "0.19"},
        {"grand_total": "-11.90", "amount_due": "-11.90"},
    ],
)
def test_conventions_that_are_legal(parts: dict[str, str]) -> None:
    assert codes({"financial_summary": summary(**parts)}) == []


PARTS = {"subtotal": "100", "discount": "10", "shipping": "15", "tax_amount": "21"}
WITH_LINES = rows(("Rye", "2", "30.00", "60.00"), ("Oats", "1", "40.00", "40.00"))


@pytest.mark.parametrize("total", ["126", "136", "111", "105"])
def test_a_total_may_depart_from_the_plain_sum_in_one_way(total: str) -> None:
    assert codes({"financial_summary": summary(**PARTS, grand_total=total)}) == []


@pytest.mark.parametrize("total", ["121", "115", "100", "90", "116", "146", "147", "156"])
def test_a_total_that_leaves_out_several_parts_is_found(total: str) -> None:
    assert codes({"financial_summary": summary(**PARTS, grand_total=total)}) == ["total"]


@pytest.mark.parametrize("total", ["136", "111", "105"])
def test_a_total_that_leaves_out_one_part_is_found_where_lines_and_rate_show_that_it_counts(
    total: str,
) -> None:
    parts = summary(**PARTS, tax_rate="0.2", grand_total="126")
    assert codes({"line_items": WITH_LINES, "financial_summary": parts}) == []
    wrong = parts | {"grand_total": Decimal(total)}
    assert codes({"line_items": WITH_LINES, "financial_summary": wrong}) == ["total"]


@pytest.mark.parametrize("part", ["discount", "shipping", "other_charges", "rounding"])
def test_a_part_that_was_not_read_is_found(part: str) -> None:
    parts = summary(**PARTS, other_charges="4", rounding="-0.50", grand_total="129.50")
    record = {"line_items": WITH_LINES, "financial_summary": parts}
    assert codes(record) == []
    assert codes(record | {"financial_summary": parts | {part: None}})


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (("90.00",), {"subtotal": "80", "discount": "10", "tax_amount": "16", "grand_total": "96"}),
        (("80.00", "15.00"), {"subtotal": "95", "shipping": "15", "tax_amount": "19", "grand_total": "114"}),
        (("90.00", "-10.00"), {"subtotal": "80", "discount": "10", "tax_amount": "16", "grand_total": "96"}),
        (("12.00",), {"subtotal": "10.00", "tax_rate": "0.2", "grand_total": "12.00"}),
        (("10.00",), {"tax_rate": "0.2", "grand_total": "12.00"}),
        (("10.00",), {"discount": "1.00", "tax_amount": "1.80", "grand_total": "10.80"}),
        (("10.80",), {"discount": "1.00", "tax_amount": "1.80", "grand_total": "9.80"}),
    ],
)
def test_lines_that_show_which_way_a_subtotal_is_printed(
    lines: tuple[str, ...], parts: dict[str, str]
) -> None:
    items = rows(*((f"Item {index}", None, None, total) for index, total in enumerate(lines)))
    assert codes({"line_items": items, "financial_summary": summary(**parts)}) == []


def test_lines_that_leave_out_several_parts_are_found() -> None:
    for total in ("131.00", "116.00", "90.00", "106.00"):
        record = {
            "line_items": rows(("A", None, None, total)),
            "financial_summary": summary(**PARTS, grand_total="126"),
        }
        assert "sum-of-lines" in codes(record)


def test_a_tax_that_was_not_read_cannot_explain_any_total_above_the_parts() -> None:
    assert codes({"financial_summary": summary(subtotal="10.00", grand_total="13.50")}) == ["total"]
    parts = {"subtotal": "10.00", "tax_rate": "0.10", "grand_total": "12.00"}
    assert codes({"financial_summary": summary(**parts)}) == ["total"]
    assert codes({"financial_summary": summary(**parts | {"grand_total": "11.00"})}) == []


def test_a_missing_tax_cannot_explain_a_total_below_the_parts() -> None:
    assert codes({"financial_summary": summary(subtotal="10.00", grand_total="7.00")}) == ["total"]


def test_a_tax_on_a_part_only_is_no_more_than_a_warning() -> None:
    findings = check({"financial_summary": summary(subtotal="100", tax_rate="0.2", tax_amount="5")})
    assert [finding.severity for finding in findings] == ["warning"]


@pytest.mark.parametrize(
    "line",
    [
        ("Fuel", "40.123", "1.789", "71.78"),
        ("Screws", "1000", "0.33", "333.33"),
        ("Returned", "-1", "10.00", "-10.00"),
        ("Returned", "1", "10.00", "-10.00"),
        ("Unknown price", "3", None, "10.00"),
    ],
)
def test_lines_that_are_legal(line: tuple[str | None, ...]) -> None:
    assert codes({"line_items": rows(line)}) == []


def test_a_line_with_tax_on_one_side_is_legal() -> None:
    record = {"line_items": rows(("A", "1", "10.00", "11.90")), "financial_summary": summary(tax_rate="0.19")}
    assert codes(record) == []


def test_a_total_below_quantity_times_price_may_be_a_discount() -> None:
    (finding,) = check({"line_items": rows(("A", "2", "10.00", "18.00"))})
    assert (finding.code, finding.severity) == ("line-arithmetic", "warning")


def test_the_lines_may_hold_the_tax() -> None:
    lines = rows(("A", None, None, "11.90"))
    for parts in ({"subtotal": "10.00", "tax_amount": "1.90"}, {"grand_total": "11.90"}):
        assert codes({"line_items": lines, "financial_summary": summary(**parts)}) == []


def test_lines_without_a_total_leave_the_sum_open() -> None:
    lines = rows(("A", None, None, "1.00"), ("B", None, None, None))
    assert codes({"line_items": lines, "financial_summary": summary(subtotal="10.00")}) == []


def test_rounding_of_many_lines_is_allowed_for() -> None:
    lines = rows(*((f"Item {index}", None, None, "0.33") for index in range(30)))
    assert codes({"line_items": lines, "financial_summary": summary(subtotal="10.00")}) == []
    assert codes({"line_items": lines, "financial_summary": summary(subtotal="11.00")}) == ["sum-of-lines"]


def test_the_tolerance_can_be_set() -> None:
    record = {"financial_summary": summary(subtotal="10", tax_amount="1", grand_total="12")}
    assert check(record, tolerance=Decimal(1)) == []
    assert check(record, tolerance=Decimal(0)) != []


def test_whole_currencies_round_to_whole_amounts() -> None:
    record = {"currency": "JPY", "line_items": rows(("A", "3", "33.5", "101"))}
    assert codes(record) == []


@pytest.mark.parametrize(
    "label", ["USt-IdNr. ", "USt-IdNr.:", "VAT ", "VAT REG NO ", "TVA intracom. : ", "P.IVA/", "Tax ID No. "]
)
def test_a_label_before_a_tax_id_is_no_part_of_it(label: str) -> None:
    assert codes({"vendor": {"tax_id": f"{label}DE136695976"}}) == []
    (finding,) = check({"vendor": {"tax_id": f"{label}DE136695970"}})
    assert (finding.code, finding.found) == ("vat-id", f"{label}DE136695970")
    assert "VAT number of DE" in finding.message


@pytest.mark.parametrize(
    "tax_id",
    [
        "VAT NO 123456789",
        "Steuernummer 143/999/12345 DE",
        "VAT ID DE 12",
        "Id 1234567 / DE136695970",
    ],
)
def test_what_only_looks_like_a_country_behind_a_label_claims_none(tax_id: str) -> None:
    assert codes({"vendor": {"tax_id": tax_id}}) == []


@pytest.mark.parametrize(
    "tax_id",
    [
        "FR 11 123 456 782",
        "CHE-107.787.577 IVA",
        "CHE-107.787.577",
        "NO 995 525 828 MVA",
        "NO 923 609 016",
        "GB VAT Reg No 980780684",
        "N° DE TVA FR40303265045",
        "DE136695976 / St.-Nr. 12/345/67890",
        "No. 123456789",
        "12-3456789",
        "DE",
    ],
)
def test_tax_ids_that_are_valid_or_claim_no_country(tax_id: str) -> None:
    assert codes({"vendor": {"tax_id": tax_id}}) == []


WILD = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [Decimal("1E+999999"), Decimal("-1E-999999"), Decimal("9" * 60)]
)
TEXT = st.text(max_size=8)


@given(
    st.fixed_dictionaries({p: st.none() | (WILD if FIELDS[p].numeric else TEXT) for p in HEADER_FIELDS}),
    st.lists(st.fixed_dictionaries({c: WILD if FIELDS[f"{LINES}.{c}"].numeric else TEXT for c in CELLS})),
)
def test_anything_can_be_validated(values: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    nested: dict[str, Any] = {LINES: lines}
    for path, value in values.items():
        block, _, name = path.rpartition(".")
        (nested.setdefault(block, {}) if block else nested)[name] = value
    for finding in validate(Invoice.from_record(nested), today=TODAY):
        assert finding.fields
        assert finding.message


AMOUNTS = st.decimals("0.01", "9999.99", places=2)


@given(
    st.lists(st.tuples(st.integers(1, 99), AMOUNTS), min_size=1, max_size=6),
    st.sampled_from(["0", "0.05", "0.077", "0.19"]),
    st.booleans(),
)
def test_invoices_that_add_up_have_no_errors(
    goods: list[tuple[int, Decimal]], rate: str, refund: bool
) -> None:
    sign = -1 if refund else 1
    lines = [
        {"desc": f"Item {index}", "qty": Decimal(qty), "unit_price": price, "line_total": sign * qty * price}
        for index, (qty, price) in enumerate(goods)
    ]
    subtotal = sum((line["line_total"] for line in lines), Decimal(0))
    tax = (subtotal * Decimal(rate)).quantize(Decimal("0.01"))
    values = {
        "financial_summary.subtotal": subtotal,
        "financial_summary.tax_rate": Decimal(rate),
        "financial_summary.tax_amount": tax,
        "financial_summary.grand_total": subtotal + tax,
    }
    text, _ = write_json(values, lines, tuple(FIELDS))
    assert validate(Invoice.from_json(text), today=TODAY) == []


@pytest.mark.parametrize("what", ["name", "address"])
def test_two_parties_are_not_the_same(what: str) -> None:
    invoice = Invoice.from_record({"vendor": {what: "Acme Ltd."}, "client": {what: "ACME Ltd"}})
    (finding,) = validate(invoice)
    assert (finding.code, finding.fields) == ("same-party", (f"vendor.{what}", f"client.{what}"))


@pytest.mark.parametrize(
    ("vendor", "client", "shared"),
    [
        ("1 Main St, Springfield", "1 Main St, Springfield, Bill to", True),
        ("Acme Ltd, 1 Main St, Springfield", "1 MAIN ST. SPRINGFIELD", True),
        ("1 Main St, Springfield", "7 Main St, Springfield", False),
        ("1 Main St, Springfield", "21 Main St, Springfield", False),
        ("Springfield", "7 Main St, Springfield", False),
    ],
)
def test_an_address_that_is_part_of_the_other_partys_was_misread(
    vendor: str, client: str, shared: bool
) -> None:
    invoice = Invoice.from_record({"vendor": {"address": vendor}, "client": {"address": client}})
    assert [finding.code for finding in validate(invoice)] == ["same-party"] * shared


def test_a_document_in_which_nothing_was_found_may_be_no_invoice() -> None:
    (finding,) = validate(Invoice.from_record({"document_type": "receipt", "currency": "EUR"}))
    assert finding.code == "nothing-found"
    assert validate(Invoice.from_record({"invoice_number": "7"})) == []


CREDITED = {"document_type": "credit_note"}


@pytest.mark.parametrize(
    "record",
    [
        {"financial_summary": summary(subtotal="-100", discount="10", tax_amount="-18", grand_total="-108")},
        {"financial_summary": summary(subtotal="-100", discount="-10", tax_amount="-18", grand_total="-108")},
        {
            "financial_summary": summary(
                subtotal="-100", discount="10", tax_rate="0.2", tax_amount="-18", grand_total="-108"
            )
        },
        {
            "line_items": rows(("A", "1", "100", "100")),
            "financial_summary": summary(subtotal="-100", tax_amount="-20", grand_total="-120"),
        },
        {"financial_summary": summary(subtotal="100", tax_amount="20", grand_total="-120")},
    ],
)
def test_credit_notes_sign_all_of_their_amounts_or_a_part(record: dict[str, Any]) -> None:
    assert codes(CREDITED | record) == []


def test_a_label_with_a_stroke_hides_no_wrong_number() -> None:
    assert codes({"vendor": {"tax_id": "USt-IdNr. / VAT ID: DE123456780"}}) == ["vat-id"]


def test_an_invoice_with_one_negative_sum_is_wrong() -> None:
    record = {"financial_summary": summary(subtotal="100", tax_amount="20", grand_total="-120")}
    assert codes(record) == ["total"]


@pytest.mark.parametrize(
    "iban",
    [
        "BE68 5390 0754 7034",
        "IBAN-Nr.: DE89370400440532013000",
        "IBAN (EUR): DE89 3704 0044 0532 0130 00",
        "IBANDE89370400440532013000",
    ],
)
def test_accounts_with_right_check_digits_are_valid(iban: str) -> None:
    assert codes({"payment": {"iban": iban}}) == []
    assert codes({"payment": {"iban": iban[:-1] + "5"}}) == ["iban"]


def test_prices_without_decimals_may_be_rounded_to_the_unit() -> None:
    assert codes({"currency": "JPY", "line_items": rows(("A", "100", "909", "90909"))}) == []
    assert (
        codes(
            {
                "currency": "TWD",
                "financial_summary": summary(
                    subtotal="1234", tax_rate="0.05", tax_amount="62", grand_total="1296"
                ),
            }
        )
        == []
    )


def test_net_prices_beside_gross_totals_of_several_rates_are_no_more_than_a_warning() -> None:
    record = {
        "line_items": rows(("A", "2", "10.00", "23.80")),
        "financial_summary": summary(tax_amount="5.00"),
    }
    (finding,) = check(record)
    assert (finding.code, finding.severity) == ("line-arithmetic", "warning")
    for total in ("32.00", "25.50"):
        (finding,) = check(record | {"line_items": rows(("A", "2", "10.00", total))})
        assert finding.severity == "error"


def test_what_is_expected_has_the_decimals_of_what_is_printed() -> None:
    (finding,) = check({"currency": "KWD", "line_items": rows(("A", "3", "1.235", "4.705"))})
    assert finding.expected == Decimal("3.705")
