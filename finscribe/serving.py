"""Which model is served: what the settings name, else what this machine can have, else the starter."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from finscribe import starter
from finscribe.decoding import LanguageModel, load_model
from finscribe.decoding.loading import check_folder
from finscribe.errors import FinScribeError, MissingDependency, ModelBroken, ModelError, ModelNotFound
from finscribe.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")
Origin = Literal["model-dir", "model-name", "starter"]


@dataclass(frozen=True, slots=True)
class Served:
    """A model ready to be asked, where it comes from, and what was passed over for it and why."""

    model: LanguageModel
    origin: Origin
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that may be served: which setting names it, and whether it must be the one."""

    origin: Origin
    label: str
    required: bool
    locate: Callable[[], str | Path]


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """What was made of the first candidate that would do, and the errors of those before it."""

    made: T
    candidate: Candidate
    passed_over: tuple[tuple[Candidate, FinScribeError], ...] = ()


def load_served_model(settings: Settings) -> Served:
    """Loads UNSLOTH_MODEL_DIR, else UNSLOTH_MODEL_NAME, else the starter.

    What was set explicitly has to load, or it raises ModelError or MissingDependency, saying what was tried.
    Defaults that are not there, or do not load, are passed over; the name counts where it was set or where
    there is a GPU.
    """
    chosen = first_that(settings, lambda name: load_model(name, settings=settings))
    for candidate, error in chosen.passed_over:
        level = logging.INFO if isinstance(error, ModelNotFound) else logging.WARNING
        logger.log(level, "Not served: %s", _said(candidate, error))
    tried = tuple(_said(*each) for each in chosen.passed_over)
    return Served(chosen.made, chosen.candidate.origin, tried)


def first_that(settings: Settings, make: Callable[[str | Path], T]) -> Chosen[T]:
    """What `make` makes of the first candidate that it takes; raises its error for one that was set explicitly."""
    passed_over: list[tuple[Candidate, FinScribeError]] = []
    for candidate in _candidates(settings):
        try:
            made = make(candidate.locate())
        except (ModelError, MissingDependency) as error:
            if candidate.required:
                raise _explained(error, candidate, passed_over) from error
            passed_over.append((candidate, error))
        else:
            return Chosen(made, candidate, tuple(passed_over))
    raise AssertionError("the last candidate is required")


# ------------------------------------------------------------------------------------------------------


def _candidates(settings: Settings) -> Iterator[Candidate]:
    explicit = settings.model_dir_is_explicit
    label = "UNSLOTH_MODEL_DIR" if explicit else "the default UNSLOTH_MODEL_DIR"
    yield Candidate("model-dir", label, explicit, lambda: _checked(settings.model_dir))
    explicit = settings.model_name_is_explicit
    if explicit or gpu_present():
        label = "UNSLOTH_MODEL_NAME" if explicit else "the default UNSLOTH_MODEL_NAME"
        yield Candidate("model-name", label, explicit, lambda: settings.model_name)
    yield Candidate("starter", "the bundled starter", True, starter.path)


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


def _explained(
    error: FinScribeError, candidate: Candidate, before: Sequence[tuple[Candidate, FinScribeError]]
) -> FinScribeError:
    """The same error, saying which setting led to it and what was tried before."""
    tried = "; ".join(_said(*each) for each in before)
    message = _said(candidate, error) + (f" (tried before: {tried})" if tried else "")
    unset = "" if candidate.origin == "starter" else f" Or unset {candidate.label} to use the default."
    return type(error)(message, hint=error.hint + unset)


def _said(candidate: Candidate, error: FinScribeError) -> str:
    return f"{candidate.label}: {error.message}"
