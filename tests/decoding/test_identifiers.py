"""Where identifiers end."""

from time import process_time

import pytest

from finscribe.decoding.identifiers import accounts
from finscribe.decoding.printed import Printed


def segments(text: str) -> list[str]:
    """The words of each segment of a text."""
    printed = Printed(text)
    bounds = [*printed.segments, len(printed.words)]
    return [printed.spelled(*bounds[at : at + 2]) for at in range(len(bounds) - 1)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
            ["IBAN", "DE89 3704 0044 0532 0130 00", "BIC COBADEFFXXX"],
        ),
        ("DE89370400440532013000", ["DE89370400440532013000"]),
        ("ATU 58217304 · FN 261884 k", ["ATU 58217304", "·", "FN 261884 k"]),
        ("DE811940265 / tax office of Bonn", ["DE811940265", "/", "tax office of Bonn"]),
        ("12/345/678 / 99", ["12/345/678 / 99"]),
        ("INV - 0042", ["INV - 0042"]),
        ("INV – 0042", ["INV – 0042"]),
        ("12 / MAG / 2025", ["12 / MAG / 2025"]),
        ("RE - ACME - 0042", ["RE - ACME - 0042"]),
        ("FR34 377904118 - BIC : AGRI2345", ["FR34 377904118", "-", "BIC", ":", "AGRI2345"]),
        ("30977 - goods returned", ["30977", "-", "goods returned"]),
        ("Ref: INV:2024/1", ["Ref", ":", "INV:2024/1"]),
        ("No. 4711 of 3 May 2026", ["No. 4711", "of 3 May 2026"]),
        ("No. 4711  of 3 May 2026", ["No. 4711", "of 3 May 2026"]),
        ("CHE-347.144.406 MWST\n13.09.12", ["CHE-347.144.406 MWST", "13.09.12"]),
    ],
)
def test_an_identifier_lies_in_one_segment(text: str, parts: list[str]) -> None:
    assert segments(text) == parts


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("IT60 X 05428 11101 000000123457 intestato a", ""),
        ("IT60 X 05428 11101 000000123456 intestato a", "IT60 X 05428 11101 000000123456"),
        ("GB82 WEST 1234 5698 7654 32 SORT", "GB82 WEST 1234 5698 7654 32"),
        ("GB82 WEST 1234 5698 7654 33", ""),
        ("NL91ABNA0417164300", "NL91ABNA0417164300"),
        ("XX00 0000 0000 0000", ""),
        ("USt-IdNr. DE811940265 IBAN DE89 3704 0044 0532 0130 00 BIC C", "DE89 3704 0044 0532 0130 00"),
        ("VAT GB 123 4567 89 IBAN GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
        ("ID 12345678 IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_accounts_are_known_by_their_check_digits(text: str, account: str) -> None:
    assert [text[start:end] for start, end in accounts(text)] == ([account] if account else [])


@pytest.mark.parametrize("piece", ["AT12 ", "DE89 3704 ", "A1 ", "· ", "- ", "7 of ", ": "])
def test_long_texts_are_divided_in_no_time(piece: str) -> None:
    started = process_time()
    assert Printed(piece * 10_000).segments
    assert process_time() - started < 10
