import re
from xml.etree import ElementTree

import pytest

from finscribe.training.dataset.lint import Warn
from finscribe.training.dataset.report import render_page
from tests.training.cards import card_of, record


def test_the_page_is_whole_and_loads_nothing_from_elsewhere():
    page = render_page(card_of(record(1), record(2, tokens=3000), rejects=["not-json"]))
    for drawn in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(drawn)
    assert len(re.findall(r"<svg", page)) >= 5
    assert "<script" not in page
    assert "url(" not in page
    assert set(re.findall(r"https?://[^\"]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in page


def test_a_record_with_many_bad_cells_makes_a_field_no_redder_than_one_record():
    page = render_page(card_of(record(1, missing=10), *(record(n, missing=0) for n in range(2, 11))))
    row = re.search(
        r"<g><title>vendor\.address: known in 10 records; 10 values of 1 not printed.*?</g>", page
    )
    track, *pieces = (float(width) for width in re.findall(r'width="([\d.]+)"', row[0]))
    assert pieces == pytest.approx([track * 0.9, track * 0.1], abs=0.2)


def test_what_records_say_is_escaped():
    evil = "<script>alert(1)</script>"
    page = render_page(card_of(record(1, family=evil, warnings=[Warn("arithmetic", evil)]), rejects=[evil]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_page_of_nothing_is_a_page():
    page = render_page(card_of())
    assert "Everything was used." in page
    assert "no tokenizer was given" in page
