"""Settings of the engine: one frozen value, read from the environment in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from finscribe.environment import Environment
from finscribe.errors import SettingsError

OcrEngine = Literal["rapidocr", "tesseract"]
Backend = Literal["auto", "unsloth", "transformers", "onnx", "onnx-int8", "remote"]
RemoteApi = Literal["chat", "completions"]
RemoteGrammar = Literal["auto", "vllm", "sglang", "llama.cpp", "schema", "off"]

DEFAULT_MODEL_DIR = Path("./models/unsloth-finscribe")
DEFAULT_DATA_DIR = Path("data")
DEFAULT_MODEL_NAME = "unsloth/llama-3.1-8b-unsloth-bnb-4bit"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSettings:
    """Servers that speak OpenAI's protocol, and how they are asked: vLLM, SGLang, llama.cpp and their kin.

    `urls` all serve the same model, each address up to `/v1`; `model` is its name there, and may be left out where
    they serve no other. `context` and `seconds` limit a single request, in tokens and in seconds. `window_tokens` are
    those of text that the model reads lines best in.
    """

    urls: tuple[str, ...] = ()
    model: str | None = None
    key: str | None = field(default=None, repr=False)
    api: RemoteApi = "chat"  # completions for models without a chat template
    grammar: RemoteGrammar = "auto"  # the dialect in which a server takes a grammar
    context: int | None = None  # tokens of prompt and answer; where None, what the server says
    window_tokens: int | None = None  # where None, as many as the context allows
    at_once: int = 8  # requests under way
    tries: int = 6  # failures of one request, on whichever servers, before it is given up
    seconds: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits for reading documents, the OCR engine, where models are found and corrections are kept."""

    max_pages: int = 50
    max_pixels: int = 50_000_000  # per page
    max_bytes: int = 50 * 1024 * 1024  # of a file
    max_text_bytes: int = 2 * 1024 * 1024  # of plain text, as UTF-8
    max_windows: int = 100  # of a model's context that the text of one document may fill
    max_seconds: float = 300.0  # for reading one document, and again for answering; between pages and batches
    arithmetic: bool = True  # whether what does not agree with itself may be read otherwise
    ocr_engine: OcrEngine = "rapidocr"
    ocr_dpi: int = 200
    model_dir: Path = DEFAULT_MODEL_DIR
    model_dir_is_explicit: bool = False
    model_name: str = DEFAULT_MODEL_NAME
    model_name_is_explicit: bool = False
    backend: Backend = "auto"  # the library that runs models, or that they run on another machine
    remote: RemoteSettings = RemoteSettings()
    hf_token: str | None = field(default=None, repr=False)
    data_dir: Path = DEFAULT_DATA_DIR  # corrections and prepared datasets

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings as the environment has them, defaults elsewhere; raises SettingsError."""
        values = Environment(environ)
        model_dir = values.text("UNSLOTH_MODEL_DIR")
        model_name = values.text("UNSLOTH_MODEL_NAME")
        return cls(
            max_pages=values.whole("FINSCRIBE_MAX_PAGES", cls().max_pages),
            max_pixels=values.whole("FINSCRIBE_MAX_PIXELS", cls().max_pixels),
            max_bytes=values.whole("FINSCRIBE_MAX_BYTES", cls().max_bytes),
            max_text_bytes=values.whole("FINSCRIBE_MAX_TEXT_BYTES", cls().max_text_bytes),
            max_windows=values.whole("FINSCRIBE_MAX_WINDOWS", cls().max_windows),
            max_seconds=values.seconds("FINSCRIBE_MAX_SECONDS", cls().max_seconds),
            arithmetic=values.switch("FINSCRIBE_ARITHMETIC", cls().arithmetic),
            ocr_engine=values.choice("FINSCRIBE_OCR_ENGINE", cls().ocr_engine, OcrEngine),
            ocr_dpi=values.whole("FINSCRIBE_OCR_DPI", cls().ocr_dpi, least=50, most=1200),
            model_dir=Path(model_dir) if model_dir else DEFAULT_MODEL_DIR,
            model_dir_is_explicit=model_dir is not None,
            model_name=model_name or DEFAULT_MODEL_NAME,
            model_name_is_explicit=model_name is not None,
            backend=values.choice("FINSCRIBE_BACKEND", cls().backend, Backend),
            remote=_remote(values),
            hf_token=values.text("HF_TOKEN"),
            data_dir=Path(values.text("FINSCRIBE_DATA_DIR") or DEFAULT_DATA_DIR),
        )


VARIABLES = frozenset(
    {
        "FINSCRIBE_MAX_PAGES",
        "FINSCRIBE_MAX_PIXELS",
        "FINSCRIBE_MAX_BYTES",
        "FINSCRIBE_MAX_TEXT_BYTES",
        "FINSCRIBE_MAX_WINDOWS",
        "FINSCRIBE_MAX_SECONDS",
        "FINSCRIBE_ARITHMETIC",
        "FINSCRIBE_OCR_ENGINE",
        "FINSCRIBE_OCR_DPI",
        "FINSCRIBE_BACKEND",
        "FINSCRIBE_REMOTE_URL",
        "FINSCRIBE_REMOTE_MODEL",
        "FINSCRIBE_REMOTE_KEY",
        "FINSCRIBE_REMOTE_API",
        "FINSCRIBE_REMOTE_GRAMMAR",
        "FINSCRIBE_REMOTE_CONTEXT",
        "FINSCRIBE_REMOTE_WINDOW_TOKENS",
        "FINSCRIBE_REMOTE_AT_ONCE",
        "FINSCRIBE_REMOTE_TRIES",
        "FINSCRIBE_REMOTE_SECONDS",
        "FINSCRIBE_DATA_DIR",
        "UNSLOTH_MODEL_DIR",
        "UNSLOTH_MODEL_NAME",
        "HF_TOKEN",
    }
)


def _remote(values: Environment) -> RemoteSettings:
    default = RemoteSettings()
    context, window = "FINSCRIBE_REMOTE_CONTEXT", "FINSCRIBE_REMOTE_WINDOW_TOKENS"
    return RemoteSettings(
        urls=tuple(map(_address, (values.text("FINSCRIBE_REMOTE_URL") or "").replace(",", " ").split())),
        model=values.text("FINSCRIBE_REMOTE_MODEL"),
        key=values.text("FINSCRIBE_REMOTE_KEY"),
        api=values.choice("FINSCRIBE_REMOTE_API", default.api, RemoteApi),
        grammar=values.choice("FINSCRIBE_REMOTE_GRAMMAR", default.grammar, RemoteGrammar),
        context=values.whole(context, 0, least=LEAST_CONTEXT) if values.text(context) else None,
        window_tokens=values.whole(window, 0, least=LEAST_WINDOW) if values.text(window) else None,
        at_once=values.whole("FINSCRIBE_REMOTE_AT_ONCE", default.at_once, most=1000),
        tries=values.whole("FINSCRIBE_REMOTE_TRIES", default.tries, most=100),
        seconds=values.seconds("FINSCRIBE_REMOTE_SECONDS", default.seconds),
    )


LEAST_CONTEXT, LEAST_WINDOW = 512, 64


def _address(text: str) -> str:
    """An address without a slash at its end, `/v1` where it has no path."""
    try:
        parts = urlsplit(text)
        plain = parts.hostname and parts.port != 0 and not (parts.username or parts.query or parts.fragment)
    except ValueError:  # a port or an IPv6 address that is none
        plain = False
    if not text.lower().startswith(("http://", "https://")) or not plain:
        raise SettingsError(
            "FINSCRIBE_REMOTE_URL holds what is no plain address of a server",  # it may hold a password
            hint="Give http://HOST:PORT/v1, several with commas between; a key belongs into FINSCRIBE_REMOTE_KEY.",
        )
    return text.rstrip("/") if parts.path.strip("/") else f"{text.rstrip('/')}/v1"
