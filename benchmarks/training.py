"""How fast fine-tuning is: python benchmarks/training.py [--shape starter] [--documents 96] [--data FILE.jsonl]

The same model, documents, batch and adapter for every contender, each in a process of its own, one after the other:

plain    transformers and PEFT as most scripts have it: 16 bits, padded batches in the order of the file
strong   the most that these libraries give: 4 bits, gradient checkpointing and packing on a GPU, else batches of
         similar length
ours     `finscribe.training.finetuning`, with Unsloth

Shapes: the bundled starter, or the starter grown to the sizes of Llama 3 (`benchmarks/shapes.py`). `--model` takes a
folder instead. One batch is learned before the clock starts, then every document once. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import figures_of, hardware, packages, resident_bytes
from benchmarks.shapes import SHAPES, write_model
from finscribe.decoding.torch_backend import four_bits
from finscribe.decoding.windows import window_tokens_of
from finscribe.invoice import Truth
from finscribe.starter import path as starter_path
from finscribe.synthesis import generate
from finscribe.training.finetuning.examples import Example, Labelled, encode_all, read_labelled

FIRST_SEED = 4_100_000_000
PACKAGES = ("torch", "transformers", "peft", "trl", "unsloth", "bitsandbytes", "flash-attn")
CONTENDERS = {
    "plain": "(a) transformers + PEFT, padded batches",
    "strong": "(b) transformers + PEFT at their best",
    "ours": "(c) ours",
}
COLUMNS = (
    ("documents a second", "documents", ".2f", True),
    ("documents a processor second", "frugal", ".2f", True),
    ("tokens a second", "tokens", ",.0f", False),
    ("peak memory, GB", "memory", ".2f", True),
)
"""Heading, figure, format, and whether a column with its ratio to (a) follows."""
ADAPTED = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

Figures = dict[str, float]
Train = Callable[[Sequence[Example], list[Any]], None]
"""Learns these examples once, with these callbacks."""


# --- what every contender is given ---------------------------------------------------------------------


def documents_to_learn(data: Path | None, count: int) -> list[Labelled]:
    """The first records of a file, or fresh synthetic documents with all that they print."""
    if data is not None:
        return read_labelled(data)[:count]
    samples = [generate(FIRST_SEED + index) for index in range(count)]
    return [Labelled(sample.text, Truth.read(sample.truth), "synthetic") for sample in samples]


def write_examples(args: argparse.Namespace, folder: Path) -> list[Example]:
    """Encodes the documents once for all contenders."""
    from transformers import AutoConfig, AutoTokenizer

    documents = documents_to_learn(args.data, args.documents)
    config = AutoConfig.from_pretrained(args.model)
    found = encode_all(
        AutoTokenizer.from_pretrained(args.model),
        documents,
        max_seq_length=args.max_seq_length,
        context_length=config.max_position_embeddings,
        window_tokens=window_tokens_of(vars(config)),
    ).examples
    written = [[example.ids, example.answer_start] for example in found]
    (folder / "examples.json").write_text(json.dumps(written))
    return list(found)


# --- the contenders --------------------------------------------------------------------------------------


def plain(args: argparse.Namespace, folder: Path) -> Train:
    """Weights in 16 bits on a GPU, autocast to bf16 where a processor has it, batches padded as they come."""
    from transformers import DataCollatorForSeq2Seq

    model, tokenizer = _with_adapter(_load(args), args), _tokenizer(args)
    padded = DataCollatorForSeq2Seq(tokenizer, padding=True)
    return _with_trainer(model, tokenizer, padded, args, folder, train_sampling_strategy="sequential")


def strong(args: argparse.Namespace, folder: Path) -> Train:
    """NF4, checkpointing and packing on a GPU, the latter with flash attention; else batches of similar length."""
    import torch
    from peft import prepare_model_for_kbit_training
    from transformers import DataCollatorForSeq2Seq, DataCollatorWithFlattening
    from transformers.utils import is_flash_attn_2_available

    tokenizer, gpu, flash = _tokenizer(args), torch.cuda.is_available(), is_flash_attn_2_available()
    if gpu:
        attention = "flash_attention_2" if flash else "sdpa"
        model = _load(args, quantization_config=four_bits(), attn_implementation=attention)
        model = prepare_model_for_kbit_training(model, gradient_checkpointing_kwargs={"use_reentrant": False})
    else:
        model = _load(args)
    collator = DataCollatorWithFlattening() if flash else DataCollatorForSeq2Seq(tokenizer, padding=True)
    settings = {
        "train_sampling_strategy": "group_by_length",
        "gradient_checkpointing": gpu,
        "optim": "adamw_8bit" if gpu else "adamw_torch_fused",
    }
    return _with_trainer(_with_adapter(model, args), tokenizer, collator, args, folder, **settings)


def ours(args: argparse.Namespace, folder: Path) -> Train:
    """The recipe as `unsloth/train_unsloth_fast.py` runs it, without looks at validation documents."""
    from finscribe.training.finetuning.base import load_base
    from finscribe.training.finetuning.recipe import Recipe
    from finscribe.training.finetuning.trainer import build_trainer

    recipe = Recipe(
        model_name=args.model,
        num_epochs=1,
        batch_size=args.batch_size,
        gradient_accumulation_steps=args.gradient_accumulation_steps,
        lora_r=args.lora_r,
        lora_alpha=2 * args.lora_r,
        max_seq_length=args.max_seq_length,
        evaluations=1,
    )
    base = load_base(recipe)

    def train(examples: Sequence[Example], callbacks: list[Any]) -> None:
        build_trainer(base, examples, [], recipe, folder, callbacks).train()

    return train


BUILDERS = {"plain": plain, "strong": strong, "ours": ours}


def _load(args: argparse.Namespace, **settings: Any) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    gpu = torch.cuda.is_available()
    return AutoModelForCausalLM.from_pretrained(
        args.model,
        dtype=torch.bfloat16 if gpu else torch.float32,
        device_map="cuda" if gpu else "cpu",
        **settings,
    )


def _tokenizer(args: argparse.Namespace) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(args.model)


def _with_adapter(model: Any, args: argparse.Namespace) -> Any:
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(
        r=args.lora_r, lora_alpha=2 * args.lora_r, target_modules=ADAPTED, task_type="CAUSAL_LM"
    )
    return get_peft_model(model, lora)


def _with_trainer(
    model: Any, tokenizer: Any, collator: Any, args: argparse.Namespace, folder: Path, **settings: Any
) -> Train:
    """transformers' own trainer, with its defaults but for what is given."""
    import torch
    from datasets import Dataset
    from transformers import Trainer, TrainingArguments

    gpu = torch.cuda.is_available()
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=1,
        per_device_train_batch_size=args.batch_size,
        gradient_accumulation_steps=args.gradient_accumulation_steps,
        learning_rate=2e-5,
        bf16=torch.cuda.is_bf16_supported() if gpu else bool(torch.cpu.get_capabilities().get("avx512_bf16")),
        use_cpu=not gpu,
        dataloader_pin_memory=gpu,
        save_strategy="no",
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
        **settings,
    )

    def train(examples: Sequence[Example], callbacks: list[Any]) -> None:
        rows = [{"input_ids": each.ids, "labels": each.labels} for each in examples]
        data = Dataset.from_list(rows)
        Trainer(
            model, arguments, collator, data, processing_class=tokenizer, callbacks=list(callbacks)
        ).train()

    return train


# --- measuring -------------------------------------------------------------------------------------------


def stopwatch() -> Any:
    """A callback that takes the seconds of the clock and of the processor up to the end of the last step."""
    from transformers import TrainerCallback

    class Stopwatch(TrainerCallback):  # type: ignore[misc]
        started = busy_before = seconds = busy = 0.0

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.started, self.busy_before = time.perf_counter(), time.process_time()

        def on_step_end(self, *_: Any, **__: Any) -> None:
            self.seconds = time.perf_counter() - self.started
            self.busy = time.process_time() - self.busy_before

    return Stopwatch()


def measure(contender: str, args: argparse.Namespace, folder: Path) -> Figures:
    """Documents and tokens a second, and the most memory used, in 10^9 bytes: the GPU's, or of the whole process."""
    import torch

    examples = [Example(ids, start) for ids, start in json.loads((folder / "examples.json").read_text())]
    train, watch = BUILDERS[contender](args, folder / contender), stopwatch()
    train(examples[: args.batch_size], [])
    train(examples, [watch])
    gpu = torch.cuda.is_available()
    found = {
        "documents": len(examples) / watch.seconds,
        "tokens": sum(len(example.ids) for example in examples) / watch.seconds,
        "memory": (torch.cuda.max_memory_allocated() if gpu else resident_bytes()) / 1e9,
    }
    return found if gpu else found | {"frugal": len(examples) / watch.busy}


def run_contender(contender: str, args: argparse.Namespace, folder: Path) -> Figures | None:
    """Its figures from a process of its own, None where it failed; what it said goes to standard error."""
    (folder / contender).mkdir()
    given = {name: value for name, value in vars(args).items() if value is not None and name != "shape"}
    flags = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, __file__, *flags, "--contender", contender, "--prepared", str(folder)]
    found: Figures | None = figures_of(command, contender)
    return found


# --- printing --------------------------------------------------------------------------------------------


def print_setting(args: argparse.Namespace, examples: Sequence[Example]) -> None:
    """What was measured, on what, and when."""
    lengths = [len(example.ids) for example in examples]
    print(
        f"{args.shape or args.model}, {len(examples)} documents of {mean(lengths):,.0f} tokens "
        f"({min(lengths):,} to {max(lengths):,}), batches of {args.batch_size} × {args.gradient_accumulation_steps}, "
        f"LoRA r {args.lora_r}; {hardware()}; {packages(PACKAGES)}; {datetime.now(UTC).date()}\n"
    )
    headings = [part for heading, _, _, ratio in COLUMNS for part in (heading, "÷ (a)")[: 1 + ratio]]
    print(f"| contender | {' | '.join(headings)} |\n|---|{'---|' * len(headings)}", flush=True)


def print_row(label: str, found: Figures | None, first: Figures | None) -> None:
    """One contender, beside the first one; a dash for what was not measured."""
    cells = []
    for _, name, shown, ratio in COLUMNS:
        cells.append(format(found[name], shown) if found and name in found else "-")
        if ratio:
            cells.append(
                f"{found[name] / first[name]:.2f}"
                if found and first and name in found and name in first
                else "-"
            )
    print(f"| {label}{'' if found else ': failed'} | {' | '.join(cells)} |", flush=True)


def compare(args: argparse.Namespace, folder: Path) -> None:
    """Makes the model and the examples, and lets every contender learn them."""
    if args.shape and args.shape != "starter":
        write_model(args.shape, folder / "model")
        args.model = str(folder / "model")
    examples = write_examples(args, folder)
    print_setting(args, examples)
    found: dict[str, Figures | None] = {}
    for contender, label in CONTENDERS.items():
        found[contender] = run_contender(contender, args, folder)
        print_row(label, found[contender], found["plain"])
    one, other = found["ours"], found["strong"]
    if one and other:
        speed, memory = (one[name] / other[name] for name in ("documents", "memory"))
        print(f"\n(c) beside (b): {speed:.2f} times its documents a second, {memory:.2f} of its memory.")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shape", choices=("starter", *SHAPES), default=None, help="default: starter")
    parser.add_argument("--model", default=None, help="a model folder instead of a shape")
    parser.add_argument(
        "--data", type=Path, default=None, help="prepared records instead of synthetic documents"
    )
    parser.add_argument("--documents", type=int, default=96)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--gradient_accumulation_steps", type=int, default=2)
    parser.add_argument("--lora_r", type=int, default=16)
    parser.add_argument("--max_seq_length", type=int, default=2_048)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--prepared", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.contender:
        print(json.dumps(measure(args.contender, args, args.prepared)))
        return
    if args.model is None:
        args.shape, args.model = args.shape or "starter", str(starter_path())
    with tempfile.TemporaryDirectory() as folder:
        compare(args, Path(folder))


if __name__ == "__main__":
    main()
