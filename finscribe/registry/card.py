"""The card of a version, in Markdown: what it is, how it did, what it cannot do, how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from finscribe.evaluation.runs import get, read_run
from finscribe.metrics.paired import Interval
from finscribe.registry.automation import Automation, Certificate
from finscribe.registry.trial import FieldDifference, Trial
from finscribe.registry.version import Version
from finscribe.reports.markdown import markdown_table
from finscribe.wording import counted

WEAK = 0.8
"""Fields below this F1 are named among the limits."""


def render_card(version: Version, folder: Path) -> str:
    """The card of a version whose model is in `folder`."""
    run = read_run(folder) or {}
    parts = [
        f"# {version.id}",
        _what_it_is(version),
        _section("Data", _data(version, run)),
        _section("Scores", _scores(version.trial)),
        _section("The gate", _gate(version)),
        _section("Approval without a look", _approval(version.automation)),
        _section("Limits", "\n".join(f"- {limit}" for limit in limits(version))),
        _section("How to make it again", _reproduction(run)),
    ]
    return "\n\n".join(parts) + "\n"


def limits(version: Version) -> Iterator[str]:
    """What a user of a version has to know, in sentences."""
    yield "With grounding on it writes only what the text of the document prints: what OCR misreads stays misread."
    if version.trial is None:
        yield "It was not evaluated on a gate set: how well it reads is not known."
        return
    weak = [each for each in version.trial.fields if each.candidate < WEAK]
    if weak:
        said = ", ".join(f"{each.field} ({each.candidate:.2f})" for each in weak)
        yield f"Fields with an F1 below {WEAK:.2f}: {said}."
    yield (
        f"The scores hold for documents like the {version.trial.documents:,} of {len(version.trial.families):,} "
        "vendors that they were measured on; other languages, countries and kinds of documents may read otherwise."
    )
    if version.forced is not None:
        yield "It did not pass the gate."


def certified(certificate: Certificate) -> str:
    """What one certificate says, in a sentence."""
    if certificate.threshold is None:
        return (
            f"nothing can be approved: {certificate.independent:,} independent values do not support the claim, which "
            f"takes {certificate.needed:,} without an error at least"
        )
    return (
        f"{certificate.share:.0%} can be approved without a look, from a confidence of {certificate.threshold:g} on: "
        f"{certificate.wrong} of {certificate.approved:,} were wrong, at most {certificate.bound:.2%} of all are"
    )


# --- sections ----------------------------------------------------------------------------------------


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}"


def _what_it_is(version: Version) -> str:
    facts = {
        "stored": f"{version.added:%Y-%m-%d %H:%M} UTC, from `{version.source}`",
        "trained from": f"`{version.base}`" if version.base else "not known",
        "parent": f"`{version.parent}`" if version.parent else "",
        "standing": f"forced: {version.forced}" if version.forced is not None else version.standing,
        "sha256": f"`{version.sha256}`",
    }
    lead = "A model that reads invoices and receipts into JSON, for FinScribe."
    return lead + "\n\n" + markdown_table(("", ""), [pair for pair in facts.items() if pair[1]])


def _data(version: Version, run: Mapping[str, Any]) -> str:
    parts = [(part, get(run, "data", part)) for part in ("train", "val")]
    rows = [
        (part, f"{get(data, 'examples') or 0:,}", f"`{get(data, 'path')}`", f"`{get(data, 'sha256')}`")
        for part, data in parts
        if data
    ]
    if not rows:
        return "What it was trained on is not known: its folder has no `run.json`."
    table = markdown_table(("part", "examples", "file", "sha256"), rows)
    return f"{table}\n\nDataset version: `{version.dataset}`." if version.dataset else table


def _scores(trial: Trial | None) -> str:
    if trial is None:
        return "It was not evaluated on a gate set."
    lead = (
        f"F1 on {trial.documents:,} documents of {len(trial.families):,} vendors (`{trial.test_set}`), folded match, "
        f"against `{trial.baseline.name}`. Intervals are at 95%, with vendors resampled."
    )
    before, after = trial.baseline, trial.candidate
    rows = [
        (
            "all values",
            f"{before.micro_f1:.3f}{_range(before.interval)}",
            f"{after.micro_f1:.3f}{_range(after.interval)}",
            _gain(trial.gain, trial.interval),
        ),
        *map(_field_row, trial.fields),
    ]
    return f"{lead}\n\n{markdown_table(('field', 'baseline', 'this version', 'gain in points'), rows)}"


def _field_row(found: FieldDifference) -> Sequence[str]:
    gain = _gain(found.difference, found.interval)
    return f"`{found.field}`", f"{found.baseline:.3f}", f"{found.candidate:.3f}", gain


def _gain(gain: float, interval: Interval | None) -> str:
    within = f" ({100 * interval[0]:+.1f} to {100 * interval[1]:+.1f})" if interval else ""
    return f"{100 * gain:+.1f}{within}"


def _range(interval: Interval | None) -> str:
    return f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else ""


def _gate(version: Version) -> str:
    if version.verdict is None:
        return "It never stood before the gate."
    rows = [(each.name, "yes" if each.passed else "no", each.figure) for each in version.verdict.conditions]
    table = markdown_table(("condition", "holds", "figure"), rows)
    return table if version.forced is None else f"{table}\n\nPromoted all the same: {version.forced}"


def _approval(automation: Automation | None) -> str:
    if automation is None or not automation.certificates:
        return "Nothing is certified: there are no validation predictions."
    unit = (
        "for vendors never seen (one value of each vendor was drawn)"
        if automation.unit == "vendor"
        else "for more documents of the same vendors"
    )
    lead = (
        f"For each field alone, with {automation.certainty:.0%} certainty at most {automation.rate:.1%} of the "
        f"approved values are wrong, {unit}; from `{automation.source}`. {automation.audit_share:.0%} of the approved "
        "documents should be looked at all the same. A value that the model did not give is never approved."
    )
    if automation.left_out:
        lead += f" {counted(automation.left_out, 'vendor')} that it was trained on count nowhere."
    rows = [(f"`{each.field}`", certified(each)) for each in automation.certificates]
    return f"{lead}\n\n{markdown_table(('field', ''), rows)}"


def _reproduction(run: Mapping[str, Any]) -> str:
    recipe = get(run, "recipe")
    if not recipe:
        return "Its folder does not say how it was made."
    asked = _as_asked(recipe, get(run, "plan"))
    made = {
        "documents a step": get(run, "plan", "documents_per_step"),
        "batch that memory lasted for": recipe["batch_size"] if asked != recipe else None,
        "commit": get(run, "git_commit"),
        "engine": get(run, "engine"),
        "base sha256": get(run, "base", "sha256"),
        "packages": ", ".join(f"{name} {found}" for name, found in (get(run, "packages") or {}).items()),
        "machine": get(run, "hardware", "platform"),
        "GPUs": ", ".join(get(run, "hardware", "gpus") or ()),
    }
    rows = [(name, str(said)) for name, said in made.items() if said]
    return f"```bash\n{training_command(asked)}\n```\n\n{markdown_table(('', ''), rows)}"


def _as_asked(recipe: Mapping[str, Any], plan: Any) -> Mapping[str, Any]:
    """The recipe that a run began with, by its plan: where memory did not last it was given smaller batches."""
    asked = get(plan, "grouped_by")
    if not asked or "batch_size" not in recipe:
        return recipe
    steps = recipe["batch_size"] * recipe["gradient_accumulation_steps"] // asked
    return {**recipe, "batch_size": asked, "gradient_accumulation_steps": steps}


def training_command(recipe: Mapping[str, Any]) -> str:
    """The command line of a recipe as `run.json` has it, without what is the default anyway."""
    from finscribe.training.finetuning.recipe import Recipe

    usual = Recipe().to_record()
    flags = [
        flag for name, value in recipe.items() if value != usual.get(name) for flag in _flag(name, value)
    ]
    return shlex.join(["finscribe", "train", *flags])


def _flag(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield f"--{name}" if value else f"--no-{name}"
    elif value is not None:
        yield from (f"--{name}", str(value))
