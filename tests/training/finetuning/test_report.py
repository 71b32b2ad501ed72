"""The page of a run."""

from decimal import Decimal
from typing import Any

import pytest

from finscribe.extract import Extraction
from finscribe.invoice import FinancialSummary, Invoice, Truth
from finscribe.metrics import score
from finscribe.training.finetuning import provenance
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.report import render_training, title_of
from finscribe.training.finetuning.validation import Reading, Validation
from tests.training.finetuning.conftest import figures

EVIL = "<script>alert(1)</script>"
METRICS: list[dict[str, Any]] = [
    {"step": 0, "field_f1": 0.1, "line_cell_f1": 0.1},
    {"step": 1, "loss": 2.0, "learning_rate": 1e-5, "tokens_per_second": 100.0, "memory_gb": 1.0},
    {"step": 2, "loss": 1.0, "learning_rate": 2e-5, "tokens_per_second": 110.0, "memory_gb": 1.1},
    {"step": 2, "val_loss": 1.5, "field_f1": 0.9, "line_cell_f1": 0.8},
]


@pytest.fixture
def run(run: dict[str, Any]) -> dict[str, Any]:
    run["recipe"]["model_name"] = EVIL
    return run


def read(number: str) -> tuple[Labelled, Extraction]:
    truth = Truth({"invoice_number": "INV-7", "financial_summary.grand_total": Decimal("12.50")})
    invoice = Invoice(invoice_number=number, financial_summary=FinancialSummary(grand_total=Decimal("12.5")))
    return Labelled(EVIL, truth, "val:1"), Extraction(invoice, {}, (), "m", "grounded", {}, 1)


def page(run: dict[str, Any], *pairs: tuple[Labelled, Extraction]) -> str:
    documents, found = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    scores = score([each.invoice for each in found], [each.truth for each in documents])
    return render_training(run, METRICS, documents, Validation(found, scores))


def test_every_curve_has_its_chart(run: dict[str, Any]) -> None:
    drawn = page(run, read("INV-7"))
    for title in ("Loss", "What it reads", "Learning rate", "Pace", "Memory"):
        assert f'aria-label="{title} by step"' in drawn
    assert drawn.count("<polyline") == 7


def test_at_most_ten_documents_stand_beside_what_is_read_in_them(run: dict[str, Any]) -> None:
    drawn = page(run, read("INV-8"), *[read("INV-7")] * 12)
    assert drawn.count("<details>") == 10
    assert "val:1: 1 of 2 values otherwise" in drawn
    assert "val:1: 0 of 2 values otherwise" in drawn
    assert '<td class="">INV-8</td>' in drawn


def test_nothing_of_a_document_is_run_as_a_script(run: dict[str, Any]) -> None:
    assert EVIL not in page(run, read("INV-7"))


def test_what_was_left_out_or_interrupted_is_said_first(run: dict[str, Any]) -> None:
    assert 'role="note"' not in page(run, read("INV-7"))
    run["data"]["train"] |= {"too_long": 3, "windowed": 5, "values_not_printed": 7}
    run["resumed_at"] = [6]
    said = page(run, read("INV-7"))
    for words in (
        "3 documents were too long",
        "5 documents were learned in windows",
        "7 values were not asked",
        "at step 6",
    ):
        assert words in said


def test_one_is_not_said_in_the_plural(run: dict[str, Any]) -> None:
    run["data"]["train"] |= {"too_long": 1, "windowed": 1, "values_not_printed": 1}
    run["plan"]["documents_per_step"] = 1
    said = page(run, read("INV-7"))
    for words in (
        "1 document was too long",
        "1 document was learned",
        "1 value was not",
        "2 of 1 document<",
    ):
        assert words in said


def test_which_weights_were_saved_is_said_where_they_are_not_the_last(run: dict[str, Any]) -> None:
    assert "of step 2, the last one, where field F1 was best" in page(run, read("INV-7"))
    run["saved"] = {"step": 1, "why": "step 1 of 2, where field F1 was best"}
    said = page(run, read("INV-7"))
    assert (
        "The weights saved are those of step 1 of 2, where field F1 was best; what was learned after it"
        in said
    )
    assert '<td class="">1.000, step 2</td>' in said
    assert "loss of the last step" in said


def test_synthetic_documents_and_the_machine_are_said(run: dict[str, Any]) -> None:
    said = page(run, read("INV-7"))
    for words in ("2, 0.3 for each of the others", "3.11.7", "A processor"):
        assert words in said


def test_the_page_of_the_data_is_linked_by_its_hash(run: dict[str, Any]) -> None:
    assert "<a " not in page(run, read("INV-7"))
    run["data"] |= {"version": "c0ffee", "page": "dataset-c0ffee.html"}
    link = '<a href="dataset-c0ffee.html">The page of dataset <code>c0ffee</code></a>'
    assert link in page(run, read("INV-7"))


def test_the_title_says_what_was_trained_and_for_how_long(run: dict[str, Any]) -> None:
    assert title_of(run) == ("Training models/x", f"{EVIL}, trained with transformers in 1.5 minutes")


def test_a_model_that_became_worse_is_said_to_be(run: dict[str, Any]) -> None:
    run["after"] = figures(0.05)
    assert "reads worse" in page(run, read("INV-7"))


def test_figures_name_fields_and_cells_by_their_paths() -> None:
    truth = Truth({"invoice_number": "INV-7"}, ({"desc": "Tea", "qty": Decimal(2)},))
    found = Reading(1, score([truth], [truth]))
    assert provenance.figures(found) == {
        "documents": 1,
        "field_f1": 1.0,
        "header_micro_f1": 1.0,
        "line_cell_f1": 1.0,
        "fields": {"invoice_number": 1.0, "line_items.desc": 1.0, "line_items.qty": 1.0},
    }


def test_a_run_without_validation_says_that_nobody_knows(run: dict[str, Any]) -> None:
    run |= {"before": None, "after": None, "reproduction": None}
    assert "nobody knows" in render_training(run, METRICS[1:3], [], None)
