"""The memory of a process whose model is changed again and again beneath those who ask."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import sleep
from weakref import ref

import psutil
import pytest

from app.core.memory import keep_little
from app.core.models.unsloth_service import UnslothService
from finscribe import starter
from finscribe.registry.pointer import point
from finscribe.settings import Settings
from tests.app.waiting import wait_until

ROOT = Path(__file__).parents[2]
FIRST, SWAPS = 2, 12
TEXT = "ACME Ltd\nInvoice INV-7\nTotal 12.50"


@pytest.mark.e2e
def test_after_twelve_changes_under_load_one_model_is_alive_and_memory_is_as_after_two(
    tmp_path: Path,
) -> None:
    program = [sys.executable, "-m", "tests.app.test_swap_soak", str(tmp_path)]
    ended = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(ended.stdout)
    assert found["alive"] == 1
    assert found["after"] < 1.4 * found["before"], found


# --- the process -------------------------------------------------------------------------------------


def main(folder: Path) -> None:
    """Prints megabytes after the first changes and after all, nobody asking, and how many models are alive then."""
    keep_little()
    places = [shutil.copytree(starter.path(), folder / name) for name in ("one", "two")]
    served = folder / "served"
    point(served, places[0])
    service = UnslothService(Settings(model_dir=served, backend="onnx"), look_every=0.1)
    service.extract(TEXT)
    models = list[ref[object]]()

    def changed(numbers: range) -> float:
        with asked_by_eight(service):
            for number in numbers:
                models.append(ref(service._served.model))  # type: ignore[union-attr]
                change(service, served, places[number % 2])
        wait_until(lambda: not service._swap._former._models or None)  # type: ignore[union-attr]
        return megabytes()

    before, after = changed(range(1, FIRST + 1)), changed(range(FIRST + 1, SWAPS + 1))
    alive = 1 + sum(model() is not None for model in models)
    print(json.dumps({"before": before, "after": after, "alive": alive}))
    service.close()


@contextmanager
def asked_by_eight(service: UnslothService) -> Iterator[None]:
    """Eight threads ask without a pause, until the end of the context."""
    done = Event()
    clients = [Thread(target=ask_until, args=(service, done)) for _ in range(8)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        done.set()
        for client in clients:
            client.join()


def ask_until(service: UnslothService, done: Event) -> None:
    while not done.is_set():
        service.extract(TEXT)


def change(service: UnslothService, served: Path, place: Path) -> None:
    """Serves the model of a place, and returns when that answers."""
    point(served, place)
    wait_until(lambda: service.extract(TEXT).model == place.name or None)


def megabytes() -> float:
    """The median of a second, in which memory is given back."""
    found = list[float]()
    for _ in range(5):
        sleep(0.2)
        found.append(psutil.Process().memory_info().rss / 1e6)
    return median(found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
