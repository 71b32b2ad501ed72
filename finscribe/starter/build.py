"""Builds the starter model: python -m finscribe.starter.build --preset cpu --out FOLDER

Kill it at any time; the same command goes on from the last checkpoint. `--init MODEL` begins with the weights and the
tokenizer of a finished model instead of random ones.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sysconfig
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from finscribe.invoice import Truth
from finscribe.processors import usable_threads
from finscribe.starter import NAME
from finscribe.starter.examples import Mixture
from finscribe.starter.pretrain import PRESETS, Preset, Pretraining
from finscribe.starter.tokenizer import train_tokenizer
from finscribe.synthesis import FAMILIES, HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning.calibrating import calibrate_folder
from finscribe.training.finetuning.examples import Labelled, read_labelled
from finscribe.training.finetuning.saving import share_weights

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

TOKENIZER_DOCUMENTS = 6_000
TOKENIZER_SEED = 1_000_000_000
CALIBRATION_SEED = 4_000_000_000
LOG_EVERY, EVALUATE_EVERY = 20, 200


def build(
    preset: Preset, out: Path, *, device: str, compiled: bool, init: Path | None = None, workers: int = 0
) -> Path:
    """Trains tokenizer and model in `out`, resuming what is there; returns the finished model's folder.

    Documents are drawn by `workers` processes, or by this one where there is none.
    """
    out.mkdir(parents=True, exist_ok=True)
    run = Pretraining(preset, _tokenizer(preset, out, init), out, device=device, compiled=compiled)
    if init:
        run.start_from(init)
    if run.resume():
        run.log(event="resumed")
    saved = time.monotonic()
    losses: list[float] = []
    batches = run.batches(workers)
    while not run.done:
        losses.append(run.step(next(batches)))
        if run.progress.step % LOG_EVERY == 0:
            run.log(loss=round(sum(losses) / len(losses), 4))
            losses.clear()
        if run.progress.step % EVALUATE_EVERY == 0:
            run.log(**{name: round(figure, 4) for name, figure in run.evaluate().items()})
        if time.monotonic() - saved > preset.checkpoint_minutes * 60:
            run.save()
            saved = time.monotonic()
    run.save()
    run.log(**{name: round(figure, 4) for name, figure in run.evaluate().items()})
    finished = out / NAME
    run.model.half().save_pretrained(finished)  # half the size; loaded as float32 on a CPU
    run.tokenizer.save_pretrained(finished)
    share_weights(finished)
    calibrate_folder(finished, calibration_documents(preset.calibration_documents))
    return finished


def calibration_documents(count: int) -> list[Labelled]:
    """Synthetic documents that the starter was neither trained nor measured on."""
    samples = [generate(CALIBRATION_SEED + index) for index in range(count)]
    return [Labelled(sample.text, Truth.read(sample.truth), sample.family) for sample in samples]


def _tokenizer(preset: Preset, out: Path, init: Path | None) -> PreTrainedTokenizerFast:
    from transformers import AutoTokenizer

    if init:
        return AutoTokenizer.from_pretrained(init)

    folder = out / "tokenizer"
    if not (folder / "tokenizer.json").exists():
        texts = (generate(TOKENIZER_SEED + i).text for i in range(TOKENIZER_DOCUMENTS))
        train_tokenizer(texts, preset.vocabulary).save_pretrained(folder)
    return AutoTokenizer.from_pretrained(folder)


def _arguments() -> argparse.Namespace:
    import torch

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS, default="cpu")
    parser.add_argument("--out", type=Path, default=Path("models/starter-build"))
    parser.add_argument("--tokens", type=int, help="another budget of training tokens than the preset's")
    parser.add_argument(
        "--rate",
        type=float,
        default=1.0,
        help="factor on the learning rates; under 1 to go on from a finished model",
    )
    parser.add_argument(
        "--init", type=Path, help="a finished model to begin with, the bundled starter for instance"
    )
    parser.add_argument(
        "--practise",
        nargs="+",
        default=[],
        choices=sorted({*FAMILIES} - {*HELD_OUT_FAMILIES}),
        metavar="FAMILY",
        help="layout families that half of the documents are drawn from",
    )
    parser.add_argument("--long", type=float, help="another share of documents with long tables")
    parser.add_argument(
        "--records", type=Path, nargs="+", default=[], help="files of prepared records, learned from too"
    )
    parser.add_argument(
        "--records_share",
        type=float,
        help=f"how many of the documents are such records, {Mixture().real:g} otherwise",
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--workers",
        type=int,
        help="processes that draw documents; on a GPU, which one cannot keep busy, all processors but two, else none",
    )
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def _lacks_a_compiler(device: str) -> bool:
    """Whether compiling for a processor would fail for want of a C++ compiler or Python's own headers."""
    headers = Path(sysconfig.get_path("include"), "Python.h")
    return device == "cpu" and not (shutil.which(os.environ.get("CXX", "g++")) and headers.exists())


def _preset(args: argparse.Namespace) -> Preset:
    """The preset that was named, with what was said otherwise."""
    preset = PRESETS[args.preset].scaled(args.rate)
    if args.tokens:
        preset = replace(preset, tokens=args.tokens)
    records = tuple(labelled for path in args.records for labelled in read_labelled(path))
    mixture = replace(preset.mixture, practised=tuple(args.practise), records=records)
    if args.long is not None:
        mixture = replace(mixture, long=args.long)
    if args.records_share is not None:
        mixture = replace(mixture, real=args.records_share)
    return replace(preset, mixture=mixture)


def main() -> None:
    """The command line."""
    args = _arguments()
    if args.compile and _lacks_a_compiler(args.device):
        raise SystemExit(
            "Compiling takes a C++ compiler and Python's headers (apt install g++ python3-dev); "
            "--no-compile does without them and is slower."
        )
    workers = args.workers
    if workers is None:
        workers = 0 if args.device == "cpu" else max(1, usable_threads() - 2)
    preset = _preset(args)
    print(build(preset, args.out, device=args.device, compiled=args.compile, init=args.init, workers=workers))


if __name__ == "__main__":
    main()
