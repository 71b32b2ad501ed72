"""Which decoders run on ONNX Runtime, and their sizes, by their configuration alone."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.decoding.windows import window_tokens_of
from finscribe.errors import ModelBroken, UnsupportedModel

ARCHITECTURES = ("llama", "mistral", "qwen2")
"""All three are the same network, two of them with attention to the latest tokens only where they say so."""

HINT = "Set FINSCRIBE_BACKEND=transformers, which takes pip install 'finscribe[train]'."


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a decoder of the Llama family.

    `frequencies` are those of the rotary embedding, radians a token for each pair of a head's numbers,
    `[head_width / 2]`; `tied` says that the embedding is also the output's weight.
    """

    vocabulary: int
    width: int
    inner: int
    layers: int
    heads: int
    key_value_heads: int
    head_width: int
    context: int
    window_tokens: int | None
    epsilon: float
    tied: bool
    frequencies: tuple[float, ...]


def read_shape(folder: Path) -> Shape:
    """The shape of a model folder; raises UnsupportedModel saying what stands in the way, and ModelBroken."""
    path = folder / "config.json"
    if not path.is_file():
        raise UnsupportedModel(f"{folder} has no config.json: it holds an adapter, not a model", hint=HINT)
    try:
        config = json.loads(path.read_text("utf-8"))
        _refuse_what_is_not_supported(config, folder)
        return _shape_of(config)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelBroken(
            f"{path} does not describe a model: {error!r}", hint="Copy or train the model again."
        ) from error


def _refuse_what_is_not_supported(config: dict[str, Any], folder: Path) -> None:
    kinds = set(config.get("layer_types") or ())
    window = config.get("sliding_window") if config.get("use_sliding_window", True) else None
    reasons = {
        f"model_type is {config.get('model_type')!r}": config.get("model_type") not in ARCHITECTURES,
        "its weights are quantised": "quantization_config" in config,
        f"hidden_act is {config.get('hidden_act')!r}": config.get("hidden_act", "silu") != "silu",
        "it attends to a sliding window": window is not None and window < config["max_position_embeddings"],
        f"its layers are {sorted(kinds)}": bool(kinds - {"full_attention", "sliding_attention"}),
        f"rope_type is {_rope(config)[0]!r}": _rope(config)[0] not in ("default", "llama3"),
        "it turns a part of each head": _rope(config)[1].get("partial_rotary_factor", 1.0) != 1.0,
    }
    if said := [reason for reason, holds in reasons.items() if holds]:
        raise UnsupportedModel(f"{folder} cannot run on ONNX Runtime here: {'; '.join(said)}", hint=HINT)


def _shape_of(config: dict[str, Any]) -> Shape:
    heads = int(config["num_attention_heads"])
    head_width = int(config.get("head_dim") or config["hidden_size"] // heads)
    return Shape(
        vocabulary=int(config["vocab_size"]),
        width=int(config["hidden_size"]),
        inner=int(config["intermediate_size"]),
        layers=int(config["num_hidden_layers"]),
        heads=heads,
        key_value_heads=int(config.get("num_key_value_heads") or heads),
        head_width=head_width,
        context=int(config["max_position_embeddings"]),
        window_tokens=window_tokens_of(config),
        epsilon=float(config.get("rms_norm_eps", 1e-6)),
        tied=bool(config.get("tie_word_embeddings", False)),
        frequencies=tuple(_frequencies(head_width, *_rope(config))),
    )


def _rope(config: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind of rotary embedding and its settings, which older configurations keep in two places."""
    said = config.get("rope_parameters") or config.get("rope_scaling") or {}
    settings = {"rope_theta": config.get("rope_theta", 10_000.0)} | said
    return settings.get("rope_type") or settings.get("type") or "default", settings


def _frequencies(head_width: int, kind: str, rope: dict[str, Any]) -> list[float]:
    """Su et al. 2021; for `llama3` the slow ones are slowed further, as Llama 3.1 does for its long context."""
    plain = [float(rope["rope_theta"]) ** (-index / head_width) for index in range(0, head_width, 2)]
    if kind == "default":
        return plain
    factor, low, high = (float(rope[f"{name}factor"]) for name in ("", "low_freq_", "high_freq_"))
    trained = float(rope["original_max_position_embeddings"])

    def slowed(frequency: float) -> float:
        turns = trained * frequency / (2 * math.pi)
        kept = min(1.0, max(0.0, (turns - low) / (high - low)))
        return frequency * (kept + (1 - kept) / factor)

    return [slowed(frequency) for frequency in plain]
