"""What is compared on what, and how: one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from finscribe.decoding import Grounding
from finscribe.errors import SettingsError
from finscribe.settings import Settings

OUTPUT = Path("evaluation") / "unsloth_evaluation.json"
TEST_NAME = "unsloth_val.jsonl"
"""The file of the data folder that is evaluated on where nothing else is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An evaluation; raises `SettingsError` for what cannot be.

    The first of `models` is the baseline. `arithmetic` says whether what contradicts itself may be read otherwise, by
    default as the environment has it. `aliases` are names that stand for a model folder, `starter` for instance.
    """

    models: tuple[str, ...]
    test_data: str
    output: Path = OUTPUT
    train_data: str | None = None
    limit: int | None = None
    grounding: str = Grounding.GROUNDED
    seed: int = 0
    batch_size: int = 8
    threshold: float = 0.9
    few_shot: bool = True
    arithmetic: bool = field(default_factory=lambda: Settings.from_environment().arithmetic)
    allow_leak: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.models:
            raise SettingsError("no model is named", hint="Give --baseline_model and --fine_tuned_model.")
        for name in self.models:
            if self.models.count(name) > 1:
                raise SettingsError(f"{name} is named twice", hint="Compare a model with another one.")
        for name, least in (("limit", 1), ("batch_size", 1)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise SettingsError(f"{name} is {value}", hint=f"Give --{name} {least} or more.")
        if not 0 <= self.threshold <= 1:
            raise SettingsError(f"threshold is {self.threshold}", hint="Give --threshold from 0 to 1.")
        if self.grounding not in list(Grounding):
            allowed = ", ".join(Grounding)
            raise SettingsError(
                f"grounding is {self.grounding!r}", hint=f"Give --grounding with one of {allowed}."
            )
        self._check_output()

    def _check_output(self) -> None:
        if self.output.is_dir() or self.output.suffix != ".json":
            raise SettingsError(
                f"the output {self.output} is no .json file", hint=f"Give --output {OUTPUT}, for instance."
            )
        for source in (self.test_data, self.train_data):
            if source and Path(source).resolve() == self.output.resolve():
                raise SettingsError(
                    f"the output {self.output} would replace the data", hint="Give another --output."
                )

    @property
    def page(self) -> Path:
        """The HTML page beside the output."""
        return self.output.with_suffix(".html")

    @property
    def partial(self) -> Path:
        """Where answers go while an evaluation runs."""
        return self.output.with_suffix(".partial.jsonl")
