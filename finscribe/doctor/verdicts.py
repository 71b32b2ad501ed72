"""From facts to verdicts: pure functions, each of which says what was found and what to do about it."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

from finscribe.doctor.facts import LEAST_DRIVERS, Driver, Hub, Memory, Place, Server, Torch, Unsloth
from finscribe.doctor.models import Model
from finscribe.errors import FinScribeError, ModelNotFound
from finscribe.settings import OcrEngine, Settings
from finscribe.training.finetuning.work_folder import LEAST_FREE_BYTES

State = Literal["ok", "warning", "failed"]
Verdict = tuple[State, str, str]
"""A state, what is said, and what to do (empty where there is nothing to do)."""

PYTHONS = ((3, 11), (3, 13))  # oldest and newest
TORCH_INDEXES = {13: "cu130", 12: "cu126"}  # by CUDA release family
LEAST_MEMORY_GB = 2  # by rule of thumb, for the starter with OCR and PyTorch around it
RULES_OF_THUMB = (("4 bits (QLoRA, batch 1)", 8, 10), ("16 bits (LoRA, batch 1)", 18, 22))
"""GB of GPU memory from which fine-tuning an 8B model is tight, and from which it is comfortable."""

INSTALL_TRAIN = "pip install 'finscribe[train]'"
INSTALL_UNSLOTH = "pip install 'finscribe[unsloth]'"
UNINSTALL_TORCHVISION = "pip uninstall torchvision"


def check_python(found: tuple[int, int], text: str) -> Verdict:
    """Whether this is a version of Python that the project is tested with."""
    oldest, newest = PYTHONS
    if oldest <= found <= newest:
        return "ok", text, ""
    said = f"{text} is not between 3.{oldest[1]} and 3.{newest[1]}"
    return "failed", said, f"Make an environment with Python 3.{newest[1]}."


def check_settings(settings: Settings) -> Verdict:
    """The settings, which were read to get here."""
    return "ok", f"documents up to {settings.max_pages} pages, data in {settings.data_dir}", ""


def check_torch(torch: Torch | None) -> Verdict:
    """Whether PyTorch is installed and imports, and which build it is."""
    if torch is None:
        said = "not installed; the starter is read without it, fine-tuning and most other models take it"
        return "warning", said, INSTALL_TRAIN
    if torch.problem:
        said = f"{torch.version} does not import: {torch.problem}"
        return "failed", said, "pip install --force-reinstall torch"
    return "ok", f"{torch.version}, {_build(torch)}", ""


def _build(torch: Torch) -> str:
    if torch.cuda:
        return f"built for CUDA {torch.cuda}"
    return "built for another make of GPU" if torch.sees_gpu else "the build for processors, without CUDA"


def check_cuda(torch: Torch | None, driver: Driver | None) -> Verdict:
    """Whether the driver and the CUDA that PyTorch was built for go together; the install line where not."""
    if torch and torch.sees_gpu:
        said = f"driver {driver.version or 'unknown'}, " if driver else ""
        return "ok", f"{said}PyTorch {_build(torch)} sees the GPU", ""
    if driver is None:
        return "ok", "no NVIDIA driver found; models run on the processor", ""
    if driver.problem:
        remedy = "Restart after an update of the driver, or install it again."
        return "warning", f"nvidia-smi fails: {driver.problem}", remedy
    if not driver.gpus:
        return "ok", f"driver {driver.version}, but no GPU; models run on the processor", ""
    return _disagreement(torch, driver)


def _disagreement(torch: Torch | None, driver: Driver) -> Verdict:
    """Why PyTorch does not use a GPU that is there."""
    gpu = f"{driver.gpus[0].name} with driver {driver.version}"
    if torch is None or torch.problem:
        return "warning", f"{gpu}, but no PyTorch to use it", install_line(driver)
    if torch.cuda is None:
        return "warning", f"{gpu}, but PyTorch is the build for processors", install_line(driver)
    if int(torch.cuda.partition(".")[0]) > driver.cuda:
        said = f"{gpu}, too old for the CUDA {torch.cuda} that PyTorch was built for"
        return "warning", said, install_line(driver)
    said = f"{gpu}, which goes with PyTorch for CUDA {torch.cuda}, but PyTorch does not see it"
    return "warning", said, "Look at CUDA_VISIBLE_DEVICES; start a container with `--gpus all`."


def install_line(driver: Driver) -> str:
    """The command that installs the build of PyTorch that this driver runs."""
    newest = max(LEAST_DRIVERS)
    update = f"update the driver to {LEAST_DRIVERS[newest]} or newer"
    if not driver.cuda:
        return f"First {update}."
    index = f"https://download.pytorch.org/whl/{TORCH_INDEXES[driver.cuda]}"
    # torchvision, which Unsloth needs, has to be of the same build.
    line = f"pip uninstall -y torch torchvision && pip install torch torchvision --index-url {index}"
    return line if driver.cuda == newest else f"{line} (or {update})"


def check_gpu_memory(driver: Driver | None) -> Verdict:
    """What fits into the GPU with the most free memory, by rules of thumb."""
    gpus = [gpu for gpu in (driver.gpus if driver else ()) if gpu.free is not None]
    if not gpus:
        return "ok", "no NVIDIA GPU whose memory is known; the starter needs none", ""
    best = max(gpus, key=lambda gpu: gpu.free or 0)
    free, memory = best.free or 0, best.memory or 0
    fits = "; ".join(_fits(free, *rule) for rule in RULES_OF_THUMB)
    said = f"{best.name}: {free:.1f} of {memory:.1f} GB free. By rule of thumb, tuning an 8B model {fits}"
    least = RULES_OF_THUMB[0][1]
    if free >= least:
        return "ok", said, ""
    if memory >= least:
        return "warning", said, "Other programs hold its memory: `nvidia-smi` lists them."
    return "warning", said, "Use a smaller model, or --batch_size 1 --gradient_accumulation_steps 8."


def _fits(free: float, precision: str, tight: float, enough: float) -> str:
    verdict = "fits" if free >= enough else "is tight" if free >= tight else "does not fit"
    return f"in {precision} {verdict}, taking {tight} to {enough} GB"


def check_memory(memory: Memory) -> Verdict:
    """Whether there is main memory for a model on the processor."""
    if memory.available is None:
        return "ok", f"{memory.total:.1f} GB", ""
    said = f"{memory.available:.1f} of {memory.total:.1f} GB available"
    if memory.available >= LEAST_MEMORY_GB:
        return "ok", said, ""
    said = f"{said}; by rule of thumb, reading takes {LEAST_MEMORY_GB} GB"
    return "warning", said, "Close other programs, or give the container more."


def check_unsloth(unsloth: Unsloth | None, torch: Torch | None, torchvision: str | None) -> Verdict:
    """Whether Unsloth is installed and can be imported."""
    if unsloth is None:
        gpu = torch is not None and torch.sees_gpu
        return ("warning" if gpu else "ok"), "not installed", (INSTALL_UNSLOTH if gpu else "")
    stopped = torchvision is not None and torch is not None and torch.cuda is None and not torch.sees_gpu
    if unsloth.problem:
        remedy = UNINSTALL_TORCHVISION if stopped else _reinstall(unsloth, torch)
        return "failed", f"{unsloth.version} does not import: {unsloth.problem}", remedy
    if stopped and not unsloth.tried:
        said = f"{unsloth.version}; torchvision {torchvision} beside a CPU build of PyTorch stops its import"
        return "warning", said, UNINSTALL_TORCHVISION
    return "ok", f"{unsloth.version}, {'imports' if unsloth.tried else 'not imported here; --deep does'}", ""


def _reinstall(unsloth: Unsloth, torch: Torch | None) -> str:
    if torch and torch.sees_gpu:
        return f"{INSTALL_UNSLOTH} --force-reinstall"
    # Without a GPU most of its dependencies are of no use, and some stop its import.
    return f"pip install --no-deps --force-reinstall unsloth=={unsloth.version} unsloth_zoo"


def check_training(engine: str, unsloth: Unsloth | None, missing: Collection[str]) -> Verdict:
    """The library that fine-tuning takes, and whether what it needs is there."""
    if missing:
        return "warning", f"fine-tuning lacks {', '.join(missing)}", f"pip install {' '.join(missing)}"
    if engine == "unsloth" and unsloth and unsloth.problem:
        said = "models are fine-tuned with unsloth, which does not import"
        return "warning", said, "See Unsloth above, or train with --engine transformers."
    return "ok", f"models are fine-tuned with {engine}", ""


def check_serving(backend: str, unsloth: Unsloth | None) -> Verdict:
    """The library that models run with, and whether it can."""
    if backend == "remote":
        return "ok", "models are asked on other machines: see the remote servers", ""
    if backend != "unsloth":
        return "ok", f"models run with {backend}", ""
    if unsloth is None:
        return "failed", "FINSCRIBE_BACKEND is unsloth, which is not installed", INSTALL_UNSLOTH
    if unsloth.problem:
        said = "models run with unsloth, which does not import"
        return "failed", said, "See Unsloth above, or set FINSCRIBE_BACKEND=transformers."
    return "ok", "models run with unsloth", ""


def check_servers(servers: Collection[Server], model: str | None, *, needed: bool) -> Verdict:
    """Whether the servers of other machines answer, and serve the model that is set; `needed` for what is served."""
    if not servers and not needed:
        return "ok", "none set; models run on this machine", ""
    said = "; ".join(f"{each.url}: {each.problem or _serves(each)}" for each in servers)
    silent = [each for each in servers if each.problem]
    if len(silent) == len(servers):
        remedy = "Start one, or correct FINSCRIBE_REMOTE_URL (with its /v1) and FINSCRIBE_REMOTE_KEY."
        return ("failed" if needed else "warning"), said or "FINSCRIBE_REMOTE_URL is not set", remedy
    if silent:
        return "warning", said, "The others are asked meanwhile."
    without = [each for each in servers if each.models and model and model not in each.models]
    if without:
        return "warning", f"{said}; not {model!r}", "Correct FINSCRIBE_REMOTE_MODEL, if no answer comes."
    return "ok", said, ""


def _serves(server: Server) -> str:
    shown = ", ".join(server.models[:3]) + (", ..." if len(server.models) > 3 else "")
    return f"serves {shown}" if shown else "answers, and lists no model"


def check_model(chosen: Model) -> Verdict:
    """The model that would be served, and the defaults that are there but broken."""
    passed = "".join(f"; passed over {label}: {error.message}" for label, error in chosen.passed_over)
    said = f"{chosen.label}, {chosen.location}{passed}"
    if not chosen.on_disk:
        return "warning", f"{said}; it is downloaded on first use", f"hf download {chosen.location}"
    broken = [error for _, error in chosen.passed_over if not isinstance(error, ModelNotFound)]
    return ("warning", said, broken[0].hint) if broken else ("ok", said, "")


def check_starter(folder: Path) -> Verdict:
    """The starter, which was looked at to get here."""
    return "ok", f"complete in {folder}", ""


def check_ocr(engine: OcrEngine, problems: Mapping[OcrEngine, FinScribeError | None]) -> Verdict:
    """Whether the OCR engine of the settings works; text and PDFs with a text layer are read without."""
    said = "; ".join(
        f"{name}{' (used)' if name == engine else ''}: {problem.message if problem else 'installed'}"
        for name, problem in problems.items()
    )
    if error := problems[engine]:
        return "failed", f"scans cannot be read. {said}", error.hint
    return "ok", said, ""


def check_place(place: Place) -> Verdict:
    """Whether a folder can be written to and has room."""
    said = f"{place.path}: {place.free / 1e9:.1f} GB free"
    if not place.writable:
        return "failed", f"{place.path} may not be written to", "Check whose it is, or set another folder."
    if place.free < LEAST_FREE_BYTES:
        said = f"{said}, checkpoints need {LEAST_FREE_BYTES / 1e9:.1f} GB at least"
        return "warning", said, "Free some space, or set another folder."
    return "ok", said, ""


def check_cache(place: Place) -> Verdict:
    """The same for the folder of downloaded models, saying how large they are."""
    state, said, remedy = check_place(place)
    return state, f"{said}. By rule of thumb, an 8B model takes 6 GB in 4 bits, 16 GB in 16 bits", remedy


def check_hub(hub: Hub) -> Verdict:
    """Whether models may be downloaded, and private ones too; the token itself is never told."""
    network = "offline by HF_HUB_OFFLINE" if hub.offline else "models may be downloaded"
    return "ok", f"{network}; {'a token is set' if hub.token else 'no token, so no private models'}", ""
