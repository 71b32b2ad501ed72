"""What may be asked for: the options of each kind of run, checked before anything is written down."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.learning.commands import recipes
from app.store.tables import RunKind

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=["5f0c4e7d9a3b4c1e8f6a2d7b9c0e1f23"])]
ModelName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1000,
        pattern=r"^[^-\p{C}][^\p{C}]*$",  # else it would be a flag, or no argument at all
        description="`served`, `starter`, the id of a training run, a version, a folder, or a name on the hub",
        examples=["served"],
    ),
]


class Asked(BaseModel):
    """The options of a run."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())
    kind: ClassVar[RunKind]

    def options(self) -> dict[str, Any]:
        """What was chosen, as it is kept."""
        return self.model_dump(exclude_none=True)


class DatasetAsked(Asked):
    """A dataset of what is in the queue now, divided by vendor."""

    kind = RunKind.DATASET

    val_ratio: float = Field(0.1, ge=0, lt=1, description="The share by which checkpoints are chosen")
    gate_ratio: float = Field(0.1, ge=0, lt=1, description="The share that only the gate looks at")
    strict: bool = Field(False, description="Leave out what is only warned about otherwise")

    @model_validator(mode="after")
    def _leave_something(self) -> "DatasetAsked":
        if self.val_ratio + self.gate_ratio >= 1:
            raise ValueError("val_ratio and gate_ratio leave nothing to train on")
        return self

    def options(self) -> dict[str, Any]:
        """What was chosen; there is no flag that says that it is not strict."""
        return self.model_dump(exclude=None if self.strict else {"strict"})


class TrainingAsked(Asked):
    """A training run; what is left out is as the recipe says, or as the command does it by itself."""

    kind = RunKind.TRAINING

    dataset: Id = Field(description="A dataset that is done")
    model_name: ModelName = "served"
    recipe: str | None = Field(default=None, description="A recipe of configs/", examples=["starter-cpu"])
    num_epochs: float | None = Field(default=None, gt=0, le=1000)
    batch_size: int | None = Field(default=None, ge=1, le=4096)
    gradient_accumulation_steps: int | None = Field(default=None, ge=1, le=4096)
    learning_rate: float | None = Field(default=None, gt=0, le=1)
    lora_r: int | None = Field(default=None, ge=1, le=1024)
    lora_alpha: int | None = Field(default=None, ge=1, le=4096)
    load_in_4bit: bool | None = None
    full_finetuning: bool | None = Field(default=None, description="Train all weights; for small models")
    max_seq_length: int | None = Field(default=None, ge=64, le=1_000_000)
    replay: float | None = Field(
        default=None, ge=0, le=100, description="Synthetic documents for each of yours"
    )
    evaluations: int | None = Field(default=None, ge=1, le=1000, description="Looks at the validation set")
    eval_documents: int | None = Field(default=None, ge=1, le=100_000)
    early_stopping_patience: int | None = Field(default=None, ge=1, le=1000)
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    engine: Literal["auto", "unsloth", "transformers"] | None = None

    @model_validator(mode="after")
    def _know_the_recipe(self) -> "TrainingAsked":
        if self.recipe is not None and self.recipe not in recipes():
            raise ValueError(f"recipe is none of {', '.join(recipes())}")
        return self


class EvaluationAsked(Asked):
    """A comparison of two models on a part of a dataset."""

    kind = RunKind.EVALUATION

    dataset: Id = Field(description="A dataset that is done")
    part: Literal["gate", "val"] = Field(
        "gate", description="`gate` for a promotion; it is used up by looking"
    )
    baseline_model: ModelName = "served"
    fine_tuned_model: ModelName = Field(description="The candidate")
    limit: int | None = Field(default=None, ge=1, le=1_000_000, description="Draw so many documents")
