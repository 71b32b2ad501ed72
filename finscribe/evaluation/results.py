"""What an evaluation found, as a value and as the JSON of `--output`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import finscribe
from finscribe.errors import EvaluationError
from finscribe.evaluation.cases import Case, TestSet
from finscribe.evaluation.comparing import Comparison
from finscribe.evaluation.figures import Figures
from finscribe.evaluation.judging import Judged, Verdict
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.predictions import Prediction
from finscribe.evaluation.systems import System
from finscribe.invoice import LINES, write_json
from finscribe.metrics.paired import Clusters

FORMAT = 1
"""Raised when the JSON is no longer what readers of an earlier one expect."""
_LISTS = b'  "documents": [\n'


@dataclass(frozen=True, slots=True)
class Result:
    """A system with its figures, and the counts of each document that these were made of."""

    system: System
    figures: Figures
    judged: Judged


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Systems on the same documents, the baseline first; comparisons of each other one with it come first, too."""

    plan: Plan
    test: TestSet
    clusters: Clusters
    results: tuple[Result, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    created: str

    def of(self, name: str) -> Result:
        """The result of a system; raises `KeyError`."""
        found = {result.system.name: result for result in self.results}
        return found[name]

    def label(self, name: str) -> str:
        """A short name for people: the last part of a path, where no other system ends in the same."""
        last = name.rstrip("/").rpartition("/")[2]
        others = (result.system.name for result in self.results if result.system.name != name)
        return name if any(other.rstrip("/").rpartition("/")[2] == last for other in others) else last

    def summary(self) -> dict[str, Any]:
        """Everything but documents and predictions, as plain JSON values."""
        test, plan = self.test, self.plan
        return {
            "format": FORMAT,
            "created": self.created,
            "finscribe": finscribe.__version__,
            "test_data": {
                "path": test.source,
                "sha256": test.sha256,
                "documents": len(test.cases),
                "vendors": self.clusters.count,
                "rejected": len(test.rejects),
                "left_out": test.left_out,
            },
            "options": {
                "train_data": plan.train_data,
                "grounding": str(plan.grounding),
                "arithmetic": plan.arithmetic,
                "seed": plan.seed,
                "limit": plan.limit,
                "batch_size": plan.batch_size,
                "threshold": plan.threshold,
            },
            "notes": list(self.notes),
            "systems": [_described(result) for result in self.results],
            "comparisons": [asdict(comparison) for comparison in self.comparisons],
        }


def _described(result: Result) -> dict[str, Any]:
    system = result.system
    return {
        "name": system.name,
        "kind": system.kind,
        "source": system.source,
        "sha256": system.sha256,
        "backend": system.backend,
        **result.figures.to_record(),
    }


# --- JSON --------------------------------------------------------------------------------------------


def lines_of_json(evaluation: Evaluation, predictions: Iterable[bytes]) -> Iterator[bytes]:
    """The JSON of `--output` piece by piece: the summary, then a line for each document and each prediction."""
    summary = json.dumps(evaluation.summary(), ensure_ascii=False, indent=2)
    yield summary.removesuffix("\n}").encode() + b",\n" + _LISTS
    yield from _separated(document_line(case) for case in evaluation.test.cases)
    yield b'\n  ],\n  "predictions": [\n'
    yield from _separated(predictions)
    yield b"\n  ]\n}\n"


def _separated(lines: Iterable[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        yield (b",\n" if number else b"") + line


def document_line(case: Case) -> bytes:
    """A document with its truth; numbers keep the digits that they have there."""
    head = {"id": case.name, "origin": case.origin, "family": case.family, "text": case.text}
    fields = json.dumps(head, ensure_ascii=False).removesuffix("}")
    return f'{fields}, "truth": {_truth(case)}}}'.encode()


def _truth(case: Case) -> str:
    """What is known, cells that only some lines know included."""
    known = {path for line in case.truth.lines or () for path in line}
    request = [*case.truth.values, *(f"{LINES}.{cell}" for cell in known)]
    return write_json(case.truth.values, case.truth.lines or (), request)[0]


def prediction_line(system: System, case: Case, prediction: Prediction, verdicts: Sequence[Verdict]) -> bytes:
    """An answer, its evidence, and the verdict on each value that counts."""
    said = [
        [verdict.pair.given_path, verdict.pair.known_path, str(verdict.mistake or "right")]
        for verdict in verdicts
    ]
    head = {"system": system.name, "id": case.name, "valid_json": prediction.valid_json}
    return json.dumps({**head, **prediction.to_record(), "verdicts": said}, ensure_ascii=False).encode()


def read_summary(path: Path) -> Mapping[str, Any]:
    """The summary of an evaluation on disk, without its documents; raises `EvaluationError`."""
    lines: list[bytes] = []
    try:
        with path.open("rb") as file:
            for line in file:
                if line == _LISTS:
                    break
                lines.append(line)
        found: Mapping[str, Any] = json.loads(b"".join(lines).rstrip().removesuffix(b",") + b"}")
        if found["format"] != FORMAT:
            raise ValueError(f"its format is {found['format']}, not {FORMAT}")
    except (OSError, ValueError, KeyError) as error:
        raise EvaluationError(
            f"{path} is no evaluation: {error}", hint="Evaluate again: finscribe evaluate."
        ) from error
    return found
