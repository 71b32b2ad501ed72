"""ONNX Runtime with a decoder's graph and weights."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from finscribe.decoding.onnx.graph import build_graph
from finscribe.decoding.onnx.shape import Shape
from finscribe.decoding.onnx.weights import ROTATIONS

if TYPE_CHECKING:
    from finscribe.decoding.onnx.weights import Arrays

MOST_PACKED = 100_000_000
"""Weights up to which ONNX Runtime keeps a copy of them in an order of its own, which is faster."""

ERRORS_ONLY = 3


class Runtime:
    """Opens graphs for a number of sequences and of threads; the weights are held once, packed ones by each graph."""

    def __init__(self, shape: Shape, arrays: Arrays) -> None:
        self.shape, self.arrays = shape, arrays
        self._sessions: dict[tuple[int, int], Any] = {}
        self._opening = threading.Lock()

    @property
    def packed(self) -> bool:
        """Whether each graph holds a copy of the weights in ONNX Runtime's own order."""
        weights = sum(array.size for name, array in self.arrays.items() if name not in ROTATIONS)
        return weights <= MOST_PACKED

    def session(self, threads: int, rows: int) -> Any:
        """The `onnxruntime.InferenceSession` for so many sequences that uses so many threads in each run."""
        with self._opening:
            if (threads, rows) not in self._sessions:
                self._sessions[threads, rows] = self._open(threads, rows)
            return self._sessions[threads, rows]

    def _open(self, threads: int, rows: int) -> Any:
        import onnxruntime

        graph = build_graph(self.shape, self.arrays, rows).SerializeToString()
        names = list(self.arrays)
        held = [onnxruntime.OrtValue.ortvalue_from_numpy(self.arrays[name]) for name in names]
        options = session_options(threads)
        if not self.packed:
            options.add_session_config_entry("session.disable_prepacking", "1")
        options.add_external_initializers(names, held)
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def session_options(threads: int) -> Any:
    """Those for graphs whose inputs have another size in every run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_mem_pattern = False
    # Waiting threads would be busy between two runs, and take the processor from what else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = ERRORS_ONLY
    return options
