"""That corrections make the next model better: python benchmarks/learn.py [--train FILE --test FILE] [--out DIR]

Fine-tunes a model on documents and scores it before and after on others, by the field. Without files the documents are
synthetic ones of two held-out layout families with the customer where most pages have the vendor, other ones to learn
from than to be scored on.
The whole of it is what `finscribe train` does with the recipe of `--config`.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from finscribe.cli.train import Live, of_starter
from finscribe.decoding import load_model
from finscribe.metrics import Score
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning.examples import Labelled, read_labelled
from finscribe.training.finetuning.recipe import Recipe, RunOptions, parse_arguments
from finscribe.training.finetuning.run import finetune
from finscribe.training.finetuning.validation import Validation, validate_model

LEARN_SEED, TEST_SEED = 7_000_000_000, 7_500_000_000
"""Documents that neither the starter nor any other benchmark has seen."""
VALIDATION_SHARE = 0.1
FAMILIES = ("invoice-client-first", "invoice-columns-swapped")
"""The layouts of the synthetic documents, unless others are named."""


def write_synthetic(path: Path, first_seed: int, count: int, families: Sequence[str]) -> Path:
    """Records of these layout families with their full truth."""
    samples = [generate(first_seed + index, families) for index in range(count)]
    records = [{"input": sample.text, "output": sample.truth} for sample in samples]
    return write_lines(path, (json.dumps(record, default=float) for record in records))


def write_lines(path: Path, lines: Iterable[str]) -> Path:
    """A file of these lines."""
    path.write_text("".join(line.rstrip("\n") + "\n" for line in lines), "utf-8")
    return path


def split(path: Path, folder: Path) -> tuple[Path, Path]:
    """Training and validation files of one file's records, drawn at random."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    random.Random(0).shuffle(lines)
    held = max(1, round(len(lines) * VALIDATION_SHARE))
    return write_lines(folder / "train.jsonl", lines[held:]), write_lines(folder / "val.jsonl", lines[:held])


def learn(recipe: Recipe, test: Sequence[Labelled]) -> tuple[Validation, Validation, float]:
    """Scores before and after fine-tuning, the latter of the folder that was saved, and the minutes it took."""
    started = time.monotonic()
    # Before a model is loaded, since Unsloth wants to be imported before transformers.
    finished = finetune(recipe, RunOptions(overwrite=True), Live())
    minutes = (time.monotonic() - started) / 60
    before, after = (
        validate_model(load_model(folder), test) for folder in (recipe.model_name, finished.folder)
    )
    return before, after, minutes


def table(title: str, before: Validation, after: Validation) -> Table:
    """Each field with its support and its F1 before and after."""
    shown = Table(title=title)
    for name in ("field", "known", "before", "after"):
        shown.add_column(name, justify="left" if name == "field" else "right")
    for name, old, new in rows(before, after):
        if old.support or new.predicted:
            shown.add_row(name, str(old.support), f"{old.f1:.3f}", f"{new.f1:.3f}")
    return shown


def rows(before: Validation, after: Validation) -> list[tuple[str, Score, Score]]:
    """The header and the lines in sum, then field by field."""
    old, new = before.scores, after.scores
    parts = [("header, micro", old.micro, new.micro), ("line cells", old.line_cells, new.line_cells)]
    parts += [(name, old.fields[name], new.fields.get(name, Score())) for name in old.fields]
    return parts + [(name, old.cells[name], new.cells.get(name, Score())) for name in old.cells]


def recipe_of(config: Path) -> Recipe:
    """The recipe of a file, with the bundled starter's folder where it asks for that by its name."""
    recipe, _ = parse_arguments(["--config", str(config)])
    return of_starter(recipe)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, default=Path("configs/full-starter.yaml"))
    parser.add_argument("--train", type=Path, help="records to learn from")
    parser.add_argument("--test", type=Path, help="records to be scored on, of other vendors")
    parser.add_argument("--documents", type=int, default=500, help="synthetic documents to learn from")
    parser.add_argument("--test_documents", type=int, default=100, help="synthetic documents to be scored on")
    parser.add_argument(
        "--families",
        nargs="+",
        default=FAMILIES,
        choices=HELD_OUT_FAMILIES,
        help="of the synthetic documents",
    )
    parser.add_argument("--out", type=Path, help="where the fine-tuned model is kept")
    args = parser.parse_args()
    if (args.train is None) != (args.test is None):
        parser.error("give both --train and --test, or neither")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        learned = args.train or write_synthetic(
            folder / "learn.jsonl", LEARN_SEED, args.documents, args.families
        )
        test = args.test or write_synthetic(
            folder / "test.jsonl", TEST_SEED, args.test_documents, args.families
        )
        train_data, val_data = split(learned, folder)
        out = args.out or folder / "model"
        recipe = replace(recipe_of(args.config), train_data=train_data, val_data=val_data, output_dir=out)
        before, after, minutes = learn(recipe, read_labelled(test))
        documents = len(read_labelled(learned))
    title = f"{args.config.stem}: {documents} documents, fine-tuned in {minutes:.1f} minutes"
    Console().print(table(title, before, after))


if __name__ == "__main__":
    main()
