"""Model folders that nobody loads, and what an evaluation would say of them."""

import json
from pathlib import Path

from finscribe.files import file_hash
from finscribe.registry.hashes import hash_of
from finscribe.registry.promotion import Candidacy
from finscribe.registry.trial import FieldDifference, Side, Trial

FIELDS = ("vendor.name", "invoice_number", "financial_summary.grand_total")


def model_folder(path: Path, weights: str = "one", **run: object) -> Path:
    """A folder that is complete to look at; with `run`, it says how it was trained."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in {"config.json": "{}", "tokenizer.json": "{}", "model.safetensors": weights}.items():
        (path / name).write_text(text)
    if run:
        (path / "run.json").write_text(json.dumps(run))
    return path


def records(path: Path, *vendors: str) -> Path:
    """Prepared records of some vendors."""
    lines = [
        json.dumps(
            {
                "input": f"OCR_TEXT:\n{vendor}\nTotal 5.00",
                "output": json.dumps({"vendor": {"name": vendor}, "financial_summary": {"grand_total": 5.0}}),
            }
        )
        for vendor in vendors
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def run_of(train: Path, base: Path | None = None) -> dict[str, object]:
    """What fine-tuning says of itself, as far as the registry reads it."""
    data = {"path": str(train), "sha256": file_hash(train), "examples": 2}
    return {
        "recipe": {"model_name": "starter", "num_epochs": 5.0, "load_in_4bit": False},
        "base": {"name": str(base), "sha256": hash_of(base) if base else None},
        "data": {"train": data, "val": None, "version": "0123456789abcdef"},
    }


def trial_of(candidate: Path, served: Path, **changed: object) -> Trial:
    """An evaluation in which the candidate is a little better in everything."""
    facts = {
        "baseline": Side("served", hash_of(served), 0.80),
        "candidate": Side("candidate", hash_of(candidate), 0.85),
        "test_set": "gate.jsonl",
        "test_sha256": "5" * 64,
        "documents": 60,
        "families": frozenset(f"vendor {number}" for number in range(30)),
        "gain": 0.05,
        "interval": (0.02, 0.08),
        "fields": tuple(FieldDifference(field, 0.80, 0.85, 0.2) for field in FIELDS),
        "grounded_share": 1.0,
        "grounding": "grounded",
    }
    return Trial(**(facts | changed))  # type: ignore[arg-type]


def candidacy(candidate: Path, served: Path, **changed: object) -> Candidacy:
    """A candidate that has been evaluated against what is served."""
    facts = {"folder": candidate, "otherwise": str(served), "trial": trial_of(candidate, served)}
    return Candidacy(**(facts | changed))  # type: ignore[arg-type]
