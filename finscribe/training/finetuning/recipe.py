"""The recipe of a fine-tuning run: one frozen value from defaults, a YAML file and the command line, in that order."""

from __future__ import annotations

import argparse
import sysconfig
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from finscribe.errors import SettingsError
from finscribe.settings import DEFAULT_DATA_DIR, DEFAULT_MODEL_DIR, DEFAULT_MODEL_NAME, Settings

SaveMethod = Literal["auto", "merged_16bit", "lora", "merged_4bit", "gguf"]
Engine = Literal["auto", "unsloth", "transformers"]
Tracker = Literal["none", "tensorboard", "mlflow", "wandb"]
TRAIN_NAME, VAL_NAME = "unsloth_train.jsonl", "unsloth_val.jsonl"
"""The files that preparation writes into the data folder."""

_CHECKOUT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides what comes out of a run; raises `SettingsError` for what cannot be."""

    model_name: Annotated[
        str,
        "model folder or hub name to start from, or starter, the bundled one "
        f"(default: UNSLOTH_MODEL_NAME, else {DEFAULT_MODEL_NAME})",
    ] = ""
    train_data: Annotated[Path, "prepared records to learn from"] = DEFAULT_DATA_DIR / TRAIN_NAME
    val_data: Annotated[
        Path | None,
        "prepared records to choose the best checkpoint by "
        f"(default: {DEFAULT_DATA_DIR / VAL_NAME} where there is such a file)",
    ] = None
    output_dir: Annotated[Path, "folder of the finished model"] = DEFAULT_MODEL_DIR
    num_epochs: Annotated[float, "passes over the training data"] = 3.0
    batch_size: Annotated[int, "documents in memory at once"] = 4
    gradient_accumulation_steps: Annotated[int, "batches to one step of the optimiser"] = 8
    learning_rate: Annotated[float, "peak of the cosine schedule"] = 2e-5
    warmup_ratio: Annotated[float, "share of the steps in which the rate rises"] = 0.05
    weight_decay: Annotated[float, "of matrices; never of norms and biases"] = 0.01
    max_grad_norm: Annotated[float, "gradients are clipped to this norm"] = 1.0
    lora_r: Annotated[int, "rank of the adapter"] = 16
    lora_alpha: Annotated[int, "scale of the adapter, as alpha / r"] = 32
    load_in_4bit: Annotated[bool, "hold the base in 4 bits, where there is a GPU"] = True
    full_finetuning: Annotated[bool, "train all weights instead of an adapter; for small models"] = False
    max_seq_length: Annotated[int, "longest example in tokens; longer documents are learned in windows"] = (
        2048
    )
    replay: Annotated[
        float | None,
        "synthetic documents for each of yours, so that nothing is forgotten "
        "(default: 0.3 for models that come from the starter, else 0)",
    ] = None
    evaluations: Annotated[int, "how often the validation set is looked at"] = 4
    eval_documents: Annotated[int, "validation documents that are read at each look"] = 64
    early_stopping_patience: Annotated[
        int | None, "stop after so many looks without a better field F1, or the same with a lower loss"
    ] = None
    save_method: Annotated[SaveMethod, "what is written: merged weights or an adapter"] = "auto"
    engine: Annotated[Engine, "library that trains; auto is Unsloth where it is installed"] = "auto"
    report_to: Annotated[Tracker, "also log to tensorboard, mlflow or wandb"] = "none"
    seed: Annotated[int, "decides the order of the data and what is replayed"] = 0
    allow_leak: Annotated[bool, "train although validation documents are in the training data"] = False

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise _bad(name, value, f"at least {least:g}")
        for name in ("num_epochs", "learning_rate", "max_grad_norm"):
            if not 0 < getattr(self, name) < float("inf"):
                raise _bad(name, getattr(self, name), "above 0")
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise _bad(name, getattr(self, name), f"one of {', '.join(allowed)}")

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values, for `run.json`."""
        return {
            name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()
        }


_LEAST = {
    "batch_size": 1,
    "gradient_accumulation_steps": 1,
    "lora_r": 1,
    "lora_alpha": 1,
    "max_seq_length": 64,
    "warmup_ratio": 0,
    "weight_decay": 0,
    "replay": 0,
    "evaluations": 1,
    "eval_documents": 1,
    "early_stopping_patience": 1,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "save_method": get_args(SaveMethod),
    "engine": get_args(Engine),
    "report_to": get_args(Tracker),
}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is started; none of this changes what it computes."""

    resume: bool = False
    overwrite: bool = False
    dry_run: bool = False


COMMAND = "finscribe train"


def parse_arguments(
    arguments: Sequence[str] | None = None, *, command: str = COMMAND
) -> tuple[Recipe, RunOptions]:
    """The recipe of a command line: defaults, then `--config FILE.yaml`, then the flags; raises `SettingsError`."""
    given = vars(make_parser(command).parse_args(arguments))
    config = given.pop("config")
    options = RunOptions(**{each.name: given.pop(each.name) for each in fields(RunOptions)})
    flags = {name: value for name, value in given.items() if value is not None}
    asked = {**(read_config(config) if config else {}), **flags}
    return with_defaults(build_recipe(asked), asked), options


def build_recipe(values: Mapping[str, Any]) -> Recipe:
    """The recipe of plain values; raises `SettingsError` for an unknown name or a value of the wrong type."""
    known = _fields()
    if unknown := values.keys() - known.keys():
        raise SettingsError(f"{min(unknown)} is not part of a recipe", hint=f"Known: {', '.join(known)}.")
    return Recipe(**{name: _converted(name, known[name], value) for name, value in values.items()})


def with_defaults(recipe: Recipe, asked: Collection[str]) -> Recipe:
    """What was left open, from the environment and the data folder; `asked` are the names of what was not."""
    settings = Settings.from_environment()
    usual = settings.data_dir / VAL_NAME
    return replace(
        recipe,
        model_name=recipe.model_name or settings.model_name,
        train_data=recipe.train_data if "train_data" in asked else settings.data_dir / TRAIN_NAME,
        val_data=recipe.val_data or (usual if usual.is_file() else None),
    )


def shipped_recipes() -> Mapping[str, Path]:
    """The recipes of `configs/` by their names: those of the checkout, else those installed with the package."""
    for folder in (_CHECKOUT / "configs", Path(sysconfig.get_path("data"), "share/finscribe/configs")):
        if found := {path.stem: path for path in sorted(folder.glob("*.yaml"))}:
            return found
    return {}


def read_config(path: Path) -> Mapping[str, Any]:
    """The values of a YAML recipe, a file or one of `shipped_recipes`; raises `SettingsError` where there is none."""
    import yaml

    if not path.exists() and path.parent in (Path(), Path("configs")):
        path = shipped_recipes().get(path.stem, path)
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"{path} cannot be read: {why}", hint=_WHICH_RECIPE.format(", ".join(shipped_recipes()))
        ) from error
    if not isinstance(found, dict):
        raise SettingsError(
            f"{path} holds no recipe", hint=_WHICH_RECIPE.format(", ".join(shipped_recipes()))
        )
    return found


_WHICH_RECIPE = "Name a file of `name: value` lines, or one of {}."


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field of the recipe takes, and what `--help` says about it."""

    kind: Any
    optional: bool
    default: Any
    help: str


def _fields() -> dict[str, _Field]:
    hints = get_type_hints(Recipe, include_extras=True)
    described = {}
    for each in fields(Recipe):
        hint, said = get_args(hints[each.name])
        kinds = [hint] if get_origin(hint) is Literal else list(get_args(hint) or [hint])
        optional = type(None) in kinds
        described[each.name] = _Field(kinds[0], optional, each.default, said)
    return described


def make_parser(command: str = COMMAND) -> argparse.ArgumentParser:
    """What reads the command line of `finscribe train`: a flag for each field of the recipe, and for each option.

    `command` is what it says of itself how it is called.
    """
    parser = argparse.ArgumentParser(
        prog=command,
        description="Fine-tunes a model on prepared records; what is saved is what was trained.",
        epilog="Flags override the file of --config, which overrides the defaults.",
    )
    parser.add_argument(
        "--config", type=Path, help=f"a recipe in YAML, or one of {', '.join(shipped_recipes())}"
    )
    for name, each in _fields().items():
        said = f"{each.help} (default: {each.default})" if each.default not in (None, "") else each.help
        if each.kind is bool:
            parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=None, help=said)
        else:
            parser.add_argument(f"--{name}", help=said, metavar=_metavar(each.kind))
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint of this run")
    parser.add_argument("--overwrite", action="store_true", help="replace what the output folder holds")
    parser.add_argument(
        "--dry_run", action="store_true", help="print the plan, two examples, time and memory; keep nothing"
    )
    return parser


def _metavar(kind: Any) -> str:
    """What stands for the value of a flag in `--help`: all that is allowed, where that is a few words."""
    if get_origin(kind) is Literal:
        return "{" + ",".join(get_args(kind)) + "}"
    return _METAVARS.get(kind, "NAME")


_METAVARS = {Path: "PATH", int: "N", float: "X"}
_WANTED = {bool: "true or false", int: "a whole number", float: "a number", Path: "a path"}


def _converted(name: str, field: _Field, value: Any) -> Any:
    """A value of a file or a flag as what its field takes."""
    if value is None and field.optional:
        return None
    if field.kind not in _WANTED:
        return str(value)
    exact = isinstance(value, bool) == (field.kind is bool)
    try:
        converted = field.kind(value)
    except (TypeError, ValueError, OverflowError):
        exact = False
    if not exact or (field.kind is int and isinstance(value, float) and converted != value):
        raise _bad(name, value, _WANTED[field.kind])
    return converted


def _bad(name: str, value: Any, allowed: str) -> SettingsError:
    return SettingsError(f"{name} is {value!r}, which is not {allowed}", hint=f"Give --{name} {allowed}.")
