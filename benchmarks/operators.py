"""Where a forward pass on ONNX Runtime spends its time: python benchmarks/operators.py [--model DIR] [--cache 500]

With one thread, for 8 tokens behind others that are in the cache and for a prompt of 250: the milliseconds of each kind
of operator as ONNX Runtime's own profile has them. Below, the limits of this machine: the products with weights at the
speed of a large product of matrices, and weights, keys and values read once at the speed of copying.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from finscribe.decoding.onnx.graph import IR_VERSION, OPSET, build_graph
from finscribe.decoding.onnx.model import OnnxModel, load_with_onnx
from finscribe.decoding.onnx.runtime import session_options
from finscribe.decoding.onnx.session import OnnxSession
from finscribe.decoding.onnx.shape import read_shape
from finscribe.decoding.onnx.weights import read_weights
from finscribe.starter import path as starter_path

RUNS = 20
STEP, PROMPT = 8, 250


def profiled(folder: Path, trace: Path) -> tuple[Any, OnnxSession]:
    """ONNX Runtime writing a trace, and an empty batch on it."""
    import onnxruntime

    shape = read_shape(folder)
    arrays = read_weights(folder, shape)
    options = session_options(1)
    options.enable_profiling, options.profile_file_prefix = True, str(trace)
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in arrays.values()]
    options.add_external_initializers(list(arrays), values)
    runtime = onnxruntime.InferenceSession(build_graph(shape, arrays).SerializeToString(), options)
    return runtime, OnnxSession(lambda rows: runtime, shape)


def operators(folder: Path, cache: int, tokens: int) -> Counter[str]:
    """Milliseconds by kind of operator, and of the `whole` pass; the mean of some passes after one to warm up."""
    rng = random.Random(0)
    with TemporaryDirectory() as traces:
        runtime, session = profiled(folder, Path(traces) / "trace")
        before = [rng.randrange(5, 900) for _ in range(max(1, cache))]
        session.extend([before], [1])
        for _ in range(RUNS + 1):
            session.extend([[rng.randrange(5, 900) for _ in range(tokens)]], [1])
            session.rollback([tokens])
        events = json.loads(Path(runtime.end_profiling()).read_text())
    begin = sorted(event["ts"] for event in events if event["name"] == "model_run")[-RUNS]
    found: Counter[str] = Counter()
    for event in events:
        if event["ts"] >= begin and event["name"] == "model_run":
            found["whole"] += event["dur"]
        elif event["ts"] >= begin and event["name"].endswith("_kernel_time"):
            found[event["args"]["op_name"]] += event["dur"]
    return Counter({name: total / RUNS / 1000 for name, total in found.items()})


def limits(model: OnnxModel, cache: int, tokens: int) -> tuple[float, float]:
    """Milliseconds that the products, and reading weights and cache, take at best on this machine."""
    shape, large = model.runtime.shape, np.ones(2**26, dtype=np.uint8)
    head = shape.vocabulary * shape.width  # for one of the tokens only
    multiplied = (model.parameters - head) * tokens + head
    kept = 2 * shape.layers * shape.key_value_heads * shape.head_width * cache
    copied = 2 * large.nbytes / seconds(large.copy)  # bytes a second, read and written
    return 2 * multiplied / product_speed() * 1000, 4 * (model.parameters + kept) / copied * 1000


def product_speed() -> float:
    """Operations a second of ONNX Runtime for the product of two large matrices."""
    import onnxruntime
    from onnx import TensorProto, helper

    sizes = [1024, 1024]
    declared = [helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes) for name in "abc"]
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["a", "b"], ["c"])], "g", declared[:2], declared[2:]
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    runtime = onnxruntime.InferenceSession(made.SerializeToString(), session_options(1))
    square = np.ones(sizes, dtype=np.float32)
    return 2 * 1024**3 / seconds(lambda: runtime.run(None, {"a": square, "b": square}))


def seconds(work: Any) -> float:
    """The median of a few runs."""
    times = []
    for _ in range(9):
        started = time.thread_time()
        work()
        times.append(time.thread_time() - started)
    return median(times)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=None, help="a model folder; the starter by default")
    parser.add_argument("--cache", type=int, default=500)
    args = parser.parse_args()
    folder = args.model or starter_path()
    model = load_with_onnx(folder)
    for cache, tokens in ((args.cache, STEP), (0, PROMPT)):
        found = operators(folder, cache, tokens)
        products, reading = limits(model, cache, tokens)
        print(f"\n{tokens} tokens behind {cache}:")
        for name, time_taken in found.most_common(8):
            print(f"  {name:20} {time_taken:6.2f} ms")
        print(f"  at best: products {products:.2f} ms, reading weights and cache {reading:.2f} ms")


if __name__ == "__main__":
    main()
