"""The command `prepare`: records of any shape in, training files out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finscribe.cli.messages import print_note, printable
from finscribe.cli.progress import bar_of_records
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.training.dataset.options import PrepareOptions
    from finscribe.training.dataset.prepare import Prepared


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; give 0.1 for every tenth record.") from None


Inputs = Annotated[
    list[str] | None,
    typer.Option("--input", metavar="INPUT...", help="Files, folders, globs, or - (standard input)."),
]
MoreInputs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[INPUT]...", help="The same without --input.", show_default=False),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", help="Where the training records go; unsloth_train.jsonl in the data folder."),
]
ValOutput = Annotated[
    Path | None,
    typer.Option(
        "--val-output", "--val_output", help="Where the val records go; unsloth_val.jsonl in the data folder."
    ),
]
GateOutput = Annotated[
    Path | None,
    typer.Option("--gate-output", "--gate_output", help="Keep a third part, for the promotion gate."),
]
Split = Annotated[
    bool, typer.Option("--split", help="Divide by vendor family; without it everything is for training.")
]
ValRatio = Annotated[
    float, typer.Option("--val-ratio", "--val_ratio", parser=_share, help="The share of val.")
]
GateRatio = Annotated[
    float, typer.Option("--gate-ratio", "--gate_ratio", parser=_share, help="The share of the gate.")
]
Longest = Annotated[
    int,
    typer.Option(
        "--max-seq-length", "--max_seq_length", min=1, help="Tokens from which a record is too long."
    ),
]
Tokenizer = Annotated[
    str | None,
    typer.Option(metavar="NAME_OR_DIR", help="Whose tokens are counted; the starter's by default."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Reject what only would be warned about.")]
NoAlign = Annotated[
    bool,
    typer.Option(
        "--no-align",
        "--no_align",
        help="Keep truths as they are, for models that are served without grounding.",
    ),
]
Seed = Annotated[int, typer.Option(help="Of the split of what the ledger does not know yet.")]


def prepare(
    more: MoreInputs = None,
    inputs: Inputs = None,
    output: Output = None,
    val_output: ValOutput = None,
    gate_output: GateOutput = None,
    split: Split = False,
    val_ratio: ValRatio = 0.1,
    gate_ratio: GateRatio = 0.1,
    max_seq_length: Longest = 2048,
    tokenizer: Tokenizer = None,
    strict: Strict = False,
    no_align: NoAlign = False,
    seed: Seed = 0,
) -> None:
    """Make training data of corrections and other records: checked, without duplicates, split by vendor."""
    from finscribe.training.dataset.options import INPUT_NAMES, OUTPUT_NAME, VAL_OUTPUT_NAME, PrepareOptions

    data = Settings.from_environment().data_dir
    run(
        PrepareOptions(
            inputs=(*(inputs or ()), *(more or ())) or tuple(str(data / name) for name in INPUT_NAMES),
            output=output or data / OUTPUT_NAME,
            val_output=val_output or data / VAL_OUTPUT_NAME,
            gate_output=gate_output,
            split=split,
            val_ratio=val_ratio,
            gate_ratio=gate_ratio,
            max_seq_length=max_seq_length,
            tokenizer=tokenizer or _starter_tokenizer(),
            strict=strict,
            align=not no_align,
            seed=seed,
        )
    )


def _starter_tokenizer() -> str:
    from finscribe import starter

    return str(starter.path())


def run(options: PrepareOptions) -> None:
    """Prepare, show the progress, print the summary."""
    from finscribe.training.dataset.prepare import prepare as prepare_data

    with bar_of_records() as progress:
        prepared = prepare_data(options, progress)
    for note in prepared.card["notes"]:
        print_note(note)
    for line in summary(prepared):
        typer.echo(line)


def summary(prepared: Prepared) -> Iterator[str]:
    """What happened, for people: the counts, which add up, the reasons, the files."""
    counts = dict(prepared.counts)
    total = counts.pop("input")
    yield f"{total:,} records = " + " + ".join(f"{count:,} {place}" for place, count in counts.items())
    for title in ("rejects", "duplicates", "normalised"):
        if reasons := prepared.card[title]:
            yield _row(title, (f"{count:,} {printable(reason)}" for reason, count in reasons.items()))
    if warnings := prepared.card["warnings"]["counts"]:
        yield _row("warnings", (f"{count:,} {code}" for code, count in warnings.items()))
        for entry in prepared.card["warnings"]["worst"][:5]:
            yield printable(f"  {entry['record']}: {entry['code']}: {entry['message']}")
    if tokens := prepared.card["tokens"]:
        yield _row("tokens", (f"{name} {tokens['percentiles'][name]:,}" for name in ("p50", "p95", "p100")))
    for name, path in prepared.files.items():
        yield _row(name, [printable(str(path))])


def _row(title: str, entries: Iterable[str]) -> str:
    return f"{title + ':':12} {', '.join(entries)}"
