"""What systems answered, in memory and on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from finscribe.errors import EvaluationError, FinScribeError
from finscribe.evaluation.systems import System
from finscribe.evidence import Evidence, Place, Support
from finscribe.extract import Extraction
from finscribe.files import locked
from finscribe.invoice import Invoice, Value, build_invoice, kind_of


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer of a system about one text, with what every value rests on.

    `seconds` is its share of the time of all documents that were read together, `latency` how long it was read among
    others. An `error` stands where there is no answer: it scores nothing.
    """

    evidence: Mapping[str, Evidence]
    findings: tuple[Mapping[str, str], ...] = ()
    seconds: float = 0.0
    latency: float = 0.0
    forward_passes: int = 0
    complete: bool = True
    error: str | None = None

    @classmethod
    def of(cls, extraction: Extraction, seconds: float, latency: float) -> Prediction:
        """What an extraction says, and how long it took."""
        findings = tuple(
            {"code": each.code, "severity": each.severity, "message": each.message}
            for each in extraction.findings
        )
        return cls(
            extraction.evidence, findings, seconds, latency, extraction.forward_passes, extraction.complete
        )

    @classmethod
    def failed(cls, error: FinScribeError, seconds: float) -> Prediction:
        """No answer, and why."""
        return cls(
            {}, seconds=seconds, latency=seconds, complete=False, error=f"{error.code}: {error.message}"
        )

    @property
    def invoice(self) -> Invoice:
        """The values as an invoice."""
        return build_invoice({path: found.value for path, found in self.evidence.items()})

    @property
    def valid_json(self) -> bool:
        """Whether it was JSON that says something of an invoice, to its end.

        What a model did not write is null with the probability 0.
        """
        said = (found.value is not None or found.probability > 0 for found in self.evidence.values())
        return self.complete and any(said)

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values, numbers as text; `places` are lists of runs, each as [start, end] in the text."""
        return {
            "values": {path: _plain(found) for path, found in self.evidence.items()},
            "findings": list(self.findings),
            "seconds": round(self.seconds, 4),
            "latency": round(self.latency, 4),
            "forward_passes": self.forward_passes,
            "complete": self.complete,
            "error": self.error,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Prediction:
        """The prediction that `to_record` wrote; raises `KeyError`, `TypeError` and `ValueError` for anything else."""
        return cls(
            {path: _evidence(path, said) for path, said in record["values"].items()},
            tuple(record["findings"]),
            record["seconds"],
            record["latency"],
            record["forward_passes"],
            record["complete"],
            record["error"],
        )


def _plain(found: Evidence) -> dict[str, Any]:
    value = format(found.value, "f") if isinstance(found.value, Decimal) else found.value
    said: dict[str, Any] = {"value": value, "support": found.support.value}
    said |= {"probability": round(found.probability, 6), "confidence": round(found.confidence, 6)}
    places = [[[place.start, place.end] for place in runs] for runs in found.places]
    return said | ({"places": places} if places else {})


def _evidence(path: str, said: Mapping[str, Any]) -> Evidence:
    value: Value = said["value"]
    if value is not None and kind_of(path).numeric:
        value = Decimal(value)
    places = tuple(tuple(Place(start, end) for start, end in runs) for runs in said.get("places", ()))
    return Evidence(path, value, Support(said["support"]), said["probability"], said["confidence"], places)


# --- on disk -----------------------------------------------------------------------------------------


class Journal:
    """Answers on disk as they come, one a line, so that an evaluation that was killed goes on where it was.

    A line is found again by the fingerprint of its system and the digest of its text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[tuple[str, str], int] = {}
        self._end = 0
        self._file = self._open()

    @property
    def empty(self) -> bool:
        """Whether no answer is in it."""
        return not self._places

    def has(self, system: System, digest: str) -> bool:
        """Whether a system has answered about a text."""
        return (system.fingerprint, digest) in self._places

    def add(self, system: System, answers: Iterable[tuple[str, Prediction]]) -> None:
        """Writes answers, each with the digest of its text, and hands them to the system before it returns."""
        self._file.seek(self._end)
        for digest, prediction in answers:
            head = {"system": system.fingerprint, "document": digest}
            line = json.dumps({**head, **prediction.to_record()}, ensure_ascii=False).encode() + b"\n"
            self._places[system.fingerprint, digest] = self._end
            self._end += self._file.write(line)
        self._file.flush()

    def get(self, system: System, digest: str) -> Prediction:
        """The answer about a text; raises `KeyError` where there is none."""
        self._file.seek(self._places[system.fingerprint, digest])
        return Prediction.from_record(json.loads(self._file.readline()))

    def close(self) -> None:
        """No more is written or read."""
        self._file.close()

    def _open(self) -> BinaryIO:
        file = self.path.open("r+b")
        for line in file:
            if not line.endswith(b"\n"):  # torn when the evaluation was killed
                break
            self._remember(line)
            self._end += len(line)
        file.truncate(self._end)
        return file

    def _remember(self, line: bytes) -> None:
        try:
            record = json.loads(line)
            Prediction.from_record(record)
            self._places[record["system"], record["document"]] = self._end
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            return  # of another version, or damaged: it is read anew


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """The journal of an evaluation, removed when that ends well; raises `EvaluationError` where it is in use."""
    try:
        with locked(path, wait=False):
            journal = Journal(path)
            try:
                yield journal
            except BaseException:
                journal.close()
                if journal.empty:
                    path.unlink()
                raise
            journal.close()
            path.unlink()
    except BlockingIOError as error:
        raise EvaluationError(
            f"another evaluation is writing {path}", hint="Wait for it, or give another --output."
        ) from error
