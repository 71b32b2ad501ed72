"""Scores, against numbers worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.invoice import CELLS, FIELDS, HEADER_FIELDS, LINES, Invoice, Truth, Value
from finscribe.metrics import Score, equal, match_lines, score

TEXTS = st.sampled_from(["A", "b", "Acme", "ACME Inc.", "Ünit", "--", "12"])
NUMBERS = st.sampled_from([Decimal(0), Decimal("1.0"), Decimal("1.00"), Decimal("9.99"), Decimal(-3)])


def value_of(path: str) -> st.SearchStrategy[Value]:
    return st.none() | (NUMBERS if FIELDS[path].numeric else TEXTS)


LINE = st.fixed_dictionaries({}, optional={cell: value_of(f"{LINES}.{cell}") for cell in CELLS})
ROWS = st.lists(LINE, max_size=5).map(tuple)
TRUTHS = st.builds(
    Truth,
    st.fixed_dictionaries({}, optional={path: value_of(path) for path in HEADER_FIELDS}),
    st.none() | ROWS,
)


def test_texts_of_punctuation_alone_are_compared_as_they_are() -> None:
    assert equal("vendor.name", "---", "---")
    assert not equal("vendor.name", "---", "...")


@pytest.mark.parametrize(
    ("path", "one", "other", "folded", "exact"),
    [
        ("vendor.name", "ACME Inc.", "acme inc", True, False),
        ("vendor.name", "ＡＣＭＥ", "ACME", True, False),
        ("vendor.name", "ACME", "ACNE", False, False),
        ("invoice_date", "2024-01-02", "20240102", False, False),
        ("currency", "EUR", "eur", False, False),
        ("line_items[2].desc", "Rye bread", "RYE BREAD", True, False),
        ("financial_summary.subtotal", Decimal("1.0"), Decimal("1.00"), True, True),
        ("financial_summary.subtotal", Decimal(1), None, False, False),
    ],
)
def test_equality_is_typed(path: str, one: Value, other: Value, folded: bool, exact: bool) -> None:
    assert equal(path, one, other) is folded
    assert equal(path, one, other, "exact") is exact


def test_precision_recall_and_f1_of_counts() -> None:
    score = Score(hits=2, predicted=4, support=3, cases=5)
    assert score.accuracy == 0.4
    assert score.precision == 0.5
    assert score.recall == pytest.approx(2 / 3)
    assert score.f1 == pytest.approx(4 / 7)
    assert (Score().accuracy, Score().precision, Score().recall, Score().f1) == (0, 0, 0, 0)


def test_header_fields_by_hand() -> None:
    truths = [
        Truth({"vendor.name": "ACME Inc.", "due_date": None, "invoice_number": "A-1"}),
        Truth({"vendor.name": "Other", "due_date": "2024-02-01"}),
    ]
    answers = [
        Truth({"vendor.name": "acme inc", "due_date": "2024-01-01", "currency": "EUR"}),
        Truth({"vendor.name": "Wrong"}),
    ]
    scores = score(answers, truths)
    assert scores.fields == {
        "vendor.name": Score(1, 2, 2, 2),
        "invoice_number": Score(0, 0, 1, 1),
        "due_date": Score(0, 1, 1, 2),
    }
    assert scores.micro == Score(1, 3, 4, 5)
    assert scores.micro.f1 == pytest.approx(2 / 7)
    assert scores.macro.f1 == pytest.approx((0.5 + 0 + 0) / 3)
    assert score(answers, truths, match="exact").micro == Score(0, 3, 4, 5)


def test_an_explicit_null_scores_only_a_wrong_answer() -> None:
    truth = Truth({"due_date": None})
    assert score([Truth({})], [truth]).fields == {"due_date": Score(0, 0, 0)}
    assert score([Truth({"due_date": ""})], [truth]).micro == Score(0, 0, 0)
    assert score([Truth({"due_date": "2024-01-01"})], [truth]).micro == Score(0, 1, 0, 1)


def test_lines_by_hand() -> None:
    known = [
        {"desc": "Rye", "qty": Decimal(1), "line_total": Decimal(3)},
        {"desc": "Oats", "qty": None, "line_total": Decimal(4)},
    ]
    given = [
        {"desc": "Invented", "qty": Decimal(7), "unit_price": Decimal(1)},
        {"desc": "oats", "line_total": Decimal("4.0")},
        {"desc": "Rye", "qty": Decimal(2), "line_total": Decimal(3)},
    ]
    scores = score([Truth({}, tuple(given))], [Truth({}, tuple(known))])
    assert match_lines(given, known) == [(1, 1), (2, 0)]
    assert scores.cells == {
        "line_items.desc": Score(2, 3, 2, 3),
        "line_items.qty": Score(0, 2, 1, 2),
        "line_items.line_total": Score(2, 2, 2, 2),
    }
    assert scores.line_cells == Score(4, 7, 5, 7)
    assert scores.line_cells.f1 == pytest.approx(8 / 12)
    assert scores.line_rows == Score(1, 3, 2, 3)


def test_lines_nobody_knows_are_not_scored_and_lines_known_to_be_missing_are() -> None:
    answer = Truth({}, ({"desc": "A", "qty": Decimal(1)},))
    assert score([answer], [Truth({})]).line_cells == Score()
    none = score([answer], [Truth({}, ())])
    assert (none.line_cells, none.line_rows) == (Score(0, 2, 0, 2), Score(0, 1, 0, 1))


def test_ties_between_lines_go_by_order() -> None:
    rows = [{"desc": "A"}, {"desc": "A"}, {"desc": "A"}]
    assert match_lines(rows, rows) == [(0, 0), (1, 1), (2, 2)]


def test_no_answer_scores_as_an_empty_one() -> None:
    truth = Truth({"vendor.name": "A"}, ({"desc": "B"},))
    assert score([None], [truth]) == score([Invoice()], [truth])
    assert score([None], [truth]).micro == Score(0, 0, 1, 1)


def test_there_must_be_as_many_answers_as_truths() -> None:
    with pytest.raises(ValueError, match="0 predictions for 1"):
        score([], [Truth({})])
    with pytest.raises(ValueError, match="fuzzy"):
        score([Truth({})], [Truth({"vendor.name": "A"})], match="fuzzy")  # type: ignore[arg-type]


@given(st.lists(TRUTHS, max_size=4), st.sampled_from(["folded", "exact"]))
def test_a_perfect_answer_scores_one(truths: list[Truth], match: str) -> None:
    scores = score(truths, truths, match)  # type: ignore[arg-type]
    for part in (scores.micro, scores.line_cells, scores.line_rows, *scores.fields.values()):
        assert part.hits == part.predicted == part.support == part.cases
        assert part.f1 == (1.0 if part.support else 0.0)


@given(st.lists(TRUTHS, max_size=4))
def test_an_empty_answer_scores_nothing(truths: list[Truth]) -> None:
    scores = score([Invoice()] * len(truths), truths)
    assert scores.micro.f1 == scores.macro.f1 == scores.line_cells.f1 == scores.line_rows.f1 == 0
    assert scores.micro.predicted == scores.line_cells.predicted == 0


@given(TRUTHS, TRUTHS, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(answer: Truth, truth: Truth, rng: object) -> None:
    shuffled = list(answer.lines or ())
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    other = replace(answer, lines=tuple(shuffled))
    one, two = score([answer], [truth]), score([other], [truth])
    assert one.line_cells == two.line_cells
    assert one.line_rows == two.line_rows


@given(TRUTHS, TRUTHS)
def test_counts_are_consistent(answer: Truth, truth: Truth) -> None:
    scores = score([answer], [truth])
    for part in (scores.micro, scores.line_cells, scores.line_rows):
        assert 0 <= part.hits <= min(part.predicted, part.support)
        assert max(part.predicted, part.support) <= part.cases <= part.predicted + part.support
        assert 0 <= part.accuracy <= part.f1 <= 1
    assert scores + score([], []) == scores
