"""Where a run leaves its checkpoints, and what it never destroys."""

import errno
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from finscribe.errors import TrainingError
from finscribe.training.finetuning import work_folder as folders
from finscribe.training.finetuning.recipe import Recipe, RunOptions
from finscribe.training.finetuning.saving import publish
from finscribe.training.finetuning.work_folder import last_checkpoint, only_one, work_folder
from tests.training.finetuning.conftest import write_smallest_record

FILES = ("model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json")


def write_checkpoint(work: Path, step: int, files: tuple[str, ...] = FILES, state: str = "{}") -> Path:
    folder = work / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    for name in files:
        if name.endswith((".pt", ".pth")):  # as PyTorch writes them
            with zipfile.ZipFile(folder / name, "w") as file:
                file.writestr("data", "x" * 100)
        else:
            (folder / name).write_text(state if name == "trainer_state.json" else "x")
    return folder


@pytest.fixture
def unfinished(tiny_recipe: Recipe) -> Path:
    work = work_folder(tiny_recipe, RunOptions())
    write_checkpoint(work, 3)
    return work


def test_a_checkpoint_that_is_not_whole_is_never_taken(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    write_checkpoint(tmp_path, 2)
    whole = write_checkpoint(tmp_path, 10)
    write_checkpoint(tmp_path, 12, state='{"torn')
    for step, missing in enumerate(FILES, start=14):
        write_checkpoint(tmp_path, step, tuple(name for name in FILES if name != missing))
    for step, torn in enumerate(("optimizer.pt", "scheduler.pt", "rng_state.pth"), start=20):
        file = write_checkpoint(tmp_path, step) / torn
        file.write_bytes(file.read_bytes()[:-30])
    assert last_checkpoint(tmp_path) == whole


def test_a_checkpoint_of_several_processes_is_whole_when_each_has_written_its_part(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    work = work_folder(tiny_recipe, RunOptions())
    of_first = tuple(name.replace("rng_state", "rng_state_0") for name in FILES)
    whole = write_checkpoint(work, 3, (*of_first, "rng_state_1.pth"))
    write_checkpoint(work, 5, of_first)
    assert last_checkpoint(work) == whole


def test_an_unfinished_run_is_gone_on_with_or_replaced_but_not_by_accident(
    tiny_recipe: Recipe, unfinished: Path
) -> None:
    with pytest.raises(TrainingError, match="unfinished run") as caught:
        work_folder(tiny_recipe, RunOptions())
    assert "--resume" in caught.value.hint
    assert "--overwrite" in caught.value.hint
    assert work_folder(tiny_recipe, RunOptions(resume=True)) == unfinished
    assert last_checkpoint(work_folder(tiny_recipe, RunOptions(overwrite=True))) is None


def test_a_finished_run_is_not_replaced_by_accident(tiny_recipe: Recipe) -> None:
    tiny_recipe.output_dir.mkdir(parents=True)
    (tiny_recipe.output_dir / "config.json").write_text("{}")
    with pytest.raises(TrainingError, match="already holds a model") as caught:
        work_folder(tiny_recipe, RunOptions())
    assert "--overwrite" in caught.value.hint
    with pytest.raises(TrainingError, match="no unfinished run"):
        work_folder(tiny_recipe, RunOptions(resume=True))
    assert work_folder(tiny_recipe, RunOptions(overwrite=True)).is_dir()
    assert tiny_recipe.output_dir.is_dir()  # until the new model is finished


@pytest.mark.parametrize("options", [RunOptions(), RunOptions(overwrite=True), RunOptions(resume=True)])
def test_a_folder_of_anything_but_a_model_is_never_replaced(
    tiny_recipe: Recipe, tmp_path: Path, options: RunOptions
) -> None:
    precious = tiny_recipe.output_dir / "notes.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    with pytest.raises(TrainingError, match=r"holds notes\.txt and no model") as caught:
        work_folder(tiny_recipe, options)
    assert "--output_dir" in caught.value.hint
    (tmp_path / "new").mkdir()
    with pytest.raises(TrainingError, match="no model"):
        publish(tmp_path / "new", tiny_recipe.output_dir)
    assert precious.read_text() == "mine"


def test_an_empty_folder_is_free(tiny_recipe: Recipe) -> None:
    tiny_recipe.output_dir.mkdir(parents=True)
    assert work_folder(tiny_recipe, RunOptions()).is_dir()


def test_a_run_goes_on_or_starts_anew_and_not_both(tiny_recipe: Recipe, unfinished: Path) -> None:
    with pytest.raises(TrainingError, match="one of them"):
        work_folder(tiny_recipe, RunOptions(resume=True, overwrite=True))
    assert last_checkpoint(unfinished)


def test_what_was_left_open_is_not_said_as_python_says_it(tiny_recipe: Recipe) -> None:
    write_checkpoint(work_folder(replace(tiny_recipe, replay=None), RunOptions()), 3)
    with pytest.raises(TrainingError, match=r"started with replay left open, not 0\.5"):
        work_folder(replace(tiny_recipe, replay=0.5), RunOptions(resume=True))


def test_a_run_goes_on_only_with_the_documents_that_it_was_judged_by(
    tiny_recipe: Recipe, tmp_path: Path
) -> None:
    recipe = replace(tiny_recipe, val_data=write_smallest_record(tmp_path / "val.jsonl"))
    write_checkpoint(work_folder(recipe, RunOptions()), 3)
    moved = replace(recipe, val_data=(tmp_path / "val.jsonl").rename(tmp_path / "moved.jsonl"))
    assert work_folder(moved, RunOptions(resume=True))
    with pytest.raises(TrainingError, match="started with eval_documents 64, not 8"):
        work_folder(replace(moved, eval_documents=8), RunOptions(resume=True))
    (tmp_path / "moved.jsonl").write_text("{}")
    with pytest.raises(TrainingError, match="started with content of the validation data '"):
        work_folder(moved, RunOptions(resume=True))


def test_a_run_that_was_killed_before_its_first_checkpoint_starts_again(
    tiny_recipe: Recipe, caplog: pytest.LogCaptureFixture
) -> None:
    work = work_folder(tiny_recipe, RunOptions())
    (work / "metrics.jsonl").write_text("{}")
    assert list(work_folder(tiny_recipe, RunOptions(resume=True)).iterdir()) == [work / "started.json"]
    assert "starting from the beginning" in caplog.text


def test_a_run_of_a_version_that_noted_less_goes_on(tiny_recipe: Recipe, unfinished: Path) -> None:
    noted = json.loads((unfinished / "started.json").read_text())
    del noted["content of the validation data"]
    (unfinished / "started.json").write_text(json.dumps(noted))
    assert work_folder(tiny_recipe, RunOptions(resume=True)) == unfinished


def test_what_a_run_was_started_with_stands_in_its_folder(tiny_recipe: Recipe, unfinished: Path) -> None:
    assert folders.first_batch_size(unfinished) == 2
    assert json.loads((unfinished / "started.json").read_text())["learning_rate"] == 1e-3
    (unfinished / "started.json").unlink()
    with pytest.raises(TrainingError, match="does not say what it was started with"):
        work_folder(tiny_recipe, RunOptions(resume=True))


def test_a_model_that_a_link_points_to_is_never_written_over(tiny_recipe: Recipe, tmp_path: Path) -> None:
    tiny_recipe.output_dir.parent.mkdir(parents=True)
    tiny_recipe.output_dir.symlink_to(tmp_path)
    with pytest.raises(TrainingError, match="is a link") as caught:
        work_folder(tiny_recipe, RunOptions(overwrite=True))
    assert "--output_dir" in caught.value.hint


def test_a_full_disk_is_noticed_before_the_run(tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(TrainingError, match="GB free"):
        work_folder(tiny_recipe, RunOptions())


def test_an_output_is_of_one_run_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path / "models" / "mine"):
        with (
            pytest.raises(TrainingError, match="another run is training into") as caught,
            only_one(tmp_path / "models" / "mine"),
        ):
            pass
        with only_one(tmp_path / "models" / "other"):
            pass
    assert "--output_dir" in caught.value.hint
    with only_one(tmp_path / "models" / "mine"):
        pass
    assert not list((tmp_path / "models").iterdir())


def test_an_output_that_cannot_be_locked_is_named(tmp_path: Path) -> None:
    (tmp_path / ".mine.training.lock").mkdir()
    with pytest.raises(TrainingError, match="cannot be written to") as caught, only_one(tmp_path / "mine"):
        pass
    assert "--output_dir" in caught.value.hint


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_an_output_without_a_name_is_refused(tiny_recipe: Recipe, name: str) -> None:
    with pytest.raises(TrainingError, match="is no folder that a run could make") as caught:
        work_folder(replace(tiny_recipe, output_dir=Path(name)), RunOptions(overwrite=True))
    assert "--output_dir" in caught.value.hint


def test_where_files_cannot_be_locked_nothing_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with only_one(tmp_path / "mine"), only_one(tmp_path / "mine"):
        pass


@pytest.mark.parametrize("inside", ["", "x", "x/y"])
def test_a_file_where_a_folder_has_to_be_is_named(tiny_recipe: Recipe, tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrainingError, match=f"{tmp_path}/file is a file") as caught:
        work_folder(replace(tiny_recipe, output_dir=tmp_path / "file" / inside), RunOptions(overwrite=True))
    assert "--output_dir" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_named(tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(TrainingError, match="cannot be made: Permission denied") as caught:
        work_folder(tiny_recipe, RunOptions())
    assert "--output_dir" in caught.value.hint
