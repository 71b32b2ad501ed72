"""The commands `models list`, `promote`, `rollback` and so on: which version of a model is served, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from finscribe.cli.messages import print_note, printable
from finscribe.cli.starter_name import with_starter
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.decoding import LanguageModel
    from finscribe.registry.automation import Automation
    from finscribe.registry.evaluations import Report
    from finscribe.registry.promotion import Promotion
    from finscribe.registry.store import Registry
    from finscribe.registry.version import Version

OUTPUT = Path("evaluation")
Reference = Annotated[str, typer.Argument(metavar="VERSION", help="Its id, v3 for short, or its hash.")]
Served = Annotated[
    str | None,
    typer.Argument(
        metavar="[VERSION]", help="Its id, v3 for short, or its hash; else the one that is served."
    ),
]


def list_versions(
    history: Annotated[bool, typer.Option("--history", help="What was served when, and why.")] = False,
) -> None:
    """List the versions, and which one is served."""
    from finscribe.cli.versions_table import print_history, print_versions

    registry = _registry()
    if history:
        print_history(registry)
    else:
        print_versions(registry)


def show_version(reference: Served = None) -> None:
    """Show a version: where it comes from, what the gate said, what may be approved, its history."""
    from finscribe.cli.versions_table import print_version

    registry = _registry()
    print_version(registry, _version(registry, reference))


def show_card(reference: Served = None) -> None:
    """Print the card of a version, in Markdown."""
    from finscribe.registry.store import said

    registry = _registry()
    card = registry.card_of(_version(registry, reference))
    with said(card):
        typer.echo(card.read_text("utf-8"), nl=False)


def show_differences(one: Reference, other: Reference) -> None:
    """Show what tells two versions apart: recipes, data, scores, files."""
    from finscribe.cli.versions_table import print_changes
    from finscribe.registry.differences import compare

    registry = _registry()
    versions = registry.find(one), registry.find(other)
    print_changes(versions, compare(registry, *versions))


Gate = Annotated[
    str | None,
    typer.Option(
        "--gate", metavar="RECORDS", help="Read these with both models first, and judge by what comes out."
    ),
]
Evaluation = Annotated[
    Path | None,
    typer.Option("--evaluation", metavar="JSON", help="Judge by an evaluation on the gate set."),
]
Val = Annotated[
    str | None,
    typer.Option(
        "--val",
        metavar="RECORDS",
        help="Certify what may be approved by reading these; as run.json names them.",
    ),
]
Validation = Annotated[
    Path | None,
    typer.Option("--validation", metavar="JSON", help="Certify by an evaluation on the validation set."),
]
Margin = Annotated[
    float, typer.Option(min=0, max=1, help="Micro-F1 that may be lost at worst; 0.01 is one point.")
]
Rate = Annotated[
    float, typer.Option(min=0.0001, max=0.5, help="Of the approved values, so many may be wrong.")
]
Unit = Annotated[
    Literal["vendor", "document"],
    typer.Option(help="vendor: the rate holds for new vendors; document: for more documents of the same."),
]
Force = Annotated[
    str | None, typer.Option("--force", metavar="REASON", help="Promote it whatever the gate says.")
]


def promote(
    candidate: Annotated[
        str,
        typer.Argument(
            metavar="DIR_OR_VERSION",
            callback=with_starter,
            help="What shall be served; starter is the bundled one.",
        ),
    ],
    gate: Gate = None,
    evaluation: Evaluation = None,
    val: Val = None,
    validation: Validation = None,
    margin: Margin = 0.01,
    rate: Rate = 0.01,
    unit: Unit = "vendor",
    force: Force = None,
) -> None:
    """Serve a model that passes the gate; a running server takes it over without a pause."""
    _refuse_two("--gate", gate, "--evaluation", evaluation)
    _refuse_two("--val", val, "--validation", validation)
    if force is not None and not force.strip():
        raise typer.BadParameter("a promotion is forced with a reason, which is kept.", param_hint="--force")
    from finscribe.cli.versions_table import print_verdict
    from finscribe.registry import promotion
    from finscribe.registry.hashes import hash_of

    settings, registry = Settings.from_environment(), _registry()
    folder, served = _folder(registry, candidate), _served(settings)
    automation = report = None
    if hash_of(folder) != hash_of(settings.model_dir):
        asked = bool(val or validation)
        certain = _evaluated(validation, val or (_val_of(folder) if gate else None), (str(folder),), folder)
        automation = _certified(certain, folder, registry, rate, unit, asked=asked)
        report = _evaluated(evaluation, gate, (served, str(folder)), folder)
    candidacy = promotion.Candidacy(
        folder=folder,
        otherwise=served,
        trial=report.trial() if report else None,
        judged=report.judged() if report else None,
        automation=automation,
        margin=margin,
        force=force,
    )
    _print_promoted(promotion.promote(registry, candidacy, _load(settings), print_verdict), registry)


def _print_promoted(promoted: Promotion, registry: Registry) -> None:
    from finscribe.cli.versions_table import print_automation

    if promoted.switched and promoted.version.automation:
        print_automation(promoted.version.automation)
    state = "is served now" if promoted.switched else "was served already; nothing has changed"
    typer.echo(f"{promoted.version.id} {state}: {registry.pointer}")


def rollback(
    reference: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION]", help="One that was served; else the one before the present one."),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the history.")] = "",
) -> None:
    """Serve what was served before; at once, the gate is not asked."""
    from finscribe.registry import promotion

    registry = _registry()
    version = promotion.rollback(registry, reference, reason)
    typer.echo(f"{version.id} is served again: {registry.pointer}")


def prune(
    keep: Annotated[int, typer.Option(min=0, help="The newest so many stay.")] = 3,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove the folders of old versions; all records stay, the served version, the one before it and their bases."""
    from finscribe.registry.pruning import prunable
    from finscribe.registry.pruning import prune as remove

    registry = _registry()
    doomed = prunable(registry, keep)
    for version in doomed:
        typer.echo(f"to be removed: {version.id}  {printable(version.source)}")
    if doomed and not yes:
        typer.confirm(f"Remove the models of {len(doomed)} versions for good?", abort=True)
    remove(registry, doomed)
    typer.echo(f"removed: {len(doomed)} of {len(registry.versions())} versions")


# --- what is meant -----------------------------------------------------------------------------------


def _registry() -> Registry:
    from finscribe.registry.store import Registry

    return Registry.of(Settings.from_environment())


def _version(registry: Registry, reference: str | None) -> Version:
    """The version that is named, or else the one that is served."""
    from finscribe.errors import RegistryError

    if reference is not None:
        return registry.find(reference)
    served = registry.served()
    if served is None:
        raise RegistryError(
            f"{registry.pointer} does not lead to a version", hint="Name one: finscribe models list"
        )
    return served


def _folder(registry: Registry, candidate: str) -> Path:
    """The folder that is named, or that of the version that is."""
    named = Path(candidate)
    return named if named.exists() else registry.folder_of(registry.find(candidate))


def _served(settings: Settings) -> str:
    """What the server would load: the folder that the setting leads to, else what it falls back to."""
    if settings.model_dir.exists():
        return str(settings.model_dir)
    from dataclasses import replace

    from finscribe.doctor.models import find_model

    return find_model(replace(settings, model_dir_is_explicit=False)).location


def _load(settings: Settings) -> Callable[[Path], LanguageModel]:
    from finscribe.serving import load_and_try

    return lambda folder: load_and_try(folder, settings)


def _refuse_two(one: str, given: object, other: str, also: object) -> None:
    if given and also:
        raise typer.BadParameter(f"give {one} or {other}, not both.", param_hint=one)


# --- what is known of it -----------------------------------------------------------------------------


def _evaluated(
    evaluation: Path | None, records: str | None, models: tuple[str, ...], folder: Path
) -> Report | None:
    """An evaluation of the folder that was made before, or is made now by having models read records."""
    from finscribe.registry.evaluations import Report
    from finscribe.registry.hashes import hash_of

    sha256 = hash_of(folder) or ""
    if records is not None:
        evaluation = OUTPUT / f"{Path(records).stem}-{sha256[:8]}.json"
        _evaluate(records, models, evaluation)
    return Report.read(evaluation, sha256) if evaluation else None


def _evaluate(records: str, models: tuple[str, ...], output: Path) -> None:
    from finscribe.cli.evaluate import run
    from finscribe.evaluation.plan import Plan

    run(Plan(models=models, test_data=records, output=output, few_shot=False))


def _certified(
    report: Report | None,
    folder: Path,
    registry: Registry,
    rate: float,
    unit: Literal["vendor", "document"],
    *,
    asked: bool,
) -> Automation | None:
    """What may be approved without a look; why it is nothing is an error where it was asked for, else a note."""
    from finscribe.errors import EvaluationError
    from finscribe.registry.lineage import trace

    why = "give --val or --validation"
    if report:
        try:
            return report.certify(trace(folder, registry.run_with_hash), rate=rate, unit=unit)
        except EvaluationError as error:
            if asked:
                raise
            why = error.message
    print_note(f"nothing is certified for approval without a look: {why}")
    return None


def _val_of(folder: Path) -> str | None:
    """The validation records that a model's `run.json` names, if they are there."""
    from finscribe.evaluation.runs import get, read_run

    path = get(read_run(folder), "data", "val", "path")
    return path if path and Path(path).is_file() else None
