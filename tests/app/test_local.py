from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.local import PLACES, Local, as_printed, local_of
from app.web.form import ReviewForm
from finscribe.invoice import Invoice, Kind

GERMAN, AMERICAN, SWISS, FRENCH = (PLACES[tag] for tag in ("de", "en", "de-ch", "fr"))


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", GERMAN),
        ("en;q=0.5, de-CH", SWISS),
        ("fr-FR", FRENCH),
        ("tlh, en-US;q=0.3", AMERICAN),
        ("de;q=0, en", AMERICAN),
        ("", Local()),
        ("*", Local()),
        ("de;q=very", Local()),
    ],
)
def test_the_first_language_that_is_known_decides(languages: str, expected: Local) -> None:
    assert local_of(languages) == expected


def test_numbers_and_dates_are_said_as_at_the_place() -> None:
    amount = Decimal("-1234567.50")
    assert [place.number(amount) for place in (GERMAN, AMERICAN, SWISS, Local())] == [
        "-1.234.567,50",
        "-1,234,567.50",
        "-1’234’567.50",
        "-1234567.50",
    ]
    assert [GERMAN.number(count) for count in (0, 999, 1000)] == ["0", "999", "1.000"]
    assert (GERMAN.rounded(2.25, 1), GERMAN.share(0.805)) == ("2,2", "80 %")
    assert [place.day("2026-03-04") for place in (GERMAN, AMERICAN, Local())] == [
        "04.03.2026",
        "03/04/2026",
        "2026-03-04",
    ]
    assert GERMAN.moment(datetime(2026, 3, 4, 5, 6, tzinfo=UTC)) == "04.03.2026 05:06 UTC"
    assert [place.day_of_year(date(2026, 3, 4)) for place in (GERMAN, AMERICAN, PLACES["ja"], Local())] == [
        "04.03.",
        "03/04",
        "03/04",
        "03-04",
    ]


@pytest.mark.parametrize(
    ("place", "kind", "typed", "canonical"),
    [
        (GERMAN, Kind.NUMBER, "1.234", "1234"),
        (GERMAN, Kind.NUMBER, "1,234", "1.234"),
        (AMERICAN, Kind.NUMBER, "1,234", "1234"),
        (AMERICAN, Kind.NUMBER, "1.234", "1.234"),
        (SWISS, Kind.NUMBER, "1'234.50", "1234.50"),
        (FRENCH, Kind.NUMBER, "1 234,5", "1234.5"),
        (GERMAN, Kind.NUMBER, "1234.50", "1234.50"),
        (AMERICAN, Kind.NUMBER, "228,61", "228,61"),
        (AMERICAN, Kind.NUMBER, "-0,500", "-0,500"),
        (GERMAN, Kind.NUMBER, "0.500", "0.500"),
        (AMERICAN, Kind.NUMBER, "$5", "$5"),
        (GERMAN, Kind.RATE, "7,5 %", "7.5%"),
        (GERMAN, Kind.DATE, "04.03.2026", "2026-03-04"),
        (AMERICAN, Kind.DATE, "04/03/2026", "2026-04-03"),
        (AMERICAN, Kind.DATE, "2026-03-04", "2026-03-04"),
        (AMERICAN, Kind.DATE, "31/03/2026", "31/03/2026"),
        (Local(), Kind.DATE, "04/03/2026", "04/03/2026"),
        (GERMAN, Kind.SPAN, " 1.234 ", "1.234"),
    ],
)
def test_what_is_typed_is_read_as_at_the_place(place: Local, kind: Kind, typed: str, canonical: str) -> None:
    assert place.read(kind, typed) == canonical


@pytest.mark.parametrize(("place", "typed"), [(AMERICAN, "0,500"), (GERMAN, "0.500")])
def test_no_thousands_begin_with_a_zero(place: Local, typed: str) -> None:
    form = ReviewForm(Invoice(), Invoice(), {}, local=place)
    form.set("financial_summary.grand_total", typed)
    assert form.check().invoice == Invoice.from_record({"financial_summary": {"grand_total": Decimal("0.5")}})


@pytest.mark.parametrize(
    ("kind", "words", "filled"),
    [
        (Kind.NUMBER, "228,61", "228,61"),
        (Kind.NUMBER, "EUR 1.234", "1.234 or 1234"),
        (Kind.NUMBER, "(1,234)", "1.234 or 1234"),
        (Kind.NUMBER, "1.234,50", "1.234,50"),
        (Kind.DATE, "04/03/2026", "2026-03-04 or 2026-04-03"),
        (Kind.DATE, "14/03/2026", "14/03/2026"),
        (Kind.PHRASE, "1.234 04/03/2026", "1.234 04/03/2026"),
    ],
)
def test_words_of_a_page_that_may_mean_either_are_for_the_reviewer_to_decide(
    kind: Kind, words: str, filled: str
) -> None:
    assert as_printed(kind, words) == filled
    if " or " in filled:
        path = "invoice_date" if kind is Kind.DATE else "financial_summary.grand_total"
        for place in PLACES.values():
            form = ReviewForm(Invoice(), Invoice(), {}, local=place)
            form.set(path, filled)
            assert list(form.check().messages) == [path]


@example("en", Decimal(0), date(2026, 3, 4), Decimal("0.08875"))
@example("de", Decimal(0), date(2026, 3, 4), Decimal("0.08875"))
@given(
    st.sampled_from(sorted(PLACES)),
    st.decimals(-(10**9), 10**9, allow_nan=False, places=2),
    st.dates(date(1950, 1, 1), date(2090, 1, 1)),
    st.decimals("0.00001", "0.99", places=5),
)
def test_what_is_shown_is_read_as_what_is_stored(tag: str, amount: Decimal, day: date, rate: Decimal) -> None:
    record = {
        "invoice_date": day.isoformat(),
        "line_items": [{"desc": "1.234", "qty": amount, "unit_price": amount, "line_total": amount}],
        "financial_summary": {"tax_rate": rate, "grand_total": amount},
    }
    invoice = Invoice.from_record(record)
    form = ReviewForm(invoice, invoice, {}, local=PLACES[tag])
    assert form.check().invoice == invoice
