"""Which model is served: what the settings name, else what this machine can have, else the starter."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from finscribe import starter
from finscribe.decoding import LanguageModel, load_model
from finscribe.decoding.loading import check_folder
from finscribe.errors import FinScribeError, MissingDependency, ModelBroken, ModelError, ModelNotFound
from finscribe.settings import Settings

logger = logging.getLogger(__name__)

Origin = Literal["model-dir", "model-name", "starter"]


@dataclass(frozen=True, slots=True)
class Served:
    """A model ready to be asked, where it comes from, and what was passed over for it and why."""

    model: LanguageModel
    origin: Origin
    tried: tuple[str, ...] = ()


def load_served_model(settings: Settings) -> Served:
    """Loads UNSLOTH_MODEL_DIR, else UNSLOTH_MODEL_NAME, else the starter.

    What was set explicitly has to load, or it raises ModelError or MissingDependency, saying what was tried.
    Defaults that are not there, or do not load, are passed over; the name counts where it was set or where
    there is a GPU.
    """
    tried: list[str] = []
    for candidate in _candidates(settings):
        try:
            model = load_model(candidate.locate(), settings=settings)
        except (ModelError, MissingDependency) as error:
            tried.append(f"{candidate.label}: {error.message}")
            if candidate.required:
                raise _explained(error, candidate, tried) from error
            level = logging.INFO if isinstance(error, ModelNotFound) else logging.WARNING
            logger.log(level, "Not served: %s", tried[-1])
        else:
            return Served(model, candidate.origin, tuple(tried))
    raise AssertionError("the last candidate is required")


# ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    origin: Origin
    label: str
    required: bool
    locate: Callable[[], str | Path]


def _candidates(settings: Settings) -> Iterator[_Candidate]:
    explicit = settings.model_dir_is_explicit
    label = "UNSLOTH_MODEL_DIR" if explicit else "the default UNSLOTH_MODEL_DIR"
    yield _Candidate("model-dir", label, explicit, lambda: _checked(settings.model_dir))
    explicit = settings.model_name_is_explicit
    if explicit or gpu_present():
        label = "UNSLOTH_MODEL_NAME" if explicit else "the default UNSLOTH_MODEL_NAME"
        yield _Candidate("model-name", label, explicit, lambda: settings.model_name)
    yield _Candidate("starter", "the bundled starter", True, starter.path)


def gpu_present() -> bool:
    """Whether there is a CUDA GPU that PyTorch can use."""
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def _checked(folder: Path) -> Path:
    # Here and not left to the loader, which takes `models/mine` for a name on the hub where there is no such
    # folder.
    try:
        check_folder(folder)
    except OSError as error:
        raise ModelBroken(f"{folder} cannot be read: {error.strerror}", hint="Check whose it is.") from error
    return folder


def _explained(error: FinScribeError, candidate: _Candidate, tried: list[str]) -> FinScribeError:
    """The same error, saying which setting led to it and what was tried before."""
    *before, last = tried
    message = last + (f" (tried before: {'; '.join(before)})" if before else "")
    unset = "" if candidate.origin == "starter" else f" Or unset {candidate.label} to use the default."
    return type(error)(message, hint=error.hint + unset)
