"""A decoder as files for other programs: the graph, its weights beside it, and the tokenizer."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finscribe.decoding.loading import check_folder
from finscribe.decoding.onnx.graph import build_graph
from finscribe.decoding.onnx.shape import read_shape
from finscribe.decoding.onnx.weights import read_weights
from finscribe.errors import ModelError

if TYPE_CHECKING:
    from finscribe.decoding.onnx.weights import Arrays

GRAPH, WEIGHTS = "decoder.onnx", "decoder.weights"
COPIED = ("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "confidence.json")
"""What of the model's folder goes with it."""

ALIGNMENT = 4096
"""Weights begin at multiples of so many bytes, so that they can be mapped into memory."""


def export_onnx(folder: Path, target: Path, *, rows: int = 1) -> Path:
    """Writes a model folder's decoder for so many sequences in float32 to a new folder; returns the path of the graph.

    The inputs and outputs are those that `finscribe.decoding.onnx.graph` describes. Raises UnsupportedModel and
    ModelBroken, and ModelError where the target exists or the folder is no model.
    """
    if not (folder / "config.json").exists():
        check_folder(folder)
    shape = read_shape(folder)
    if target.exists():
        raise ModelError(f"{target} is there already", hint="Give another --output.")
    arrays = read_weights(folder, shape)
    model = build_graph(shape, arrays, rows, standard=True)
    staging = target.with_name(f".{target.name}.part")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    _write_weights(model, arrays, staging / WEIGHTS)
    (staging / GRAPH).write_bytes(model.SerializeToString())
    for name in COPIED:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, staging / name)
    staging.rename(target)
    return target / GRAPH


def _write_weights(model: Any, arrays: Arrays, path: Path) -> None:
    """One behind the other; the graph is told where each is."""
    with path.open("wb") as file:
        for tensor in model.graph.initializer:
            if tensor.name not in arrays:
                continue
            file.write(b"\0" * (-file.tell() % ALIGNMENT))
            array = arrays[tensor.name]
            place = {"location": path.name, "offset": str(file.tell()), "length": str(array.nbytes)}
            array.tofile(file)
            del tensor.external_data[:]
            for key, value in place.items():
                tensor.external_data.add(key=key, value=value)
