"""The page, the JSON, and what they make of hostile texts."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from finscribe.errors import EvaluationError
from finscribe.evaluation.results import read_summary
from finscribe.evaluation.run import evaluate
from tests.evaluation.fakes import TOTAL, VENDORS, ByHeart, record, write_records

VOID = {"meta", "br", "hr", "img", "link"}


class Tree(HTMLParser):
    """Counts tags and complains about those that are not closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], {}

    def handle_starttag(self, tag, attrs):
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(page):
    tree = Tree()
    tree.feed(page)
    assert tree.open == []
    return tree.seen


def section(page, title):
    """The HTML of the section with a title."""
    return page.partition(f"<h2>{title}</h2>")[2].partition("</section>")[0]


def test_the_page_is_whole_and_loads_nothing(good_and_bad):
    evaluate(good_and_bad)
    page = good_and_bad.page.read_text()
    seen = parsed(page)
    assert seen["svg"] == 4
    assert "script" not in seen
    assert "link" not in seen
    assert re.findall(r'(?:src|href)="(?!#)', page) == []
    assert re.findall(r"url\(|@import", page) == []


def test_regressions_that_were_right_as_a_whole_come_first_with_both_places(lineup):
    before = ByHeart({n: {"invoice_number": None} for n in range(100, 106)})
    after = ByHeart({103: {TOTAL: Decimal("20.00")}, 108: {TOTAL: Decimal("20.00")}})
    plan = lineup({"before": before, "after": after})
    evaluate(plan)
    regressions = section(plan.page.read_text(), "Regressions")
    assert "In 2 documents after has a value wrong that before had right. 1 of them were" in regressions
    assert regressions.index("doc-108") < regressions.index("doc-103")
    assert '<mark class="right">108.50</mark>' in regressions
    assert '<mark class="wrong">20.00</mark>' in regressions
    assert "line 5: Total 108.50 EUR" in regressions
    assert "wrong occurrence" in regressions


def test_gains_and_what_is_still_wrong_are_shown(lineup):
    wrong = {n: {"vendor.name": None} for n in range(100, 104)}
    before = ByHeart({**wrong, 110: {TOTAL: None}})
    plan = lineup({"before": before, "after": ByHeart(wrong)})
    evaluate(plan)
    page = plan.page.read_text()
    assert "None: whatever before had right" in section(page, "Regressions")
    assert "doc-110" in section(page, "Gains")
    assert "doc-101" in section(page, "Still wrong")
    assert "doc-110" not in section(page, "Still wrong")


def test_the_mistakes_of_both_are_counted_side_by_side(good_and_bad):
    evaluate(good_and_bad)
    table = section(good_and_bad.page.read_text(), "What went wrong")
    row = table.partition(f"<td>{TOTAL}</td>")[2].partition("</tr>")[0]
    assert '12 <span class="was">0</span>' in row


def test_one_system_has_a_page_too(lineup):
    plan = lineup({"only": ByHeart({101: {TOTAL: Decimal("20.00")}})})
    evaluate(plan)
    page = plan.page.read_text()
    parsed(page)
    assert "doc-101" in section(page, "Mistakes")
    assert "Regressions" not in page


def test_texts_cannot_break_the_page(lineup, tmp_path):
    evil = '<script>alert(1)</script>"'
    records = [record(f"{vendor} {evil}", 100 + n, family=evil, id=evil) for n, vendor in enumerate(VENDORS)]
    plan = lineup(
        {"good": ByHeart(), "bad": ByHeart({"vendor.name": None})},
        test_data=write_records(tmp_path / "e.jsonl", records),
    )
    evaluate(plan)
    page = plan.page.read_text()
    assert "script" not in parsed(page)
    assert "&lt;script&gt;" in page


def test_the_summary_is_read_without_the_predictions(good_and_bad):
    evaluation = evaluate(good_and_bad)
    summary = read_summary(good_and_bad.output)
    assert summary == json.loads(json.dumps(evaluation.summary()))
    assert "predictions" not in summary
    whole = json.loads(good_and_bad.output.read_text())
    assert {key: whole[key] for key in summary} == summary


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1', "no json"])
def test_a_file_that_is_no_evaluation_is_an_error(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(EvaluationError, match="is no evaluation"):
        read_summary(tmp_path / "x.json")


def test_short_names_are_used_unless_two_systems_share_one(lineup):
    evaluation = evaluate(lineup({"one": ByHeart(), "two": ByHeart()}))
    names = [result.system.name for result in evaluation.results]
    assert [evaluation.label(name) for name in names] == ["one", "two"]
