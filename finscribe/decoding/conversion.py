"""Weights in pickles as safetensors: read without running what a pickle may hold, once, into a folder of their own."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finscribe.errors import MissingDependency, ModelBroken, ModelError, ModelNotFound, UnsafeModel

if TYPE_CHECKING:
    from torch import Tensor

PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")

WEIGHTS = {"pytorch_model": "model", "adapter_model": "adapter_model"}
"""How the names of files of weights begin in pickles, and in safetensors. Parts are numbered behind that."""

INDEX, NEW_INDEX = "pytorch_model.bin.index.json", "model.safetensors.index.json"


def convert(folder: Path, target: Path) -> Path:
    """Writes a model whose weights are pickles anew with safetensors; returns the new folder, whole or not there.

    Pickles that are no weights, such as the state of an optimizer, are left behind. Raises ModelNotFound and
    ModelBroken for a folder that is no such model, UnsafeModel for weights that would run code, ModelError where the
    new folder is taken or cannot be written, MissingDependency without PyTorch.
    """
    if not folder.is_dir():
        raise ModelNotFound(f"{folder} is no folder", hint="Give the folder of a model.")
    names = {path.name: new for path in sorted(folder.glob("*.bin")) if (new := renamed(path.name))}
    if not names:
        raise ModelBroken(
            f"{folder} has no weights to be converted, such as pytorch_model.bin",
            hint="A folder with *.safetensors is read as it is.",
        )
    if target.exists():
        raise ModelError(f"{target} is there already", hint="Give another --output.")
    index = _index(folder / INDEX, names)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        _write(folder, names, index, unfinished)
        unfinished.rename(target)
    except OSError as error:
        raise ModelError(
            f"{error.filename or target}: {error.strerror or error}",
            hint="See what may be read and written there, make room, or give another --output.",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def renamed(name: str) -> str | None:
    """The name of a file of weights as safetensors: `model-00001-of-00002.safetensors`; None for other files."""
    for old, new in WEIGHTS.items():
        if name.startswith((f"{old}.", f"{old}-")) and name.endswith(".bin"):
            return f"{new}{name.removeprefix(old).removesuffix('.bin')}.safetensors"
    return None


def _index(path: Path, names: Mapping[str, str]) -> dict[str, Any] | None:
    """The list of what is in which part, with the new names of the parts; None of a model in one piece."""
    if not path.exists():
        return None
    try:
        index = dict(json.loads(path.read_text("utf-8")))
        return index | {"weight_map": {weight: names[file] for weight, file in index["weight_map"].items()}}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        lacks = (
            f"{path.parent} lacks {error.args[0]}"
            if isinstance(error, KeyError)
            else f"{path} cannot be read"
        )
        raise ModelBroken(lacks, hint="Copy the model again, whole.") from error


def _write(folder: Path, names: Mapping[str, str], index: dict[str, Any] | None, target: Path) -> None:
    from finscribe.files import sync_folder

    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in folder.iterdir():
        if path.is_file() and path.name != INDEX and path.suffix not in PICKLED:
            shutil.copy2(path, target)
    for old, new in names.items():
        _save(dict(_tensors(folder / old)), target / new)
    if index:
        (target / NEW_INDEX).write_text(json.dumps(index, indent=2), "utf-8")
    for path in target.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(target)


def _tensors(path: Path) -> Iterator[tuple[str, Tensor]]:
    """The weights of a pickle; of those that share memory, which safetensors do not take, all but one as copies."""
    seen = set[int]()
    for name, tensor in _load(path).items():
        memory = tensor.untyped_storage().data_ptr()
        yield name, tensor.detach().clone() if memory in seen else tensor.detach().contiguous()
        seen.add(memory)


def _load(path: Path) -> dict[str, Tensor]:
    torch, is_archive = _import_torch(), zipfile.is_zipfile(path)
    with path.open("rb") as file:
        if not (is_archive or file.read(1) == b"\x80"):
            raise ModelBroken(
                f"{path} is no file of weights",
                hint="Copy it again, whole; `git lfs pull` fetches it in a checkout.",
            )
    try:
        found: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=is_archive)
    except pickle.UnpicklingError as error:
        raise UnsafeModel(
            f"{path} holds more than weights, which only code of its own could read",
            hint="Have whoever made it save it as safetensors.",
        ) from error
    except (RuntimeError, EOFError, ValueError) as error:
        raise ModelBroken(f"{path} cannot be read ({type(error).__name__})", hint="Copy it again.") from error
    if not (isinstance(found, dict) and all(isinstance(each, torch.Tensor) for each in found.values())):
        raise ModelBroken(
            f"{path} is no table of weights by their names", hint="Copy or train the model again."
        )
    return {str(name): tensor for name, tensor in found.items()}


def _save(tensors: dict[str, Tensor], path: Path) -> None:
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        save_file(tensors, path, {"format": "pt"})
    except SafetensorError as error:  # what is wrong with the disk, too
        raise OSError(None, str(error), str(path)) from error


def _import_torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise MissingDependency(
            "PyTorch, which reads pickles, is not installed", hint="pip install 'finscribe[train]'"
        ) from error
    return torch
