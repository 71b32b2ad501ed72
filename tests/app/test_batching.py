"""Batches of concurrent requests."""

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from threading import Event
from weakref import ref

import pytest

from app.core.models.batching import Batcher, TooBusy
from tests.app.waiting import wait_until


class Shop:
    """Doubles numbers; `go` lets it work, `started` says that it does."""

    def __init__(self) -> None:
        self.go, self.started = Event(), Event()
        self.batches: list[tuple[str, list[int]]] = []
        self.prepared = 0
        self.broken: BaseException | None = None

    def prepare(self) -> int:
        self.prepared += 1
        if self.broken:
            raise self.broken
        return 2

    def run(self, factor: int, options: str, items: Sequence[int]) -> list[int]:
        self.started.set()
        assert self.go.wait(10)
        self.batches.append((options, list(items)))
        if any(item < 0 for item in items):
            raise ValueError(f"negative: {items}")
        return [item * factor for item in items]


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def batcher(shop: Shop) -> Iterator[Batcher[int, str, int, int]]:
    batcher = Batcher(shop.prepare, shop.run, max_batch=4, max_waiting=9)
    yield batcher
    shop.go.set()
    batcher.close()


def behind_a_first(
    batcher: Batcher[int, str, int, int], shop: Shop, items: Sequence[tuple[str, int]]
) -> list["Future[int]"]:
    """Submits items while the worker is busy with a 0, and then lets it go on."""
    batcher.submit("a", 0)
    assert shop.started.wait(10)
    futures = [batcher.submit(options, item) for options, item in items]
    shop.go.set()
    return futures


def test_who_waits_is_answered_in_batches_and_gets_what_is_theirs(
    batcher: Batcher[int, str, int, int], shop: Shop
) -> None:
    futures = behind_a_first(batcher, shop, [("a", item) for item in range(1, 8)])
    assert [future.result(10) for future in futures] == [2, 4, 6, 8, 10, 12, 14]
    assert shop.batches == [("a", [0]), ("a", [1, 2, 3, 4]), ("a", [5, 6, 7])]


def test_only_equal_options_share_a_batch(batcher: Batcher[int, str, int, int], shop: Shop) -> None:
    futures = behind_a_first(batcher, shop, [("a", 1), ("b", 2), ("a", 3)])
    assert [future.result(10) for future in futures] == [2, 4, 6]
    assert shop.batches[1:] == [("a", [1, 3]), ("b", [2])]


def test_one_that_fails_does_not_fail_the_others(batcher: Batcher[int, str, int, int], shop: Shop) -> None:
    good, bad, last = behind_a_first(batcher, shop, [("a", 1), ("a", -1), ("a", 3)])
    assert (good.result(10), last.result(10)) == (2, 6)
    with pytest.raises(ValueError, match=r"negative: \[-1\]"):
        bad.result(10)


def test_what_keeps_the_model_away_is_told_to_everybody_once(
    batcher: Batcher[int, str, int, int], shop: Shop
) -> None:
    first = behind_a_first(batcher, shop, [])
    shop.broken = OSError("no model")
    assert first == []
    with pytest.raises(OSError, match="no model"):
        batcher.submit("a", 1).result(10)
    shop.broken = None
    assert batcher.submit("a", 1).result(10) == 2


def test_a_panic_below_neither_ends_the_worker_nor_the_caller(
    batcher: Batcher[int, str, int, int], shop: Shop
) -> None:
    class Panic(BaseException):
        pass

    shop.go.set()
    shop.broken = Panic("index out of bounds")
    with pytest.raises(RuntimeError, match="Panic: index out of bounds"):
        batcher.submit("a", 1).result(10)
    shop.broken = None
    assert batcher.submit("a", 1).result(10) == 2


def test_a_caller_who_gave_up_is_left_out(batcher: Batcher[int, str, int, int], shop: Shop) -> None:
    batcher.submit("a", 0)
    assert shop.started.wait(10)
    gone, there = batcher.submit("a", 1), batcher.submit("a", 2)
    assert gone.cancel()
    shop.go.set()
    assert there.result(10) == 4
    assert shop.batches[-1] == ("a", [2])


def test_a_full_queue_turns_callers_away(batcher: Batcher[int, str, int, int], shop: Shop) -> None:
    batcher.submit("a", 0)
    assert shop.started.wait(10)
    for item in range(9):
        batcher.submit("a", item)
    with pytest.raises(TooBusy, match="9 requests are waiting") as caught:
        batcher.submit("a", 9)
    assert caught.value.hint


def test_closing_answers_what_was_asked_and_asking_again_starts_again(
    batcher: Batcher[int, str, int, int], shop: Shop
) -> None:
    futures = behind_a_first(batcher, shop, [("a", item) for item in range(1, 6)])
    batcher.close()
    assert [future.result(0) for future in futures] == [2, 4, 6, 8, 10]
    batcher.close()
    assert batcher.submit("a", 6).result(10) == 12


def test_stopping_does_not_wait_for_what_is_asked_and_closing_does(
    batcher: Batcher[int, str, int, int], shop: Shop
) -> None:
    future = batcher.submit("a", 1)
    assert shop.started.wait(10)
    batcher.stop()
    assert not future.done()
    shop.go.set()
    batcher.close()
    assert future.result(0) == 2


class Weights:
    """A model."""


def test_after_a_batch_that_failed_nothing_holds_its_model() -> None:
    models: list[ref[Weights]] = []

    def prepare() -> Weights:
        made = Weights()
        models.append(ref(made))
        return made

    def fail(model: Weights, options: str, items: Sequence[int]) -> list[int]:
        raise ValueError(f"no answer to {items}")

    batcher = Batcher(prepare, fail)
    assert str(batcher.submit("a", 1).exception(10)) == "no answer to [1]"

    def gone() -> bool | None:
        gc.collect()  # the error refers to itself
        return models[0]() is None or None

    assert wait_until(gone)
    batcher.close()
