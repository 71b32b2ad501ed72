"""What the command `train` says; that it trains is tested with the engine."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from finscribe import starter
from finscribe.cli import app
from finscribe.cli.train import Live, described, duration, left_out, of_starter, plan_lines, show_result
from finscribe.errors import NotReproduced, SettingsError, TrainingError, TrainingStopped
from finscribe.training.finetuning.base import Base
from finscribe.training.finetuning.examples import Encoded, Example
from finscribe.training.finetuning.progress import Moment
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.saving import SavedAsTrained
from finscribe.training.finetuning.stages import Chosen, Finished, Prepared
from finscribe.training.finetuning.trainer import plan


def test_the_live_line_has_every_figure():
    moment = Moment(
        10, 40, 0, 20.0, loss=1.25, field_f1=0.5, documents_per_second=1.5, tokens_per_second=1234.4,
        memory_gb=2.04, padding=0.031,
    )  # fmt: skip
    assert described(moment) == (
        "step 10/40  loss 1.250  field F1 0.500  1.5 documents/s  1,234 tokens/s  3.1% padding  2.0 GB  "
        "1:00 min of training left"
    )


def test_the_time_left_is_that_to_the_end_where_it_is_known_how_long_reading_takes():
    assert described(Moment(10, 40, 0, 20.0, reading_left=30.0)) == "step 10/40  1:30 min left"
    assert described(Moment(10, 40, 0, 20.0)) == "step 10/40  1:00 min of training left"


def test_what_was_not_measured_is_not_shown():
    assert described(Moment(0, 40, 0, 0.0)) == "step 0/40"


def test_without_a_terminal_there_is_a_line_for_each_look_with_the_last_figures(capsys):
    live = Live()
    live(Moment(1, 40, 0, 1.0, loss=2.0))
    live(Moment(1, 40, 0, 1.0, field_f1=0.25, val_loss=3.0))
    live(Moment(2, 40, 0, 2.0, loss=1.0))
    assert capsys.readouterr().err == "step 1/40  loss 2.000  field F1 0.250  0:39 min of training left\n"


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
    assert lines[1].startswith("1 document is too long")
    assert lines[2].startswith("2 documents print")


def planned(examples, recipe, synthetic=0, watched=()):
    encoded = Encoded([Example([1, 2], 1)] * examples, 0, 0, 0)
    base = Base(None, None, "transformers", quantised=False)
    made = plan(encoded.examples, recipe)
    return Prepared(base, encoded, encoded, watched, watched, made, examples, synthetic, 0.3)


def test_one_is_not_said_in_the_plural():
    (line,) = plan_lines(planned(1, Recipe(num_epochs=1), watched=["a document"]))
    assert line.startswith("1 example, 2 tokens in all, 1 step with transformers, ")
    assert line.endswith("; a look at 1 validation document every step")


def test_synthetic_documents_are_said_to_be_learned_too():
    _, line = plan_lines(planned(10, Recipe(), synthetic=3))
    assert line == "10 documents of yours and 3 synthetic ones beside them (--replay 0.3)"


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ("unsloth/train_unsloth_fast.py", "usage: python unsloth/train_unsloth_fast.py "),
        ("/usr/bin/finscribe", "usage: finscribe train "),
    ],
)
def test_help_says_how_the_command_was_called(called, said, monkeypatch):
    monkeypatch.setattr("sys.argv", [called])
    assert CliRunner().invoke(app, ["train", "--help"], prog_name="finscribe").stdout.startswith(said)


def test_what_a_script_goes_on_with_differently_has_exit_codes_of_its_own():
    assert [error.exit_code for error in (TrainingError, TrainingStopped, NotReproduced)] == [8, 13, 14]


def test_the_bundled_model_has_a_short_name_in_every_folder():
    assert of_starter(Recipe(model_name="starter")).model_name == str(starter.path())
    assert of_starter(Recipe(model_name="models/mine")).model_name == "models/mine"


def test_a_flag_that_cannot_be_is_named():
    result = CliRunner().invoke(app, ["train", "--lora_r", "0"])
    assert isinstance(result.exception, SettingsError)
    assert "lora_r is 0" in str(result.exception)


def test_without_validation_documents_it_is_said_what_the_saved_model_was_compared_on(capsys):
    chosen = Chosen(9, 9, by_looks=False)
    show_result(Finished(Path("models/x"), chosen, None, None, SavedAsTrained(200, ()), {"training": 60.0}))
    said = capsys.readouterr().err
    assert "no validation documents; the saved model reads 100.0% of 200 values the same" in said
    assert "in some of the training data" in said
    assert "the weights saved are those of step 9, the last one\n" in said
    assert "is ready after 1:00 min" in said


@pytest.mark.parametrize(
    ("step", "said"),
    [(6, "step 6 of 9, where field F1 was best"), (9, "step 9, the last one, where field F1 was best")],
)
def test_which_weights_were_saved_is_said(step, said, capsys):
    chosen = Chosen(step, 9, by_looks=True)
    show_result(Finished(Path("models/x"), chosen, None, None, SavedAsTrained(200, ()), {}))
    assert f"the weights saved are those of {said}\n" in capsys.readouterr().err
