"""Training to the end: less memory than hoped for, interruptions, power cuts."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from finscribe.errors import SettingsError, TrainingError, TrainingStopped
from finscribe.extract import Extraction
from finscribe.files import file_hash
from finscribe.invoice import Invoice
from finscribe.metrics import Score, Scores
from finscribe.training.finetuning import fitting, saving
from finscribe.training.finetuning import run as running
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.memory import MODEL_HINT, TRAINED_HINT, OutOfMemory
from finscribe.training.finetuning.progress import Laps, Moment, read_metrics
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.run import finetune
from finscribe.training.finetuning.stages import Run
from finscribe.training.finetuning.validation import Validation
from finscribe.training.finetuning.work_folder import last_checkpoint
from tests.training.finetuning.conftest import write_smallest_record

pytestmark = pytest.mark.e2e


def start(recipe: Recipe, show: Any = lambda _: None, **options: bool) -> Any:
    return finetune(recipe, RunOptions(**options), show)


def work_of(recipe: Recipe) -> Path:
    return recipe.output_dir.with_name(f".{recipe.output_dir.name}.training")


def check_same_result(one: Recipe, other: Recipe) -> None:
    """The same losses and the same adapter."""
    losses = [
        [line["loss"] for line in read_metrics(each.output_dir / "metrics.jsonl")] for each in (one, other)
    ]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)
    weights = [load_file(each.output_dir / "adapter" / "adapter_model.safetensors") for each in (one, other)]
    assert weights[0].keys() == weights[1].keys()
    for name, value in weights[0].items():
        torch.testing.assert_close(value, weights[1][name], atol=1e-4, rtol=1e-3)


KILLED_WHILE_SAVING = """
import os, pickle, signal, sys
from transformers import Trainer
from finscribe.training.finetuning.recipe import RunOptions
from finscribe.training.finetuning.run import finetune

save = Trainer._save_optimizer_and_scheduler

def save_half(self, folder):
    if self.state.global_step == 9:
        os.kill(os.getpid(), signal.SIGKILL)
    save(self, folder)

Trainer._save_optimizer_and_scheduler = save_half
finetune(pickle.load(sys.stdin.buffer), RunOptions(), lambda moment: None)
"""


def test_a_run_killed_while_it_saved_goes_on_from_the_last_whole_checkpoint(
    tiny_recipe: Recipe, tmp_path: Path
) -> None:
    import pickle

    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED_WHILE_SAVING],
        input=pickle.dumps(tiny_recipe),
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    work = work_of(tiny_recipe)
    assert (work / "checkpoint-9").is_dir()
    assert last_checkpoint(work) == work / "checkpoint-6"  # in the middle of the second epoch
    moments: list[Moment] = []
    start(tiny_recipe, moments.append, resume=True)
    assert moments[0].step == 7
    whole = replace(tiny_recipe, output_dir=tmp_path / "models" / "whole")
    start(whole)
    check_same_result(tiny_recipe, whole)


def test_checkpoints_are_bounded_and_gone_after_the_run(tiny_recipe: Recipe) -> None:
    most = 0

    def count(_: Moment) -> None:
        nonlocal most
        most = max(most, len(list(work_of(tiny_recipe).glob("checkpoint-*"))))

    start(replace(tiny_recipe, evaluations=10), count)
    assert most == 2
    assert not work_of(tiny_recipe).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_a_checkpoint_and_ends_with_a_message(
    tiny_recipe: Recipe, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    def interrupt(moment: Moment) -> None:
        if moment.step == 4:
            os.kill(os.getpid(), number)

    with pytest.raises(TrainingStopped, match="stopped at step 5 of 10; its checkpoint is kept") as caught:
        start(tiny_recipe, interrupt)
    assert "--resume" in caught.value.hint
    assert (
        "Stopping after this step or look, with a checkpoint; Ctrl-C again stops at once." in caplog.messages
    )
    assert not list(work_of(tiny_recipe).rglob("README.md"))  # PEFT's and TRL's templates
    assert last_checkpoint(work_of(tiny_recipe)) == work_of(tiny_recipe) / "checkpoint-5"
    assert not tiny_recipe.output_dir.exists()
    assert signal.getsignal(number) is not None


def test_a_second_sigterm_changes_nothing(tiny_recipe: Recipe) -> None:
    def end_all_processes_of_a_job(moment: Moment) -> None:
        if moment.step == 4:
            os.kill(os.getpid(), signal.SIGTERM)  # from whatever ends them
            os.kill(os.getpid(), signal.SIGTERM)  # passed on by the launcher

    with pytest.raises(TrainingError, match="stopped at step 5 of 10; its checkpoint is kept"):
        start(tiny_recipe, end_all_processes_of_a_job)
    assert last_checkpoint(work_of(tiny_recipe)) == work_of(tiny_recipe) / "checkpoint-5"


def test_a_second_interruption_stops_at_once(tiny_recipe: Recipe) -> None:
    def interrupt_twice(moment: Moment) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        start(tiny_recipe, interrupt_twice)


def test_a_run_without_a_checkpoint_yet_starts_again(tiny_recipe: Recipe) -> None:
    class Killed(BaseException):
        pass

    def cut(_: Moment) -> None:
        raise Killed

    with pytest.raises(Killed):
        start(tiny_recipe, cut)
    moments: list[Moment] = []
    start(replace(tiny_recipe, num_epochs=0.5), moments.append, resume=True)
    assert [moment.step for moment in moments] == [1, 2, 3]


def test_a_run_says_which_data_it_learned_from_though_another_file_takes_its_place(
    tiny_recipe: Recipe,
) -> None:
    learned = file_hash(tiny_recipe.train_data)

    def prepare_anew(_: Moment) -> None:
        tiny_recipe.train_data.write_text("{}")

    start(replace(tiny_recipe, num_epochs=0.2), prepare_anew)
    run = json.loads((tiny_recipe.output_dir / "run.json").read_text())
    assert run["data"]["train"]["sha256"] == learned


def test_a_run_goes_on_as_what_it_was_started_as(tiny_recipe: Recipe) -> None:
    def interrupt(moment: Moment) -> None:
        if moment.step == 1:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(TrainingError, match="stopped"):
        start(tiny_recipe, interrupt)
    with pytest.raises(TrainingError, match=r"learning_rate 0\.001, not 0\.5") as caught:
        start(replace(tiny_recipe, learning_rate=0.5), resume=True)
    assert "--overwrite" in caught.value.hint
    with pytest.raises(TrainingError, match="documents a step 2, not 8"):
        start(replace(tiny_recipe, batch_size=8), resume=True)
    tiny_recipe.train_data.write_text(tiny_recipe.train_data.read_text() * 2)
    with pytest.raises(TrainingError, match="content of the training data"):
        start(tiny_recipe, resume=True)


def test_out_of_memory_halves_the_batch_and_keeps_its_effect_and_its_order(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    build, planned = fitting.build_trainer, []

    def build_that_fails_once(*arguments: Any) -> Any:
        trainer = build(*arguments)
        planned.append(arguments[-1])
        if len(planned) == 1:
            failure = torch.OutOfMemoryError("no more")
            monkeypatch.setattr(trainer, "train", lambda **_: (_ for _ in ()).throw(failure))
        return trainer

    monkeypatch.setattr(fitting, "build_trainer", build_that_fails_once)
    start(replace(tiny_recipe, num_epochs=1))
    assert "--batch_size 1 --gradient_accumulation_steps 2" in caplog.text
    assert planned[0].order == planned[1].order
    run = json.loads((tiny_recipe.output_dir / "run.json").read_text())
    assert (run["recipe"]["batch_size"], run["plan"]["grouped_by"]) == (1, 2)


@pytest.mark.parametrize(("batch", "steps", "smaller"), [(4, 8, (2, 16)), (3, 8, (1, 24)), (5, 4, (2, 10))])
def test_halving_keeps_the_documents_of_a_step(batch: int, steps: int, smaller: tuple[int, int]) -> None:
    recipe = fitting.halved(Recipe(batch_size=batch, gradient_accumulation_steps=steps))
    assert (recipe.batch_size, recipe.gradient_accumulation_steps) == smaller


def test_out_of_memory_with_one_document_says_which_flags_to_try(tiny_recipe: Recipe) -> None:
    with pytest.raises(TrainingError, match="one document") as caught:
        fitting.halved(replace(tiny_recipe, batch_size=1))
    assert "--batch_size 1 --gradient_accumulation_steps 8" in caught.value.hint


def test_no_room_for_a_checkpoint_is_an_error_that_says_so(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import Trainer

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Trainer, "_save_optimizer_and_scheduler", fail)
    with pytest.raises(TrainingError, match="no room left") as caught:
        start(tiny_recipe)
    assert "--resume" in caught.value.hint


def test_room_for_checkpoints_and_the_model_is_asked_for_before_the_first_step(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "bytes_to_write", lambda *_: 10**18)
    with pytest.raises(TrainingError, match="the run needs about"):
        start(tiny_recipe)


def test_reading_that_does_not_fit_leaves_the_training_batch_alone(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        try:
            raise torch.OutOfMemoryError("no more")
        except torch.OutOfMemoryError as error:
            raise TrainingError("out of memory while reading one document at a time") from error

    monkeypatch.setattr(fitting, "_train", fail)
    with pytest.raises(TrainingError, match="while reading"):
        fitting._train_if_it_fits(
            tiny_recipe,
            None,  # type: ignore[arg-type]
            None,
            Run(tiny_recipe.output_dir, Laps(), resume=False),
        )


# --- looks at validation documents ----------------------------------------------------------------------


def find(monkeypatch: pytest.MonkeyPatch, *tenths: int) -> list[int]:
    """Lets documents be read with these field F1s, in tenths, one after the other; what is left of them."""
    left = list(tenths)

    def read(*_: Any) -> Validation:
        extraction = Extraction(Invoice(), {}, (), "m", "grounded", {}, 1)
        return Validation([extraction], Scores({"invoice_number": Score(left.pop(0), 10, 10)}, {}))

    monkeypatch.setattr(fitting, "validate_model", read)
    monkeypatch.setattr(saving, "compare_with_saved", lambda *_: saving.SavedAsTrained(0, ()))
    return left


@pytest.fixture
def with_looks(tiny_recipe: Recipe, tmp_path: Path) -> Recipe:
    """A run that looks at a validation document at steps 3, 6, 9 and 10."""
    return replace(tiny_recipe, val_data=write_smallest_record(tmp_path / "val.jsonl"))


@pytest.fixture
def looked_at(with_looks: Recipe, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """A run whose looks find these field F1s: before it, at steps 3, 6, 9 and 10, and after it."""
    find(monkeypatch, *[1, 2, 9, 3, 4, 9] * 2)
    return with_looks


def test_the_model_with_the_best_field_f1_is_what_is_saved(looked_at: Recipe) -> None:
    best: dict[str, torch.Tensor] = {}

    def keep(moment: Moment) -> None:
        if moment.step == 9 and moment.field_f1 is not None:
            best.update(load_file(work_of(looked_at) / "checkpoint-6" / "adapter_model.safetensors"))

    finished = start(looked_at, keep)
    saved = load_file(looked_at.output_dir / "adapter" / "adapter_model.safetensors")
    assert all(torch.equal(value, saved[name]) for name, value in best.items())
    assert str(finished.chosen) == "step 6 of 10, where field F1 was best"
    run = json.loads((looked_at.output_dir / "run.json").read_text())
    assert (run["saved"]["step"], run["saved"]["field_f1"], run["final"]["step"]) == (6, 0.9, 10)
    page = (looked_at.output_dir / "training.html").read_text()
    assert "The weights saved are those of step 6 of 10, where field F1 was best;" in page
    looks = [
        line["field_f1"]
        for line in read_metrics(looked_at.output_dir / "metrics.jsonl")
        if "field_f1" in line
    ]
    assert looks == pytest.approx([0.1, 0.2, 0.9, 0.3, 0.4])


def losses_of_looks(monkeypatch: pytest.MonkeyPatch, *losses: float) -> None:
    """Lets the validation set have these losses, look by look."""
    from transformers import Trainer

    left, evaluate = list(losses), Trainer.evaluation_loop

    def evaluate_as_told(*arguments: Any, **options: Any) -> Any:
        found = evaluate(*arguments, **options)
        found.metrics["eval_loss"] = left.pop(0)
        return found

    monkeypatch.setattr(Trainer, "evaluation_loop", evaluate_as_told)


@pytest.mark.parametrize(
    ("losses", "best"),
    [((2.0, 1.0, 1.5, 3.0), 6), ((2.0, 1.0, 1.0, 3.0), 9), ((2.0, 1.0, 0.5, 0.5), 10)],
    ids=["the lower loss", "the later look", "the last one"],
)
def test_of_looks_with_the_same_field_f1_that_with_the_lower_loss_is_saved_and_of_those_the_last(
    with_looks: Recipe, losses: tuple[float, ...], best: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(monkeypatch, 1, 9, 9, 9, 9, 9)
    losses_of_looks(monkeypatch, *losses)
    assert start(with_looks).chosen.step == best
    run = json.loads((with_looks.output_dir / "run.json").read_text())
    assert run["saved"]["step"] == best
    assert run["saved"]["val_loss"] == losses[[3, 6, 9, 10].index(best)]


def test_without_looks_the_last_weights_are_saved_and_said_to_be(tiny_recipe: Recipe) -> None:
    finished = start(replace(tiny_recipe, num_epochs=0.2))
    assert str(finished.chosen) == "step 1, the last one"
    assert "weights saved are those" not in (tiny_recipe.output_dir / "training.html").read_text()


def test_a_run_that_goes_on_has_taken_the_time_of_all_its_processes_and_reads_once_before(
    with_looks: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = find(monkeypatch, 1, 2, 3, 4, 5, 6)

    def interrupt(moment: Moment) -> None:
        if moment.step == 4:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(TrainingStopped):
        start(with_looks, interrupt)
    noted = work_of(with_looks) / "seconds.json"
    first = json.loads(noted.read_text())
    assert first.keys() == {"preparing", "reading before", "training"}
    noted.write_text(json.dumps({name: seconds + 1000 for name, seconds in first.items()}))
    finished = start(with_looks, resume=True)
    assert not left  # read before, at four looks, and after
    run = json.loads((with_looks.output_dir / "run.json").read_text())
    assert (run["before"]["field_f1"], run["before"]["documents"]) == (0.1, 1)
    assert (finished.before.field_f1, finished.after.field_f1) == (0.1, 0.6)
    longer = {name for name, seconds in run["durations"].items() if seconds > 1000}
    assert longer == first.keys()
    assert run["durations"].keys() - longer == {"reading after", "saving", "comparing"}
    assert run["seconds"] == pytest.approx(sum(run["durations"].values()), abs=1)
    assert finished.seconds == pytest.approx(run["seconds"], abs=1)


def test_the_time_left_counts_what_is_still_to_be_read(
    with_looks: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(monkeypatch, 1, 2, 3, 4, 5, 6)
    read = fitting.validated

    def read_slowly(*arguments: Any) -> Any:
        time.sleep(0.5)
        return read(*arguments)

    monkeypatch.setattr(fitting, "validated", read_slowly)
    moments: list[Moment] = []
    start(with_looks, moments.append)
    left = {(moment.step, moment.field_f1 is not None): moment.reading_left for moment in moments}
    assert all(seconds is not None for seconds in left.values())
    assert left[10, True] >= 1  # read after, and compared
    assert left[9, True] >= 1.5
    assert left[1, False] >= 3
    last = moments[-1]
    assert last.looks_seconds >= 2
    assert last.seconds_left == pytest.approx(last.reading_left)


def test_what_memory_did_not_last_for_after_training_is_done_by_the_same_command_with_resume(
    looked_at: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = fitting.validate_model

    def fail(model: Any, documents: Any) -> Any:
        if (work_of(looked_at) / "checkpoint-10").exists():
            raise OutOfMemory("out of memory while reading one document at a time", hint=MODEL_HINT)
        return read(model, documents)

    with monkeypatch.context() as patch:
        patch.setattr(fitting, "validate_model", fail)
        with pytest.raises(TrainingError, match="while reading") as caught:
            start(looked_at)
    assert caught.value.hint == TRAINED_HINT
    best = load_file(work_of(looked_at) / "checkpoint-6" / "adapter_model.safetensors")
    moments: list[Moment] = []
    start(looked_at, moments.append, resume=True)
    assert not moments  # nothing was learned again
    saved = load_file(looked_at.output_dir / "adapter" / "adapter_model.safetensors")
    assert all(torch.equal(value, saved[name]) for name, value in best.items())


def test_a_signal_during_a_look_stops_the_run_after_it(looked_at: Recipe) -> None:
    def interrupt(moment: Moment) -> None:
        if moment.step == 3 and moment.field_f1 is not None:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(TrainingError, match="stopped at step 3 of 10; its checkpoint is kept"):
        start(looked_at, interrupt)
    assert last_checkpoint(work_of(looked_at)) == work_of(looked_at) / "checkpoint-3"


def test_a_look_gives_back_the_memory_of_the_steps_before_it_and_its_own(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(fitting, "release_memory", lambda: told.append("released"))
    monkeypatch.setattr(fitting, "as_served", lambda *_: nullcontext())
    monkeypatch.setattr(fitting, "validate_model", lambda *_: told.append("read"))
    prepared = SimpleNamespace(base=SimpleNamespace(model=None, tokenizer=None, engine=""))
    fitting.validated(prepared, tiny_recipe, [Labelled("", None, "")])  # type: ignore[arg-type]
    assert told == ["released", "read", "released"]


def test_a_run_stops_where_looks_find_nothing_better(looked_at: Recipe) -> None:
    moments: list[Moment] = []
    start(replace(looked_at, early_stopping_patience=1), moments.append)
    assert moments[-1].step == 9


def test_a_run_that_ended_so_goes_on_with_what_came_after_it(
    with_looks: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space")

    find(monkeypatch, 1, 9, 3, 9, 9)  # before, two looks, and twice after
    recipe = replace(with_looks, num_epochs=6, early_stopping_patience=1)
    with monkeypatch.context() as broken:
        broken.setattr(running, "_save", full)
        with pytest.raises(OSError, match="no space"):
            start(recipe)
    ended = int(str(last_checkpoint(work_of(recipe))).rpartition("-")[2])
    moments: list[Moment] = []
    assert start(recipe, moments.append, resume=True).chosen.step == ended / 2
    assert [moment.step for moment in moments] == [ended + 1]


def test_an_adapter_of_rank_0_is_refused() -> None:
    with pytest.raises(SettingsError, match="lora_r is 0"):
        Recipe(lora_r=0)
