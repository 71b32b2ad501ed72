"""Arms differ from the base in what they say, and a finished one is not trained again."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from benchmarks.starter_design import ARMS, LONG, Plan, long_examples, main, measured
from finscribe import starter
from finscribe.starter.pretrain import Preset, new_model

TOY = Plan("test", tokens=3000, tokens_per_step=1024, documents=9, windows=1)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Toys are too small to be shared out: their threads would wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def differences(one: Preset, other: Preset) -> set[str]:
    """The names of the preset's fields in which both are not the same."""
    mine, others = asdict(one), asdict(other)
    return {name for name in mine if mine[name] != others[name]}


def test_every_arm_differs_from_the_base_in_one_thing() -> None:
    base = Plan().base(4096)
    found = {name: differences(base, arm.change(base)) for name, arm in ARMS.items()}
    assert found.pop("base") == set()
    assert found.pop("wide") == found.pop("deep") == {"width", "layers", "heads", "feed_forward"}
    assert found.pop("adamw-3e-3") == found.pop("adamw-1e-3") == {"optimizer", "matrix_rate"}
    assert {len(names) for names in found.values()} == {1}


@pytest.mark.parametrize("name", ["wide", "deep"])
def test_another_shape_has_as_many_parameters_and_heads_as_large(name: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(starter.path())
    base = Plan().base(len(tokenizer))
    shape = ARMS[name].change(base)
    assert shape.width // shape.heads == base.width // base.heads
    assert parameters(shape) == pytest.approx(parameters(base), rel=0.02)


def parameters(preset: Preset) -> int:
    """All of them, counted with two layers made."""
    tokenizer = AutoTokenizer.from_pretrained(starter.path())
    model = new_model(replace(preset, layers=2), tokenizer)
    layer = sum(each.numel() for each in model.model.layers[0].parameters())
    return model.num_parameters() + layer * (preset.layers - 2)


def test_documents_grow_over_the_same_share_of_any_budget() -> None:
    ramps = [Plan(tokens=tokens).base(4096).mixture.ramp_documents for tokens in (200_000, 20_000_000)]
    assert ramps == [30, 3000]


def test_long_windows_are_longer_than_those_that_are_evaluated_otherwise() -> None:
    tokenizer = AutoTokenizer.from_pretrained(starter.path())
    assert all(1024 < len(example.ids) <= LONG[-1] for example in long_examples(tokenizer, 3))


def test_what_is_finished_is_read_and_what_had_another_plan_is_trained_again(tmp_path: Path) -> None:
    first = measured("base", TOY, tmp_path)
    assert measured("base", TOY, tmp_path) == first  # its seconds, too
    other = measured("base", replace(TOY, tokens=4000), tmp_path)
    assert other.tokens > first.tokens


def test_a_row_is_printed_for_every_arm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = "--preset test --tokens 1500 --tokens_per_step 1024 --documents 9 --windows 1"
    arms = "--arms base untied --workers 1"
    monkeypatch.setattr(
        sys, "argv", ["starter_design", *sizes.split(), *arms.split(), "--out", str(tmp_path)]
    )
    main()
    *_, base, untied = capsys.readouterr().out.splitlines()
    assert (base.split(" | ")[0], untied.split(" | ")[0]) == (
        f"| {ARMS['base'].title}",
        f"| {ARMS['untied'].title}",
    )
    tied, own = (
        json.loads((tmp_path / f"{arm}.json").read_text())["result"]["parameters"]
        for arm in ("base", "untied")
    )
    assert own == tied + 4095 * 96
