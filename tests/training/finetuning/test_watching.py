"""What is watched while a model learns."""

from pathlib import Path

import pytest
from transformers import TrainerState

from finscribe.training.finetuning.fitting import _chosen
from finscribe.training.finetuning.progress import Laps
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.trainer import plan
from finscribe.training.finetuning.watching import Watch
from tests.training.finetuning.test_trainer import examples


@pytest.mark.parametrize(
    ("kept", "chosen"), [(True, "step 5 of 10, where field F1 was best"), (False, "step 10, the last one")]
)
def test_the_best_checkpoint_is_found_wherever_the_process_before_ran(
    tmp_path: Path, kept: bool, chosen: str
) -> None:
    """The trainer forgets a path that leads nowhere from here."""
    if kept:
        (tmp_path / "checkpoint-5").mkdir()
    state = TrainerState(global_step=10, best_global_step=5, best_model_checkpoint=None)
    watch = Watch(tmp_path, lambda _: None, None, lambda: None, plan(examples(10), Recipe()), Laps())
    watch.on_train_begin(None, state, None)
    assert str(_chosen(state)) == chosen
