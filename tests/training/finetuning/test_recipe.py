"""The recipe of a run: defaults, file, flags."""

import dataclasses
from pathlib import Path

import pytest

from finscribe.errors import SettingsError
from finscribe.training.finetuning.recipe import (
    Recipe,
    RunOptions,
    build_recipe,
    parse_arguments,
    read_config,
)

CONFIGS = sorted(Path("configs").glob("*.yaml"))


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("UNSLOTH_MODEL_NAME", "UNSLOTH_MODEL_DIR"):
        monkeypatch.delenv(variable, raising=False)


def test_two_flags_alone_are_a_whole_command() -> None:
    recipe, options = parse_arguments(["--batch_size", "1", "--gradient_accumulation_steps", "8"])
    assert (recipe.batch_size, recipe.gradient_accumulation_steps) == (1, 8)
    assert recipe.model_name == "unsloth/llama-3.1-8b-unsloth-bnb-4bit"
    assert recipe.train_data == Path("data/unsloth_train.jsonl")
    assert recipe.output_dir == Path("models/unsloth-finscribe")
    assert (recipe.lora_r, recipe.lora_alpha, recipe.learning_rate) == (16, 32, 2e-5)
    assert (recipe.num_epochs, recipe.max_seq_length, recipe.load_in_4bit) == (3, 2048, True)
    assert options == RunOptions()


def test_the_documented_command_is_understood() -> None:
    recipe, _ = parse_arguments(
        "--model_name NAME --train_data F --val_data V --output_dir models/x --num_epochs 3 --batch_size 4 "
        "--gradient_accumulation_steps 8 --learning_rate 2e-5 --lora_r 16 --lora_alpha 32 --load_in_4bit".split()
    )
    assert (recipe.model_name, recipe.val_data, recipe.load_in_4bit) == ("NAME", Path("V"), True)


def test_training_data_that_are_named_are_taken_wherever_the_data_folder_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FINSCRIBE_DATA_DIR", "elsewhere")
    named = ["--train_data", "data/unsloth_train.jsonl"]
    assert parse_arguments(named)[0].train_data == Path("data/unsloth_train.jsonl")
    assert parse_arguments([])[0].train_data == Path("elsewhere/unsloth_train.jsonl")


def test_validation_data_in_its_usual_place_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_arguments([])[0].val_data is None
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "unsloth_val.jsonl").write_text("{}")
    assert parse_arguments([])[0].val_data == Path("data/unsloth_val.jsonl")


def test_flags_override_the_file_and_the_file_the_defaults(tmp_path: Path) -> None:
    config = tmp_path / "recipe.yaml"
    config.write_text("learning_rate: 1.0e-3\nlora_r: 8\nload_in_4bit: true\n")
    recipe, _ = parse_arguments(["--config", str(config), "--lora_r", "4", "--no-load_in_4bit"])
    assert (recipe.learning_rate, recipe.lora_r, recipe.load_in_4bit) == (1e-3, 4, False)
    assert recipe.lora_alpha == Recipe().lora_alpha


def test_the_model_named_in_the_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNSLOTH_MODEL_NAME", "some/model")
    assert parse_arguments([])[0].model_name == "some/model"


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_recipe_that_comes_along_is_valid_and_begins_with_its_launch_line(config: Path) -> None:
    build_recipe(read_config(config))
    launch = config.read_text("utf-8").splitlines()[0]
    assert launch.startswith(f"# python unsloth/train_unsloth_fast.py --config {config}")
    parse_arguments(launch.split()[3:])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("batch_size", 2.5),
        ("batch_size", "x"),
        ("batch_size", True),
        ("lora_r", 0),
        ("load_in_4bit", "yes"),
        ("learning_rate", "nan"),
        ("num_epochs", -1),
        ("save_method", "zip"),
        ("engine", "jax"),
        ("nonsense", 1),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        build_recipe({name: value})
    assert caught.value.hint


@pytest.mark.parametrize("name", ["full-starter", "full-starter.yaml", "configs/full-starter.yaml"])
def test_a_recipe_that_comes_along_is_found_by_its_name_from_anywhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = build_recipe(read_config(Path("configs/full-starter.yaml")))
    monkeypatch.chdir(tmp_path)
    assert build_recipe(read_config(Path(name))) == recipe
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        read_config(Path("elsewhere") / name)
    assert "full-starter, lora-small" in caught.value.hint


@pytest.mark.parametrize("content", [b"- a list", b"a: [", b"\xff\xfe\xff"])
def test_a_file_that_holds_no_recipe_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"broken\.yaml"):
        read_config(path)


def test_a_recipe_is_plain_json_for_later_readers() -> None:
    record = Recipe(val_data=Path("v")).to_record()
    assert record["val_data"] == "v"
    assert record.keys() == {field.name for field in dataclasses.fields(Recipe)}


def said_by_help(capsys: pytest.CaptureFixture[str], **options: str) -> str:
    with pytest.raises(SystemExit):
        parse_arguments(["--help"], **options)
    return " ".join(capsys.readouterr().out.split())


def test_help_says_what_is_taken_where_nothing_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    said = said_by_help(capsys).replace("- ", "-")
    assert "(default: UNSLOTH_MODEL_NAME, else unsloth/llama-3.1-8b-unsloth-bnb-4bit)" in said
    assert "(default: data/unsloth_val.jsonl where there is such a file)" in said
    assert "(default: 0.3 for models that come from the starter, else 0)" in said


def test_help_names_what_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    said = said_by_help(capsys)
    assert "--save_method {auto,merged_16bit,lora,merged_4bit,gguf}" in said
    assert "--engine {auto,unsloth,transformers}" in said
    assert "--report_to {none,tensorboard,mlflow,wandb}" in said


def test_help_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert said_by_help(capsys).startswith("usage: finscribe train [-h]")
    script = "python unsloth/train_unsloth_fast.py"
    assert said_by_help(capsys, command=script).startswith(f"usage: {script} [-h]")


def test_a_tracker_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SettingsError, match="report_to is 'wandbb'") as caught:
        Recipe(report_to="wandbb")  # type: ignore[arg-type]
    assert "none, tensorboard, mlflow, wandb" in caught.value.hint
