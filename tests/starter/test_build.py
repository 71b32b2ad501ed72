import dataclasses
import json
from itertools import pairwise

import pytest
from safetensors.torch import load_file
from transformers import AutoTokenizer

from finscribe import starter
from finscribe.decoding import load_model
from finscribe.documents import Document
from finscribe.errors import TrainingDataError
from finscribe.extract import extract
from finscribe.starter.build import TOKENIZER_SEED, build, calibration_documents, main
from finscribe.starter.pretrain import (
    CONTINUED_SEED,
    CONTINUED_SPAN,
    PRESETS,
    Pretraining,
    Progress,
    new_model,
    new_optimizers,
    rate_factor,
    to_tensors,
)
from finscribe.synthesis import generate
from finscribe.training.finetuning.examples import Example

TINY = PRESETS["test"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("starter")
    return folder, build(TINY, folder, device="cpu", compiled=False)


def log_of(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_the_rate_warms_up_and_falls_to_zero():
    assert rate_factor(Progress(step=0), TINY) == 1 / TINY.warmup_steps
    assert rate_factor(Progress(step=100, tokens=TINY.tokens // 4), TINY) == 0.75
    assert rate_factor(Progress(step=100, tokens=TINY.tokens // 2), TINY) == 0.5
    assert rate_factor(Progress(step=100, tokens=TINY.tokens), TINY) == 0.0


@pytest.mark.parametrize(
    ("name", "least", "most"), [("cpu", 7e6, 12e6), ("gpu", 7e6, 12e6), ("large", 30e6, 60e6)]
)
def test_a_preset_has_the_size_that_it_says(built, name, least, most):
    _, model_folder = built
    preset = dataclasses.replace(PRESETS[name], layers=2)
    model = new_model(preset, AutoTokenizer.from_pretrained(model_folder))
    layer = sum(each.numel() for each in model.model.layers[0].parameters())
    table = preset.vocabulary * preset.width  # the built tokenizer's is smaller
    assert least < table + layer * PRESETS[name].layers < most


def test_what_was_built_loads_as_any_model_and_writes_a_grounded_answer(built):
    _, model_folder = built
    found = extract(Document.from_text(generate(1).text), load_model(model_folder), max_new_tokens=300)
    assert {evidence.support for evidence in found.evidence.values()} <= {"printed", "inferred", "absent"}


def test_whoever_reads_the_tokenizer_of_a_build_reads_its_weights(built):
    _, model_folder = built
    modes = {(model_folder / name).stat().st_mode for name in ("tokenizer.json", "model.safetensors")}
    assert len(modes) == 1


def test_the_loss_is_logged_and_finite(built):
    folder, _ = built
    assert all(0 < line["seen_loss"] < 10 for line in log_of(folder) if "seen_loss" in line)
    assert log_of(folder)[-1]["tokens"] >= TINY.tokens


@pytest.mark.parametrize("optimizer", ["muon", "adamw"])
def test_either_optimizer_moves_every_matrix_at_the_rate_of_matrices(built, optimizer):
    _, finished = built
    preset = dataclasses.replace(TINY, optimizer=optimizer, matrix_rate=1e-3)
    model = new_model(preset, AutoTokenizer.from_pretrained(finished))
    of_matrices, of_the_rest = new_optimizers(model, preset)
    assert type(of_matrices).__name__.lower() == optimizer
    (group,), (others,) = of_matrices.param_groups, of_the_rest.param_groups
    assert (group["lr"], others["lr"]) == (1e-3, TINY.adam_rate)
    assert len(group["params"]) == 7 * TINY.layers
    assert len(group["params"]) + len(others["params"]) == len(list(model.parameters()))


def test_every_token_of_the_answers_is_learned_and_of_the_prompts_a_share_at_half_weight():
    examples = [Example([*range(10, 10 + length)], length - 4) for length in (40, 30)]
    ids, places, weights = to_tensors(examples, 64, 0, 0.25, seed=1)
    assert ids.shape == (2, 64)
    assert ids[1, 30:].sum() == 0
    behind = [ids[row, place + 1].item() for row, place in places.tolist()]
    answers = [token for token, weight in zip(behind, weights.tolist(), strict=True) if weight == 1.0]
    assert answers == [46, 47, 48, 49, 36, 37, 38, 39]
    prompt = [token for token, weight in zip(behind, weights.tolist(), strict=True) if weight == 0.5]
    assert 8 <= len(prompt) <= 24
    assert len(answers) + len(prompt) == len(behind)
    assert set(prompt) <= {*range(11, 46)}
    assert to_tensors(examples, 64, 0, 0.25, seed=1)[1].equal(places)
    assert not to_tensors(examples, 64, 0, 0.25, seed=2)[1].equal(places)


def test_a_model_that_is_not_tied_copies_at_the_start_and_learns_a_table_of_its_own(built, tmp_path):
    _, finished = built
    preset = dataclasses.replace(TINY, tied=False)
    run = Pretraining(preset, AutoTokenizer.from_pretrained(finished), tmp_path, device="cpu", compiled=False)
    table, output = run.model.model.embed_tokens.weight, run.model.lm_head.weight
    assert table.equal(output)
    assert table.data_ptr() != output.data_ptr()
    run.step(next(run.batches()))
    assert not table.equal(output)


def test_a_finished_build_goes_on_from_its_checkpoint_with_a_larger_budget(built):
    folder, _ = built
    before = log_of(folder)[-1]
    build(dataclasses.replace(TINY, tokens=before["tokens"] + 4096), folder, device="cpu", compiled=False)
    resumed = next(line for line in log_of(folder) if line.get("event") == "resumed")
    assert resumed["step"] == before["step"]
    assert log_of(folder)[-1]["step"] > before["step"]


def test_the_help_says_of_every_option_what_it_takes(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["build", "--help"])
    with pytest.raises(SystemExit):
        main()
    lines = capsys.readouterr().out.splitlines()
    options = [(line, after) for line, after in pairwise([*lines, ""]) if line.startswith("  -")]
    assert len(options) == 14
    assert [
        line for line, after in options if "  " not in line.strip() and not after.startswith(" " * 8)
    ] == []


def test_without_a_compiler_it_says_what_to_install_or_leave_out(monkeypatch, tmp_path):
    monkeypatch.setenv("CXX", str(tmp_path / "none"))
    monkeypatch.setattr(
        "sys.argv", ["build", "--preset", "test", "--device", "cpu", "--out", str(tmp_path / "out")]
    )
    with pytest.raises(SystemExit, match=r"python3-dev.*--no-compile"):
        main()
    assert not (tmp_path / "out").exists()


def test_the_confidence_is_fitted_to_records_as_well(tmp_path):
    records = tmp_path / "known.jsonl"
    records.write_text(
        json.dumps({"input": "OCR_TEXT:\nAcme\nTotal 5.00", "output": {"vendor": {"name": "Acme"}}})
    )
    known = calibration_documents(2, [records])
    assert [each.text for each in known[2:]] == ["Acme\nTotal 5.00"]
    assert known[:2] == calibration_documents(2)


def test_records_that_are_not_there_are_named_before_anything_is_trained(tmp_path):
    missing = tmp_path / "none.jsonl"
    with pytest.raises(TrainingDataError, match=r"none\.jsonl does not exist"):
        build(TINY, tmp_path / "out", device="cpu", compiled=False, calibrate_on=[missing])
    assert not (tmp_path / "out").exists()


def test_a_build_can_begin_with_a_finished_model(built, tmp_path):
    _, finished = built
    build(dataclasses.replace(TINY, tokens=1), tmp_path, device="cpu", compiled=False, init=finished)
    assert log_of(tmp_path)[0]["documents"] > 100_000_000
    one, other = (load_file(folder / "model.safetensors") for folder in (finished, tmp_path / starter.NAME))
    moved = [(one[name] - other[name]).abs().mean() / one[name].abs().mean() for name in one]
    assert max(moved) < 0.1


def test_a_run_that_goes_on_from_a_finished_model_draws_other_documents(built, tmp_path):
    _, finished = built
    tokenizer = AutoTokenizer.from_pretrained(finished)
    runs = [Pretraining(TINY, tokenizer, tmp_path, device="cpu", compiled=False) for _ in range(2)]
    runs[1].start_from(finished)
    assert runs[0].progress.documents == 0
    assert runs[1].progress.documents >= CONTINUED_SEED
    assert runs[1].progress.documents + CONTINUED_SPAN <= TOKENIZER_SEED
