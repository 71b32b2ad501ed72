import os
import signal

import pytest

from finscribe.errors import WorkerLost
from finscribe.training.dataset.parallel import chunks, in_order


def test_chunks_hold_everything_in_order():
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_a_chunk_of_heavy_items_is_shorter():
    assert list(chunks(["aaa", "b", "c", "dddd", "e"], 3, len, 4)) == [["aaa", "b"], ["c", "dddd"], ["e"]]


def test_results_come_in_the_order_of_the_chunks_from_several_processes():
    assert list(in_order(sum, chunks(range(60), 3), 2)) == [sum(range(n, n + 3)) for n in range(0, 60, 3)]


def test_little_work_is_done_in_this_process():
    seen = []
    assert list(in_order(seen.append, chunks(range(4), 1), 2)) == [None] * 4
    assert seen == [[0], [1], [2], [3]]


def test_work_is_taken_up_as_results_are_taken_away():
    taken = []

    def stream():
        for number in range(100):
            taken.append(number)
            yield [number]

    results = in_order(sum, stream(), 2)
    assert next(results) == 0
    assert len(taken) < 20
    results.close()


def be_killed(_chunk):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_the_system_ends_is_an_error_that_says_what_to_do():
    with pytest.raises(WorkerLost, match="memory is full") as caught:
        list(in_order(be_killed, chunks(range(60), 3), 2))
    assert "memory" in caught.value.hint
