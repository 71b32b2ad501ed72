"""`finscribe doctor`: what this machine can do, and what to do where it cannot.

facts.py      what is installed and what the machine has
models.py     the model that would be served, looked at without loading it
verdicts.py   facts -> verdicts: pure functions

`examine` never raises: a check that cannot be made is a failed check that says why.
"""

import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from finscribe.doctor import facts, models, verdicts
from finscribe.doctor.verdicts import State, Verdict
from finscribe.errors import FinScribeError
from finscribe.settings import Settings

ESSENTIAL = frozenset({"Python", "Settings", "Serving", "Model", "Remote servers"})
"""The checks without which no document can be read; a failure elsewhere costs a part of the program."""

FOR_TRAINING = ("accelerate", "datasets", "peft", "trl")
FOR_TRAINING_IN_4_BITS = ("bitsandbytes",)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its state, what was found, and what to do where it is not well."""

    name: str
    state: State
    said: str
    remedy: str = ""


def examine(*, deep: bool = False) -> tuple[Check, ...]:
    """Every check of this machine; `deep` also imports Unsloth and loads the OCR models, which takes seconds."""
    settings = _settings_or_defaults()
    torch, driver = cache(facts.find_torch), cache(facts.find_driver)
    unsloth = cache(partial(facts.find_unsloth, deep=deep))
    looks: Mapping[str, Callable[[], Verdict]] = {
        "Python": lambda: verdicts.check_python(sys.version_info[:2], platform.python_version()),
        "Settings": lambda: verdicts.check_settings(Settings.from_environment()),
        "PyTorch": lambda: verdicts.check_torch(torch()),
        "CUDA": lambda: verdicts.check_cuda(torch(), driver()),
        "GPU memory": lambda: verdicts.check_gpu_memory(driver()),
        "Main memory": lambda: verdicts.check_memory(facts.find_memory()),
        "Unsloth": lambda: verdicts.check_unsloth(unsloth(), torch(), facts.find_version("torchvision")),
        "Training": lambda: verdicts.check_training(
            facts.find_engine(), unsloth(), _lacking_for_training(torch())
        ),
        "Serving": lambda: verdicts.check_serving(facts.find_backend(settings, torch()), unsloth()),
        "Remote servers": lambda: verdicts.check_servers(
            facts.find_servers(settings), settings.remote.model, needed=settings.backend == "remote"
        ),
        "Model": lambda: verdicts.check_model(models.find_model(settings)),
        "Starter": lambda: verdicts.check_starter(models.find_starter()),
        "OCR": lambda: verdicts.check_ocr(settings.ocr_engine, facts.find_ocr(deep=deep)),
        "Models folder": lambda: verdicts.check_place(facts.find_place(settings.model_dir.parent)),
        "Data folder": lambda: verdicts.check_place(facts.find_place(settings.data_dir)),
        "Model cache": lambda: verdicts.check_cache(facts.find_place(facts.find_hub(settings).cache)),
        "Hugging Face": lambda: verdicts.check_hub(facts.find_hub(settings)),
    }
    return tuple(_guarded(name, look) for name, look in looks.items())


def can_read_documents(checks: Iterable[Check]) -> bool:
    """Whether the main job can run: reading a document with the model that would be served."""
    return not any(check.state == "failed" and check.name in ESSENTIAL for check in checks)


def _guarded(name: str, look: Callable[[], Verdict]) -> Check:
    try:
        return Check(name, *look())
    except FinScribeError as error:
        return Check(name, "failed", error.message, error.hint)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # native libraries panic with what is no Exception
        return Check(name, "failed", f"this check itself failed: {facts.in_words(error)}")


def _lacking_for_training(torch: facts.Torch | None) -> tuple[str, ...]:
    gpu = torch is not None and torch.sees_gpu
    return facts.find_missing(FOR_TRAINING + (FOR_TRAINING_IN_4_BITS if gpu else ()))


def _settings_or_defaults() -> Settings:
    try:
        return Settings.from_environment()
    except FinScribeError:  # told by the check of the settings
        return Settings()
