"""What is known of one version of a model: a frozen value, kept as JSON beside its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from finscribe.registry.automation import Automation
from finscribe.registry.gate import Verdict
from finscribe.registry.trial import Trial

UNNUMBERED = 0
"""The number of a folder that is no version yet."""
LEAST_OF_A_HASH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A model in the registry: where it comes from, how it did, and the hashes of its files.

    `sha256` is over all files at the top of its folder, as evaluations name a model; `files` has every file by its
    path in the folder. `base` is what it was trained from, and `parent` the version that this is, if it is one.
    `forced` is the reason why it is served although the gate refused it, `removed` when its folder was pruned, and
    `run` the `run.json` that it held until then, empty where it held none.
    """

    number: int
    sha256: str
    files: Mapping[str, str]
    added: datetime
    source: str
    base: str | None = None
    parent: str | None = None
    dataset: str | None = None
    trial: Trial | None = None
    verdict: Verdict | None = None
    forced: str | None = None
    automation: Automation | None = None
    removed: datetime | None = None
    run: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """`v3-9f2c41aa`: the number is the registry's, the rest the beginning of the hash."""
        return f"v{self.number}-{self.sha256[:8]}"

    @property
    def standing(self) -> str:
        """What the gate said: `gate passed`, `forced`, or `not gated`."""
        if self.forced is not None:
            return "forced"
        return "gate passed" if self.verdict and self.verdict.passed else "not gated"

    def answers_to(self, reference: str) -> bool:
        """Whether `v3`, the id, or at least six characters of the hash mean this version."""
        is_hash = len(reference) >= LEAST_OF_A_HASH and self.sha256.startswith(reference)
        return is_hash or reference in (self.id, f"v{self.number}")

    def to_json(self) -> bytes:
        """Readable JSON."""
        return _adapter().dump_json(self, indent=2) + b"\n"

    @classmethod
    def from_json(cls, content: bytes) -> Version:
        """The version that `to_json` wrote; raises `ValueError` for anything else."""
        return _adapter().validate_json(content)


@cache
def _adapter() -> TypeAdapter[Version]:
    return TypeAdapter(Version)
