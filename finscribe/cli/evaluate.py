"""The command `evaluate`: lets models read test records and shows which one reads better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finscribe.cli.messages import print_note
from finscribe.cli.progress import bars
from finscribe.cli.starter_name import STARTER
from finscribe.settings import Settings

if TYPE_CHECKING:
    from finscribe.evaluation.plan import Plan


Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline_model",
        "--baseline-model",
        metavar="NAME_OR_DIR",
        help="What others are compared with; by default the model that the fine-tuned one was made of.",
    ),
]
FineTuned = Annotated[
    str | None,
    typer.Option(
        "--fine_tuned_model",
        "--fine-tuned-model",
        metavar="NAME_OR_DIR",
        help="The model to be judged; by default UNSLOTH_MODEL_DIR.",
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--models",
        metavar="MODEL...",
        help="More models, or the baselines majority, regex, few-shot and few-shot:MODEL. "
        "Without the two options above, the first one is the baseline.",
    ),
]
MoreModels = Annotated[
    list[str] | None,
    typer.Argument(metavar="[MODEL]...", help="Those behind the first of --models.", show_default=False),
]
TestData = Annotated[
    str | None,
    typer.Option(
        "--test_data",
        "--test-data",
        metavar="FILE",
        help="Records to read: anything that prepare reads; unsloth_val.jsonl in the data folder.",
    ),
]
TrainData = Annotated[
    str | None,
    typer.Option(
        "--train_data",
        "--train-data",
        metavar="FILE",
        help="Records that the models learned from, beside those that run.json names.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", help="The JSON; the page lies beside it. evaluation/unsloth_evaluation.json."),
]
Limit = Annotated[int | None, typer.Option("--limit", help="Draw so many documents.")]
Grounded = Annotated[str, typer.Option("--grounding", help="grounded, schema or off.")]
Seed = Annotated[int, typer.Option(help="Of what is drawn: documents, examples, bootstrap samples.")]
BatchSize = Annotated[int, typer.Option("--batch_size", "--batch-size", help="Documents read at once.")]
Threshold = Annotated[
    float, typer.Option("--threshold", help="Confidence from which values count as approved.")
]
NoFewShot = Annotated[
    bool, typer.Option("--no_few_shot", "--no-few-shot", help="Leave few-shot prompts of the baseline out.")
]
NoArithmetic = Annotated[
    bool,
    typer.Option(
        "--no_arithmetic",
        "--no-arithmetic",
        help="Take numbers, lines and parties as the models wrote them, whatever contradicts them.",
    ),
]
AllowLeak = Annotated[
    bool, typer.Option("--allow_leak", "--allow-leak", help="Evaluate on documents that were trained on.")
]


def evaluate(
    more_models: MoreModels = None,
    baseline_model: Baseline = None,
    fine_tuned_model: FineTuned = None,
    models: Models = None,
    test_data: TestData = None,
    train_data: TrainData = None,
    output: Output = None,
    limit: Limit = None,
    grounding: Grounded = "grounded",
    seed: Seed = 0,
    batch_size: BatchSize = 8,
    threshold: Threshold = 0.9,
    no_few_shot: NoFewShot = False,
    no_arithmetic: NoArithmetic = False,
    allow_leak: AllowLeak = False,
) -> None:
    """Compare models on test records: scores with intervals, speed, and what each one gets wrong."""
    from finscribe.evaluation.plan import OUTPUT, TEST_NAME, Plan

    settings = Settings.from_environment()
    names = choose_models(baseline_model, fine_tuned_model, [*(models or ()), *(more_models or ())])
    run(
        Plan(
            models=names,
            test_data=test_data or str(settings.data_dir / TEST_NAME),
            output=output or OUTPUT,
            train_data=train_data,
            limit=limit,
            grounding=grounding,
            seed=seed,
            batch_size=batch_size,
            threshold=threshold,
            few_shot=not no_few_shot,
            arithmetic=settings.arithmetic and not no_arithmetic,
            allow_leak=allow_leak,
            aliases=_aliases(names),
        )
    )


def choose_models(baseline: str | None, fine_tuned: str | None, others: list[str]) -> tuple[str, ...]:
    """The models of a command line, the baseline first; what is not named comes from the settings."""
    if others and not (baseline or fine_tuned):
        return tuple(others)
    from finscribe.evaluation.origins import TrainedOn

    settings = Settings.from_environment()
    fine_tuned = fine_tuned or str(settings.model_dir)
    if baseline is None:
        origin = TrainedOn.read(fine_tuned)
        baseline = origin.base if origin and origin.base else settings.model_name
    return baseline, fine_tuned, *others


def _aliases(names: tuple[str, ...]) -> dict[str, str]:
    if not any(name.rpartition(":")[2] == STARTER for name in names):
        return {}
    from finscribe import starter

    return {STARTER: str(starter.path())}


def run(plan: Plan) -> None:
    """Evaluate, show the progress, print notes and tables."""
    from finscribe.cli.evaluate_table import print_evaluation
    from finscribe.evaluation.run import evaluate as evaluate_plan
    from finscribe.registry.store import Registry

    with bars() as show:
        evaluation = evaluate_plan(plan, show, Registry.of(Settings.from_environment()).run_with_hash)
    for note in evaluation.notes:
        print_note(note)
    print_evaluation(evaluation)
