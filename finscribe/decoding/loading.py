"""From a folder or a name to a model: what may be loaded, and which library runs it."""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from finscribe.decoding.conversion import PICKLED, renamed
from finscribe.decoding.devices import gpu_present
from finscribe.decoding.hub import within_reach
from finscribe.decoding.model import LanguageModel
from finscribe.decoding.remote import is_remote
from finscribe.errors import FinScribeError, MissingDependency, ModelBroken, ModelNotFound, UnsafeModel
from finscribe.settings import Settings

logger = logging.getLogger(__name__)


def load_model(name_or_path: str | Path, *, settings: Settings | None = None) -> LanguageModel:
    """Loads a model folder or a hub name; raises ModelNotFound, ModelBroken, UnsafeModel, MissingDependency.

    UnsupportedModel where ONNX Runtime was asked for and does not run it. `remote:NAME` is the model of that name on
    the servers of FINSCRIBE_REMOTE_URL, `remote:` the one that they serve; ModelUnreachable where none answers.
    """
    settings = settings or Settings.from_environment()
    name = str(name_or_path)
    check_loadable(name)
    try:
        return _load(name, choose_backend(settings, name), settings)
    except FinScribeError:
        raise
    except Exception as error:  # the libraries raise nearly anything for a folder that they cannot read
        raise explained(name, error) from error


def _load(name: str, backend: str, settings: Settings) -> LanguageModel:
    if backend == "remote":
        from finscribe.decoding.remote.model import load_remote

        return load_remote(name, settings)
    if backend in ("onnx", "onnx-int8"):
        from finscribe.decoding.onnx.model import load_with_onnx

        return load_with_onnx(_local(name), eight_bits=backend == "onnx-int8")
    check_pytorch()
    from finscribe.decoding import torch_backend

    if backend == "unsloth":
        with within_reach(name, exactly=False):
            model = torch_backend.load_with_unsloth(name, token=settings.hf_token)
        if not gpu_present() or torch_backend.goes_on(model):
            return model
        logger.warning(
            "Unsloth runs %s otherwise behind what it has read than in one piece: transformers runs it.", name
        )
        del model
        release_memory()
    with within_reach(name, exactly=True):
        return torch_backend.load_with_transformers(name, token=settings.hf_token)


def _local(name: str) -> Path:
    if not Path(name).is_dir():
        raise ModelNotFound(
            f"{name!r} is not a folder, and ONNX Runtime runs models of this disk only",
            hint=f"Fetch it, and give its folder: hf download {name}",
        )
    return Path(name)


def choose_backend(settings: Settings, name: str | None = None) -> str:
    """What runs a model (without a name: the starter): as set, else Unsloth or transformers on a GPU.

    On a processor ONNX Runtime, where it runs the model, else transformers: Unsloth's own backend for processors is
    plain transformers behind an import of several seconds. Other machines run what is named `remote:`, and nothing
    else: with the backend `remote` that is what is served, but a folder named for training is run here.
    """
    if name is not None and is_remote(name):
        return "remote"
    if settings.backend not in ("auto", "remote"):
        return settings.backend
    if gpu_present():
        return "unsloth" if unsloth_is_installed() else "transformers"
    return "onnx" if name is None or runs_on_onnx(name) else "transformers"


def runs_on_onnx(name: str) -> bool:
    """Whether a model is on this disk and of a shape that ONNX Runtime runs."""
    from finscribe.decoding.onnx.shape import read_shape

    try:
        read_shape(Path(name))
    except FinScribeError:
        return False
    return True


def release_memory() -> None:
    """Gives back to the system what models held that nothing refers to any more, a GPU's memory too."""
    gc.collect()
    if (torch := sys.modules.get("torch")) and torch.cuda.is_available():
        torch.cuda.empty_cache()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)  # glibc, which keeps what is freed between what is not


def unsloth_is_installed() -> bool:
    """Whether the library is there; a folder of its name on the path does not count."""
    try:
        version("unsloth")
    except PackageNotFoundError:
        return False
    return True


def check_loadable(name: str) -> None:
    """Raises a clear error for a folder that holds no safe model, or where no library can run one."""
    if is_remote(name):
        return
    if _is_path(name):
        check_folder(Path(name))
    if not runs_on_onnx(name):
        check_pytorch()


def check_pytorch() -> None:
    """Raises MissingDependency where PyTorch or transformers is not installed."""
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            raise MissingDependency(
                f"running this model needs {package}", hint="pip install 'finscribe[train]'"
            )


def check_folder(folder: Path) -> None:
    """Raises a clear error unless a folder holds a model with safe weights and its tokenizer."""
    if not folder.exists():
        raise ModelNotFound(f"{folder} does not exist", hint="Give a model folder, or the name of a model.")
    if not folder.is_dir():
        raise ModelBroken(
            f"{folder} is a file, not a model folder", hint="Give the folder that holds config.json."
        )
    names = {entry.name for entry in folder.iterdir()}
    if not names & {"config.json", "adapter_config.json"}:
        raise ModelBroken(f"{folder} has no config.json", hint="Give the folder that training wrote.")
    if not any(name.endswith(".safetensors") for name in names):
        _refuse_missing_weights(folder, names)
    if "tokenizer.json" not in names and "tokenizer.model" not in names:
        raise ModelBroken(
            f"{folder} has no tokenizer",
            hint="Save the tokenizer beside the model: tokenizer.save_pretrained(...).",
        )
    for name in ("config.json", "tokenizer_config.json"):
        _refuse_remote_code(folder / name)


def _refuse_missing_weights(folder: Path, names: set[str]) -> None:
    if pickled := sorted(name for name in names if name.endswith(PICKLED)):
        raise UnsafeModel(
            f"{folder} holds its weights in {pickled[0]}, a pickle, which can run code when it is opened",
            hint=f"`finscribe models convert {folder}` writes them as safetensors, and runs nothing."
            if any(map(renamed, pickled))
            else "Save the model as safetensors: model.save_pretrained(folder).",
        )
    exported = any(name.endswith(".onnx") for name in names)
    raise ModelBroken(
        f"{folder} has no *.safetensors weights",
        hint="It was exported for other programs: give the folder that it was exported from."
        if exported
        else "Copy or train the model again.",
    )


def _refuse_remote_code(config: Path) -> None:
    try:
        described = json.loads(config.read_text("utf-8")) if config.exists() else {}
    except ValueError as error:
        raise ModelBroken(f"{config} is not JSON: {error}", hint="Copy or train the model again.") from error
    if isinstance(described, dict) and "auto_map" in described:
        raise UnsafeModel(
            f"{config.parent} asks for code of its own (auto_map in {config.name}), which is never run",
            hint="Use a model of an architecture that transformers knows.",
        )


def _is_path(name: str) -> bool:
    """Whether it means a folder; hub names have one slash at most."""
    return name.startswith((".", "/", "~")) or name.count("/") > 1 or Path(name).exists()


def explained(name: str, error: Exception) -> FinScribeError:
    """What a library's error while loading a model means: that it is not there, or broken."""
    text = str(error).strip().splitlines()
    said = f"{type(error).__name__}: {text[0][:300] if text else ''}"
    if isinstance(error, OSError) and not Path(name).exists():
        return ModelNotFound(
            f"the model {name!r} cannot be had: {said}",
            hint="Check the name and the network (HF_TOKEN for private models), or give a folder.",
        )
    return ModelBroken(f"the model {name!r} does not load: {said}", hint="Copy, download or train it again.")
