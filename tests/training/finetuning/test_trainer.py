"""The recipe as a trainer: plan, order, loss mask, weight decay."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import TrainerCallback

from finscribe.training.finetuning import trainer
from finscribe.training.finetuning.examples import Example
from finscribe.training.finetuning.order import padding_share
from finscribe.training.finetuning.preparing import prepare, read_data
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.stages import Prepared
from finscribe.training.finetuning.trainer import build_trainer, padded_to, plan, share_of_rate


def examples(count: int, length: int = 100) -> list[Example]:
    return [Example(list(range(length)), 10)] * count


def trainer_of(prepared: Prepared, recipe: Recipe, folder: Path) -> Any:
    return build_trainer(prepared.base, prepared.train.examples, [], recipe, folder, [], prepared.plan)


@pytest.fixture
def prepared(tiny_recipe: Recipe) -> Prepared:
    return prepare(tiny_recipe, read_data(tiny_recipe))


# --- the plan -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "steps", "warmup", "between_looks"), [(60, 6, 1, 2), (20_000, 1875, 94, 469), (3, 1, 0, 1)]
)
def test_warm_up_and_looks_scale_with_the_steps(
    count: int, steps: int, warmup: int, between_looks: int
) -> None:
    planned = plan(examples(count), Recipe())
    assert (planned.steps, planned.warmup_steps, planned.steps_between_looks) == (
        steps,
        warmup,
        between_looks,
    )


def test_tokens_are_those_of_all_epochs_and_the_last_step_may_be_smaller() -> None:
    planned = plan(examples(10), Recipe(num_epochs=2, batch_size=4, gradient_accumulation_steps=2))
    assert (planned.tokens, planned.steps) == (2000, 3)
    assert [planned.documents_at(step) for step in (0, 1, 2, 3)] == [0, 8, 16, 20]


def test_processes_that_train_together_share_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = plan(examples(64), Recipe(num_epochs=1))
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert (alone.steps, plan(examples(64), Recipe(num_epochs=1)).steps) == (2, 1)


def test_batches_that_are_one_sequence_have_no_padding() -> None:
    mixed = examples(5, 100) + examples(5, 300)
    assert plan(mixed, Recipe()).padding > 0
    assert plan(mixed, Recipe(), padding_free=True).padding == 0


def test_the_order_outlives_a_batch_that_was_halved() -> None:
    mixed = [each for length in range(100, 140) for each in examples(1, length)]
    whole = plan(mixed, Recipe(batch_size=4, gradient_accumulation_steps=2))
    half = plan(mixed, Recipe(batch_size=2, gradient_accumulation_steps=4), group=4)
    assert (whole.order, whole.steps) == (half.order, half.steps)
    assert whole.to_record()["grouped_by"] == half.to_record()["grouped_by"] == 4


def test_the_looks_of_a_plan_are_counted_to_the_last_step() -> None:
    planned = plan(examples(10), Recipe(num_epochs=8, batch_size=8, gradient_accumulation_steps=1))
    assert (planned.steps, planned.steps_between_looks, planned.looks) == (10, 3, 4)
    assert [planned.looks_until(step) for step in (0, 2, 3, 8, 9, 10)] == [0, 0, 1, 2, 3, 4]


# --- the learning rate ------------------------------------------------------------------------------------


def test_the_rate_rises_from_above_0_to_its_peak_and_falls_to_0_after_the_last_step() -> None:
    shares = [share_of_rate(done, steps=10, warmup=3) for done in range(11)]
    assert shares[:4] == [0.25, 0.5, 0.75, 1.0]
    assert sorted(shares[3:], reverse=True) == shares[3:]
    assert shares[9] > 0
    assert shares[10] == pytest.approx(0)


@pytest.mark.parametrize(("steps", "warmup"), [(1, 0), (2, 0), (2, 1), (2, 2), (6, 1), (100, 5)])
def test_no_step_is_made_without_a_rate(steps: int, warmup: int) -> None:
    shares = [share_of_rate(done, steps=steps, warmup=warmup) for done in range(steps)]
    assert min(shares) > 0
    assert max(shares) <= 1


def test_the_first_step_learns_and_a_run_that_goes_on_has_the_rate_of_its_step(
    prepared: Prepared, tiny_recipe: Recipe, tmp_path: Path
) -> None:
    def rates(resume: bool, steps: int) -> list[float]:
        built = trainer_of(prepared, replace(tiny_recipe, warmup_ratio=0.3), tmp_path)
        built.add_callback(StopAt(steps))
        built.train(resume_from_checkpoint=str(tmp_path / "checkpoint-2") if resume else None)
        return [line["learning_rate"] for line in built.state.log_history if "learning_rate" in line]

    prepared = replace(prepared, plan=replace(prepared.plan, warmup_steps=3))
    wanted = [1e-3 * share_of_rate(done, steps=10, warmup=3) for done in range(4)]
    assert rates(False, 2) == pytest.approx(wanted[:2])
    assert wanted[0] > 0
    assert rates(True, 4) == pytest.approx(wanted)


class StopAt(TrainerCallback):  # type: ignore[misc]
    """Saves a checkpoint at a step and ends the run there."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, _args: Any, state: Any, control: Any, **_: Any) -> Any:
        if state.global_step == self.step:
            control.should_save = control.should_training_stop = True
        return control


# --- what the model sees --------------------------------------------------------------------------------


def test_the_batches_are_those_of_the_plan(prepared: Prepared, tiny_recipe: Recipe, tmp_path: Path) -> None:
    batches = list(trainer_of(prepared, tiny_recipe, tmp_path).get_train_dataloader())
    rows = [row for batch in batches for row in zip(batch["input_ids"], batch["attention_mask"], strict=True)]
    seen = [ids[mask.bool()].tolist() for ids, mask in rows]
    assert seen == [prepared.train.examples[position].ids for position in prepared.plan.order]
    padding = 1 - sum(batch["attention_mask"].sum() for batch in batches) / sum(
        batch["attention_mask"].numel() for batch in batches
    )
    assert float(padding) == pytest.approx(prepared.plan.padding, abs=1e-6)


def test_batches_of_many_lengths_are_padded_to_a_few(
    prepared: Prepared, tiny_recipe: Recipe, tmp_path: Path
) -> None:
    mixed = [each for length in range(512, 1024) for each in examples(1, length)]
    recipe = replace(tiny_recipe, batch_size=1, num_epochs=1)
    planned = plan(mixed, recipe)
    built = build_trainer(prepared.base, mixed, mixed, recipe, tmp_path, [], planned)
    for loader in (built.get_train_dataloader(), built.get_eval_dataloader()):
        assert len({batch["input_ids"].shape[1] for batch in loader}) == 17
    assert planned.padding < 0.03


@pytest.mark.gpu
def test_a_gpu_pads_to_the_longest_example() -> None:
    assert padded_to(513) == 513


def test_batches_need_less_padding_than_in_the_order_of_the_file(tiny_recipe: Recipe) -> None:
    lengths = random.Random(0).choices(range(64, 512), k=80)
    planned = plan(
        [each for length in lengths for each in examples(1, length)], replace(tiny_recipe, batch_size=4)
    )
    assert planned.padding < 0.5 * padding_share(lengths, 4)


@pytest.mark.parametrize("pad_token", ["<pad>", None])
def test_the_answer_and_its_end_are_learned_and_nothing_else(
    prepared: Prepared, tiny_recipe: Recipe, tmp_path: Path, pad_token: str | None
) -> None:
    tokenizer = prepared.base.tokenizer
    if pad_token is None:
        tokenizer.pad_token = None  # then the end of an answer is also what batches are padded with
    (batch, *_) = trainer_of(prepared, tiny_recipe, tmp_path).get_train_dataloader()
    for ids, labels, mask in zip(batch["input_ids"], batch["labels"], batch["attention_mask"], strict=True):
        learned = labels[labels != -100].tolist()
        assert learned[-1] == tokenizer.eos_token_id
        assert tokenizer.decode(learned[:-1]).startswith('{"document_type":')
        assert learned == ids[labels != -100].tolist()
        assert set(labels[~mask.bool()].tolist()) <= {-100}


# --- the settings ---------------------------------------------------------------------------------------


def test_what_a_recipe_says_is_what_the_trainer_does(tmp_path: Path) -> None:
    recipe = Recipe(report_to="tensorboard", max_grad_norm=0.5, weight_decay=0.1, seed=7)
    planned = plan(examples(60), recipe)
    given = trainer._arguments(recipe, planned, tmp_path, has_validation=True)
    assert given.report_to == ["tensorboard"]
    assert (given.max_grad_norm, given.weight_decay, given.seed, given.data_seed) == (0.5, 0.1, 7, 7)
    assert given.warmup_steps == planned.warmup_steps
    assert (given.metric_for_best_model, given.load_best_model_at_end) == ("field_f1", True)
    assert given.save_steps == given.eval_steps == planned.steps_between_looks


# --- the optimiser --------------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [True, False])
def test_norms_and_biases_do_not_decay(tiny_recipe: Recipe, tmp_path: Path, full: bool) -> None:
    recipe = replace(tiny_recipe, full_finetuning=full, weight_decay=0.1)
    prepared = prepare(recipe, read_data(recipe))
    model = prepared.base.model
    model.config.use_cache = False
    bias = torch.nn.Parameter(torch.zeros(3))
    model.get_input_embeddings().register_parameter("bias", bias)
    optimizer = trainer_of(prepared, recipe, tmp_path).create_optimizer()
    names = {id(weight): name for name, weight in model.named_parameters()}
    decays = {
        names[id(weight)]: group["weight_decay"]
        for group in optimizer.param_groups
        for weight in group["params"]
    }
    assert any("norm" in name for name in decays) == full
    assert decays.keys() == {name for name, weight in model.named_parameters() if weight.requires_grad}
    for name, decay in decays.items():
        assert decay == (0.0 if "norm" in name or "bias" in name else 0.1), name


@pytest.mark.gpu
def test_a_batch_without_padding_has_the_loss_of_a_padded_one(
    prepared: Prepared, tiny_recipe: Recipe, tmp_path: Path
) -> None:
    assert prepared.plan.padding_free
    losses = []
    for planned in (prepared.plan, replace(prepared.plan, padding_free=False)):
        trainer = build_trainer(
            prepared.base, prepared.train.examples, [], tiny_recipe, tmp_path, [], planned
        )
        (batch, *_) = trainer.get_train_dataloader()
        with torch.no_grad():
            losses.append(float(trainer.compute_loss(prepared.base.model, batch)))
    assert losses[0] == pytest.approx(losses[1], rel=0.02)
