"""How fast answers are written: python benchmarks/inference.py [--shape 1b] [--documents 32] [--data FILE.jsonl]

Every contender reads the same documents with the same weights in a process of its own, one after the other: the
plain greedy `generate` of transformers and of Unsloth, alone and in padded batches, the former also held to the JSON
schema of invoices by xgrammar (`pip install xgrammar`), and ours on PyTorch, on ONNX Runtime and, on a GPU, on
Unsloth.

Shapes: the bundled starter, or the starter grown to the sizes of Llama 3, which writes the same at the cost of those
(`benchmarks/shapes.py`), in 16 bits on a GPU. `--model` takes a folder instead. Prints a Markdown table: beside the
first contender, how many times as many documents a second are read, of how many it is the same invoice, and how many
times as fast those are. `--only unsloth ours-1` measures some contenders.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, quantiles
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import figures_of, hardware, packages, resident_bytes
from benchmarks.plain import Plain, load_plain
from benchmarks.shapes import SHAPES, write_model
from finscribe.decoding import load_model
from finscribe.decoding.devices import gpu_present
from finscribe.decoding.loading import unsloth_is_installed
from finscribe.decoding.torch_backend import write_precision
from finscribe.documents import Document
from finscribe.extract import Extraction, extract_many
from finscribe.settings import Backend, Settings
from finscribe.starter import path as starter_path
from finscribe.synthesis import generate

FIRST_SEED = 4_000_000_000
WARM_UP = 2
PACKAGES = ("torch", "transformers", "unsloth", "xgrammar", "onnxruntime", "llguidance")


@dataclass(frozen=True, slots=True)
class Contender:
    """What reads: a name for the table, what runs the model and who writes, and how many documents at a time."""

    label: str
    backend: Backend = "transformers"
    batch_size: int = 1
    writer: Literal["generate", "schema", "ours"] = "ours"
    drafting: bool = True


CONTENDERS = {
    "generate": Contender("transformers `generate`, greedy, one at a time", writer="generate"),
    "generate-8": Contender("transformers `generate`, batches of 8", batch_size=8, writer="generate"),
    "generate-32": Contender("transformers `generate`, batches of 32", batch_size=32, writer="generate"),
    "generate-schema": Contender(
        "transformers `generate` held to a JSON schema by xgrammar", writer="schema"
    ),
    "unsloth": Contender("Unsloth `generate`, greedy, one at a time", "unsloth", writer="generate"),
    "unsloth-8": Contender("Unsloth `generate`, batches of 8", "unsloth", 8, "generate"),
    "unsloth-32": Contender("Unsloth `generate`, batches of 32", "unsloth", 32, "generate"),
    "ours-undrafted": Contender("ours on PyTorch without drafts, one at a time", drafting=False),
    "ours-1": Contender("ours on PyTorch, one at a time"),
    "ours-8": Contender("ours on PyTorch, batches of 8", batch_size=8),
    "ours-32": Contender("ours on PyTorch, batches of 32", batch_size=32),
    "ours-unsloth-1": Contender("ours on Unsloth, one at a time", "unsloth"),
    "ours-unsloth-8": Contender("ours on Unsloth, batches of 8", "unsloth", 8),
    "ours-unsloth-32": Contender("ours on Unsloth, batches of 32", "unsloth", 32),
    "onnx-1": Contender("ours on ONNX Runtime, one at a time", "onnx"),
    "onnx-8": Contender("ours on ONNX Runtime, batches of 8", "onnx", 8),
    "onnx-32": Contender("ours on ONNX Runtime, batches of 32", "onnx", 32),
    "onnx-int8-1": Contender("ours on ONNX Runtime in eight bits, one at a time", "onnx-int8"),
    "onnx-int8-8": Contender("ours on ONNX Runtime in eight bits, batches of 8", "onnx-int8", 8),
    "onnx-int8-32": Contender("ours on ONNX Runtime in eight bits, batches of 32", "onnx-int8", 32),
}
ONLY_ON_A_PROCESSOR = ("onnx",)
ONLY_ON_A_GPU = ("ours-unsloth",)
"""How the names begin of those that are measured there only, unless they are named."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of each call (of each document, where it reads one), mean forward passes a document, and the invoices."""

    seconds: Sequence[float]
    passes: float
    invoices: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of a contender, as its process prints it."""

    seconds: Sequence[float]
    """Of each call."""
    processor: float
    """Seconds of the processor, a document."""
    passes: float
    """Forward passes, a document."""
    memory: float
    """The most that was held, in 10^6 bytes."""
    gpu_memory: float
    """The same of a GPU's."""
    invoices: Sequence[str]

    @property
    def alone(self) -> bool:
        """Whether each call has read one document."""
        return len(self.seconds) == len(self.invoices)

    @property
    def documents_per_second(self) -> float:
        """Over all calls."""
        return len(self.invoices) / sum(self.seconds)

    @property
    def p50(self) -> float:
        """The median of a call's seconds."""
        return self._twentieths[9]

    @property
    def p95(self) -> float:
        """The 95th percentile of a call's seconds; of few calls it lies beyond the longest."""
        return self._twentieths[18]

    @property
    def _twentieths(self) -> Sequence[float]:
        return quantiles(self.seconds, n=20) if len(self.seconds) > 1 else [*self.seconds] * 19


# --- running ---------------------------------------------------------------------------------------------


def run_generate(plain: Plain, texts: Sequence[str], *, batch_size: int) -> Run:
    """Greedy generation; in batches, documents of similar length go together."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]) if batch_size > 1 else place)
    seconds, answers = list[float](), dict[int, list[int]]()
    for start in range(0, len(order), batch_size):
        places = order[start : start + batch_size]
        started = time.perf_counter()
        answers |= zip(places, plain.write([texts[place] for place in places]), strict=True)
        seconds.append(time.perf_counter() - started)
    found = [plain.read(text, answers[place]) for place, text in enumerate(texts)]
    return Run(seconds, mean(map(len, answers.values())), _invoices(found))


def run_ours(model: Any, texts: Sequence[str], contender: Contender) -> Run:
    """Our decoder, evidence and validation included."""
    documents = [Document.from_text(text) for text in texts]
    step = 1 if contender.batch_size == 1 else len(documents)  # in batches, it puts together what is similar
    seconds, found = list[float](), list[Extraction]()
    for start in range(0, len(documents), step):
        started = time.perf_counter()
        found += extract_many(
            documents[start : start + step],
            model,
            batch_size=contender.batch_size,
            drafting=contender.drafting,
        )
        seconds.append(time.perf_counter() - started)
    return Run(seconds, mean(each.forward_passes for each in found), _invoices(found))


def _invoices(found: Sequence[Extraction]) -> list[str]:
    return [each.invoice.to_json() for each in found]


def load_reader(contender: Contender, folder: str) -> Callable[[Sequence[str]], Run]:
    """What reads texts as a contender does; ends the program where its backend does not run the model."""
    if contender.writer != "ours":
        plain = load_plain(
            folder, unsloth=contender.backend == "unsloth", schema=contender.writer == "schema"
        )
        return partial(run_generate, plain, batch_size=contender.batch_size)
    settings = replace(Settings.from_environment(), backend=contender.backend)
    model = load_model(folder, settings=settings)
    if model.backend != contender.backend:
        raise SystemExit(
            f"{contender.backend} does not run {folder} as it should, and {model.backend} is no such contender"
        )
    return partial(run_ours, model, contender=contender)


def texts_to_read(data: Path | None, count: int) -> list[str]:
    """The first records of a file, or fresh synthetic documents."""
    if data is None:
        return [generate(FIRST_SEED + index).text for index in range(count)]
    lines = data.read_text("utf-8").splitlines()[:count]
    return [Document.from_text(json.loads(line)["input"]).text for line in lines]


def measure(contender: Contender, folder: str, texts: Sequence[str]) -> Figures:
    """One contender's figures, after a few documents to warm up."""
    read = load_reader(contender, folder)
    read(texts[:WARM_UP])
    busy = time.process_time()
    run = read(texts)
    busy = time.process_time() - busy
    return Figures(
        seconds=run.seconds,
        processor=busy / len(texts),
        passes=run.passes,
        memory=resident_bytes() / 1e6,
        gpu_memory=gpu_bytes() / 1e6,
        invoices=run.invoices,
    )


def gpu_bytes() -> int:
    """The most of a GPU's memory that this process has held."""
    torch = sys.modules.get("torch")
    return int(torch.cuda.max_memory_allocated()) if torch and torch.cuda.is_available() else 0


# --- printing --------------------------------------------------------------------------------------------

COLUMNS: Mapping[str, Callable[[Figures, Figures], str]] = {
    "latency p50": lambda its, _: f"{its.p50:.2f} s" if its.alone else "-",
    "latency p95": lambda its, _: f"{its.p95:.2f} s" if its.alone else "-",
    "documents a second": lambda its, _: f"{its.documents_per_second:.2f}",
    "÷ the first": lambda its, first: f"{its.documents_per_second / first.documents_per_second:.1f}",
    "processor a document": lambda its, _: f"{its.processor * 1000:.0f} ms",
    "passes": lambda its, _: f"{its.passes:.0f}",
    "memory": lambda its, _: f"{its.memory:,.0f} MB",
    "GPU memory": lambda its, _: f"{its.gpu_memory:,.0f} MB",
    "same invoice": lambda its, first: f"{len(same(its, first))} of {len(first.invoices)}",
    "÷ of these": lambda its, first: times_of_the_same(its, first),
}
"""Heading, and what stands below it for a contender beside the first one."""


def same(its: Figures, first: Figures) -> list[int]:
    """The documents of which two contenders have read the same invoice."""
    pairs = zip(its.invoices, first.invoices, strict=True)
    return [place for place, (one, other) in enumerate(pairs) if one == other]


def times_of_the_same(its: Figures, first: Figures) -> str:
    """How many times as fast a contender is at equal output, where both read one document at a time."""
    places = same(its, first)
    if not (places and its.alone and first.alone):
        return "-"
    took, first_took = (sum(each.seconds[place] for place in places) for each in (its, first))
    return f"{first_took / took:.1f}"


def compare(title: str, model: str, args: argparse.Namespace) -> None:
    """Lets every contender read with a model, and prints its row."""
    headings = [heading for heading in COLUMNS if heading != "GPU memory" or gpu_present()]
    print(
        f"{title}, {args.documents} documents; {hardware()}; {packages(PACKAGES)}; "
        f"{datetime.now(UTC).date()}\n\n| contender | {' | '.join(headings)} |\n|---|{'---|' * len(headings)}",
        flush=True,
    )
    first: Figures | None = None
    for name in args.only or measured_here():
        its, label = run_contender(name, model, args), CONTENDERS[name].label
        if its is None:
            continue
        first = first or its
        print(f"| {label} | {' | '.join(COLUMNS[each](its, first) for each in headings)} |", flush=True)


def measured_here() -> list[str]:
    """The contenders that have a point on this machine."""
    left_out = ONLY_ON_A_PROCESSOR if gpu_present() else ONLY_ON_A_GPU
    return [name for name in CONTENDERS if not name.startswith(left_out)]


def run_contender(name: str, model: str, args: argparse.Namespace) -> Figures | None:
    """Its figures from a process of its own; None where it cannot run or failed, which standard error says."""
    contender = CONTENDERS[name]
    if missing := missing_package(contender):
        print(f"{name}: left out, {missing} is not installed", file=sys.stderr)
        return None
    command = [sys.executable, __file__, "--model", model, "--documents", str(args.documents)]
    command += ["--data", str(args.data)] if args.data else []
    found = figures_of([*command, "--contender", name], name)
    return None if found is None else Figures(**found)


def missing_package(contender: Contender) -> str | None:
    """What a contender needs and this machine lacks."""
    if contender.backend == "unsloth" and not unsloth_is_installed():
        return "unsloth"
    return "xgrammar" if contender.writer == "schema" and not find_spec("xgrammar") else None


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    read_with = parser.add_mutually_exclusive_group()
    read_with.add_argument(
        "--shape", choices=("starter", *SHAPES), default="starter", help="default: starter"
    )
    read_with.add_argument("--model", default=None, help="a model folder instead of a shape")
    parser.add_argument(
        "--data", type=Path, default=None, help="records to read instead of synthetic documents"
    )
    parser.add_argument("--documents", type=int, default=32)
    parser.add_argument("--only", choices=CONTENDERS, nargs="+", default=None)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.contender:
        texts = texts_to_read(args.data, args.documents)
        print(json.dumps(asdict(measure(CONTENDERS[args.contender], args.model, texts))))
        return
    with tempfile.TemporaryDirectory() as folder:
        model = args.model or write_shape(args.shape, Path(folder) / "model")
        compare(args.model or args.shape, str(model), args)


def write_shape(shape: str, folder: Path) -> Path:
    """The folder, with the starter or what it was grown to, held in 16 bits by whatever loads it on a GPU."""
    if shape == "starter":
        shutil.copytree(starter_path(), folder)
    else:
        write_model(shape, folder)
    write_precision(folder, four_bits=False)
    return folder


if __name__ == "__main__":
    main()
