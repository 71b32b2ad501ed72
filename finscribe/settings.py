"""Settings: one frozen value, and the one place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from finscribe.errors import SettingsError

OcrEngine = Literal["rapidocr", "tesseract"]
Backend = Literal["auto", "unsloth", "transformers"]

DEFAULT_MODEL_DIR = Path("./models/unsloth-finscribe")
DEFAULT_DATA_DIR = Path("data")
DEFAULT_MODEL_NAME = "unsloth/llama-3.1-8b-unsloth-bnb-4bit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits for reading documents, the OCR engine, where models are found and corrections are kept."""

    max_pages: int = 50
    max_pixels: int = 50_000_000  # per page
    max_bytes: int = 50 * 1024 * 1024  # of a file
    max_text_bytes: int = 2 * 1024 * 1024  # of plain text, as UTF-8
    max_windows: int = 100  # of a model's context that the text of one document may fill
    max_seconds: float = 300.0  # for reading one document, and again for answering; between pages and batches
    ocr_engine: OcrEngine = "rapidocr"
    ocr_dpi: int = 200
    model_dir: Path = DEFAULT_MODEL_DIR
    model_dir_is_explicit: bool = False
    model_name: str = DEFAULT_MODEL_NAME
    model_name_is_explicit: bool = False
    backend: Backend = "auto"  # the library that runs models
    hf_token: str | None = field(default=None, repr=False)
    data_dir: Path = DEFAULT_DATA_DIR  # corrections and prepared datasets

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings as the environment has them, defaults elsewhere; raises SettingsError."""
        found = os.environ if environ is None else environ
        values = {name: text for name, raw in found.items() if name in VARIABLES and (text := raw.strip())}
        model_dir = values.get("UNSLOTH_MODEL_DIR")
        model_name = values.get("UNSLOTH_MODEL_NAME")
        return cls(
            max_pages=_whole(values, "FINSCRIBE_MAX_PAGES", cls().max_pages),
            max_pixels=_whole(values, "FINSCRIBE_MAX_PIXELS", cls().max_pixels),
            max_bytes=_whole(values, "FINSCRIBE_MAX_BYTES", cls().max_bytes),
            max_text_bytes=_whole(values, "FINSCRIBE_MAX_TEXT_BYTES", cls().max_text_bytes),
            max_windows=_whole(values, "FINSCRIBE_MAX_WINDOWS", cls().max_windows),
            max_seconds=_seconds(values, "FINSCRIBE_MAX_SECONDS", cls().max_seconds),
            ocr_engine=_engine(values, "FINSCRIBE_OCR_ENGINE", cls().ocr_engine),
            ocr_dpi=_whole(values, "FINSCRIBE_OCR_DPI", cls().ocr_dpi, least=50, most=1200),
            model_dir=Path(model_dir) if model_dir else DEFAULT_MODEL_DIR,
            model_dir_is_explicit=model_dir is not None,
            model_name=model_name or DEFAULT_MODEL_NAME,
            model_name_is_explicit=model_name is not None,
            backend=_backend(values, "FINSCRIBE_BACKEND"),
            hf_token=values.get("HF_TOKEN"),
            data_dir=Path(values.get("FINSCRIBE_DATA_DIR", DEFAULT_DATA_DIR)),
        )


VARIABLES = frozenset(
    {
        "FINSCRIBE_MAX_PAGES",
        "FINSCRIBE_MAX_PIXELS",
        "FINSCRIBE_MAX_BYTES",
        "FINSCRIBE_MAX_TEXT_BYTES",
        "FINSCRIBE_MAX_WINDOWS",
        "FINSCRIBE_MAX_SECONDS",
        "FINSCRIBE_OCR_ENGINE",
        "FINSCRIBE_OCR_DPI",
        "FINSCRIBE_BACKEND",
        "FINSCRIBE_DATA_DIR",
        "UNSLOTH_MODEL_DIR",
        "UNSLOTH_MODEL_NAME",
        "HF_TOKEN",
    }
)


def _bad(variable: str, value: str, allowed: str) -> SettingsError:
    return SettingsError(
        f"{variable} is {value!r}, which is not {allowed}",
        hint=f"Set {variable} to {allowed}, or unset it to use the default.",
    )


def _whole(
    values: Mapping[str, str], variable: str, default: int, *, least: int = 1, most: int = 2**53
) -> int:
    text = values.get(variable, str(default))
    digits = text.replace("_", "")
    allowed = f"a whole number from {least}" + (f" to {most}" if most < 2**53 else "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 17 and least <= int(digits) <= most):
        raise _bad(variable, text, allowed)
    return int(digits)


def _seconds(values: Mapping[str, str], variable: str, default: float) -> float:
    text = values.get(variable, str(default))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise _bad(variable, text, "a number of seconds above 0")
    return seconds


def _engine(values: Mapping[str, str], variable: str, default: OcrEngine) -> OcrEngine:
    return cast(OcrEngine, _one_of(values, variable, default, get_args(OcrEngine)))


def _backend(values: Mapping[str, str], variable: str) -> Backend:
    return cast(Backend, _one_of(values, variable, "auto", get_args(Backend)))


def _one_of(values: Mapping[str, str], variable: str, default: str, allowed: tuple[str, ...]) -> str:
    text = values.get(variable, default).lower()
    if text not in allowed:
        raise _bad(variable, text, "one of " + ", ".join(allowed))
    return text
