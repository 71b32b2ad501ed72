"""How sure a model may be of what it reads: its confidence fitted to documents whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from finscribe.calibration import Calibration, fit_calibration
from finscribe.decoding import load_model
from finscribe.evidence import features_of
from finscribe.metrics import pair_up
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.validation import Validation, validate_model


def fit_confidence(validation: Validation, documents: Sequence[Labelled]) -> Calibration | None:
    """Fits to every value that was given where something is known of it; None where these are too few."""
    features, right = [], []
    for extraction, labelled in zip(validation.extractions, documents, strict=True):
        known = features_of(extraction.evidence, extraction.findings)
        for pair in pair_up(extraction.invoice, labelled.truth).values:
            if pair.given is not None and pair.given_path is not None:
                features.append(known[pair.given_path])
                right.append(pair.right)
    return fit_calibration(features, right)


def calibrate_folder(folder: Path, documents: Sequence[Labelled]) -> Calibration | None:
    """Reads the documents with the model of a folder and saves what fits in it; None where nothing does.

    Raises `ModelError` for a folder that cannot be loaded.
    """
    fitted = fit_confidence(validate_model(load_model(folder), documents), documents)
    if fitted:
        fitted.write(folder)
    return fitted
