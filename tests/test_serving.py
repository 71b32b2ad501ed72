"""Which model is served."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from finscribe import serving, starter
from finscribe.errors import MissingDependency, ModelBroken, ModelNotFound, UnsafeModel
from finscribe.serving import find_place, load_and_try, load_place, load_served_model
from finscribe.settings import Settings


class FakeLoading:
    """Stands in for `load_model`: gives models named after what was asked for, but for what it lacks."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.lacks: dict[str, Exception] = {}

    def __call__(self, name_or_path: str | Path, *, settings: Settings | None = None) -> Any:
        name = str(name_or_path)
        self.asked.append(name)
        if name in self.lacks:
            raise self.lacks[name]
        return SimpleNamespace(name=name)


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeLoading:
    loading = FakeLoading()
    monkeypatch.setattr(serving, "load_model", loading)
    monkeypatch.setattr(serving, "gpu_present", lambda: False)
    monkeypatch.setattr(starter, "path", lambda: Path("starter"))
    return loading


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A folder with all that a model has."""
    folder = tmp_path / "trained"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (folder / name).write_text("{}")
    return folder


def served(settings: Settings) -> tuple[str, str, int]:
    found = load_served_model(settings)
    return found.origin, found.model.name, len(found.tried)


def test_a_complete_folder_comes_first(loading: FakeLoading, trained: Path) -> None:
    settings = Settings(model_dir=trained, model_name="org/model", model_name_is_explicit=True)
    assert served(settings) == ("model-dir", str(trained), 0)


def test_a_folder_with_an_adapter_is_complete(loading: FakeLoading, trained: Path) -> None:
    (trained / "config.json").rename(trained / "adapter_config.json")
    (trained / "model.safetensors").rename(trained / "adapter_model.safetensors")
    assert served(Settings(model_dir=trained))[0] == "model-dir"


def test_without_a_folder_the_name_comes_next_where_it_is_set(loading: FakeLoading, tmp_path: Path) -> None:
    settings = Settings(model_dir=tmp_path / "none", model_name="org/model", model_name_is_explicit=True)
    assert served(settings) == ("model-name", "org/model", 1)


def test_the_default_name_counts_only_with_a_gpu(
    loading: FakeLoading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(model_dir=tmp_path / "none")
    assert served(settings) == ("starter", "starter", 1)
    monkeypatch.setattr(serving, "gpu_present", lambda: True)
    assert served(settings) == ("model-name", settings.model_name, 1)


@pytest.mark.parametrize("error", [ModelNotFound("offline"), MissingDependency("no unsloth")])
def test_a_default_name_that_cannot_be_had_is_passed_over_and_noted(
    loading: FakeLoading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(serving, "gpu_present", lambda: True)
    settings = Settings(model_dir=tmp_path / "none")
    loading.lacks[settings.model_name] = error
    found = load_served_model(settings)
    assert found.origin == "starter"
    assert found.tried[0].startswith("the default UNSLOTH_MODEL_DIR: ")
    assert found.tried[1] == f"the default UNSLOTH_MODEL_NAME: {error}"


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "model.safetensors"])
def test_an_incomplete_default_folder_is_passed_over_and_noted(
    loading: FakeLoading, trained: Path, missing: str
) -> None:
    (trained / missing).unlink()
    found = load_served_model(Settings(model_dir=trained))
    assert (found.origin, loading.asked) == ("starter", ["starter"])
    assert str(trained) in found.tried[0]


def test_an_incomplete_folder_that_was_named_is_an_error(loading: FakeLoading, trained: Path) -> None:
    (trained / "tokenizer.json").unlink()
    with pytest.raises(ModelBroken, match=r"UNSLOTH_MODEL_DIR: .*no tokenizer") as caught:
        load_served_model(Settings(model_dir=trained, model_dir_is_explicit=True))
    assert "unset UNSLOTH_MODEL_DIR" in caught.value.hint
    assert loading.asked == []


def test_a_folder_of_pickles_that_was_named_is_refused(loading: FakeLoading, trained: Path) -> None:
    (trained / "model.safetensors").rename(trained / "pytorch_model.bin")
    with pytest.raises(UnsafeModel, match="UNSLOTH_MODEL_DIR: "):
        load_served_model(Settings(model_dir=trained, model_dir_is_explicit=True))


def test_a_folder_that_was_named_and_is_not_there_is_never_looked_up_on_the_hub(
    loading: FakeLoading,
) -> None:
    with pytest.raises(ModelNotFound, match="UNSLOTH_MODEL_DIR: models/no-such does not exist"):
        load_served_model(Settings(model_dir=Path("models/no-such"), model_dir_is_explicit=True))
    assert loading.asked == []


def test_a_file_for_a_folder_is_an_error(loading: FakeLoading, trained: Path) -> None:
    file = trained / "config.json"
    with pytest.raises(ModelBroken, match="is a file") as caught:
        load_served_model(Settings(model_dir=file, model_dir_is_explicit=True))
    assert caught.value.hint


def test_a_folder_that_cannot_be_read_is_an_error(
    loading: FakeLoading, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(serving, "check_folder", refuse)
    with pytest.raises(ModelBroken, match="cannot be read: Permission denied"):
        load_served_model(Settings(model_dir=trained, model_dir_is_explicit=True))


def test_a_name_that_was_set_and_does_not_load_says_what_was_tried(
    loading: FakeLoading, tmp_path: Path
) -> None:
    loading.lacks["org/none"] = ModelNotFound("'org/none' cannot be had", hint="Check the name.")
    settings = Settings(model_dir=tmp_path / "none", model_name="org/none", model_name_is_explicit=True)
    with pytest.raises(ModelNotFound, match="UNSLOTH_MODEL_NAME: 'org/none' cannot be had") as caught:
        load_served_model(settings)
    assert "tried before: the default UNSLOTH_MODEL_DIR: " in caught.value.message
    assert caught.value.hint == "Check the name; or unset UNSLOTH_MODEL_NAME to use the default."
    assert [tried.split(":")[0] for tried in caught.value.tried] == [
        "the default UNSLOTH_MODEL_DIR",
        "UNSLOTH_MODEL_NAME",
    ]


def test_a_missing_starter_says_how_to_build_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serving, "gpu_present", lambda: False)
    monkeypatch.setattr(starter, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(ModelNotFound, match="the bundled starter: ") as caught:
        load_served_model(Settings(model_dir=tmp_path / "none"))
    assert "finscribe.starter.build" in caught.value.hint


def test_the_starter_lies_in_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(starter, "__file__", str(tmp_path / "__init__.py"))
    (tmp_path / starter.NAME).mkdir()
    (tmp_path / starter.NAME / "config.json").write_text("{}")
    assert starter.path() == tmp_path / starter.NAME


# --- versions ----------------------------------------------------------------------------------------


@pytest.fixture
def linked(trained: Path, tmp_path: Path) -> Settings:
    """Settings that name a link to a folder."""
    (tmp_path / "served").symlink_to(trained)
    return Settings(model_dir=tmp_path / "served")


def test_the_folder_behind_a_link_is_loaded_so_that_a_switch_meanwhile_does_no_harm(
    loading: FakeLoading, trained: Path, linked: Settings
) -> None:
    found = load_served_model(linked)
    assert (found.model.name, found.standing) == (str(trained), "not gated")
    assert load_served_model(Settings(model_dir=Path("none"))).standing is None


def test_a_registry_that_cannot_be_read_stops_nothing(
    loading: FakeLoading, trained: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "v1-0.json").write_text("damaged")
    trained.rename(tmp_path / "registry" / "v1-0")
    (tmp_path / "served").symlink_to("registry/v1-0")
    assert load_served_model(Settings(model_dir=tmp_path / "served")).standing == "not gated"
    assert "v1-0.json is no record of a version" in caplog.text


def test_a_place_is_another_when_the_link_is_switched_or_the_folder_replaced(
    trained: Path, linked: Settings, tmp_path: Path
) -> None:
    first = find_place(linked)
    assert first == find_place(linked)
    trained.rename(tmp_path / "old")
    assert find_place(linked) is None
    trained.mkdir()
    assert find_place(linked) not in (None, first)
    linked.model_dir.unlink()
    linked.model_dir.symlink_to("old")
    assert find_place(linked) not in (None, first)


def test_a_model_that_loads_but_cannot_answer_is_broken(loading: FakeLoading, linked: Settings) -> None:
    place = find_place(linked)
    assert place is not None
    with pytest.raises(ModelBroken, match="loads but does not answer"):
        load_place(place, linked)
    with pytest.raises(ModelBroken, match="loads but does not answer"):
        load_and_try(place.folder, linked)
