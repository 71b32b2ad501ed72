"""From the JSON of an evaluation to what the gate and the certificates of automation need to know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from finscribe.errors import EvaluationError
from finscribe.invoice import Truth
from finscribe.registry.automation import RATE, Automation, Observation, Unit, certify_all
from finscribe.registry.gate import GROUNDED
from finscribe.registry.lineage import Lineage
from finscribe.registry.reproduction import MOST, Answered, Judged
from finscribe.registry.trial import FieldDifference, Side, Trial
from finscribe.training.dataset.families import names_of

_ALL = "all"
"""The group of every value, those of lines too."""
_ROW = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation as it was written, and the one of its models that is meant: that with the hash `sha256`."""

    path: Path
    sha256: str
    content: Mapping[str, Any]
    candidate: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path, sha256: str) -> Report:
        """Reads the report of an evaluation and finds the model with that hash, or else the last one.

        Raises `EvaluationError` for anything else.
        """
        try:
            content = json.loads(path.read_text("utf-8"))
            models = [system for system in content["systems"] if system["kind"] == "model"]
            found = [system for system in models if system["sha256"] == sha256]
            return cls(path, sha256, content, (found or models)[-1])
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise EvaluationError(
                f"{path} is no evaluation of a model: {type(error).__name__}: {error}",
                hint="Give the JSON that finscribe evaluate wrote.",
            ) from error

    def trial(self) -> Trial:
        """What the gate needs to know; raises `EvaluationError` where there is no comparison with a baseline."""
        baseline = self.content["systems"][0]
        compared = next(self._comparisons(baseline["name"]), None)
        if compared is None:
            raise EvaluationError(
                f"{self.path} does not compare {self.candidate['name']} with a baseline",
                hint="finscribe evaluate --baseline_model SERVED --fine_tuned_model CANDIDATE --test_data GATE",
            )
        gain, names = compared["groups"][_ALL], _names(self.content["documents"])
        return Trial(
            baseline=_side(baseline),
            candidate=_side(self.candidate),
            test_set=self.content["test_data"]["path"],
            documents=self.content["test_data"]["documents"],
            families=frozenset(names),
            gain=gain["points"] / 100,
            interval=_interval(gain["interval"], 100),
            fields=tuple(_field(path, found) for path, found in compared["fields"].items()),
            grounded_share=self.candidate["shares"]["grounded"],
            grounding=self.content["options"]["grounding"],
            left_empty=tuple(_field(path, found) for path, found in compared.get("left_empty", {}).items()),
            names=names,
            test_sha256=self.content["test_data"].get("sha256"),
        )

    def judged(self) -> Judged:
        """Some of what the model answered, from documents all over the file.

        Raises `EvaluationError` for a report that an earlier version wrote, which says less.
        """
        try:
            answered, options = list(self._answered()), self.content["options"]
            some = answered[:: -(-len(answered) // MOST) or 1]
            return Judged(tuple(some), options["grounding"], options["arithmetic"])
        except (KeyError, TypeError, ValueError) as error:
            raise EvaluationError(
                f"{self.path} does not say what was answered, and how: {type(error).__name__}: {error}",
                hint="Evaluate again: finscribe evaluate.",
            ) from error

    def _answered(self) -> Iterator[Answered]:
        answers = [each for each in self.content["predictions"] if each["system"] == self.candidate["name"]]
        for document, answer in zip(self.content["documents"], answers, strict=True):
            if not answer["error"]:
                said = {path: each["value"] for path, each in answer["values"].items()}
                values = {path: value for path, value in said.items() if value is not None}
                yield Answered(document["text"], values)

    def observations(self) -> list[Observation]:
        """Every value that the model gave in a field that the truth knows.

        Raises `EvaluationError` where it was another model: a certificate on that would be none.
        """
        name = self.candidate["name"]
        if self.candidate["sha256"] != self.sha256:
            raise EvaluationError(
                f"{self.path} is about {name} (sha256 {self.candidate['sha256']}), not about sha256 {self.sha256}",
                hint="Evaluate the folder as it is now.",
            )
        answers = [each for each in self.content["predictions"] if each["system"] == name]
        pairs = zip(self.content["documents"], answers, strict=True)
        return [each for document, answer in pairs for each in _observed(answer, document["family"])]

    def certify(self, lineage: Lineage, *, rate: float = RATE, unit: Unit = "vendor") -> Automation:
        """What may be approved without a look; a claim about new vendors takes values of those alone.

        `lineage` is that of the model. Raises `EvaluationError` where such a claim would be none.
        """
        observations = self.observations()
        grounding = self.content["options"]["grounding"]
        if grounding != GROUNDED:
            raise EvaluationError(
                f"{self.path} was read with grounding {grounding}, and what is served is {GROUNDED}",
                hint="Evaluate the validation records again, with grounding on.",
            )
        if lineage.unchecked:
            raise EvaluationError(
                f"nobody knows which vendors the model was trained on: {'; '.join(lineage.unchecked)}",
                hint="Put the records back, or ask for no certificates.",
            )
        names = _names(self.content["documents"]) if unit == "vendor" else {}
        trained = {vendor for vendor, called in names.items() if called & lineage.trained}
        new = [each for each in observations if each.vendor not in trained]
        if observations and not new:
            raise EvaluationError(
                f"the model was trained on all vendors of {self.path}",
                hint="finscribe prepare --split keeps vendors apart; certify by records of others.",
            )
        left_out = {each.vendor for each in observations} & trained
        return replace(certify_all(new, str(self.path), rate=rate, unit=unit), left_out=len(left_out))

    def _comparisons(self, baseline: str) -> Iterator[Mapping[str, Any]]:
        for each in self.content["comparisons"]:
            if (each["baseline"], each["candidate"]) == (baseline, self.candidate["name"]):
                yield each


def _names(documents: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Each vendor family's own name, and what its truths call it."""
    found: dict[str, frozenset[str]] = {}
    for document in documents:
        names = names_of(Truth.read(document["truth"]), document["text"])
        family = document["family"]
        found[family] = found.get(family, frozenset({family})).union(names)
    return found


def _side(system: Mapping[str, Any]) -> Side:
    figure = system["groups"][_ALL]
    return Side(system["name"], system["sha256"], figure["f1"], _interval(figure["interval"], 1))


def _field(path: str, found: Mapping[str, Any]) -> FieldDifference:
    interval = _interval(found["interval"], 100)
    return FieldDifference(
        path, found["before"], found["after"], found["p_value"], interval, found.get("vendors")
    )


def _interval(found: Sequence[float] | None, unit: float) -> tuple[float, float] | None:
    return None if found is None else (found[0] / unit, found[1] / unit)


def _observed(answer: Mapping[str, Any], family: str) -> Iterator[Observation]:
    for path, _, verdict in answer["verdicts"]:
        given = answer["values"].get(path) if path else None
        if given and given["value"] not in (None, ""):
            yield Observation(_ROW.sub("", path), given["confidence"], verdict == "right", family)
