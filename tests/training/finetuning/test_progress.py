"""Where a run is, and the figures that it leaves behind."""

from pathlib import Path

from finscribe.training.finetuning.progress import Moment, forget_metrics, read_metrics, write_metrics


def moment(step: int, **figures: float) -> Moment:
    return Moment(step, 100, figures.pop("first_step", 0), 10.0, **figures)  # type: ignore[arg-type]


def test_the_time_left_counts_from_where_this_process_began() -> None:
    assert moment(10).seconds_left == 90
    assert moment(91, first_step=90).seconds_left == 90
    assert moment(0).seconds_left is None


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
