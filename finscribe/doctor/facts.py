"""What is installed on this machine and what it has: nothing is judged here."""

import logging
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from finscribe.decoding.loading import choose_backend
from finscribe.decoding.remote.endpoints import Endpoint
from finscribe.decoding.remote.looking import look
from finscribe.decoding.remote.transport import Failed
from finscribe.errors import FinScribeError, MissingDependency
from finscribe.settings import OcrEngine, Settings
from finscribe.training.finetuning.base import choose_engine
from finscribe.training.finetuning.recipe import Recipe

LEAST_DRIVERS = {13: 580, 12: 525}
"""The oldest driver for each CUDA release family, as NVIDIA's page on minor version compatibility has it."""

NVIDIA_SMI_SECONDS, UNSLOTH_SECONDS = 10, 180


@dataclass(frozen=True, slots=True)
class Torch:
    """The installed PyTorch: the CUDA it was built for, if any, and why it does not import, if so."""

    version: str
    cuda: str | None = None
    sees_gpu: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU by its driver; memory in GB of 1024³ bytes, as on its box, None where it is not reported."""

    name: str
    memory: float | None
    free: float | None


@dataclass(frozen=True, slots=True)
class Driver:
    """The NVIDIA driver and its GPUs; `problem` is why it could not be asked."""

    version: str = ""
    gpus: tuple[Gpu, ...] = ()
    problem: str = ""

    @property
    def cuda(self) -> int:
        """The newest CUDA release family that it runs, 0 where that is too old for any."""
        major = int(self.version.partition(".")[0])
        return max((cuda for cuda, least in LEAST_DRIVERS.items() if major >= least), default=0)


@dataclass(frozen=True, slots=True)
class Unsloth:
    """The installed Unsloth, whether its import was tried, and why that failed, if it did."""

    version: str
    tried: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory in GB of 1024³ bytes; `available` is None where the system does not tell."""

    total: float
    available: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that is written to, made where it is missing; `free` in bytes."""

    path: Path
    free: int
    writable: bool


@dataclass(frozen=True, slots=True)
class Server:
    """A server that models are asked on: the names that it lists, or why it does not answer."""

    url: str
    models: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """Whether only models that are here may be used, if there is a token (not kept), where models are cached."""

    offline: bool
    token: bool
    cache: Path


def find_version(package: str) -> str | None:
    """The version of an installed package; a folder of its name does not count."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def find_missing(packages: Iterable[str]) -> tuple[str, ...]:
    """Those of the packages that are not installed."""
    return tuple(package for package in packages if find_version(package) is None)


def find_torch() -> Torch | None:
    """PyTorch, imported to know that it can be."""
    installed = find_version("torch")
    if installed is None:
        return None
    try:
        import torch

        with warnings.catch_warnings():  # of a driver that is too old, which is judged here
            warnings.simplefilter("ignore")
            return Torch(installed, torch.version.cuda, bool(torch.cuda.is_available()))
    except Exception as error:  # a broken installation raises nearly anything
        return Torch(installed, problem=in_words(error))


def find_driver() -> Driver | None:
    """The driver and its GPUs as nvidia-smi tells them; None where there is no such program."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    query = "--query-gpu=driver_version,memory.total,memory.free,name"
    try:
        done = subprocess.run(
            [program, query, "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=NVIDIA_SMI_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Driver(problem=in_words(error))
    if done.returncode:
        return Driver(problem=" ".join((done.stdout + done.stderr).split())[:300])
    return parse_driver(done.stdout)


def parse_driver(table: str) -> Driver:
    """The driver of nvidia-smi's lines `version, MiB, MiB free, name`."""
    split = ([cell.strip() for cell in line.split(",", 3)] for line in table.splitlines())
    rows = [cells for cells in split if len(cells) == 4]  # `No devices were found` is no row
    gpus = tuple(Gpu(name, _gigabytes(memory), _gigabytes(free)) for _, memory, free, name in rows)
    return Driver(rows[0][0] if rows else "unknown", gpus)


def _gigabytes(mebibytes: str) -> float | None:
    return int(mebibytes) / 1024 if mebibytes.isdigit() else None


def find_memory() -> Memory:
    """Main memory, or what a container may have of it."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return Memory(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, None)
    table = {
        label: int(rest.split()[0]) / 1024**2 for label, _, rest in (line.partition(":") for line in lines)
    }
    return limited(Memory(table["MemTotal"], table["MemAvailable"]), Path("/sys/fs/cgroup"))


def limited(memory: Memory, group: Path) -> Memory:
    """The same within the limit of a control group (version 2), where it sets one."""
    try:
        most, used = (int((group / name).read_text()) / 1024**3 for name in ("memory.max", "memory.current"))
    except (OSError, ValueError):  # no such group, or `max`
        return memory
    free = most - used if memory.available is None else min(memory.available, most - used)
    return Memory(min(memory.total, most), free)


def find_unsloth(*, deep: bool) -> Unsloth | None:
    """Unsloth; `deep` imports it in a process of its own, since it patches transformers."""
    installed = find_version("unsloth")
    if installed is None or not deep:
        return Unsloth(installed) if installed else None
    # -P: the folder `unsloth` of a checkout is not the library.
    command = [sys.executable, "-P", "-c", "from unsloth import FastLanguageModel"]
    quiet = os.environ | {"UNSLOTH_DISABLE_STATISTICS": "1"}
    try:
        done = subprocess.run(
            command, env=quiet, capture_output=True, text=True, timeout=UNSLOTH_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Unsloth(installed, True, f"it took longer than {UNSLOTH_SECONDS} seconds")
    if not done.returncode:
        return Unsloth(installed, True)
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return Unsloth(installed, True, lines[-1][:300])


def find_engine() -> str:
    """The library that fine-tuning would take."""
    logging.disable(logging.WARNING)  # what it warns of is said by the checks
    try:
        return choose_engine(Recipe())
    finally:
        logging.disable(logging.NOTSET)


def find_backend(settings: Settings, torch: Torch | None) -> str:
    """The library that the starter would run with; raises MissingDependency where that takes PyTorch in vain."""
    if settings.backend == "remote":
        return "remote"
    backend = choose_backend(settings)
    if backend in ("transformers", "unsloth") and (torch is None or torch.problem):
        raise MissingDependency("models run with PyTorch, which cannot be had", hint="See PyTorch above.")
    return backend


def find_ocr(*, deep: bool) -> dict[OcrEngine, FinScribeError | None]:
    """For each OCR engine what is wrong with it, if anything; `deep` loads RapidOCR's models, which takes a second."""
    from finscribe.ocr.tesseract import TesseractEngine

    return {
        "rapidocr": _problem(partial(_look_at_rapidocr, deep=deep)),
        "tesseract": _problem(TesseractEngine),
    }


def _problem(look: Callable[[], object]) -> FinScribeError | None:
    try:
        look()
    except FinScribeError as error:
        return error
    except Exception as error:  # native libraries that do not fit this machine
        return FinScribeError(in_words(error), hint="Install it again.")
    return None


def _look_at_rapidocr(*, deep: bool) -> None:
    if deep:
        from finscribe.ocr.rapid import shared_engine

        shared_engine()
        return
    hint = "pip install --force-reinstall rapidocr onnxruntime"
    found = find_spec("rapidocr")
    if found is None or found.origin is None or find_spec("onnxruntime") is None:
        raise MissingDependency("not installed", hint=hint)
    models = Path(found.origin).parent / "models"
    if not any(models.glob("*.onnx")):
        raise MissingDependency(f"no models in {models}", hint=hint)


def find_place(folder: Path) -> Place:
    """Where a folder would be written: itself, or the nearest above it that there is."""
    folder = folder.absolute()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    writable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    return Place(folder, shutil.disk_usage(nearest).free, writable)


def find_servers(settings: Settings) -> tuple[Server, ...]:
    """Each server of FINSCRIBE_REMOTE_URL, asked for its models."""
    return tuple(_find_server(Endpoint(url), settings) for url in settings.remote.urls)


def _find_server(endpoint: Endpoint, settings: Settings) -> Server:
    try:
        return Server(endpoint.url, tuple(each.name for each in look(endpoint, settings.remote)))
    except Failed as error:
        return Server(endpoint.url, problem=str(error))
    except FinScribeError as error:
        return Server(endpoint.url, problem=error.message)


def find_hub(settings: Settings) -> Hub:
    """How the Hugging Face hub may be reached."""
    from huggingface_hub import constants, get_token

    return Hub(constants.HF_HUB_OFFLINE, bool(settings.hf_token or get_token()), Path(constants.HF_HUB_CACHE))


def in_words(error: BaseException) -> str:
    """The kind of an error and the first line of what it says."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__
