"""The XML files of a PDF, good ones and such as would harm a reader."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.einvoices.reading import DEEPEST, XmlFile, find_einvoice, is_einvoice, read_einvoice
from tests.einvoices.files import XML
from tests.profiles import examples

UBL = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>U-1</ID></Invoice>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><Invoice><ID>&a11;</ID></Invoice>'
DEEP = "<Invoice>" + "<a>" * 200_000 + "</a>" * 200_000 + "</Invoice>"


def file(xml: str | bytes, name: str = "factur-x.xml") -> XmlFile:
    return XmlFile(name, xml.encode() if isinstance(xml, str) else xml)


def test_what_an_xml_claims_is_read() -> None:
    found = read_einvoice(file(XML))
    assert (found.name, found.problem) == ("factur-x.xml", "")
    assert found.claims
    assert found.claims.header["invoice_number"] == ("F-1",)
    assert [line["desc"] for line in found.claims.lines] == [("Widget bleu",)]


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        (BOMB, "it declares a document type"),
        (DEEP, f"more than {DEEPEST} elements"),
        (XML[:500], "no element found|unclosed token|not well-formed"),
        ("", "no element found"),
        (b"\xff\xfe\0\0", "."),
        ('<?xml version="1.0" encoding="klingon"?><Invoice/>', "unknown encoding"),
        ("<html><body>Invoice</body></html>", "it holds a html, not an invoice"),
    ],
)
def test_what_cannot_be_read_says_why_at_once(xml: str | bytes, problem: str) -> None:
    started = time.perf_counter()
    found = read_einvoice(file(xml))
    assert found.claims is None
    assert re.search(problem, found.problem), found.problem
    assert time.perf_counter() - started < 20


def test_numbers_that_would_fill_the_memory_are_none() -> None:
    found = read_einvoice(file(XML.replace("10.80", "1e999999999").replace("20.00", "9" * 5000)))
    assert found.claims
    assert "financial_summary.grand_total" not in found.claims.header
    assert "financial_summary.tax_rate" not in found.claims.header


@examples(60)
@given(st.data())
def test_a_damaged_xml_never_raises(data: st.DataObject) -> None:
    whole = XML.encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    found = read_einvoice(file(whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]))
    assert (found.claims is None) == bool(found.problem)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ([file(UBL, "UBL-Invoice-2.1.xml"), file(XML)], "factur-x.xml"),
        ([file("<order/>", "order-x.xml"), file(UBL, "mine.XML")], "mine.XML"),
        ([file("<torn"), file(XML, "ZUGFeRD-invoice.xml")], "ZUGFeRD-invoice.xml"),
    ],
)
def test_the_one_that_is_an_invoice_is_found_those_with_a_known_name_first(
    files: list[XmlFile], name: str
) -> None:
    found = find_einvoice(files)
    assert found
    assert found.claims
    assert found.name == name


def test_a_broken_file_is_an_electronic_invoice_by_its_name_alone() -> None:
    found = find_einvoice([file("<torn"), XmlFile("xrechnung.xml", problem="it has 9 bytes")])
    assert found
    assert (found.name, found.claims) == ("factur-x.xml", None)
    assert find_einvoice([file("<torn", "settings.xml")]) is None
    assert find_einvoice([]) is None


@pytest.mark.parametrize(
    ("start", "is_one"),
    [
        (XML.encode(), True),
        (b"\xef\xbb\xbf\n" + UBL.encode(), True),
        (UBL.encode("utf-16"), True),
        (b"<html>", False),
        (b"Invoice of urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", False),
    ],
)
def test_an_xml_is_known_by_the_names_that_it_declares(start: bytes, is_one: bool) -> None:
    assert is_einvoice(start) is is_one
