"""GGUF files, which llama.cpp and what is built on it run: written by its own converter, from the merged weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from finscribe.errors import MissingDependency, TrainingError
from finscribe.training.finetuning.base import Base

FILE_NAME = "model-q8_0.gguf"
SCRIPT = "convert_hf_to_gguf.py"


def converter() -> Path:
    """llama.cpp's converter, from where Unsloth keeps it too; raises `MissingDependency`."""
    folder = Path(os.environ.get("UNSLOTH_LLAMA_CPP_PATH") or Path.home() / ".unsloth" / "llama.cpp")
    if not (folder / SCRIPT).is_file():
        raise MissingDependency(
            f"a GGUF file needs llama.cpp's converter, and there is no {folder / SCRIPT}",
            hint='Unsloth fetches it: python -c "import unsloth; from unsloth_zoo.llama_cpp import install_llama_cpp; '
            "install_llama_cpp()\". Without a network, set UNSLOTH_LLAMA_CPP_PATH to a copy of llama.cpp's sources.",
        )
    return folder / SCRIPT


def rehearse(base: Base, name: str) -> None:
    """Converts the vocabulary alone, in seconds; raises `TrainingError` for a model that llama.cpp does not know."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        base.tokenizer.save_pretrained(folder)
        described = json.loads(base.model.config.to_json_string(use_diff=False))
        described.pop("quantization_config", None)  # what is converted in the end is merged, in 16 bits
        (folder / "config.json").write_text(json.dumps(described), "utf-8")
        if failure := _convert(folder, folder / FILE_NAME, "--vocab-only"):
            raise TrainingError(
                f"llama.cpp cannot convert {name!r} to GGUF: {failure}",
                hint="Give --save_method merged_16bit, or a model whose tokenizer llama.cpp knows.",
            )


def write_gguf(folder: Path) -> None:
    """The merged model of a folder once more, in 8 bits, as `model-q8_0.gguf` beside it; raises `TrainingError`."""
    if failure := _convert(folder, folder / FILE_NAME, "--outtype", "q8_0"):
        raise TrainingError(
            f"llama.cpp could not convert the trained model: {failure}",
            hint=f"The merged model lies in {folder}; convert it from there, or give --save_method merged_16bit.",
        )


def _convert(folder: Path, output: Path, *options: str) -> str:
    """Runs the converter; returns the last line of its error, empty where it went well."""
    command = [sys.executable, str(converter()), str(folder), "--outfile", str(output), *options]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0 and output.is_file():
        return ""
    return next(reversed(done.stderr.strip().splitlines()), f"it ended with {done.returncode}")
