"""From a trained model to a folder that serves: written aside, loaded afresh, compared, and only then published."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.decoding import load_model
from finscribe.decoding.devices import gpu_present
from finscribe.decoding.torch_backend import write_precision
from finscribe.errors import TrainingError
from finscribe.files import exchange, replace_file
from finscribe.invoice import Value
from finscribe.training.finetuning import gguf
from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.memory import after_training, out_of_memory_is_said
from finscribe.training.finetuning.recipe import Recipe, SaveMethod
from finscribe.training.finetuning.validation import Validation, validate_model

MERGED_UP_TO = 1_000_000_000
"""Parameters up to which a full-precision model is merged where nothing else is asked for."""
LEAST_AGREEMENT = 0.95
"""Share of the values that are equal in a model that was saved as it was trained."""
DOCUMENTS_PARTED = 0.005
"""Documents, for each value compared, that rounding may lead another way: the values after one follow from it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that the saved model reads otherwise than the trained one did."""

    origin: str
    path: str
    trained: Value
    saved: Value


@dataclass(frozen=True, slots=True)
class SavedAsTrained:
    """How many values the saved model reads as the trained one did."""

    values: int
    differences: tuple[Difference, ...]

    @property
    def agreement(self) -> float:
        """Share of equal values, 1 where there was none to compare."""
        return 1 - len(self.differences) / self.values if self.values else 1.0

    @property
    def faithful(self) -> bool:
        """Whether the rest is rounding: documents read otherwise are few beside the values, and so are such values."""
        documents = len({difference.origin for difference in self.differences})
        return self._few(documents, DOCUMENTS_PARTED) and self._few(
            len(self.differences), 1 - LEAST_AGREEMENT
        )

    def _few(self, count: int, share: float) -> bool:
        """One is always few."""
        return count <= max(1, share * self.values)


def choose_method(recipe: Recipe, base: Base) -> SaveMethod:
    """What is written: as asked, else an adapter for a quantised or large base and merged weights for the rest."""
    if recipe.save_method != "auto":
        return recipe.save_method
    if recipe.full_finetuning:
        return "merged_16bit"
    parameters = sum(weight.numel() for weight in base.model.parameters())
    return "lora" if base.quantised or parameters > MERGED_UP_TO else "merged_16bit"


def require_method(recipe: Recipe) -> None:
    """Raises `TrainingError` or `MissingDependency` for a `--save_method` that no model could be saved with here."""
    if recipe.save_method == "lora" and recipe.full_finetuning:
        raise TrainingError(
            "--save_method lora with --full_finetuning: there is no adapter to save",
            hint="Leave out one of the two.",
        )
    if recipe.save_method == "merged_4bit" and not (recipe.load_in_4bit and gpu_present()):
        raise _not_in_4_bits(recipe)
    if recipe.save_method == "gguf":
        gguf.converter()


def require_savable(recipe: Recipe, base: Base) -> None:
    """Raises `TrainingError` or `MissingDependency` where the model, once trained, could not be saved as asked."""
    method = choose_method(recipe, base)
    if method == "merged_4bit" and not base.quantised:
        raise _not_in_4_bits(recipe)
    if base.quantised and method != "lora" and base.engine != "unsloth":
        raise TrainingError(
            f"--save_method {method} of a base in 4 bits needs Unsloth",
            hint="pip install 'finscribe[unsloth]', or give --save_method lora.",
        )
    if method == "gguf":
        gguf.rehearse(base, recipe.model_name)


def _not_in_4_bits(recipe: Recipe) -> TrainingError:
    return TrainingError(
        f"--save_method merged_4bit: {recipe.model_name!r} is not held in 4 bits here",
        hint="It takes a GPU and --load_in_4bit. Give --save_method merged_16bit or lora.",
    )


def save_model(base: Base, recipe: Recipe, method: SaveMethod, folder: Path) -> None:
    """Writes the model, its tokenizer and its adapter into `folder`; raises `TrainingError`."""
    folder.mkdir(parents=True)
    adapter = not recipe.full_finetuning
    if adapter:
        _save_adapter(base, folder if method == "lora" else folder / "adapter")
    if base.quantised and method != "lora":
        _merge_with_unsloth(base, method, folder)
    elif method != "lora":
        _merged(base, adapter=adapter).save_pretrained(folder, safe_serialization=True)
    base.tokenizer.save_pretrained(folder)
    if method == "gguf":
        gguf.write_gguf(folder)
    share_weights(folder)


def _save_adapter(base: Base, folder: Path) -> None:
    """An adapter with what it takes to load it: its base, and whether that was held in 4 bits."""
    base.model.save_pretrained(folder)
    write_precision(folder, four_bits=base.quantised)


def share_weights(folder: Path) -> None:
    """Lets whoever may read the tokenizer read the weights, which safetensors writes for their owner alone."""
    for weights in folder.rglob("*.safetensors"):
        shutil.copymode(folder / "tokenizer_config.json", weights)


def _merged(base: Base, *, adapter: bool) -> Any:
    """The trained weights in the 16-bit type that the base was stored in; the model itself is used up.

    A CPU serves in float32, so there the type is the finer one, and nothing is rounded while the adapter is added.
    """
    import torch

    gpu = base.model.device.type == "cuda"
    model = base.model if gpu else base.model.float()
    model = model.merge_and_unload() if adapter else model
    stored = getattr(model.config, "dtype", None)
    model.config.use_cache = True
    return model.to(stored if gpu and stored in (torch.float16, torch.bfloat16) else torch.float16)


def _merge_with_unsloth(base: Base, method: SaveMethod, folder: Path) -> None:
    """Unsloth merges into the same model in 16 bits, which it fetches, or into the 4 bits that are loaded."""
    precision = "merged_4bit_forced" if method == "merged_4bit" else "merged_16bit"
    try:
        base.model.save_pretrained_merged(str(folder), base.tokenizer, save_method=precision)
    except Exception as error:  # it raises nearly anything, a network that is missing included
        raise TrainingError(
            f"Unsloth could not merge the adapter: {error}",
            hint=f"The adapter alone lies in {folder / 'adapter'}; --resume --save_method lora publishes that.",
        ) from error


def compare_with_saved(trained: Validation, folder: Path, documents: Sequence[Labelled]) -> SavedAsTrained:
    """Loads the folder as the server would, and reads with it what the trained model read.

    Raises `ModelError` for a folder that cannot be loaded, and `TrainingError` out of memory.
    """
    with after_training():
        with out_of_memory_is_said("loading the saved model"):
            model = load_model(folder)
        saved = validate_model(model, documents)
    values, differences = 0, []
    for labelled, before, after in zip(documents, trained.extractions, saved.extractions, strict=True):
        one, other = before.given, after.given
        for path in {**one, **other}:
            values += 1
            if one.get(path) != other.get(path):
                differences.append(Difference(labelled.origin, path, one.get(path), other.get(path)))
    return SavedAsTrained(values, tuple(differences))


MODELS_HAVE = ("config.json", "adapter_config.json", "run.json")
"""What tells a model's folder from any other: one of these."""


def require_replaceable(output: Path) -> None:
    """Raises `TrainingError` where a folder holds anything but a model: a model takes the place of all of it."""
    is_model = any((output / name).exists() for name in MODELS_HAVE)
    if output.is_dir() and not is_model and (found := next(output.iterdir(), None)):
        raise TrainingError(
            f"{output} holds {found.name} and no model: a model would take the place of all that is in it",
            hint=f"Give another --output_dir, {output / 'finscribe'} for instance.",
        )


def publish(staging: Path, output: Path) -> None:
    """Puts a finished folder in its place; at every moment a whole model is there. The old one is removed then.

    Raises `TrainingError` where the place has become a link meanwhile, or something else is in it.
    """
    if output.is_symlink():
        raise TrainingError(
            f"{output} has become a link to a model that is served, which training never writes to",
            hint=f"The new model lies in {staging}: promote it from there.",
        )
    require_replaceable(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.exists():
        exchange(staging, output)
        shutil.rmtree(staging)
    else:
        os.replace(staging, output)


def write_json(path: Path, content: Any) -> None:
    """Readable JSON, written whole or not at all."""
    replace_file(path, [json.dumps(content, indent=2, default=str, ensure_ascii=False).encode(), b"\n"])
