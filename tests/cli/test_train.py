"""What the command `train` says; that it trains is tested with the engine."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from finscribe.cli import app
from finscribe.cli.train import Live, described, duration, left_out, show_result
from finscribe.errors import SettingsError
from finscribe.training.finetuning.examples import Encoded
from finscribe.training.finetuning.progress import Moment
from finscribe.training.finetuning.saving import SavedAsTrained
from finscribe.training.finetuning.stages import Finished


def test_the_live_line_has_every_figure():
    moment = Moment(
        10, 40, 0, 20.0, loss=1.25, field_f1=0.5, documents_per_second=1.5, tokens_per_second=1234.4,
        memory_gb=2.04, padding=0.031,
    )  # fmt: skip
    assert described(moment) == (
        "step 10/40  loss 1.250  field F1 0.500  1.5 documents/s  1,234 tokens/s  3.1% padding  2.0 GB  1:00 min left"
    )


def test_what_was_not_measured_is_not_shown():
    assert described(Moment(0, 40, 0, 0.0)) == "step 0/40"


def test_without_a_terminal_there_is_a_line_for_each_look_with_the_last_figures(capsys):
    live = Live()
    live(Moment(1, 40, 0, 1.0, loss=2.0))
    live(Moment(1, 40, 0, 1.0, field_f1=0.25, val_loss=3.0))
    live(Moment(2, 40, 0, 2.0, loss=1.0))
    assert capsys.readouterr().err == "step 1/40  loss 2.000  field F1 0.250  0:39 min left\n"


def test_without_a_terminal_there_are_ten_lines_a_run(capsys):
    live = Live()
    for step in range(1, 101):
        live(Moment(step, 100, 0, 1.0, loss=2.0))
    assert len(capsys.readouterr().err.splitlines()) == 10


def test_on_a_terminal_the_line_is_written_again_at_every_step(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    live = Live()
    for step in (1, 2):
        live(Moment(step, 4, 0, 1.0, loss=2.0))
    assert capsys.readouterr().err.count("\r\033[K") == 2


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00 min"), (61.4, "1:01 min"), (3600, "1 h 00 min"), (90_060, "25 h 01 min")]
)
def test_durations_are_told_in_minutes_or_hours(seconds, said):
    assert duration(seconds) == said


def test_documents_that_did_not_simply_become_an_example_are_counted():
    assert left_out(Encoded([], 0, 0, 0)) == []
    lines = left_out(Encoded([], 1, 2, 3000, 4, 5))
    assert [line.split()[0] for line in lines] == ["4", "1", "2", "3,000", "5"]


def test_a_flag_that_cannot_be_is_named():
    result = CliRunner().invoke(app, ["train", "--lora_r", "0"])
    assert isinstance(result.exception, SettingsError)
    assert "lora_r is 0" in str(result.exception)


def test_without_validation_documents_it_is_said_what_the_saved_model_was_compared_on(capsys):
    show_result(Finished(Path("models/x"), None, None, SavedAsTrained(200, ()), 60.0))
    said = capsys.readouterr().err
    assert "no validation documents; the saved model reads 100.0% of 200 values the same" in said
    assert "in some of the training data" in said
