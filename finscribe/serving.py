"""Which model is served: what the settings name, else what this machine can have, else the starter."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from finscribe import starter
from finscribe.decoding import LanguageModel, load_model
from finscribe.decoding.devices import gpu_present
from finscribe.decoding.loading import check_folder
from finscribe.decoding.remote import PREFIX
from finscribe.documents import Document
from finscribe.errors import (
    FinScribeError,
    MissingDependency,
    ModelBroken,
    ModelError,
    ModelNotFound,
    RegistryError,
)
from finscribe.extract import extract
from finscribe.registry.store import Registry
from finscribe.settings import Settings

logger = logging.getLogger(__name__)

FEW_WORDS = "TechCorp Inc.\nInvoice: INV-001\nTotal: 10.00"
"""What a model is tried with."""
FEW_TOKENS = 64
"""How many tokens its answer may have then."""

T = TypeVar("T")
Origin = Literal["model-dir", "model-name", "starter", "remote"]


@dataclass(frozen=True, slots=True)
class Served:
    """A model ready to be asked, where it comes from, and what was passed over for it and why.

    `standing` is what the gate said of a model of one's own, None for others.
    """

    model: LanguageModel
    origin: Origin
    tried: tuple[str, ...] = ()
    standing: str | None = None


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
    """Loads UNSLOTH_MODEL_DIR, else UNSLOTH_MODEL_NAME, else the starter; with the backend `remote` that one alone.

    What was set explicitly has to load, or it raises ModelError or MissingDependency, saying what was tried.
    Defaults that are not there, or do not load, are passed over; the name counts where it was set or where
    there is a GPU.
    """
    chosen = first_that(settings, lambda name: load_model(name, settings=settings))
    for candidate, error in chosen.passed_over:
        level = logging.INFO if isinstance(error, ModelNotFound) else logging.WARNING
        logger.log(level, "Not served: %s", _said(candidate, error))
    tried = tuple(_said(*each) for each in chosen.passed_over)
    origin = chosen.candidate.origin
    standing = standing_of(settings.model_dir, settings) if origin == "model-dir" else None
    return Served(chosen.made, origin, tried, standing)


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


# --- another model meanwhile -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where UNSLOTH_MODEL_DIR leads: the folder behind the link, and what tells it from another one of that name."""

    folder: Path
    inode: int


def find_place(settings: Settings) -> Place | None:
    """Where UNSLOTH_MODEL_DIR leads now; None where nothing is, or another machine serves. Two calls of the system."""
    if settings.backend == "remote":
        return None
    try:
        folder = settings.model_dir.resolve(strict=True)
        return Place(folder, folder.stat().st_ino)
    except (OSError, RuntimeError):  # a link that leads to itself
        return None


def load_place(place: Place, settings: Settings) -> Served:
    """Loads what is there and nothing else, and has it answer; raises ModelError or MissingDependency."""
    return Served(load_and_try(place.folder, settings), "model-dir", (), standing_of(place.folder, settings))


def load_and_try(folder: Path, settings: Settings) -> LanguageModel:
    """Loads a folder as it is served, and has it read a few words; raises ModelError or MissingDependency."""
    model = load_model(_checked(folder), settings=settings)
    try:
        extract(Document.from_text(FEW_WORDS), model, max_new_tokens=FEW_TOKENS)
    except Exception as error:  # whatever a library makes of weights that it cannot run
        raise ModelBroken(
            f"{folder} loads but does not answer: {type(error).__name__}: {error}", hint="Train it again."
        ) from error
    return model


def standing_of(folder: Path, settings: Settings) -> str:
    """What the gate said of the version that a folder is; a folder that is none was not gated."""
    try:
        version = Registry.of(settings).at(folder)
    except RegistryError as error:
        logger.warning("The registry cannot be read: %s", error)
        version = None
    return version.standing if version else "not gated"


# --- candidates --------------------------------------------------------------------------------------


def _candidates(settings: Settings) -> Iterator[Candidate]:
    if settings.backend == "remote":
        yield Candidate(
            "remote", "FINSCRIBE_REMOTE_URL", True, lambda: f"{PREFIX}{settings.remote.model or ''}"
        )
        return
    explicit = settings.model_dir_is_explicit
    label = "UNSLOTH_MODEL_DIR" if explicit else "the default UNSLOTH_MODEL_DIR"
    yield Candidate("model-dir", label, explicit, lambda: _checked(settings.model_dir))
    explicit = settings.model_name_is_explicit
    if explicit or gpu_present():
        label = "UNSLOTH_MODEL_NAME" if explicit else "the default UNSLOTH_MODEL_NAME"
        yield Candidate("model-name", label, explicit, lambda: settings.model_name)
    yield Candidate("starter", "the bundled starter", True, starter.path)


def _checked(folder: Path) -> Path:
    # Here and not left to the loader, which takes `models/mine` for a name on the hub where there is no such
    # folder.
    try:
        check_folder(folder)
    except OSError as error:
        raise ModelBroken(f"{folder} cannot be read: {error.strerror}", hint="Check whose it is.") from error
    # The folder behind a link, so that all files are of one model though the link be switched meanwhile.
    return folder.resolve() if folder.is_symlink() else folder


def _explained(
    error: FinScribeError, candidate: Candidate, before: Sequence[tuple[Candidate, FinScribeError]]
) -> FinScribeError:
    """The same error, saying which setting led to it and what was tried before."""
    tried = [_said(*each) for each in before]
    message = _said(candidate, error) + (f" (tried before: {'; '.join(tried)})" if tried else "")
    hint = error.hint
    if candidate.origin not in ("starter", "remote"):
        unset = f"unset {candidate.label} to use the default."
        hint = f"{hint.removesuffix('.')}; or {unset}" if hint else unset.capitalize()
    return type(error)(message, hint=hint, tried=(*tried, _said(candidate, error)))


def _said(candidate: Candidate, error: FinScribeError) -> str:
    return f"{candidate.label}: {error.message}"
