"""How fast answers are written: python benchmarks/inference.py [--model DIR] [--documents 32] [--data FILE.jsonl]

Every contender reads the same documents with the same weights in a process of its own, one after the other:
transformers' plain greedy `generate`, the same held to the invoice's JSON schema by xgrammar (`pip install xgrammar`;
left out where it is missing), and ours one document at a time and in batches, on PyTorch and on ONNX Runtime. Prints a
Markdown table; `--only ours-1 onnx-1` measures some contenders.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import quantiles
from typing import Any, Literal

from finscribe.decoding import Grounding, Printed, Task, load_model
from finscribe.decoding.loading import choose_backend
from finscribe.decoding.remote.dialects import schema_of
from finscribe.documents import Document
from finscribe.extract import extract_many
from finscribe.invoice import ALL_FIELDS
from finscribe.prompts import build_prompt
from finscribe.settings import Backend, Settings
from finscribe.starter import path as starter_path
from finscribe.synthesis import generate

FIRST_SEED = 4_000_000_000
WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Contender:
    """What reads: a name for the table, what runs the model, and how many documents at a time."""

    label: str
    backend: Literal["pytorch", "onnx", "onnx-int8"] = "pytorch"
    batch_size: int = 1
    drafting: bool = True


CONTENDERS = {
    "generate": Contender("transformers `generate`, greedy, one at a time"),
    "generate-schema": Contender("transformers `generate` held to a JSON schema by xgrammar"),
    "ours-undrafted": Contender("ours on PyTorch without drafts, one at a time", drafting=False),
    "ours-1": Contender("ours on PyTorch, one at a time"),
    "ours-8": Contender("ours on PyTorch, batches of 8", batch_size=8),
    "ours-32": Contender("ours on PyTorch, batches of 32", batch_size=32),
    "onnx-1": Contender("ours on ONNX Runtime, one at a time", "onnx"),
    "onnx-8": Contender("ours on ONNX Runtime, batches of 8", "onnx", 8),
    "onnx-32": Contender("ours on ONNX Runtime, batches of 32", "onnx", 32),
    "onnx-int8-1": Contender("ours on ONNX Runtime in eight bits, one at a time", "onnx-int8"),
    "onnx-int8-8": Contender("ours on ONNX Runtime in eight bits, batches of 8", "onnx-int8", 8),
    "onnx-int8-32": Contender("ours on ONNX Runtime in eight bits, batches of 32", "onnx-int8", 32),
}


def texts_to_read(data: Path | None, count: int) -> list[str]:
    """The first records of a file, or fresh synthetic documents."""
    if data is None:
        return [generate(FIRST_SEED + index).text for index in range(count)]
    lines = data.read_text("utf-8").splitlines()[:count]
    return [Document.from_text(json.loads(line)["input"]).text for line in lines]


def plain_model(name: str | Path) -> Any:
    """The same weights as transformers loads them, without anything of ours."""
    import torch
    from transformers import AutoModelForCausalLM

    gpu = torch.cuda.is_available()
    model = AutoModelForCausalLM.from_pretrained(name, dtype=torch.bfloat16 if gpu else torch.float32)
    return model.eval().to("cuda" if gpu else "cpu")


def schema_processors(model: Any) -> Callable[[], list[Any]]:
    """What makes the logits processors that let one answer be nothing but JSON of the invoice's schema."""
    import xgrammar
    from xgrammar.contrib.hf import LogitsProcessor

    vocabulary = xgrammar.TokenizerInfo.from_huggingface(
        model.tokenizer, vocab_size=model.model.config.vocab_size
    )
    schema = schema_of(Task("", Printed(""), ALL_FIELDS, Grounding.SCHEMA))
    compiled = xgrammar.GrammarCompiler(vocabulary).compile_json_schema(
        schema, any_whitespace=False, separators=(",", ":")
    )
    return lambda: [LogitsProcessor(compiled)]


def run_generate(
    model: Any, plain: Any, texts: list[str], processors: Callable[[], list[Any]] = list
) -> tuple[list[float], float]:
    """Seconds of each document and mean forward passes of greedy generation; `model` only tokenizes."""
    import torch

    seconds, passes = [], 0
    for text in texts:
        started = time.perf_counter()
        ids = torch.tensor([model.encode_prompt(build_prompt(text, ALL_FIELDS))], device=plain.device)
        with torch.inference_mode():
            output = plain.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                logits_processor=processors(),
                max_new_tokens=model.context_length - ids.shape[1],
            )
        seconds.append(time.perf_counter() - started)
        passes += output.shape[1] - ids.shape[1]
    return seconds, passes / len(texts)


def run_ours(model: Any, texts: list[str], *, batch_size: int, drafting: bool) -> tuple[list[float], float]:
    """Seconds of each call and mean forward passes a document of our decoder, evidence and validation included."""
    documents = [Document.from_text(text) for text in texts]
    seconds, passes = [], 0
    step = 1 if batch_size == 1 else len(documents)  # in batches, documents of similar length go together
    for start in range(0, len(documents), step):
        started = time.perf_counter()
        some = documents[start : start + step]
        found = extract_many(some, model, batch_size=batch_size, drafting=drafting)
        passes += sum(extraction.forward_passes for extraction in found)
        seconds.append(time.perf_counter() - started)
    return seconds, passes / len(texts)


def backend_of(contender: Contender) -> Backend:
    """The backend that is meant; on PyTorch, Unsloth where it would be taken."""
    if contender.backend != "pytorch":
        return contender.backend
    return "unsloth" if choose_backend(Settings.from_environment()) == "unsloth" else "transformers"


def measure(name: str, args: argparse.Namespace) -> dict[str, Any]:
    """One contender's figures, after a few documents to warm up."""
    contender, folder = CONTENDERS[name], args.model or starter_path()
    settings = replace(Settings.from_environment(), backend=backend_of(contender))
    model = load_model(folder, settings=settings)
    texts = texts_to_read(args.data, args.documents)
    if name.startswith("generate"):
        processors = schema_processors(model) if name == "generate-schema" else list
        run = partial(run_generate, model, plain_model(folder), processors=processors)
    else:
        run = partial(run_ours, model, batch_size=contender.batch_size, drafting=contender.drafting)
    run(texts[:WARM_UP])
    started, busy = time.perf_counter(), time.process_time()
    seconds, passes = run(texts)
    total, busy = time.perf_counter() - started, time.process_time() - busy
    p50, p95 = (quantiles(seconds, n=20)[i] for i in (9, 18)) if len(seconds) > 1 else (total, total)
    return {
        "p50": p50,
        "p95": p95,
        "documents": len(texts) / total,
        "processor": busy / len(texts),
        "passes": passes,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=None, help="a model folder; the starter where it is left out")
    parser.add_argument(
        "--data", type=Path, default=None, help="records to read instead of synthetic documents"
    )
    parser.add_argument("--documents", type=int, default=32)
    parser.add_argument("--only", choices=CONTENDERS, nargs="+", default=list(CONTENDERS))
    parser.add_argument(
        "--contender", choices=CONTENDERS, help="measure this one in this process and print JSON"
    )
    args = parser.parse_args()
    if args.contender:
        print(json.dumps(measure(args.contender, args)))
        return
    print(
        "| contender | latency p50 | latency p95 | documents a second | processor a document | passes | memory |"
    )
    print("|---|---|---|---|---|---|---|")
    for name in args.only:
        if name == "generate-schema" and not find_spec("xgrammar"):
            continue
        command = [sys.executable, *sys.argv, "--contender", name]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        row, contender = json.loads(output.splitlines()[-1]), CONTENDERS[name]
        times = [f"{row[share]:.2f} s" if contender.batch_size == 1 else "-" for share in ("p50", "p95")]
        processor = f"{row['processor'] * 1000:.0f} ms"
        cells = [contender.label, *times, f"{row['documents']:.2f}", processor, f"{row['passes']:.0f}"]
        cells.append(f"{row['memory']:,.0f} MB")
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
