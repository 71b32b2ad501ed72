"""Where a run is, and the figures that it leaves behind."""

import json
from pathlib import Path

import pytest

from finscribe.training.finetuning import progress
from finscribe.training.finetuning.progress import (
    Laps,
    Moment,
    forget_metrics,
    read_metrics,
    write_metrics,
)


def moment(step: int, **figures: float) -> Moment:
    return Moment(step, 100, figures.pop("first_step", 0), 10.0, **figures)  # type: ignore[arg-type]


def test_the_time_left_counts_from_where_this_process_began() -> None:
    assert moment(10).seconds_left == 90
    assert moment(91, first_step=90).seconds_left == 90
    assert moment(0).seconds_left is None


def test_looks_are_no_part_of_the_pace_of_steps_and_those_to_come_are_counted() -> None:
    assert moment(10, looks_seconds=5.0).seconds_left == 45
    assert moment(10, looks_seconds=5.0, reading_left=20.0).seconds_left == 65


def test_stages_count_on_in_the_next_process(tmp_path: Path) -> None:
    (tmp_path / "seconds.json").write_text('{"training": 100.0}')
    laps = Laps()
    laps.keep_in(tmp_path)
    with pytest.raises(KeyError), laps.stage("training"):
        raise KeyError
    with laps.stage("saving"):
        pass
    noted = json.loads((tmp_path / "seconds.json").read_text())
    assert noted == laps.seconds
    assert 100 < noted["training"] < 160
    assert 0 <= noted["saving"] < 60


@pytest.mark.parametrize("lost", ["", "[1]", "{"])
def test_times_that_the_disk_lost_are_not_counted(tmp_path: Path, lost: str) -> None:
    (tmp_path / "seconds.json").write_text(lost)
    laps = Laps()
    laps.keep_in(tmp_path)
    with laps.stage("preparing"):
        pass
    assert laps.seconds.keys() == {"preparing"}


def test_what_a_stage_took_until_it_is_killed_is_noted_while_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laps = Laps()
    laps.keep_in(tmp_path)
    monkeypatch.setattr(progress, "NOTED_EVERY", 60.0)
    laps.go_on("training")
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(progress, "NOTED_EVERY", 0.0)
    laps.go_on("training")
    assert json.loads((tmp_path / "seconds.json").read_text()).keys() == {"training"}


def test_what_is_known_of_a_step_is_kept_and_a_torn_line_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    write_metrics(path, moment(1, loss=2.0))
    write_metrics(path, moment(2, field_f1=0.5))
    with path.open("a") as file:
        file.write('{"step": 3, "lo')
    first, second = read_metrics(path)
    assert (first["loss"], second["field_f1"]) == (2.0, 0.5)
    assert "field_f1" not in first


def test_what_came_after_a_checkpoint_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    for step in (1, 2, 3):
        write_metrics(path, moment(step))
    forget_metrics(path, after=2)
    assert [line["step"] for line in read_metrics(path)] == [1, 2]
    forget_metrics(path, after=0)
    assert read_metrics(path) == []
