"""The model that would be served, looked at without loading it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe import serving, starter
from finscribe.decoding.hub import base_of, is_cached
from finscribe.decoding.loading import check_loadable
from finscribe.decoding.remote import is_remote
from finscribe.errors import FinScribeError, ModelBroken
from finscribe.settings import Settings


@dataclass(frozen=True, slots=True)
class Model:
    """The model that would be served, by whose choice, and the defaults that were passed over for it."""

    label: str
    location: str
    on_disk: bool = True
    passed_over: tuple[tuple[str, FinScribeError], ...] = ()


def find_model(settings: Settings) -> Model:
    """The model that `load_served_model` would try to load; raises ModelError or MissingDependency as it would."""
    chosen = serving.first_that(settings, lambda name: (str(name), look_at(str(name))))
    passed_over = tuple((candidate.label, error) for candidate, error in chosen.passed_over)
    return Model(chosen.candidate.label, *chosen.made, passed_over)


def find_starter() -> Path:
    """The folder of the bundled starter; raises ModelError where it is not whole."""
    folder = starter.path()
    look_at(str(folder))
    return folder


def look_at(name: str) -> bool:
    """Whether a model needs no download, with its base if it is an adapter; raises ModelError where it is not whole."""
    check_loadable(name)
    if is_remote(name):
        return True  # asked by a check of its own
    folder = Path(name)
    if not folder.is_dir():
        return is_cached(name)
    check_weights(folder)
    _check_adapter(folder / "adapter_config.json")
    base = base_of(folder)
    return look_at(base) if base else True


def check_weights(folder: Path) -> None:
    """Raises ModelBroken where a part of the weights is missing or cut short; their headers are read, no more."""
    for index in sorted(folder.glob("*.safetensors.index.json")):
        for name in sorted(set(_read(index).get("weight_map", {}).values())):
            if not (folder / name).is_file():
                raise ModelBroken(f"{folder} lacks {name}, a part of its weights", hint=_AGAIN)
    for path in sorted(folder.glob("*.safetensors")):
        _check_header(path)


_AGAIN = "Copy, download or train the model again."


def _check_header(path: Path) -> None:
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:  # where there is no PyTorch: what runs on ONNX needs none of it
        return
    try:
        with safe_open(path, framework="numpy"):
            pass
    except (SafetensorError, OSError) as error:  # cut short, or a pointer of Git LFS in its place
        raise ModelBroken(f"{path} is no whole safetensors file: {error}", hint=_AGAIN) from error


def _check_adapter(described: Path) -> None:
    if described.is_file():
        _read(described)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelBroken(f"{path} is not JSON: {error}", hint=_AGAIN) from error
    return found if isinstance(found, dict) else {}
