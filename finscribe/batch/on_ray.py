"""Work on Ray Data: an actor a worker, on this machine or a cluster. The one place that imports ray."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any

from finscribe import errors
from finscribe.batch.rows import Keys, Row
from finscribe.batch.run import Part, Work
from finscribe.batch.sources import Place, check_installed
from finscribe.batch.worker import Job, Worker
from finscribe.errors import BatchError, FinScribeError

TRIES = 3
"""Processes that may die over one part, which Ray would try for ever."""

MEMORY_OF_A_WORKER = 10**9
"""Bytes that the starter and a page under OCR take, and some to spare."""

ACTORS_THAT_MAY_NOT_START = 3
"""One after the other, until the batch ends with an error."""

QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
"""What is set before ray is imported, unless it is set already: nothing is reported to anyone, little is printed."""

FATAL, GIVEN_UP = "fatal", "given-up"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where to work: on this machine, or at the address of a cluster; how many workers, and their share of GPUs.

    Without a number there are as many workers as there are processors, or as the memory or the GPUs suffice for.
    """

    address: str | None = None
    workers: int | None = None
    gpus_per_worker: float = 0.0


@contextmanager
def ray_work(job: Job, cluster: Cluster, make: Callable[[Job, Keys], Worker] = Worker) -> Iterator[Work]:
    """Work on Ray for as long as it is wanted; `make` makes what an actor works with.

    Raises MissingDependency, and BatchError where there is no cluster or no GPU.
    """
    ray = import_ray()
    was_there = ray.is_initialized()
    if not was_there:
        _connect(ray, cluster)
    try:
        yield _Work(ray, partial(make, job), _workers(ray, cluster), cluster.gpus_per_worker)
    finally:
        if not was_there:
            ray.shutdown()


def import_ray() -> Any:
    """Ray, told to be quiet; raises MissingDependency."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    check_installed("ray", "ray.data")
    import ray

    return ray


def _connect(ray: Any, cluster: Cluster) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if cluster.address:
            ray.init(address=cluster.address, **quiet)
        else:
            # More workers than processors are what somebody asked for; without a number Ray counts them itself,
            # and knows the limits of a container.
            ray.init(address="local", num_cpus=cluster.workers, include_dashboard=False, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = f"the cluster at {cluster.address}" if cluster.address else "Ray on this machine"
        raise BatchError(
            f"{where} cannot be reached: {error}",
            hint="See that `ray status` answers from here, with the token of the cluster and RAY_AUTH_MODE=token, "
            "and that Ray and Python are of the same version.",
        ) from error


def _workers(ray: Any, cluster: Cluster) -> int:
    there = ray.cluster_resources()
    if cluster.gpus_per_worker:
        enough = int(there.get("GPU", 0) / cluster.gpus_per_worker)
        if not enough:
            raise BatchError(
                f"Ray finds {there.get('GPU', 0):g} GPUs, and a worker shall have {cluster.gpus_per_worker:g}",
                hint="Leave --gpus-per-worker out to work on processors.",
            )
        return cluster.workers or enough
    fitting = min(there.get("CPU", 1), there.get("memory", 0) / MEMORY_OF_A_WORKER)
    return cluster.workers or max(1, int(fitting))


@dataclass(frozen=True, slots=True)
class _Work:
    """Reads parts on a pool of actors, which live for as long as one call lasts."""

    ray: Any
    make: Callable[[Keys], Worker]
    workers: int
    gpus_per_worker: float

    def __call__(self, parts: Sequence[Part], known: Keys) -> Iterator[tuple[int, list[Row]]]:
        """The rows of each part; raises what workers raised, and BatchError where Ray cannot go on."""
        known_there = self.ray.put(known)  # held here, so that actors that start anew find it
        items = [{"part": number, "places": _packed(part)} for number, part in enumerate(parts)]
        try:
            yield from self._answers(items, known_there)
        except self.ray.exceptions.RayError as error:
            *_, said = type(error).__name__, *str(error).strip().splitlines()
            raise BatchError(
                f"Ray cannot go on: {said}",
                hint="Mostly workers lack memory: take fewer of them. Run it again, and it goes on from here.",
            ) from error

    def _answers(self, items: list[dict[str, Any]], known: Any) -> Iterator[tuple[int, list[Row]]]:
        data = self.ray.data
        _set_up(data.DataContext.get_current())
        tries = self.ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Tries).remote()
        answers = data.from_items(items, override_num_blocks=len(items)).map_batches(
            RayWorker,
            fn_constructor_kwargs={"make": self.make, "known": known, "tries": tries},
            batch_format="pyarrow",
            batch_size=1,  # a part; with GPUs Ray wants a number
            compute=data.ActorPoolStrategy(size=min(self.workers, len(items))),
            num_cpus=1,
            num_gpus=self.gpus_per_worker or None,
        )
        for block in answers.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            said = block.to_pylist()
            if said[0]["fate"] == FATAL:
                raise _unpacked_error(said[0]["line"])
            if said[0]["fate"] != GIVEN_UP:
                yield said[0]["part"], [Row(each["key"], each["fate"], each["line"]) for each in said]


def _set_up(context: Any) -> None:
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.target_max_block_size = None  # a part is a block, on the way in and on the way out
    context.max_consecutive_actor_init_deaths = ACTORS_THAT_MAY_NOT_START
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)


class Tries:
    """Counts how often each part was begun; an actor of its own, as those that read may die over it."""

    def __init__(self) -> None:
        self._of: Counter[int] = Counter()

    def begin(self, part: int) -> bool:
        """Whether a part may be tried once more."""
        self._of[part] += 1
        return self._of[part] <= TRIES


class RayWorker:
    """What an actor is: a worker that takes a block with a part and gives one with its rows."""

    def __init__(self, make: Callable[[Keys], Worker], known: Any, tries: Any) -> None:
        self._ray = import_ray()
        self._worker = make(self._ray.get(known))
        self._tries = tries

    def __call__(self, block: Any) -> Any:
        """The rows of a part, or what no other part would escape either."""
        import pyarrow as pa

        [item] = block.to_pylist()
        answers = [dict(zip(("key", "fate", "line"), each, strict=True)) for each in self._read(item)]
        return pa.Table.from_pylist([{"part": item["part"], **answer} for answer in answers])

    def _read(self, item: Mapping[str, Any]) -> list[tuple[bytes, str, bytes]]:
        if not self._ray.get(self._tries.begin.remote(item["part"])):
            return [(b"", GIVEN_UP, b"")]
        try:
            rows = self._worker.rows([Place(*values) for values in json.loads(item["places"])])
        except FinScribeError as error:
            return [(b"", FATAL, _packed_error(error))]
        return [(row.key, row.fate, row.line) for row in rows]


def _packed(part: Part) -> str:
    return json.dumps([astuple(place) for place in part])


def _packed_error(error: FinScribeError) -> bytes:
    return json.dumps([type(error).__name__, error.message, error.hint]).encode()


def _unpacked_error(line: bytes) -> FinScribeError:
    kind, message, hint = json.loads(line)
    error: FinScribeError = getattr(errors, kind)(message, hint=hint)
    return error
