"""What the choices in the starter's design are worth: python benchmarks/starter_design.py [--out DIR] [--arms NAME ...]

Trains small starters from scratch on as many tokens each; every arm differs from `base` in one thing. Prints a Markdown
table: loss in nats and share of right tokens on the answers of documents of held-out layouts, each token predicted from
the true ones before it (`Pretraining.evaluate`: examples of up to 1,024 tokens), and the same for longer windows. Speed
is by processor time, which other work does not count in.

With `--out`, the same command goes on with the arms that are not finished.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finscribe import starter
from finscribe.invoice import ALL_FIELDS
from finscribe.starter.examples import encode_sample
from finscribe.starter.pretrain import EVALUATION_SEED, PRESETS, Preset, Pretraining
from finscribe.synthesis import HELD_OUT_FAMILIES, LONGEST, generate
from finscribe.training.finetuning.examples import Example

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LONG = range(1025, 2817)
"""Tokens of the longer windows."""
WARMUP_STEPS = 10


def _grown(preset: Preset, factor: int) -> Preset:
    mixture = preset.mixture
    return replace(preset, mixture=replace(mixture, ramp_documents=mixture.ramp_documents * factor))


def _in_windows(preset: Preset, *longer: int) -> Preset:
    return replace(preset, mixture=replace(preset.mixture, longer=longer))


def _with_adamw(preset: Preset, rate: float) -> Preset:
    return replace(preset, optimizer="adamw", matrix_rate=rate)


@dataclass(frozen=True, slots=True)
class Arm:
    """One thing that is otherwise than in the base."""

    title: str
    change: Callable[[Preset], Preset]


ARMS: Mapping[str, Arm] = {
    "base": Arm("base: 256 wide, 8 layers, Muon", lambda preset: preset),
    "seed": Arm("base, other first weights", lambda preset: replace(preset, seed=preset.seed + 1)),
    "wide": Arm(
        "384 wide, 4 layers",
        lambda preset: replace(preset, width=384, layers=4, heads=6, feed_forward=768),
    ),
    "deep": Arm(
        "192 wide, 15 layers",
        lambda preset: replace(preset, width=192, layers=15, heads=3, feed_forward=528),
    ),
    "adamw-3e-3": Arm("AdamW, rate 0.003", partial(_with_adamw, rate=3e-3)),
    "adamw-1e-3": Arm("AdamW, rate 0.001", partial(_with_adamw, rate=1e-3)),
    "prompt-0": Arm("no loss on the prompt", lambda preset: replace(preset, prompt_share=0.0)),
    "prompt-30": Arm("loss on 30% of the prompt", lambda preset: replace(preset, prompt_share=0.3)),
    "no-growth": Arm("documents of full size at once", lambda preset: _grown(preset, 0)),
    "slow-growth": Arm("documents grow ten times as long", lambda preset: _grown(preset, 10)),
    "long-windows": Arm("windows four times as long", lambda preset: _in_windows(preset, 4)),
    "untied": Arm("a table of its own for the output", lambda preset: replace(preset, tied=False)),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What all arms share."""

    preset: str = "cpu"
    tokens: int = 600_000
    tokens_per_step: int = 4096
    documents: int = 48  # evaluated on, of seen and of held-out layouts each
    windows: int = 16  # longer ones

    def base(self, vocabulary: int) -> Preset:
        """The preset with its budget, and with the documents' growth over the same share of it."""
        preset = PRESETS[self.preset]
        ramp = round(preset.mixture.ramp_documents * self.tokens / preset.tokens)
        return replace(
            preset,
            vocabulary=vocabulary,
            tokens=self.tokens,
            tokens_per_step=self.tokens_per_step,
            mixture=replace(preset.mixture, ramp_documents=ramp),
            warmup_steps=WARMUP_STEPS,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What an arm came to; `seconds` are a processor's, of training with the making of its documents."""

    arm: str
    parameters: int
    steps: int
    tokens: int
    documents: int
    seconds: float
    held_out_loss: float
    held_out_accuracy: float
    seen_loss: float
    seen_accuracy: float
    long_loss: float
    long_accuracy: float


def measured(arm: str, plan: Plan, folder: Path) -> Result:
    """What an arm came to: as its file says, if that is of the same plan, else by training it."""
    path = folder / f"{arm}.json"
    stored = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if stored.get("plan") == asdict(plan):
        return Result(**stored["result"])
    result = train(arm, plan, folder)
    path.write_text(json.dumps({"plan": asdict(plan), "result": asdict(result)}, indent=1), "utf-8")
    return result


def train(arm: str, plan: Plan, folder: Path) -> Result:
    """Trains an arm with the bundled starter's tokenizer, and scores it."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(starter.path())
    preset = ARMS[arm].change(plan.base(len(tokenizer)))
    run = Pretraining(preset, tokenizer, folder, device="cpu", compiled=False)
    batches = run.batches()
    started = time.process_time()
    while not run.done:
        run.step(next(batches))
    seconds = time.process_time() - started
    loss, accuracy = run.judge(long_examples(tokenizer, plan.windows), LONG[-1], at_once=1)
    return Result(
        arm=arm,
        parameters=run.model.num_parameters(),
        steps=run.progress.step,
        tokens=run.progress.tokens,
        documents=run.progress.documents,
        seconds=seconds,
        long_loss=loss,
        long_accuracy=accuracy,
        **run.evaluate(plan.documents),
    )


def long_examples(tokenizer: PreTrainedTokenizerFast, count: int) -> Sequence[Example]:
    """So many windows of long documents of held-out layouts, with all fields."""
    rng = random.Random(0)
    examples: list[Example] = []
    seed = EVALUATION_SEED
    while len(examples) < count:
        sample = generate(seed, HELD_OUT_FAMILIES, rng.uniform(1.0, LONGEST))
        windows = encode_sample(tokenizer, sample, ALL_FIELDS, LONG.stop, LONG.stop)
        examples += [example for example in windows if len(example.ids) in LONG][:1]
        seed += 1
    return examples[:count]


def run_all(arms: Sequence[str], plan: Plan, folder: Path, workers: int) -> Iterable[Result]:
    """The arms' results in their order, so many trained at a time."""
    work = partial(measured, plan=plan, folder=folder)
    if workers == 1:
        yield from map(work, arms)
        return
    spawn: Any = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_on_one_thread) as pool:
        yield from pool.map(work, arms)


def _on_one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def row(result: Result) -> str:
    """A line of the table."""
    cells = (
        ARMS[result.arm].title,
        f"{result.parameters / 1e6:.2f} M",
        f"{result.held_out_loss:.3f}",
        f"{result.held_out_accuracy:.3f}",
        f"{result.seen_loss:.3f}",
        f"{result.long_loss:.3f}",
        f"{result.long_accuracy:.3f}",
        f"{result.tokens / result.seconds:,.0f}",
        f"{result.seconds:,.0f}",
        f"{result.documents:,}",
    )
    return f"| {' | '.join(cells)} |"


HEAD = """\
| arm | parameters | held-out loss | right tokens | loss on seen layouts | on long windows | right tokens there \
| tokens a second | seconds | documents |
|---|---|---|---|---|---|---|---|---|---|"""


def main() -> None:
    """The command line."""
    plan = Plan()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS, default=plan.preset, help="what the arms differ from")
    parser.add_argument("--tokens", type=int, default=plan.tokens, help="that an arm is trained on")
    parser.add_argument("--tokens_per_step", type=int, default=plan.tokens_per_step)
    parser.add_argument("--documents", type=int, default=plan.documents, help="to be scored on")
    parser.add_argument("--windows", type=int, default=plan.windows, help="longer ones to be scored on")
    parser.add_argument(
        "--arms", nargs="+", choices=ARMS, default=list(ARMS), metavar="NAME", help=", ".join(ARMS)
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="arms trained at a time")
    parser.add_argument("--out", type=Path, help="where results are kept; a temporary folder by default")
    args = parser.parse_args()
    plan = Plan(args.preset, args.tokens, args.tokens_per_step, args.documents, args.windows)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.out or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        print(HEAD)
        for result in run_all(args.arms, plan, folder, args.workers):
            print(row(result), flush=True)


if __name__ == "__main__":
    main()
