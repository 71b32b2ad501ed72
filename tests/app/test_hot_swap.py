"""A promotion and a rollback while the server answers."""

import gc
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any
from weakref import ref

import pytest
from fastapi.testclient import TestClient

from app.core.models import hot_swap, unsloth_service
from app.core.models.hot_swap import HotSwap
from app.core.models.unsloth_service import UnslothService
from finscribe.errors import ModelBroken
from finscribe.extract import Extraction, extract_many
from finscribe.registry.pointer import point
from finscribe.registry.promotion import Candidacy, promote, rollback
from finscribe.registry.store import Registry
from finscribe.serving import Place, Served, find_place, load_and_try
from finscribe.settings import Settings
from tests.app.conftest import client_of
from tests.app.waiting import wait_until

TEXT = "ACME Ltd\nInvoice INV-7\nTotal 12.50"


# --- looking -----------------------------------------------------------------------------------------


class FakeLoading:
    """Stands in for `load_place`: notes what it is asked for, and fails for what is broken."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken: set[str] = set()

    def __call__(self, place: Place, settings: Settings) -> Served:
        self.asked.append(place.folder.name)
        if place.folder.name in self.broken:
            raise ModelBroken(f"{place.folder.name} does not load")
        return Served(SimpleNamespace(name=place.folder.name), "model-dir")  # type: ignore[arg-type]


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> FakeLoading:
    loading = FakeLoading()
    monkeypatch.setattr(hot_swap, "load_place", loading)
    return loading


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A link to the first of three folders."""
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    point(tmp_path / "served", tmp_path / "one")
    return Settings(model_dir=tmp_path / "served")


@pytest.fixture
def taken() -> list[str]:
    return []


@pytest.fixture
def swap(settings: Settings, loading: FakeLoading, taken: list[str]) -> HotSwap:
    return HotSwap(settings, find_place(settings), taking(taken))


def taking(taken: list[str]) -> Callable[[Served, Place], None]:
    """Notes the names of the models that are taken."""
    return lambda served, _: taken.append(served.model.name)


def test_nothing_is_loaded_while_the_link_stays(swap: HotSwap, loading: FakeLoading) -> None:
    swap.look()
    swap.look()
    assert loading.asked == []


def test_what_the_link_leads_to_now_is_loaded_once(
    swap: HotSwap, settings: Settings, loading: FakeLoading, taken: list[str], tmp_path: Path
) -> None:
    point(settings.model_dir, tmp_path / "two")
    swap.look()
    swap.look()
    assert (loading.asked, taken, swap.failure) == (["two"], ["two"], None)


def test_a_folder_that_training_put_in_the_place_of_another_is_noticed(
    loading: FakeLoading, taken: list[str], tmp_path: Path
) -> None:
    plain, new = Settings(model_dir=tmp_path / "plain"), tmp_path / "new"
    for folder in (plain.model_dir, new):
        folder.mkdir()
    swap = HotSwap(plain, find_place(plain), taking(taken))
    plain.model_dir.rename(tmp_path / "old")
    swap.look()
    new.rename(plain.model_dir)
    swap.look()
    assert taken == ["plain"]


def test_a_first_model_of_ones_own_takes_over_from_the_starter(
    loading: FakeLoading, taken: list[str], tmp_path: Path
) -> None:
    later = Settings(model_dir=tmp_path / "later")
    swap = HotSwap(later, find_place(later), taking(taken))
    swap.look()
    later.model_dir.mkdir()
    swap.look()
    assert taken == ["later"]


def test_a_link_that_leads_nowhere_for_now_changes_nothing(
    swap: HotSwap, settings: Settings, loading: FakeLoading, tmp_path: Path
) -> None:
    settings.model_dir.unlink()
    swap.look()
    point(settings.model_dir, tmp_path / "one")
    swap.look()
    assert (loading.asked, swap.failure) == ([], None)


def test_a_link_that_leads_to_itself_changes_nothing(
    swap: HotSwap, settings: Settings, loading: FakeLoading
) -> None:
    settings.model_dir.unlink()
    settings.model_dir.symlink_to(settings.model_dir)
    swap.look()
    assert (loading.asked, swap.failure) == ([], None)


def test_what_does_not_load_is_said_and_not_tried_again_until_the_link_is_switched(
    swap: HotSwap, settings: Settings, loading: FakeLoading, taken: list[str], tmp_path: Path
) -> None:
    loading.broken.add("two")
    point(settings.model_dir, tmp_path / "two")
    swap.look()
    swap.look()
    assert (loading.asked, taken, str(swap.failure)) == (["two"], [], "two does not load")
    point(settings.model_dir, tmp_path / "one")
    swap.look()
    assert (loading.asked, taken, swap.failure) == (["two"], [], None)
    point(settings.model_dir, tmp_path / "three")
    swap.look()
    assert (taken, swap.failure) == (["three"], None)


class Weights:
    """A model that is half loaded."""


def test_a_model_that_loads_but_does_not_answer_is_not_held(
    swap: HotSwap, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[ref[Weights]] = []

    def load(place: Place, settings: Settings) -> Served:
        model = Weights()
        loaded.append(ref(model))
        raise ModelBroken("it does not answer")

    monkeypatch.setattr(hot_swap, "load_place", load)
    monkeypatch.setattr(hot_swap.logger, "disabled", True)  # pytest keeps errors that are logged
    point(settings.model_dir, tmp_path / "two")
    swap.look()
    assert (swap.failure, loaded[0]()) == ("it does not answer", None)


def test_what_is_loaded_when_the_service_closes_is_not_taken(
    swap: HotSwap, settings: Settings, loading: FakeLoading, taken: list[str], tmp_path: Path
) -> None:
    swap.close()
    point(settings.model_dir, tmp_path / "two")
    swap.look()
    assert taken == []


# --- with real models --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights that answers in no time."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from finscribe.starter.tokenizer import train_tokenizer

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = train_tokenizer([TEXT], 700)
    torch.manual_seed(0)
    shape = {"num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": len(tokenizer)}
    config = LlamaConfig(hidden_size=16, intermediate_size=32, eos_token_id=tokenizer.eos_token_id, **shape)
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def registry(tiny: Path, tmp_path: Path) -> Registry:
    """Two versions of the tiny model, the second one served."""
    registry = Registry(tmp_path / "models" / "unsloth-finscribe")
    for note in ("first", "second"):
        add(registry, tiny, tmp_path / note)
    return registry


def add(registry: Registry, tiny: Path, folder: Path) -> str:
    """Promotes a copy of the tiny model; returns its id."""
    shutil.copytree(tiny, folder)
    (folder / "note.txt").write_text(folder.name)
    candidacy = Candidacy(folder=folder, otherwise="starter", force="a test")
    load = partial(load_and_try, settings=Settings(backend="transformers"))
    return promote(registry, candidacy, load, lambda _: None).version.id


@pytest.fixture
def service(registry: Registry) -> Iterator[UnslothService]:
    settings = Settings(model_dir=registry.pointer, model_dir_is_explicit=True, backend="transformers")
    service = UnslothService(settings, look_every=0.01)
    yield service
    service.close()


@pytest.fixture
def client(service: UnslothService) -> Iterator[TestClient]:
    with client_of(service) as client:
        yield client


def ask(client: TestClient) -> dict[str, Any]:
    response = client.post("/api/v1/unsloth/infer", json={"ocr_text": TEXT, "max_new_tokens": 12})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def ask_until(client: TestClient, done: Event) -> list[str]:
    """Asks again and again; the models that answered, in order."""
    answered = []
    while not done.is_set():
        found = ask(client)
        assert (found["error"], found["model_available"]) == (None, True)
        answered.append(found["model"])
    return answered


def health(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/unsloth/health").json()
    return found


def wait_for(client: TestClient, key: str, value: object) -> dict[str, Any]:
    """Asks for health until something is so; the test's own timeout ends it otherwise."""
    while (found := health(client))[key] != value:
        pass
    return found


@pytest.mark.e2e
def test_a_rollback_while_clients_keep_asking_fails_no_request(
    client: TestClient, registry: Registry
) -> None:
    first, second = (version.id for version in registry.versions())
    assert ask(client)["model"] == second
    done = Event()
    with ThreadPoolExecutor(3) as threads:
        clients = [threads.submit(ask_until, client, done) for _ in range(3)]
        try:
            rollback(registry)
            wait_for(client, "model", first)
            ask(client)
        finally:
            done.set()
    for answered in (each.result() for each in clients):
        assert set(answered) <= {first, second}
        assert answered == sorted(answered, key=[second, first].index)
    assert ask(client)["model"] == first
    assert health(client)["gate"] == "forced"


@pytest.mark.e2e
def test_a_version_that_does_not_load_leaves_the_old_one_serving_and_is_said_in_health(
    client: TestClient, registry: Registry, tiny: Path, tmp_path: Path
) -> None:
    served = ask(client)["model"]
    broken = registry.folder / "v9-broken"
    shutil.copytree(tiny, broken)
    (broken / "model.safetensors").write_bytes(b"cut short")
    point(registry.pointer, broken)
    while (found := health(client))["not_swapped"] is None:
        pass
    assert "does not load" in found["not_swapped"]
    assert (found["status"], found["model"], found["error"]) == ("ready", served, None)
    assert ask(client)["model"] == served
    shutil.rmtree(broken)
    point(registry.pointer, registry.folder_of(registry.versions()[0]))
    assert wait_for(client, "model", registry.versions()[0].id)["not_swapped"] is None


@pytest.mark.e2e
def test_after_closing_the_next_request_looks_again(service: UnslothService, registry: Registry) -> None:
    first, second = (version.id for version in registry.versions())
    assert service.extract(TEXT, max_new_tokens=12).model == second
    service.close()
    rollback(registry)
    while service.extract(TEXT, max_new_tokens=12).model != first:
        pass
    assert service.health()["model"] == first


@pytest.mark.e2e
def test_a_model_that_a_batch_still_computes_when_it_is_replaced_goes_afterwards(
    service: UnslothService, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = Event(), Event()

    def hold(*args: Any, **options: Any) -> list[Extraction]:
        begun.set()
        assert go.wait(60)
        return extract_many(*args, **options)

    monkeypatch.setattr(unsloth_service, "extract_many", hold)
    asked = service.submit(TEXT, max_new_tokens=12)
    assert begun.wait(60)
    model = ref(service._served.model)  # type: ignore[union-attr]
    rollback(registry)
    wait_until(lambda: service._swap._former._looks or None)  # type: ignore[union-attr]
    gc.disable()  # by chance Python would look for it
    try:
        go.set()
        assert asked.result(60).model != service.health()["model"]
        assert wait_until(lambda: model() is None or None)
    finally:
        gc.enable()
