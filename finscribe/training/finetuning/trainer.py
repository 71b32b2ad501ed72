"""The recipe as TRL's supervised fine-tuning: every setting that differs from its defaults is in this file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Example
from finscribe.training.finetuning.recipe import Recipe

CHECKPOINTS_KEPT = 2
BEST_BY = "field_f1"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run will be, known before it starts."""

    examples: int
    tokens: int
    steps: int
    steps_between_looks: int
    warmup_steps: int


def plan(examples: Sequence[Example], recipe: Recipe, processes: int = 1) -> Plan:
    """The steps of a recipe over these examples; warm-up and looks scale with them."""
    batches = math.ceil(len(examples) / (recipe.batch_size * processes))
    steps = max(1, math.ceil(math.ceil(batches / recipe.gradient_accumulation_steps) * recipe.num_epochs))
    return Plan(
        examples=len(examples),
        tokens=round(sum(len(example.ids) for example in examples) * recipe.num_epochs),
        steps=steps,
        steps_between_looks=max(1, math.ceil(steps / recipe.evaluations)),
        warmup_steps=math.ceil(steps * recipe.warmup_ratio) if steps > 1 else 0,
    )


def build_trainer(
    base: Base,
    train: Sequence[Example],
    val: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    callbacks: Sequence[Any],
) -> Any:
    """A trainer whose checkpoints go to `folder`; the callbacks see the validation before it is judged."""
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    return _trainer_of(base.engine)(
        model=base.model,
        data_collator=DataCollatorForLanguageModeling(pad_token_id=_pad(base.tokenizer)),
        processing_class=base.tokenizer,
        args=_arguments(recipe, plan(train, recipe), folder, has_validation=bool(val)),
        train_dataset=_dataset(train),
        eval_dataset=_dataset(val) if val else None,
        callbacks=list(callbacks),
    )


def _trainer_of(engine: str) -> Any:
    """TRL's trainer; its loss needs Triton, so that without a GPU and without Unsloth it is the one below it."""
    import torch
    from transformers import Trainer
    from trl import SFTTrainer

    return SFTTrainer if engine == "unsloth" or torch.cuda.is_available() else Trainer


def _pad(tokenizer: Any) -> int:
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def _arguments(recipe: Recipe, plan: Plan, folder: Path, *, has_validation: bool) -> Any:
    import torch
    from trl import SFTConfig

    gpu = torch.cuda.is_available()
    looks = "steps" if has_validation else "no"
    return SFTConfig(
        output_dir=str(folder),
        num_train_epochs=recipe.num_epochs,
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.gradient_accumulation_steps,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=plan.warmup_steps,
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        optim="adamw_8bit" if gpu and recipe.load_in_4bit else "adamw_torch_fused",
        bf16=torch.cuda.is_bf16_supported() if gpu else _fast_bf16(),
        fp16=gpu and not torch.cuda.is_bf16_supported(),
        use_cpu=not gpu,
        gradient_checkpointing=gpu,
        seed=recipe.seed,
        data_seed=recipe.seed,
        max_length=None,  # nothing is cut: what is too long was left out and counted
        packing=False,
        train_sampling_strategy="group_by_length",  # documents of a batch are of similar length: little padding
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


def _fast_bf16() -> bool:
    """Whether this processor has instructions for bf16; emulated it is slower than float32."""
    import torch

    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def _dataset(examples: Sequence[Example]) -> Any:
    from datasets import Dataset

    return Dataset.from_dict(
        {
            "input_ids": [example.ids for example in examples],
            "labels": [example.labels for example in examples],
            "length": [len(example.ids) for example in examples],
        }
    )
