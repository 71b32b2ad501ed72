"""A model that learns nothing useful, but in seconds, and a few small documents."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from finscribe.invoice import Invoice
from finscribe.starter.pretrain import PRESETS, new_model
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning.recipe import Recipe


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two layers with random weights and its tokenizer."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tokenizer = train_tokenizer((generate(seed).text for seed in range(100)), 600)
    model = new_model(replace(PRESETS["test"], vocabulary=len(tokenizer)), tokenizer)
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
