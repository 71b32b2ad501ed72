"""Models that another one has taken over from."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from app.core.models import former
from app.core.models.former import Former


class Model:
    """One that refers to itself, as those of transformers do."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gets an item whenever memory is given back, which then frees nothing."""
    released: list[int] = []
    monkeypatch.setattr(former, "release_memory", lambda: released.append(1))
    return released


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Python does not look for what refers to itself, unless it is told to."""
    gc.disable()
    yield
    gc.enable()


def test_while_a_batch_holds_a_model_memory_is_given_back_ever_more_rarely(released: list[int]) -> None:
    models, held = Former(), Model()
    models.add(held)
    for _ in range(20):
        models.look()
    assert len(released) == 5  # after 1, 2, 4, 8, and 16 looks


def test_memory_is_given_back_once_more_when_a_model_has_gone(released: list[int]) -> None:
    models, held = Former(), Model()
    models.add(held)
    for _ in range(3):
        models.look()
    held.itself = None  # type: ignore[assignment]
    del held
    for _ in range(9):
        models.look()
    assert len(released) == 3


def test_without_a_former_model_nothing_is_done(released: list[int]) -> None:
    Former().look()
    assert released == []


@pytest.mark.usefixtures("no_collector")
def test_a_model_that_refers_to_itself_goes_after_its_last_batch() -> None:
    models, held = Former(), Model()
    models.add(held)
    models.look()
    model = ref(held)
    assert model() is held
    del held
    models.look()
    assert model() is None
