"""Before the first step: records read, the base loaded, examples encoded, the run planned."""

from __future__ import annotations

import random
from functools import partial

from finscribe.decoding.loading import check_loadable
from finscribe.errors import TrainingError
from finscribe.training.finetuning.base import Base, load_base
from finscribe.training.finetuning.examples import (
    STARTER_MARK,
    encode_all,
    read_labelled,
    refuse_leaks,
    replayed,
)
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.saving import require_method, require_savable
from finscribe.training.finetuning.stages import Data, Prepared
from finscribe.training.finetuning.trainer import learns_without_padding, plan

STARTER_REPLAY = 0.3


def require_possible(recipe: Recipe) -> None:
    """Raises `ModelError`, `TrainingError` or `MissingDependency` for what can be known without the model."""
    check_loadable(recipe.model_name)
    require_method(recipe)


def read_data(recipe: Recipe) -> Data:
    """The records of the recipe; raises `TrainingDataError`, also for validation documents that are trained on."""
    train = read_labelled(recipe.train_data)
    val = read_labelled(recipe.val_data) if recipe.val_data else []
    if not recipe.allow_leak:
        refuse_leaks(train, val)
    return Data(train, val)


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
    )
    count = round(_replay_share(recipe, base) * len(data.train))
    train = encode([*data.train, *replayed(count, recipe.seed)])
    if not train.examples:
        raise TrainingError(
            f"nothing to learn: of {len(data.train)} documents {train.too_long} do not fit into "
            f"{recipe.max_seq_length} tokens, in windows neither, and {train.nothing_to_learn} print nothing of their "
            "truth",
            hint="Raise --max_seq_length, or prepare other records.",
        )
    val = encode(data.val)
    watched = random.Random(recipe.seed).sample(data.val, min(len(data.val), recipe.eval_documents))
    planned = plan(train.examples, recipe, padding_free=learns_without_padding(base), group=group)
    return Prepared(base, train, val, watched, planned)


def _replay_share(recipe: Recipe, base: Base) -> float:
    """Synthetic documents for each real one: as asked, else some for models that come from the starter."""
    if recipe.replay is not None:
        return recipe.replay
    return STARTER_REPLAY if getattr(base.model.config, STARTER_MARK, False) else 0.0
