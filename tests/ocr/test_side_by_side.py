"""Jobs side by side: in order, within their limits, none lost and none left running."""

import threading
from collections.abc import Callable, Iterator

import pytest

from finscribe.ocr.side_by_side import side_by_side


class Desk:
    """Jobs that note how many of them are under way, and how much these weigh."""

    def __init__(self) -> None:
        self.lock, self.busy, self.most, self.weight, self.heaviest = threading.Lock(), 0, 0, 0, 0
        self.done: list[int] = []

    def job(self, number: int, weight: int = 1, seconds: float = 0.02) -> tuple[int, Callable[[], int]]:
        def work() -> int:
            with self.lock:
                self.busy, self.weight = self.busy + 1, self.weight + weight
                self.most, self.heaviest = max(self.most, self.busy), max(self.heaviest, self.weight)
            threading.Event().wait(seconds)
            with self.lock:
                self.busy, self.weight = self.busy - 1, self.weight - weight
            self.done.append(number)
            return number

        return weight, work


@pytest.mark.parametrize("at_once", [1, 3])
def test_results_come_in_order_and_no_more_are_under_way_than_may(at_once: int) -> None:
    desk = Desk()
    jobs = [desk.job(number, seconds=0.03 if number % 3 == 0 else 0.01) for number in range(12)]
    assert list(side_by_side(jobs, at_once=at_once, heaviest=100)) == list(range(12))
    assert desk.most == at_once


@pytest.mark.parametrize(
    ("weights", "heaviest"), [([3, 3, 3, 3, 3, 9, 1, 3], 10), ([3, 3, 3, 40, 3, 3, 9, 1], 40)]
)
def test_those_under_way_weigh_no_more_than_may_and_what_is_heavier_is_alone(
    weights: list[int], heaviest: int
) -> None:
    desk = Desk()
    jobs = (desk.job(number, weight) for number, weight in enumerate(weights))
    assert list(side_by_side(jobs, at_once=4, heaviest=10)) == list(range(8))
    assert 9 <= desk.heaviest <= heaviest


def test_a_fault_is_raised_in_its_place_and_what_has_not_begun_is_not_done() -> None:
    desk = Desk()

    def fail() -> int:
        raise ValueError("torn")

    jobs = [desk.job(0), (1, fail), *(desk.job(number) for number in range(2, 9))]
    results = side_by_side(jobs, at_once=1, heaviest=100)
    assert next(results) == 0
    with pytest.raises(ValueError, match="torn"):
        next(results)
    assert desk.busy == 0
    assert len(desk.done) <= 2


def test_nothing_is_asked_for_before_there_is_room() -> None:
    desk, asked = Desk(), []

    def jobs() -> Iterator[tuple[int, Callable[[], int]]]:
        for number in range(9):
            asked.append(number)
            yield desk.job(number)

    results = side_by_side(jobs(), at_once=2, heaviest=100)
    assert next(results) == 0
    assert len(asked) <= 4
    results.close()
    assert desk.busy == 0
