"""A batch of growing sequences on ONNX Runtime: their keys and values, written in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
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
"""A cache grows by so many tokens at a time."""


class OnnxSession:
    """A batch whose rows have a cache each; see `Session`."""

    def __init__(self, runtime_for: Callable[[int], Any], shape: Shape) -> None:
        """`runtime_for` gives the `onnxruntime.InferenceSession` for a number of sequences, 1 or `GROUP`."""
        self._runtime_for, self._shape = runtime_for, shape
        self._rows: list[_Row] = []
        self._resting = _Row(shape)

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """A pass over each group of the rows that were there, and over each new row; see `Session.extend`."""
        known = len(self._rows)
        self._rows += [_Row(self._shape) for _ in range(len(tokens) - known)]
        jobs = [_Job(*each) for each in zip(self._rows, tokens, wanted, strict=True)]
        found: list[Logits] = []
        for start in range(0, known, GROUP):
            found += self._run(jobs[start : min(start + GROUP, known)])
        return found + [self._in_parts(job) for job in jobs[known:]]

    def _in_parts(self, job: _Job) -> Logits:
        import numpy as np

        return np.concatenate([logits for part in job.parts() for logits in self._run([part])])

    def _run(self, jobs: Sequence[_Job]) -> list[Logits]:
        """One pass; a branch of the graph that nothing is left for gets one token, for it cannot have none."""
        resting = rows_of(jobs) - len(jobs)
        logits = self._bound([*jobs, *[_Job(self._resting, (0,), 0)] * resting])
        ends = accumulate(job.wanted for job in jobs)
        for job in jobs:
            job.row.length += len(job.tokens)
        return [logits[end - job.wanted : end] for job, end in zip(jobs, ends, strict=True)]

    def _bound(self, jobs: Sequence[_Job]) -> Any:
        """The logits, `[wanted, vocabulary]`; the caches are inputs and outputs at once."""
        runtime = self._runtime_for(len(jobs))
        binding = runtime.io_binding()
        for name, array in _indices(jobs).items():
            binding.bind_cpu_input(name, array)
        for number, job in enumerate(jobs):
            for name, array in job.row.with_room_for(len(job.tokens)).items():
                place = ("cpu", 0, array.dtype, array.shape, array.ctypes.data)
                binding.bind_input(f"{name}.{number}", *place)
                binding.bind_output(f"new_{name}.{number}", *place)
        binding.bind_output("logits")
        runtime.run_with_iobinding(binding)
        return binding.get_outputs()[-1].numpy()

    def rollback(self, counts: Sequence[int]) -> None:
        """Forgets the last tokens of each row; they are overwritten by those that come next."""
        for row, count in zip(self._rows, counts, strict=True):
            row.length -= count

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        self._rows = [self._rows[row] for row in rows]


@dataclass(slots=True)
class _Row:
    """A sequence: its length, and the keys and values of all layers, each `[1, heads, room, width]`."""

    shape: Shape
    length: int = 0
    room: int = 0
    arrays: dict[str, Any] = field(default_factory=dict)

    def with_room_for(self, new: int) -> dict[str, Any]:
        """The arrays, grown where they are too small; zeros, since what is masked is still multiplied by zero."""
        import numpy as np

        if self.length + new > self.room or not self.room:
            self.room = max(1, -(-(self.length + new) // ROOM)) * ROOM
            for name in cache_names(self.shape):
                grown = np.zeros(
                    (1, self.shape.key_value_heads, self.room, self.shape.head_width), np.float32
                )
                if self.length:
                    grown[:, :, : self.length] = self.arrays[name][:, :, : self.length]
                self.arrays[name] = grown
        return self.arrays


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


def rows_of(jobs: Sequence[_Job]) -> int:
    """For how many sequences the graph is that computes these."""
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
