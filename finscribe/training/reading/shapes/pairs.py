"""Pairs of a text and its truth: `{input, output}` and its older spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finscribe.training.reading.shapes.parts import Shape, build_record, read_text, read_truth
from finscribe.training.records import Origin, Record


def _read_input_output(raw: Mapping[str, Any], origin: Origin) -> Record:
    return build_record("input-output", origin, read_text(raw["input"]), read_truth(raw["output"]), raw)


def _read_prompt_completion(raw: Mapping[str, Any], origin: Origin) -> Record:
    text, truth = read_text(raw["prompt"]), read_truth(raw["completion"])
    return build_record("prompt-completion", origin, text, truth, raw)


def _read_alpaca(raw: Mapping[str, Any], origin: Origin) -> Record:
    """The text is the input, or stands in the instruction where the input is empty."""
    text = read_text(raw.get("input") or raw["instruction"])
    return build_record("alpaca", origin, text, read_truth(raw["output"]), raw)


def _read_raw_ocr(raw: Mapping[str, Any], origin: Origin) -> Record:
    text, truth = read_text(raw["raw_ocr"]), read_truth(raw["corrected_invoice"])
    return build_record("raw-ocr", origin, text, truth, raw)


SHAPES = (
    Shape("raw-ocr", frozenset({"raw_ocr", "corrected_invoice"}), _read_raw_ocr),
    Shape("prompt-completion", frozenset({"prompt", "completion"}), _read_prompt_completion),
    Shape("alpaca", frozenset({"instruction", "output"}), _read_alpaca),
    Shape("input-output", frozenset({"input", "output"}), _read_input_output),
)
