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
from finscribe.training.finetuning.validation import Validation

EVIL = "<script>alert(1)</script>"
METRICS: list[dict[str, Any]] = [
    {"step": 0, "field_f1": 0.1, "line_cell_f1": 0.1},
    {"step": 1, "loss": 2.0, "learning_rate": 1e-5, "tokens_per_second": 100.0, "memory_gb": 1.0},
    {"step": 2, "loss": 1.0, "learning_rate": 2e-5, "tokens_per_second": 110.0, "memory_gb": 1.1},
    {"step": 2, "val_loss": 1.5, "field_f1": 0.9, "line_cell_f1": 0.8},
]


def figures(f1: float) -> dict[str, Any]:
    return {"field_f1": f1, "fields": {"invoice_number": f1, "financial_summary.grand_total": f1}}


@pytest.fixture
def run() -> dict[str, Any]:
    train = {
        "path": "t.jsonl", "sha256": "ab" * 32, "too_long": 0, "windowed": 0,
        "values_not_printed": 0, "values_in_no_window": 0,
    }  # fmt: skip
    return {
        "recipe": {"output_dir": "models/x", "model_name": EVIL, "lora_r": 16},
        "engine": "transformers",
        "base": {"name": "m", "sha256": None},
        "data": {"train": train, "val": None, "version": None, "page": None},
        "plan": {"examples": 8, "steps": 2, "documents_per_step": 4, "padding": 0.034},
        "before": figures(0.1),
        "after": figures(0.9),
        "reproduction": {"agreement": 1.0, "faithful": True},
        "seconds": 90.0,
        "durations": {"training": 60.0},
        "resumed_at": [],
        "peak_memory_gb": 1.1,
        "git_commit": None,
        "hardware": {"cores": 2},
        "packages": {"torch": "2"},
    }


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
    for words in ("3 documents were too long", "5 long documents", "7 values are not printed", "at step 6"):
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
    found = Validation([], score([truth], [truth]))
    assert provenance.figures(found) == {
        "documents": 0,
        "field_f1": 1.0,
        "header_micro_f1": 1.0,
        "line_cell_f1": 1.0,
        "fields": {"invoice_number": 1.0, "line_items.desc": 1.0, "line_items.qty": 1.0},
    }


def test_a_run_without_validation_says_that_nobody_knows(run: dict[str, Any]) -> None:
    run |= {"before": None, "after": None, "reproduction": None}
    assert "nobody knows" in render_training(run, METRICS[1:3], [], None)
