"""A dry run: the plan, two examples, time and memory, and nothing that is kept."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from finscribe.cli.train import rehearse_and_show
from finscribe.errors import TrainingError
from finscribe.training.finetuning import rehearsal
from finscribe.training.finetuning.preparing import prepare, read_data
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.rehearsal import rehearse
from tests.training.finetuning.conftest import write_smallest_record

pytestmark = pytest.mark.e2e


def test_a_dry_run_says_what_a_run_would_do_and_take(
    tiny_recipe: Recipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    val = write_smallest_record(tmp_path / "val.jsonl")
    rehearse_and_show(replace(tiny_recipe, val_data=val, max_seq_length=700))
    said = capsys.readouterr().out
    assert re.search(
        r"examples, [\d,]+ tokens in all, \d+ steps with transformers, [\d.]+% padding; a look", said
    )
    assert said.count("OCR_TEXT:") == 2
    assert said.count('[[{"') == 2
    assert said.count("}<end>]]") == 2
    assert "of training" in said
    assert "GB of memory, by two batches" in said
    assert not tiny_recipe.output_dir.parent.exists()


def test_time_and_memory_are_measured(tiny_recipe: Recipe) -> None:
    found = rehearse(tiny_recipe, prepare(tiny_recipe, read_data(tiny_recipe)))
    assert 0 < found.training_seconds < 600
    assert found.reading_seconds > 0  # what the saved model reads, and before that the trained one
    assert found.memory_gb > 0


def test_the_longest_batch_is_tried(tiny_recipe: Recipe) -> None:
    prepared = prepare(tiny_recipe, read_data(tiny_recipe))
    longest, usual = rehearsal._longest_and_usual(prepared, 2)
    lengths = [len(example.ids) for example in prepared.train.examples]
    assert max(lengths) in [len(example.ids) for example in longest]
    assert len(usual) == 2


def test_a_batch_that_does_not_fit_says_which_flags_to_try(
    tiny_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise torch.OutOfMemoryError("no more")

    monkeypatch.setattr(rehearsal, "_learn", fail)
    with pytest.raises(TrainingError, match="a batch of 2 documents does not fit") as caught:
        rehearse(tiny_recipe, prepare(tiny_recipe, read_data(tiny_recipe)))
    assert "--batch_size 1" in caught.value.hint
