"""Names of models where the hub does not answer."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants, is_offline_mode

from finscribe.decoding import hub, torch_backend
from finscribe.decoding.loading import load_model
from finscribe.errors import ModelNotFound
from finscribe.settings import Settings

SETTINGS = Settings(backend="transformers")


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with an empty cache that is not told to stay offline."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def listening() -> Iterator[str]:
    """The address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> Iterator[str]:
    """An address where nobody listens, nor will while it is held."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def keep_in_cache(folder: Path, file: str) -> None:
    snapshot = folder / "cache" / "models--owner--cached" / "snapshots" / "1"
    snapshot.mkdir(parents=True)
    (snapshot / file).write_text("{}")
    (folder / "cache" / "models--owner--cached" / "refs").mkdir()
    (folder / "cache" / "models--owner--cached" / "refs" / "main").write_text("1")


def test_a_name_that_cannot_be_fetched_is_an_error_of_ours_in_seconds(
    closed: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", closed)
    started = time.perf_counter()
    with pytest.raises(ModelNotFound, match=rf"owner/other is not in the cache, and {closed}") as caught:
        load_model("owner/other", settings=SETTINGS)
    assert time.perf_counter() - started < 30
    assert all(
        part in caught.value.hint for part in ("hf download owner/other", "model folder", "HF_HUB_OFFLINE=1")
    )
    assert capfd.readouterr().err == ""


def test_a_hub_that_says_nothing_is_not_waited_for(listening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PATIENCE", 0.2)
    started = time.perf_counter()
    assert hub.why_silent(listening)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("file", ["config.json", "adapter_config.json"])
def test_a_name_in_the_cache_is_loaded_from_there_alone_where_the_hub_is_silent(
    file: str, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_in_cache(tmp_path, file)
    monkeypatch.setattr(hub, "why_silent", lambda address: None if there else "no route")
    monkeypatch.setattr(torch_backend, "load_with_transformers", lambda name, *, token: is_offline_mode())
    offline: object = load_model("owner/cached", settings=SETTINGS)
    assert offline is not there
    assert not constants.HF_HUB_OFFLINE


def test_offline_by_choice_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.delattr(hub, "why_silent")
    with pytest.raises(ModelNotFound, match="HF_HUB_OFFLINE forbids"):
        load_model("owner/other", settings=SETTINGS)


def test_for_a_folder_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(hub, "why_silent")
    with hub.within_reach(str(tmp_path)):
        assert not constants.HF_HUB_OFFLINE


def test_an_adapter_is_loaded_with_its_base_from_the_cache_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_in_cache(tmp_path, "config.json")
    monkeypatch.setattr(hub, "why_silent", lambda address: "no route")
    adapter = tmp_path / "adapter_config.json"
    adapter.write_text('{"base_model_name_or_path": "owner/cached"}')
    with hub.within_reach(str(tmp_path)):
        assert is_offline_mode()
    adapter.write_text('{"base_model_name_or_path": "owner/other"}')
    with (
        pytest.raises(ModelNotFound, match="owner/other is not in the cache"),
        hub.within_reach(str(tmp_path)),
    ):
        pass
    adapter.write_text("[]")
    with hub.within_reach(str(tmp_path)):
        assert not is_offline_mode()


@pytest.mark.parametrize(
    ("said", "base"),
    [
        ('{"base_model_name_or_path": "owner/base"}', "owner/base"),
        ('{"base_model_name_or_path": ""}', None),
        ('{"base_model_name_or_path": 5}', None),
        ("{}", None),
        ("[]", None),
        ("{", None),
        (None, None),
    ],
)
def test_the_base_of_an_adapter_is_what_it_says(said: str | None, base: str | None, tmp_path: Path) -> None:
    if said is not None:
        (tmp_path / "adapter_config.json").write_text(said)
    assert hub.base_of(tmp_path) == base


def test_unsloth_may_find_a_model_in_the_cache_under_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "why_silent", lambda address: "no route")
    monkeypatch.setattr(torch_backend, "load_with_unsloth", lambda name, *, token: is_offline_mode())
    offline: object = load_model("owner/other", settings=Settings(backend="unsloth"))
    assert offline is True


def test_what_is_no_name_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(hub, "why_silent")
    with pytest.raises(ModelNotFound, match="'no name!' is neither a folder nor a name on the hub"):
        load_model("no name!", settings=SETTINGS)
