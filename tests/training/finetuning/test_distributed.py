"""Two processes that train one model, as torchrun and `accelerate launch` start them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch
from safetensors.torch import load_file

from finscribe.errors import TrainingError
from finscribe.starter import path as starter_path
from finscribe.training.finetuning import fitting, processes, watching
from finscribe.training.finetuning.progress import Laps, folder_beside, read_metrics
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.run import finetune
from finscribe.training.finetuning.stages import Run
from finscribe.training.finetuning.work_folder import last_checkpoint, work_folder
from tests.training.finetuning.conftest import write_records

SCRIPT = "unsloth/train_unsloth_fast.py"
LAUNCHERS = {
    "torchrun": ["torch.distributed.run", "--standalone", "--nproc_per_node", "2"],
    "accelerate": [
        "accelerate.commands.launch",
        "--multi_gpu",
        "--num_processes",
        "2",
        "--main_process_port",
        "0",
    ],
}


@pytest.fixture
def recipe(tiny_recipe: Recipe) -> Recipe:
    return replace(tiny_recipe, evaluations=1, save_method="lora")


def command(launcher: str, recipe: Recipe) -> list[str]:
    """The script with the recipe as flags, in two processes."""
    flags = []
    for name, value in recipe.to_record().items():
        if isinstance(value, bool):
            flags.append(f"--{name}" if value else f"--no-{name}")
        elif value is not None:
            flags += [f"--{name}", str(value)]
    return [sys.executable, "-m", *LAUNCHERS[launcher], SCRIPT, *flags]


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "TORCH_ELASTIC_SHUTDOWN_TIMEOUT": "300",  # seconds: this machine may be a slow one
    }


def launch(launcher: str, recipe: Recipe, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command(launcher, recipe), *more], capture_output=True, text=True, env=environment()
    )


def stop(launcher: str, recipe: Recipe, end: Callable[[int], None]) -> str:
    """What a run says that is ended after a step; `end` gets the id of the launcher's process."""
    with subprocess.Popen(
        command(launcher, recipe), stderr=subprocess.PIPE, text=True, env=environment()
    ) as run:
        said = []
        for line in run.stderr or ():
            said.append(line)
            if line.startswith("step") and not line.startswith("step 0/"):
                end(run.pid)
                break
        said += run.stderr or ()
    assert run.returncode != 0
    return "".join(said)


def interrupt(launcher: int) -> None:
    """Ctrl-C in a terminal, where processes that torchrun started are in sessions of their own."""
    os.kill(launcher, signal.SIGINT)


def end_job(launcher: int) -> None:
    """SIGTERM to all processes, as systemd and Slurm send it; the launcher passes on its own."""
    workers = psutil.Process(launcher).children()
    for process in (*workers, psutil.Process(launcher)):
        process.terminate()


def stopped_checkpoint(said: str, recipe: Recipe) -> Path:
    """The checkpoint of the step at which a run says that it stopped, in which each process has its part."""
    (step,) = re.findall(r"stopped at step (\d+) of \d+; its checkpoint is kept", said)
    checkpoint = folder_beside(recipe.output_dir) / f"checkpoint-{step}"
    assert last_checkpoint(checkpoint.parent) == checkpoint
    assert {path.name for path in checkpoint.glob("rng_state*")} == {"rng_state_0.pth", "rng_state_1.pth"}
    return checkpoint


def with_looks(recipe: Recipe, folder: Path) -> Recipe:
    """The same with the starter, which reads a validation document without going astray."""
    val = write_records(folder / "val.jsonl", 7_100_000_000, 1)
    return replace(recipe, model_name=str(starter_path()), val_data=val)


def learned(folder: Path) -> tuple[list[float], list[float], torch.Tensor]:
    """The losses, the field F1 of the looks, and the half of the adapter that is zero before the first step."""
    lines = read_metrics(folder / "metrics.jsonl")
    losses = [line["loss"] for line in lines if "loss" in line]
    looks = [line["field_f1"] for line in lines if "field_f1" in line]
    adapter = load_file(folder / "adapter_model.safetensors")
    return losses, looks, torch.cat([adapter[name].flatten() for name in sorted(adapter) if "lora_B" in name])


@pytest.mark.e2e
@pytest.mark.timeout(600)
def test_two_processes_learn_what_one_learns_with_twice_the_batch(recipe: Recipe, tmp_path: Path) -> None:
    recipe = with_looks(recipe, tmp_path)
    alone = replace(recipe, batch_size=4, output_dir=recipe.output_dir.with_name("alone"))
    finetune(alone, RunOptions(), lambda _: None)
    done = launch("torchrun", recipe)
    assert done.returncode == 0, done.stderr[-3000:]
    (losses, looks, adapter), expected = learned(recipe.output_dir), learned(alone.output_dir)
    assert len(losses) == 5
    # Sums in bf16 depend on the shape of the batch.
    assert losses == pytest.approx(expected[0], rel=0.03, abs=1e-3)
    assert len(looks) == 2
    assert float((adapter - expected[2]).norm()) < 0.1 * float(expected[2].norm())
    assert done.stderr.count("learns from") == done.stderr.count("is ready after") == 1
    assert not list(recipe.output_dir.parent.glob(".*"))


@pytest.mark.e2e
def test_accelerate_starts_them_as_well(recipe: Recipe) -> None:
    done = launch("accelerate", recipe)
    assert done.returncode == 0, done.stderr[-3000:]
    losses, _, adapter = learned(recipe.output_dir)
    assert len(losses) == 5
    assert losses[-1] < losses[0]
    assert float(adapter.norm()) > 0
    assert done.stderr.count("is ready after") == 1


@pytest.mark.e2e
def test_what_is_wrong_is_said_once_and_nothing_begins(recipe: Recipe, tmp_path: Path) -> None:
    done = launch("torchrun", replace(recipe, train_data=tmp_path / "missing.jsonl"))
    assert done.returncode != 0
    assert done.stderr.count("missing.jsonl does not exist") == 1
    assert not recipe.output_dir.exists()


@pytest.mark.e2e
@pytest.mark.timeout(900)
def test_processes_that_are_stopped_go_on_to_what_they_would_have_become(
    recipe: Recipe, tmp_path: Path
) -> None:
    recipe = with_looks(replace(recipe, num_epochs=6, evaluations=2), tmp_path)
    checkpoint = stopped_checkpoint(stop("torchrun", recipe, end_job), recipe)
    done = launch("torchrun", recipe, "--resume")
    assert done.returncode == 0, done.stderr[-3000:]
    resumed_at = json.loads((recipe.output_dir / "run.json").read_text("utf-8"))["resumed_at"]
    assert [f"checkpoint-{step}" for step in resumed_at] == [checkpoint.name]
    whole = replace(recipe, output_dir=recipe.output_dir.with_name("whole"))
    assert launch("torchrun", whole).returncode == 0
    (losses, looks, adapter), expected = learned(recipe.output_dir), learned(whole.output_dir)
    assert len(losses) == 15
    assert losses == pytest.approx(expected[0], abs=1e-4)
    assert looks == pytest.approx(expected[1])
    torch.testing.assert_close(adapter, expected[2], atol=1e-4, rtol=1e-3)


@pytest.mark.e2e
@pytest.mark.timeout(600)
def test_ctrl_c_stops_all_processes_at_the_same_step(recipe: Recipe) -> None:
    recipe = replace(recipe, num_epochs=160)
    said = stop("accelerate", recipe, interrupt)
    assert 0 < int(stopped_checkpoint(said, recipe).name.rpartition("-")[2]) < 400
    assert not recipe.output_dir.exists()


# --- one process, that takes itself for one of two --------------------------------------------------------


def test_a_process_alone_is_the_first_and_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    processes.meet()
    assert processes.is_first()
    assert processes.count_processes() == 1
    assert processes.from_first(0.5) == 0.5
    assert [processes.in_any(said) for said in (True, False)] == [True, False]


def test_processes_are_known_by_what_their_launcher_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert processes.count_processes() == 4
    assert not processes.is_first()


def test_a_run_goes_on_with_as_many_processes_as_it_was_started_with(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_folder(recipe, RunOptions())
    checkpoint = work / "checkpoint-1"
    checkpoint.mkdir()
    for name in ("trainer_state.json", "a.safetensors"):
        (checkpoint / name).write_text("{}")
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth"):
        torch.save({}, checkpoint / name)
    assert work_folder(recipe, RunOptions(resume=True)) == work
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(TrainingError, match="processes 1, not 2"):
        work_folder(recipe, RunOptions(resume=True))


def test_a_signal_that_another_process_got_stops_this_one_at_the_same_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "in_any", lambda _: True)
    control = SimpleNamespace(should_save=False, should_training_stop=False)
    watching.StopOnSignal().on_step_end(None, None, control)
    assert control.should_save
    assert control.should_training_stop


def test_where_looks_are_far_apart_checkpoints_are_taken_by_the_clock() -> None:
    control = SimpleNamespace(should_save=False)
    watching.SaveByTime(seconds=3600).on_step_end(None, None, control)
    assert not control.should_save
    by_time = watching.SaveByTime(seconds=0.05)
    time.sleep(0.06)
    assert by_time.on_step_end(None, None, control).should_save
    by_time.on_save(None, None, control)
    control.should_save = False
    assert not by_time.on_step_end(None, None, control).should_save


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_of_several_processes_may_get_a_signal_twice(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    stop_on_signal = watching.StopOnSignal()
    with stop_on_signal.listening():
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        assert stop_on_signal.asked


def test_the_first_process_tells_the_others_how_well_the_model_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(watching, "from_first", lambda _: 0.75)
    other: Any = watching.Watch(tmp_path, pytest.fail, None, lambda: None, None, Laps())  # type: ignore[arg-type]
    metrics: dict[str, float] = {}
    other.on_evaluate(None, SimpleNamespace(is_world_process_zero=False, best_metric=None), None, metrics)
    assert metrics == {"eval_field_f1": 0.75}
    assert not list(tmp_path.iterdir())


def test_out_of_memory_in_one_of_several_processes_ends_the_run_with_what_to_try(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("no more")

    monkeypatch.setattr(fitting, "_train", fail)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(TrainingError, match="one of 2 processes") as caught:
        fitting._train_if_it_fits(recipe, None, None, Run(tmp_path, Laps(), resume=False))  # type: ignore[arg-type]
    assert "--batch_size 1" in caught.value.hint
