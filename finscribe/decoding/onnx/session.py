"""A batch of growing sequences on ONNX Runtime: their keys and values, written in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from finscribe.decoding.onnx.graph import cache_names
from finscribe.decoding.onnx.shape import Shape

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

GROUP = 4
"""Sequences that are computed together; the graph has a branch for each."""

CHUNK = 256
"""Tokens of a new sequence that are computed at once: attention takes memory for each pair of tokens."""

ROOM = 128
"""A cache grows by a quarter, and at least by so many tokens."""


class OnnxSession:
    """A batch whose rows have a cache each; see `Session`."""

    def __init__(self, runtime_for: Callable[[int], Any], shape: Shape) -> None:
        """`runtime_for` gives the `onnxruntime.InferenceSession` for a number of sequences, 1 or `GROUP`."""
        self._runtime_for, self._shape = runtime_for, shape
        self._rows: list[_Row] = []
        self._resting = _Row(shape)
        self._bindings: dict[int, _Binding] = {}

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """A pass over each group of the rows that were there, and over each new row; see `Session.extend`."""
        known = len(self._rows)
        self._rows += [_Row(self._shape) for _ in range(len(tokens) - known)]
        jobs = [_Job(*each) for each in zip(self._rows, tokens, wanted, strict=True)]
        found: list[Logits] = []
        for start in range(0, known, GROUP):
            found += self._run(jobs[start : min(start + GROUP, known)])
        for place, job in enumerate(jobs[known:], known):
            found.append(self._in_parts(_after_shared(job, jobs[known:place])))
        return found

    def _in_parts(self, job: _Job) -> Logits:
        import numpy as np

        # For all parts at once: growing for each of them would copy the cache again and again.
        job.row.make_room(len(job.tokens))
        return np.concatenate([logits for part in job.parts() for logits in self._run([part])])

    def _run(self, jobs: Sequence[_Job]) -> list[Logits]:
        """One pass; a branch of the graph that nothing is left for gets one token, for it cannot have none."""
        resting = branches_for(jobs) - len(jobs)
        logits = self._logits([*jobs, *[_Job(self._resting, (0,), 0)] * resting])
        ends = accumulate(job.wanted for job in jobs)
        for job in jobs:
            job.row.length += len(job.tokens)
        return [logits[end - job.wanted : end] for job, end in zip(jobs, ends, strict=True)]

    def _logits(self, jobs: Sequence[_Job]) -> Logits:
        """The logits, `[wanted, vocabulary]`; the caches are inputs and outputs at once."""
        for job in jobs:
            job.row.make_room(len(job.tokens))
        if len(jobs) not in self._bindings:
            self._bindings[len(jobs)] = _Binding(self._runtime_for(len(jobs)), self._shape)
        return self._bindings[len(jobs)].run(jobs)

    def rollback(self, counts: Sequence[int]) -> None:
        """Forgets the last tokens of each row; they are overwritten by those that come next."""
        for row, count in zip(self._rows, counts, strict=True):
            row.length -= count

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        self._rows = [self._rows[row] for row in rows]
        self._bindings.clear()  # they hold the caches of the others


class _Binding:
    """What a graph reads and writes; caches stay bound for as long as they are where they were."""

    def __init__(self, runtime: Any, shape: Shape) -> None:
        self._runtime, self._shape = runtime, shape
        self._binding = runtime.io_binding()
        self._caches: dict[int, Any] = {}

    def run(self, jobs: Sequence[_Job]) -> Logits:
        """One pass; the logits, `[wanted, vocabulary]`."""
        import numpy as np

        for name, array in _indices(jobs).items():
            self._binding.bind_cpu_input(name, array)
        for number, job in enumerate(jobs):
            if self._caches.get(number) is not job.row.cache:
                self._bind_cache(number, job.row.cache)
        logits = np.empty((sum(job.wanted for job in jobs), self._shape.vocabulary), np.float32)
        self._binding.bind_output("logits", *_place(logits))
        self._runtime.run_with_iobinding(self._binding)
        return logits

    def _bind_cache(self, number: int, cache: Any) -> None:
        for name, array in zip(cache_names(self._shape), cache, strict=True):
            self._binding.bind_input(f"{name}.{number}", *_place(array))
            self._binding.bind_output(f"new_{name}.{number}", *_place(array))
        self._caches[number] = cache


def _place(array: Any) -> tuple[Any, ...]:
    """Where an array is, as ONNX Runtime wants to be told."""
    return "cpu", 0, array.dtype, array.shape, array.ctypes.data


class _Row:
    """A sequence: its length, and its `cache`, keys and values of all layers, `[2 x layers, 1, heads, room, width]`."""

    def __init__(self, shape: Shape) -> None:
        self._shape, self.length = shape, 0
        self.cache = self._empty(1)

    def make_room(self, new: int) -> None:
        """Grows the cache where it is too small for so many more tokens."""
        needed, room = self.length + new, self.cache.shape[3]
        if needed > room:
            grown = self._empty(needed + max(ROOM, needed // 4))
            grown[:, :, :, : self.length] = self.cache[:, :, :, : self.length]
            self.cache = grown

    def begin_as(self, other: _Row, length: int) -> None:
        """Takes over the first tokens of another row."""
        self.length = 0
        self.make_room(length)
        self.cache[:, :, :, :length] = other.cache[:, :, :, :length]
        self.length = length

    def _empty(self, room: int) -> Any:
        """Zeros, since in standard operators what is masked is still multiplied by zero."""
        import numpy as np

        sizes = (2 * self._shape.layers, 1, self._shape.key_value_heads, room, self._shape.head_width)
        return np.zeros(sizes, np.float32)


@dataclass(frozen=True, slots=True)
class _Job:
    """The new tokens of a row, and of how many of the last ones the logits are wanted."""

    row: _Row
    tokens: Sequence[int]
    wanted: int

    def parts(self) -> list[_Job]:
        """The same in runs of at most `CHUNK` tokens."""
        left = len(self.tokens)
        made = []
        for start in range(0, len(self.tokens), CHUNK):
            chunk = self.tokens[start : start + CHUNK]
            left -= len(chunk)
            made.append(_Job(self.row, chunk, min(len(chunk), max(0, self.wanted - left))))
        return made


def _after_shared(job: _Job, done: Sequence[_Job]) -> _Job:
    """What is left of a new row once it has copied from the cache of another that begins alike and is done.

    Only whole chunks are taken over, so that every bit is as if the row had been computed alone.
    """
    shared, other = max(((_shared(job, each), each) for each in done), key=itemgetter(0), default=(0, job))
    if not shared:
        return job
    job.row.begin_as(other.row, shared)
    return _Job(job.row, job.tokens[shared:], job.wanted)


def _shared(job: _Job, other: _Job) -> int:
    """How many tokens, in whole chunks, two new rows begin with alike, short of those whose logits are wanted."""
    most = max(0, min(len(job.tokens) - job.wanted, len(other.tokens))) // CHUNK * CHUNK
    parts = range(0, most, CHUNK)
    return next((at for at in parts if job.tokens[at : at + CHUNK] != other.tokens[at : at + CHUNK]), most)


def branches_for(jobs: Sequence[_Job]) -> int:
    """How many branches the graph has that computes these."""
    return 1 if len(jobs) == 1 else GROUP


def _indices(jobs: Sequence[_Job]) -> dict[str, Any]:
    """The inputs of a pass but for the caches."""
    import numpy as np

    ends = accumulate(len(job.tokens) for job in jobs)
    wanted = [range(end - job.wanted, end) for job, end in zip(jobs, ends, strict=True)]
    places = [range(job.row.length, job.row.length + len(job.tokens)) for job in jobs]
    found = {
        "tokens": [*chain(*(job.tokens for job in jobs))],
        "places": [*chain(*places)],
        "starts": [job.row.length for job in jobs],
        "wanted": [*chain(*wanted)],
    }
    if len(jobs) > 1:
        found["sizes"] = [len(job.tokens) for job in jobs]
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in found.items()}
