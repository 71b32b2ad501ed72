"""The model that a run starts from, with its adapter: Unsloth where it is installed, else transformers and PEFT."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.decoding.hub import within_reach
from finscribe.decoding.loading import check_loadable, check_pytorch, explained, unsloth_is_installed
from finscribe.decoding.torch_backend import four_bits
from finscribe.errors import FinScribeError, MissingDependency, ModelBroken
from finscribe.settings import Settings
from finscribe.training.finetuning.cpu import make_faster
from finscribe.training.finetuning.memory import is_out_of_memory, out_of_memory_is_said
from finscribe.training.finetuning.origin import from_anywhere, revision_of
from finscribe.training.finetuning.recipe import Recipe

logger = logging.getLogger(__name__)

PADDED_BY, PADDED_SHARE = 128, 0.05
"""How many embeddings, or which share of them, may belong to no token: models round their number up."""


@dataclass(frozen=True, slots=True)
class Base:
    """A model ready to be trained, its tokenizer, and the library (`engine`) that both came from."""

    model: Any
    tokenizer: Any
    engine: str
    quantised: bool


def choose_engine(recipe: Recipe) -> str:
    """The library that trains; raises `MissingDependency` where the one asked for is not installed."""
    installed = unsloth_is_installed()
    if recipe.engine == "unsloth" and not installed:
        raise MissingDependency("Unsloth is not installed", hint="pip install 'finscribe[unsloth]'")
    if recipe.engine != "auto":
        return recipe.engine
    if not installed:
        logger.warning("Unsloth is not installed: training with transformers and PEFT, which is slower.")
    return "unsloth" if installed else "transformers"


def load_base(recipe: Recipe) -> Base:
    """The recipe's model with a fresh adapter, or all weights trainable; raises `ModelError`, `TrainingError`."""
    check_loadable(recipe.model_name)
    check_pytorch()
    engine = choose_engine(recipe)
    with hub_or_cache(recipe.model_name), out_of_memory_is_said(f"loading {recipe.model_name}"):
        base = _load(recipe, engine)
    _require_a_pair(base, recipe.model_name)
    if not recipe.full_finetuning:
        _name_base(base.model, recipe.model_name)
        base.model.create_or_update_model_card = lambda _folder: None  # PEFT's, where ours will be
    if not _has_gpu():
        make_faster(base.model)
    return base


@contextmanager
def hub_or_cache(name: str) -> Iterator[None]:
    """Where the hub does not answer, nobody asks it again in here; raises `ModelNotFound` for a name not in the cache.

    PEFT and Unsloth look at the variable itself, so that it is set too.
    """
    from huggingface_hub import constants

    before = os.environ.get("HF_HUB_OFFLINE")
    with within_reach(name):
        if constants.HF_HUB_OFFLINE:
            os.environ["HF_HUB_OFFLINE"] = "1"
        try:
            yield
        finally:
            _put_back("HF_HUB_OFFLINE", before)


def _put_back(variable: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value


def _load(recipe: Recipe, engine: str) -> Base:
    _without_bars(engine)
    try:
        return (_with_unsloth if engine == "unsloth" else _with_transformers)(recipe)
    except FinScribeError:
        raise
    except Exception as error:  # the libraries raise nearly anything for a folder that they cannot read
        if is_out_of_memory(error):
            raise
        raise _explained(recipe.model_name, error) from error


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())


def _without_bars(engine: str) -> None:
    """The libraries' own progress bars would be written over the live line."""
    if engine == "unsloth":
        import unsloth  # noqa: F401  (before transformers, which it patches)
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()


def _explained(name: str, error: Exception) -> FinScribeError:
    if "bitsandbytes" in str(error):
        return ModelBroken(
            f"{name!r} is stored in 4 bits, which cannot be trained here: {error}",
            hint="It takes a GPU and bitsandbytes (pip install 'finscribe[unsloth]'). Without, give the --model_name "
            "of the same model in 16 bits, or the folder of a small one.",
        )
    return explained(name, error)


def _require_a_pair(base: Base, name: str) -> None:
    """Raises `ModelBroken` for a tokenizer that is not the model's, or that cannot end an answer."""
    known = int(base.model.get_input_embeddings().weight.shape[0])
    tokens = max(base.tokenizer.get_vocab().values()) + 1
    few = known - tokens > max(PADDED_BY, PADDED_SHARE * known)
    if tokens > known or few:
        raise ModelBroken(
            f"the tokenizer of {name!r} has {tokens:,} tokens, the model knows {known:,}: they do not belong together",
            hint="Put the tokenizer that the model was trained with beside it."
            + (" If this is it, cut the model to it first (resize_token_embeddings)." if few else ""),
        )
    if base.tokenizer.eos_token_id is None:
        raise ModelBroken(
            f"the tokenizer of {name!r} names no token that ends an answer",
            hint="Copy its tokenizer_config.json and special tokens too: eos_token is missing.",
        )
    ends = _ends_of_answers(base.model)
    if ends and base.tokenizer.eos_token_id not in ends:
        raise ModelBroken(
            f"the tokenizer of {name!r} ends an answer with token {base.tokenizer.eos_token_id} "
            f"({base.tokenizer.eos_token}), the model with {_listed(ends)}: they do not belong together",
            hint="Put the tokenizer that the model was trained with beside it. If this is it, correct eos_token_id in "
            "the config.json and generation_config.json of the model.",
        )


def _ends_of_answers(model: Any) -> set[int]:
    """The tokens that end an answer by the model's own configuration; none where it does not say."""
    ends: set[int] = set()
    for config in (model.config, getattr(model, "generation_config", None)):
        said = getattr(config, "eos_token_id", None)
        if said is not None:
            ends |= set(said if isinstance(said, (list, tuple)) else [said])
    return ends


def _listed(numbers: set[int]) -> str:
    return " or ".join(str(number) for number in sorted(numbers))


def _name_base(model: Any, name: str) -> None:
    """Lets the adapter say what it belongs to, so that it is found from every working directory."""
    for adapter in model.peft_config.values():
        adapter.base_model_name_or_path, adapter.revision = from_anywhere(name), revision_of(name)


def _with_unsloth(recipe: Recipe) -> Base:
    from unsloth import FastLanguageModel  # before torch and transformers, which it patches

    four_bit, gpu = _four_bit(recipe)
    model, tokenizer = FastLanguageModel.from_pretrained(
        recipe.model_name if gpu else _folder_of(recipe.model_name),
        max_seq_length=recipe.max_seq_length,
        load_in_4bit=four_bit,
        full_finetuning=recipe.full_finetuning,
        use_gradient_checkpointing="unsloth" if gpu else False,  # memory is what a GPU is short of
        token=Settings.from_environment().hf_token,
        trust_remote_code=False,
        use_safetensors=True,
        use_exact_model_name=True,  # not a mirror of it in another precision
    )
    model.config._name_or_path = model.name_or_path = recipe.model_name  # an adapter says what it belongs to
    if not recipe.full_finetuning:
        model = FastLanguageModel.get_peft_model(
            model,
            r=recipe.lora_r,
            lora_alpha=recipe.lora_alpha,
            lora_dropout=0.0,  # with dropout or biases Unsloth's fast kernels are off
            bias="none",
            use_gradient_checkpointing="unsloth" if gpu else False,
            random_state=recipe.seed,
        )
    return Base(model, tokenizer, "unsloth", four_bit)


def _folder_of(name: str) -> str:
    """The folder of a model, fetched where it is a name: without a GPU, Unsloth takes another one for some names."""
    if Path(name).is_dir():
        return name
    from huggingface_hub import snapshot_download

    return str(
        snapshot_download(
            name,
            token=Settings.from_environment().hf_token,
            allow_patterns=["*.json", "*.safetensors", "*.model", "*.jinja", "*.txt"],
        )
    )


def _with_transformers(recipe: Recipe) -> Base:
    import torch
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
    from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed
    from transformers.utils import is_flash_attn_2_available

    four_bit, gpu = _four_bit(recipe)
    token = Settings.from_environment().hf_token
    tokenizer = AutoTokenizer.from_pretrained(recipe.model_name, token=token, trust_remote_code=False)
    model = AutoModelForCausalLM.from_pretrained(
        recipe.model_name,
        token=token,
        trust_remote_code=False,
        use_safetensors=True,
        dtype=torch.bfloat16 if gpu else torch.float32,
        device_map="cuda" if gpu else "cpu",
        attn_implementation="flash_attention_2" if gpu and is_flash_attn_2_available() else "sdpa",
        **({"quantization_config": four_bits()} if four_bit else {}),
    )
    if four_bit:
        model = prepare_model_for_kbit_training(model)
    if not recipe.full_finetuning:
        set_seed(recipe.seed)
        lora = LoraConfig(r=recipe.lora_r, lora_alpha=recipe.lora_alpha, target_modules="all-linear")
        model = get_peft_model(model, lora)
    return Base(model, tokenizer, "transformers", four_bit)


def _four_bit(recipe: Recipe) -> tuple[bool, bool]:
    """Whether the base is held in 4 bits, and whether there is a GPU; says so where 4 bits are not to be had."""
    import torch

    gpu = torch.cuda.is_available()
    if recipe.load_in_4bit and not gpu:
        logger.warning("4-bit weights need a GPU: training in the best type that this processor has.")
    return recipe.load_in_4bit and gpu and not recipe.full_finetuning, gpu
