"""A model that learns nothing useful, but in seconds, and a few small documents."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from finscribe.decoding.windows import WINDOW_TOKENS_KEY
from finscribe.invoice import Invoice
from finscribe.starter.pretrain import PRESETS, new_model
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning.recipe import Recipe


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two layers with random weights and its tokenizer, that reads whole pages at once."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tokenizer = train_tokenizer((generate(seed).text for seed in range(100)), 600)
    model = new_model(replace(PRESETS["test"], vocabulary=len(tokenizer)), tokenizer)
    delattr(model.config, WINDOW_TOKENS_KEY)
    model.half().save_pretrained(folder)  # as models mostly are: merged weights lose nothing by it
    tokenizer.save_pretrained(folder)
    return folder


def write_records(path: Path, first_seed: int, count: int) -> Path:
    """Prepared records of small documents of layouts that the starter does not know."""
    samples = [generate(first_seed + index, HELD_OUT_FAMILIES, size=0.2) for index in range(count)]
    records = [
        {"input": "OCR_TEXT:\n" + each.text, "output": Invoice.from_record(each.truth).to_json()}
        for each in samples
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def write_smallest_record(path: Path) -> Path:
    """One document that even a model with random weights reads within a second."""
    output = {"invoice_number": "INV-7", "financial_summary": {"grand_total": 12.5}}
    record = {"input": "ACME Ltd\nInvoice: INV-7\nTotal: 12.50", "output": json.dumps(output)}
    path.write_text(json.dumps(record) + "\n", "utf-8")
    return path


@pytest.fixture
def tiny_recipe(tiny_model: Path, tmp_path: Path) -> Recipe:
    """Ten documents, five steps an epoch, no looks at validation documents."""
    return Recipe(
        model_name=str(tiny_model),
        train_data=write_records(tmp_path / "train.jsonl", 7_000_000_000, 10),
        output_dir=tmp_path / "models" / "tuned",
        num_epochs=2,
        batch_size=2,
        gradient_accumulation_steps=1,
        learning_rate=1e-3,
        load_in_4bit=False,
        replay=0.0,
        engine="transformers",
    )


def figures(f1: float) -> dict[str, Any]:
    """What `run.json` says of a reading."""
    fields = {"invoice_number": f1, "financial_summary.grand_total": f1}
    return {"documents": 4, "field_f1": f1, "fields": fields}


@pytest.fixture
def run() -> dict[str, Any]:
    """What `run.json` says of a run of two steps, as far as its page and its card show it."""
    train = {
        "path": "t.jsonl", "sha256": "ab" * 32, "documents": 7, "synthetic": 2, "replay": 0.3,
        "examples": 8, "too_long": 0, "windowed": 0, "values_not_printed": 0, "values_in_no_window": 0,
    }  # fmt: skip
    recipe = {
        "output_dir": "models/x", "model_name": "m", "replay": 0.3, "num_epochs": 3, "learning_rate": 2e-5,
        "lora_r": 16, "lora_alpha": 32, "full_finetuning": False, "max_seq_length": 2048, "seed": 0,
    }  # fmt: skip
    return {
        "recipe": recipe,
        "engine": "transformers",
        "base": {"name": "m", "revision": None, "sha256": None, "quantised": False},
        "data": {"train": train, "val": None, "version": None, "page": None},
        "plan": {"examples": 8, "steps": 2, "documents_per_step": 4, "padding": 0.034},
        "before": figures(0.1),
        "after": figures(0.9),
        "saved": {"step": 2, "why": "step 2, the last one, where field F1 was best"},
        "final": {"step": 2, "loss": 1.0, "val_loss": 1.5},
        "reproduction": {"agreement": 1.0, "faithful": True},
        "seconds": 90.0,
        "durations": {"training": 60.0},
        "resumed_at": [],
        "peak_memory_gb": 1.1,
        "git_commit": None,
        "python": "3.11.7",
        "hardware": {"cores": 2, "cpu": "A processor", "gpus": []},
        "packages": {"torch": "2"},
    }
