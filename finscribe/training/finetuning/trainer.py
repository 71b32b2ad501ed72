"""The recipe as TRL's supervised fine-tuning: every setting that differs from its defaults is in this file."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from finscribe.decoding.packed import rounded_up
from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.cpu import has_fast_bf16
from finscribe.training.finetuning.examples import Example
from finscribe.training.finetuning.order import lay_out, padding_share
from finscribe.training.finetuning.processes import count_processes
from finscribe.training.finetuning.recipe import Recipe

logger = logging.getLogger(__name__)

CHECKPOINTS_KEPT = 2
BEST_BY = "field_f1"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run will be, known before it starts."""

    examples: int
    tokens: int
    """Of all epochs together, without padding."""
    steps: int
    steps_between_looks: int
    warmup_steps: int
    padding: float
    """Share of padding in the batches, 0 to 1."""
    padding_free: bool
    """Whether the examples of a batch are one sequence, each attending to itself alone."""
    documents_per_step: int
    grouped_by: int
    """The batch size that the order was laid out for: the one a run began with, whatever memory made of it."""
    order: Sequence[int]
    """Positions of the examples as the run sees them."""

    def documents_at(self, step: int) -> int:
        """How many documents a run has learned after so many steps."""
        return min(step * self.documents_per_step, len(self.order))

    @property
    def looks(self) -> int:
        """How often the validation set is looked at: the last time after the last step."""
        return math.ceil(self.steps / self.steps_between_looks)

    def looks_until(self, step: int) -> int:
        """How many of the looks come not later than a step."""
        return self.looks if step >= self.steps else step // self.steps_between_looks

    def to_record(self) -> dict[str, Any]:
        """Plain JSON values, for `run.json`; the order follows from the recipe."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "order"}


def plan(
    examples: Sequence[Example], recipe: Recipe, *, padding_free: bool = False, group: int | None = None
) -> Plan:
    """The steps of a recipe over these examples; warm-up and looks scale with them.

    `group` is how many examples of similar length stand together (default: a batch).
    """
    processes = count_processes()
    documents_per_step = recipe.batch_size * recipe.gradient_accumulation_steps * processes
    grouped_by = group or recipe.batch_size
    lengths = [len(example.ids) for example in examples]
    order = lay_out(
        lengths,
        recipe.num_epochs,
        recipe.seed,
        group=grouped_by * processes,
        step=documents_per_step,
    )
    ordered = [lengths[position] for position in order]
    steps = math.ceil(len(order) / documents_per_step)
    return Plan(
        examples=len(examples),
        tokens=sum(ordered),
        steps=steps,
        steps_between_looks=max(1, math.ceil(steps / recipe.evaluations)),
        warmup_steps=math.ceil(steps * recipe.warmup_ratio) if steps > 1 else 0,
        padding=0.0 if padding_free else padding_share(ordered, recipe.batch_size, padded_to),
        padding_free=padding_free,
        documents_per_step=documents_per_step,
        grouped_by=grouped_by,
        order=order,
    )


def learns_without_padding(base: Base) -> bool:
    """Whether a batch may be one sequence: where attention is known to stop at the borders of its examples.

    Flash attention does (transformers, on a GPU), and Unsloth's own attention on a GPU. Elsewhere a mask of the whole
    batch would cost more than padding does.
    """
    import torch

    flash = "flash_attention" in str(getattr(base.model.config, "_attn_implementation", ""))
    return torch.cuda.is_available() and (base.engine == "unsloth" or flash)


def padded_to(longest: int) -> int:
    """How many tokens a batch is long, from its longest example: on a CPU a few per cent more.

    PyTorch and oneDNN prepare themselves for every length anew, and keep what they prepared: 10 MB for the starter.
    """
    import torch

    return longest if torch.cuda.is_available() else rounded_up(longest)


def _is_worth_saying(record: logging.LogRecord) -> bool:
    """Not that a checkpoint lacks the weights of the output where they are those of the input."""
    return "missing keys in the checkpoint model loaded: ['lm_head.weight']" not in record.getMessage()


def build_trainer(
    base: Base,
    train: Sequence[Example],
    val: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    callbacks: Sequence[Any],
    planned: Plan | None = None,
) -> Any:
    """A trainer whose checkpoints go to `folder`; the callbacks see the validation before it is judged."""
    from transformers import PrinterCallback

    planned = planned or plan(train, recipe, padding_free=learns_without_padding(base))
    trainer = _trainer_of(base.engine)(
        model=base.model,
        data_collator=None if planned.padding_free else _collator(base.tokenizer),  # libraries have their own
        processing_class=base.tokenizer,
        args=_arguments(recipe, planned, folder, has_validation=bool(val)),
        train_dataset=_dataset(train).select(planned.order),
        eval_dataset=_dataset(sorted(val, key=lambda example: len(example.ids))) if val else None,
        callbacks=list(callbacks),
    )
    if getattr(base.model.config, "tie_word_embeddings", False):
        logging.getLogger("transformers.trainer").addFilter(_is_worth_saying)
    trainer.remove_callback(PrinterCallback)  # our callbacks show what there is to see
    if planned.padding_free and not trainer.args.padding_free:
        logger.warning("Unsloth cannot do without padding for this model: batches are padded.")
    return trainer


def _trainer_of(engine: str) -> Any:
    """TRL's trainer; its loss needs Triton, so that without a GPU and without Unsloth it is the one below it."""
    import torch
    from torch.optim.lr_scheduler import LambdaLR
    from transformers import Trainer
    from trl import SFTTrainer

    class OurTrainer(SFTTrainer if engine == "unsloth" or torch.cuda.is_available() else Trainer):  # type: ignore[misc]
        lr_scheduler: Any

        def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
            """That of `share_of_rate`, in the place of transformers', whose first step has no rate."""
            share = partial(share_of_rate, steps=num_training_steps, warmup=int(self.args.warmup_steps))
            self.lr_scheduler = self.lr_scheduler or LambdaLR(optimizer or self.optimizer, share)
            return self.lr_scheduler

        def create_model_card(self, *_: Any, **__: Any) -> None:
            """None beside the checkpoints: the finished model has its own."""

    return OurTrainer


def share_of_rate(done: int, *, steps: int, warmup: int) -> float:
    """What the learning rate is of its peak, in the step after so many: no step is made with none.

    It rises in equal parts over `warmup` steps, and falls along a cosine that is 0 after the last of all `steps`.
    """
    if done < warmup:
        return (done + 1) / (warmup + 1)
    return 0.5 + 0.5 * math.cos(math.pi * min(1.0, (done - warmup) / max(1, steps - warmup)))


def _collator(tokenizer: Any) -> Any:
    """TRL's collator, whose batches are as long as `padded_to` says."""
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    class Collator(DataCollatorForLanguageModeling):  # type: ignore[misc]
        def torch_call(self, examples: list[dict[str, Any]]) -> dict[str, Any]:
            self.pad_to_multiple_of = padded_to(max(len(example["input_ids"]) for example in examples))
            return super().torch_call(examples)  # type: ignore[no-any-return]

    return Collator(pad_token_id=_pad(tokenizer))


def _pad(tokenizer: Any) -> int:
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def _arguments(recipe: Recipe, plan: Plan, folder: Path, *, has_validation: bool) -> Any:
    import torch
    from trl import SFTConfig

    gpu = torch.cuda.is_available()
    looks = "steps" if has_validation else "no"
    return SFTConfig(
        output_dir=str(folder),
        num_train_epochs=1,  # the order is that of all epochs
        train_sampling_strategy="sequential",
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.gradient_accumulation_steps,
        learning_rate=recipe.learning_rate,
        warmup_steps=plan.warmup_steps,
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        optim="adamw_8bit" if gpu and recipe.load_in_4bit else "adamw_torch_fused",
        bf16=torch.cuda.is_bf16_supported() if gpu else has_fast_bf16(),
        fp16=gpu and not torch.cuda.is_bf16_supported(),
        use_cpu=not gpu,
        ddp_find_unused_parameters=False,  # every weight that is trained has a part in every step
        gradient_checkpointing=gpu,
        seed=recipe.seed,
        data_seed=recipe.seed,
        max_length=None,  # nothing is cut: what is too long was left out and counted
        packing=False,
        padding_free=plan.padding_free,
        dataset_kwargs={"skip_prepare_dataset": True},
        dataloader_pin_memory=gpu,
        logging_steps=1,
        include_num_input_tokens_seen="non_padding",
        disable_tqdm=True,
        report_to=recipe.report_to,
        eval_strategy=looks,
        eval_steps=plan.steps_between_looks,
        save_strategy="steps",
        save_steps=plan.steps_between_looks,
        save_total_limit=CHECKPOINTS_KEPT,
        load_best_model_at_end=has_validation,
        metric_for_best_model=BEST_BY if has_validation else None,
        greater_is_better=True if has_validation else None,
    )


def _dataset(examples: Sequence[Example]) -> Any:
    from datasets import Dataset

    return Dataset.from_dict(
        {
            "input_ids": [example.ids for example in examples],
            "labels": [example.labels for example in examples],
        }
    )
