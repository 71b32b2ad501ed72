"""Before the first step: records read, the base loaded, examples encoded, the run planned."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec

from finscribe.decoding.loading import check_loadable
from finscribe.decoding.windows import window_tokens_of
from finscribe.errors import MissingDependency, TrainingDataError, TrainingError
from finscribe.training.finetuning.base import Base, load_base
from finscribe.training.finetuning.examples import (
    STARTER_MARK,
    Labelled,
    encode_all,
    read_hashed,
    refuse_leaks,
    replayed,
)
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.saving import require_method, require_savable
from finscribe.training.finetuning.stages import Data, Prepared
from finscribe.training.finetuning.trainer import learns_without_padding, plan
from finscribe.wording import counted

STARTER_REPLAY = 0.3
COMPARED_DOCUMENTS = 8
"""Training documents that the saved model reads, where there are none to validate by."""

TRACKERS: dict[str, tuple[str, ...]] = {
    "none": (),
    "tensorboard": ("tensorboard", "tensorboardX"),
    "mlflow": ("mlflow",),
    "wandb": ("wandb",),
}
"""What `--report_to` takes: one of these packages."""


def require_possible(recipe: Recipe) -> None:
    """Raises `ModelError`, `TrainingError` or `MissingDependency` for what can be known without the model."""
    check_loadable(recipe.model_name)
    require_method(recipe)
    require_tracker(recipe)


def require_tracker(recipe: Recipe) -> None:
    """Raises `MissingDependency` where the package of `--report_to` is not installed."""
    packages = TRACKERS[recipe.report_to]
    if packages and not any(map(_is_installed, packages)):
        raise MissingDependency(
            f"--report_to {recipe.report_to}: {packages[0]} is not installed",
            hint=f"pip install {packages[0]}",
        )


def _is_installed(package: str) -> bool:
    """Whether it can be imported; a folder of its name, in which a tracker keeps its runs, does not count."""
    found = find_spec(package)
    return found is not None and found.origin is not None


def read_data(recipe: Recipe) -> Data:
    """The records of the recipe; raises `TrainingDataError`, also for validation documents that are trained on."""
    train, train_sha256 = read_hashed(recipe.train_data)
    val, val_sha256 = read_hashed(recipe.val_data) if recipe.val_data else ([], None)
    if not recipe.allow_leak:
        refuse_leaks(train, val)
    return Data(train, val, train_sha256, val_sha256)


def prepare(recipe: Recipe, data: Data, *, group: int | None = None) -> Prepared:
    """Loads the base and encodes the data for it; raises `ModelError` and `TrainingError`.

    `group` is how many examples of similar length stand together (default: a batch).
    """
    require_possible(recipe)
    base = load_base(recipe)
    require_savable(recipe, base)
    encode = partial(
        encode_all,
        base.tokenizer,
        max_seq_length=recipe.max_seq_length,
        context_length=base.model.config.max_position_embeddings,
        window_tokens=window_tokens_of(vars(base.model.config)),
    )
    replay = _replay_share(recipe, base)
    count = round(replay * len(data.train))
    train = encode([*data.train, *replayed(count, recipe.seed)])
    if not train.examples:
        raise TrainingError(
            f"nothing to learn: of {len(data.train)} documents {train.too_long} do not fit into "
            f"{recipe.max_seq_length} tokens, in windows neither, and {train.nothing_to_learn} print nothing of their "
            "truth",
            hint="Raise --max_seq_length, or prepare other records.",
        )
    val = encode(data.val)
    if data.val and not val.examples:
        raise TrainingDataError(
            f"nothing to judge by: none of {counted(len(data.val), 'validation document')} of {recipe.val_data} fits "
            f"into {recipe.max_seq_length} tokens and prints any of its truth",
            hint="Give other documents with --val_data, or raise --max_seq_length.",
        )
    watched = _drawn(data.val, recipe.eval_documents, recipe.seed)
    compared = watched or _drawn(data.train, COMPARED_DOCUMENTS, recipe.seed)
    planned = plan(train.examples, recipe, padding_free=learns_without_padding(base), group=group)
    return Prepared(base, train, val, watched, compared, planned, len(data.train), count, replay)


def _drawn(documents: Sequence[Labelled], most: int, seed: int) -> Sequence[Labelled]:
    return random.Random(seed).sample(documents, min(len(documents), most))


def _replay_share(recipe: Recipe, base: Base) -> float:
    """Synthetic documents for each real one: as asked, else some for models that come from the starter."""
    if recipe.replay is not None:
        return recipe.replay
    return STARTER_REPLAY if getattr(base.model.config, STARTER_MARK, False) else 0.0
