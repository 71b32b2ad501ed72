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
from collections.abc import Sequence
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

TOKENIZER_SEED = 1_000_000_000
CALIBRATION_SEED = 4_000_000_000
LOG_EVERY, EVALUATE_EVERY = 20, 200


def build(
    preset: Preset,
    out: Path,
    *,
    device: str,
    compiled: bool,
    init: Path | None = None,
    workers: int = 0,
    calibrate_on: Sequence[Path] = (),
) -> Path:
    """Trains tokenizer and model in `out`, resuming what is there; returns the finished model's folder.

    Documents are drawn by `workers` processes, or by this one where there is none. The confidence is fitted to
    synthetic documents and to the records of `calibrate_on`.
    """
    known = calibration_documents(preset.calibration_documents, calibrate_on)  # a bad file fails here
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
            _log_losses(run)
        if time.monotonic() - saved > preset.checkpoint_minutes * 60:
            run.save()
            saved = time.monotonic()
    run.save()
    _log_losses(run)
    finished = out / NAME
    run.model.half().save_pretrained(finished)  # half the size; loaded as float32 on a CPU
    run.tokenizer.save_pretrained(finished)
    share_weights(finished)
    calibrate_folder(finished, known)
    return finished


def _log_losses(run: Pretraining) -> None:
    found = run.evaluate(run.preset.evaluation_documents)
    run.log(**{name: round(figure, 4) for name, figure in found.items()})


def calibration_documents(count: int, files: Sequence[Path] = ()) -> list[Labelled]:
    """Synthetic documents that the starter was neither trained nor measured on, and the records of files."""
    samples = [generate(CALIBRATION_SEED + index) for index in range(count)]
    drawn = [Labelled(sample.text, Truth.read(sample.truth), sample.family) for sample in samples]
    return drawn + [labelled for path in files for labelled in read_labelled(path)]


def add_calibrate_on(parser: argparse.ArgumentParser) -> None:
    """Adds `--calibrate_on`, the records that the confidence is fitted to as well."""
    parser.add_argument(
        "--calibrate_on",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="records to fit the confidence to as well; they must not be among --records (default: synthetic "
        "documents only)",
    )


def _tokenizer(preset: Preset, out: Path, init: Path | None) -> PreTrainedTokenizerFast:
    from transformers import AutoTokenizer

    if init:
        return AutoTokenizer.from_pretrained(init)

    folder = out / "tokenizer"
    if not (folder / "tokenizer.json").exists():
        texts = (generate(TOKENIZER_SEED + i).text for i in range(preset.tokenizer_documents))
        train_tokenizer(texts, preset.vocabulary).save_pretrained(folder)
    return AutoTokenizer.from_pretrained(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m finscribe.starter.build",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        default="cpu",
        help="size and budget: cpu or gpu for the starter that is bundled, large for one of 40 million parameters, "
        "test for a toy (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        default=Path("models/starter-build"),
        help=f"where checkpoints, the log and at the end the model ({NAME}) are written; what a run of before left "
        "there is gone on with (default: %(default)s)",
    )
    parser.add_argument(
        "--tokens", type=int, metavar="N", help="how many tokens to train on (default: those of the preset)"
    )
    parser.add_argument(
        "--rate",
        type=float,
        metavar="FACTOR",
        default=1.0,
        help="factor on the learning rates of the preset; under 1 to go on from a finished model (default: 1)",
    )
    parser.add_argument(
        "--init",
        type=Path,
        metavar="MODEL",
        help="folder of a finished model to begin with, the bundled starter for instance (default: random weights "
        "and a tokenizer of its own)",
    )
    _add_documents(parser)
    add_calibrate_on(parser)
    _add_machine(parser)
    return parser.parse_args()


def _add_documents(parser: argparse.ArgumentParser) -> None:
    """The options that say what is learned from."""
    mixture = Mixture()
    parser.add_argument(
        "--practise",
        nargs="+",
        default=[],
        choices=sorted({*FAMILIES} - {*HELD_OUT_FAMILIES}),
        metavar="FAMILY",
        help="layout families that half of the documents are drawn from; a wrong name shows all (default: all alike)",
    )
    parser.add_argument(
        "--long",
        type=float,
        metavar="SHARE",
        help=f"share of the documents that may have long tables, 0 to 1 (default: {mixture.long:g})",
    )
    parser.add_argument(
        "--records",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="real documents to learn from too, as `finscribe prepare` writes them (default: synthetic ones only)",
    )
    parser.add_argument(
        "--records_share",
        type=float,
        metavar="SHARE",
        help=f"share of the documents that are such records, 0 to 1 (default: {mixture.real:g})",
    )


def _add_machine(parser: argparse.ArgumentParser) -> None:
    """The options that say where and how it is trained."""
    import torch

    parser.add_argument(
        "--device",
        default="cuda" if torch.cuda.is_available() else "cpu",
        help="where PyTorch trains: cpu, cuda or cuda:N (default: cuda where there is a GPU; here %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes that draw documents, which one alone cannot do fast enough for a GPU (default: none on a "
        "processor, else all processors but two)",
    )
    parser.add_argument(
        "--compile",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="compile the model, which makes it faster, and takes a C++ compiler and Python's headers on a processor",
    )


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
    finished = build(
        _preset(args),
        args.out,
        device=args.device,
        compiled=args.compile,
        init=args.init,
        workers=workers,
        calibrate_on=args.calibrate_on,
    )
    print(finished)


if __name__ == "__main__":
    main()
