"""Models that PyTorch runs: plain transformers, or Unsloth's FastLanguageModel."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finscribe.calibration import Calibration, read_calibration
from finscribe.decoding.fast_linear import use_onednn
from finscribe.decoding.model import MOST_LANES, Session
from finscribe.decoding.packed import PackedSession, is_packable, pack_rows
from finscribe.decoding.padded import PaddedSession
from finscribe.decoding.tokens import tokens_of
from finscribe.decoding.windows import window_tokens_of
from finscribe.errors import MissingDependency

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

logger = logging.getLogger(__name__)

PRECISION = "base.json"
"""The file beside an adapter that tells how its base was held while it was trained."""
_LEAST_CORRELATION = 0.98
"""Of the logits of two ways to the same place; rounding to 16 bits leaves more."""


class TorchModel:
    """A Hugging Face causal language model with its tokenizer, ready for the decoder."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        name: str,
        backend: str,
        calibration: Calibration | None = None,
    ) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.tokens = tokens_of(tokenizer)
        self.name, self.backend, self.calibration = name, backend, calibration
        self.context_length = _context_length(model)
        self.window_tokens = window_tokens_of(vars(model.config))
        self.eos = self.tokens.eos
        self._threads = _threads()

    @property
    def guide(self) -> Any:
        return self.tokens.guide

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        return sum(weight.numel() for weight in self.model.parameters())

    def encode_prompt(self, prompt: str) -> list[int]:
        return self.tokens.encode_prompt(prompt)

    def encode(self, text: str) -> list[int]:
        return self.tokens.encode(text)

    def token_bytes(self, token: int) -> bytes:
        return self.tokens.token_bytes(token)

    @property
    def exact(self) -> bool:
        """How products round depends on how many tokens are multiplied together."""
        return False

    @property
    def lanes(self) -> int:
        """On a processor, a batch in each thread is faster than all threads in one batch, up to a few."""
        alone = self.model.device.type != "cpu" or not is_packable(self.model)
        return 1 if alone else min(self._threads, MOST_LANES)

    @contextmanager
    def lane(self, lanes: int) -> Iterator[None]:
        """Gives the calling thread its share of PyTorch's threads."""
        import torch

        torch.set_num_threads(max(1, self._threads // lanes))
        try:
            yield
        finally:
            torch.set_num_threads(self._threads)  # of threads to come

    def session(self) -> Session:
        if is_packable(self.model):
            return PackedSession(self.model)
        return PaddedSession(self.model, narrowest=2 if self.backend == "unsloth" else 1)


# --- loading -----------------------------------------------------------------------------------------


def load_with_transformers(name: str, *, token: str | None) -> TorchModel:
    """Loads a folder or hub name with transformers: bf16 on a GPU, float32 on a CPU.

    The base of an adapter is held in 4 bits where it was while the adapter was trained, and there is a GPU. Raises
    `MissingDependency` where that takes bitsandbytes, and it is not installed or too old.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # programs have their own
    gpu = torch.cuda.is_available()
    held = _held_in_4_bits(name, gpu) if _trained_in_4_bits(name) else {}
    tokenizer = AutoTokenizer.from_pretrained(name, token=token, trust_remote_code=False)
    with _saying_what_4_bits_take():
        model = AutoModelForCausalLM.from_pretrained(
            name,
            token=token,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.bfloat16 if gpu else torch.float32,
            attn_implementation="sdpa",
            **held,
            **_revision_of_base(name),
        )
    model = model.to("cuda") if gpu and not held else model
    pack_rows(model)
    use_onednn(model)
    return _named(model, tokenizer, name, "transformers")


def load_with_unsloth(name: str, *, token: str | None) -> TorchModel:
    """Loads a folder or hub name with Unsloth: 4-bit on a GPU, its CPU backend otherwise.

    The base of an adapter is the very one that it was trained on, as precise as it was held then.
    """
    import torch

    with redirect_stdout(sys.stderr):  # Unsloth greets on standard output, where answers go
        from unsloth import FastLanguageModel  # before torch and transformers, which it patches

        as_trained = _trained_in_4_bits(name)
        model, tokenizer = FastLanguageModel.from_pretrained(
            name,
            load_in_4bit=torch.cuda.is_available() and as_trained is not False,
            max_seq_length=_context_of(name, token),  # what is longer, it cuts off without a word
            token=token,
            trust_remote_code=False,
            use_safetensors=True,
            use_exact_model_name=as_trained is not None,  # else a mirror in another precision
        )
        FastLanguageModel.for_inference(model)
    return _named(model, tokenizer, name, "unsloth")


def goes_on(model: TorchModel) -> bool:
    """Whether tokens behind others, some of them taken back, give the logits that all of them give in one pass.

    It is what the decoder rests on, and what a library with a cache of its own may not do; raises OutOfMemoryError.
    """
    import numpy as np
    import torch

    tokens = model.encode("Invoice 4711, due 2026-01-31: 3 x 12.50 = 37.50 EUR")[:12]
    try:
        ((whole,),) = model.session().extend([tokens], [1])
        (behind,) = _in_pieces(model.session(), tokens)
    except torch.OutOfMemoryError:
        raise
    except Exception as error:  # a library that does not take such passes at all raises what it likes
        logger.warning("%s does not run %s piece by piece: %s", model.backend, model.name, error)
        return False
    return float(np.corrcoef(whole, behind)[0, 1]) > _LEAST_CORRELATION


def _in_pieces(session: Session, tokens: list[int]) -> Logits:
    """The logits behind a dozen tokens that come in pieces, beside a row that goes and a new one; `[1, vocabulary]`."""
    session.extend([tokens[::-1], tokens[:5]], [1, 1])
    session.extend([tokens[:1], [*tokens[5:8], *tokens[:2]]], [1, 1])
    session.rollback([0, 2])
    session.keep([1])
    session.extend([tokens[8:9], tokens[:3]], [1, 1])
    session.keep([0])
    *middle, last = tokens[9:]
    for token in middle:
        session.extend([[token]], [1])
    (logits,) = session.extend([[last]], [1])
    return logits


def _held_in_4_bits(name: str, gpu: bool) -> dict[str, Any]:
    """How transformers is told to hold a base in 4 bits; nothing, with a warning, where there is no GPU for it."""
    if not gpu:
        logger.warning("%s was trained on a base in 4 bits, which need a GPU: it may read otherwise.", name)
        return {}
    return {"quantization_config": four_bits(), "device_map": "cuda"}


def four_bits() -> Any:
    """How transformers holds a base in 4 bits, in training and in serving; raises `MissingDependency`."""
    if not _bitsandbytes_is_installed():
        raise _no_bitsandbytes()
    import torch
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


@contextmanager
def _saying_what_4_bits_take() -> Iterator[None]:
    """Raises `MissingDependency` for a model that is stored in 4 bits, of which the library knows once it loads."""
    try:
        yield
    except ImportError as error:
        if "bitsandbytes" not in str(error):
            raise
        raise _no_bitsandbytes() from error


def _no_bitsandbytes() -> MissingDependency:
    if _bitsandbytes_is_installed():
        return MissingDependency(
            "a model in 4 bits needs a newer bitsandbytes", hint="pip install -U bitsandbytes"
        )
    return MissingDependency("a model in 4 bits needs bitsandbytes", hint="pip install bitsandbytes")


def _bitsandbytes_is_installed() -> bool:
    return find_spec("bitsandbytes") is not None


def _context_of(name: str, token: str | None) -> int:
    """How many tokens a model takes in, by the configuration of it or of its base."""
    from transformers import AutoConfig

    base = _read(Path(name) / "adapter_config.json").get("base_model_name_or_path", name)
    config = AutoConfig.from_pretrained(base, token=token, trust_remote_code=False)
    return int(config.max_position_embeddings)


def _context_length(model: Any) -> int:
    """The tokens of a configuration; on a GPU Unsloth takes in no more than it was loaded for."""
    configured = int(model.config.max_position_embeddings)
    loaded_for = getattr(model, "max_seq_length", None) if model.device.type == "cuda" else None
    return min(configured, loaded_for or configured)


def write_precision(folder: Path, *, four_bits: bool) -> None:
    """Notes beside an adapter whether its base was held in 4 bits."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PRECISION).write_text(json.dumps({"load_in_4bit": four_bits}) + "\n", "utf-8")


def _trained_in_4_bits(name: str) -> bool | None:
    """Whether the base of an adapter was held in 4 bits; None where nobody says so, as of a model of its own."""
    found = _read(Path(name) / PRECISION).get("load_in_4bit")
    return found if isinstance(found, bool) else None


def _revision_of_base(name: str) -> dict[str, str]:
    """The revision of a hub that an adapter's base is of, as an option of transformers."""
    found = _read(Path(name) / "adapter_config.json").get("revision")
    return {"revision": found} if isinstance(found, str) else {}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):  # none, or a broken one, which is said when the model is loaded
        return {}
    return found if isinstance(found, dict) else {}


def _named(model: Any, tokenizer: Any, name: str, backend: str) -> TorchModel:
    """The model of a folder, with the calibration that lies in it, or of a hub name."""
    folder = Path(name)
    local = folder.exists()
    return TorchModel(
        model,
        tokenizer,
        name=folder.resolve().name if local else name,
        backend=backend,
        calibration=read_calibration(folder) if local else None,
    )


@cache
def _threads() -> int:
    """PyTorch's threads as they were before any lane took its share, which later threads of this process see."""
    import torch

    return torch.get_num_threads()
