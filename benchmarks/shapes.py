"""Models of the sizes of Llama 3 that write what the starter writes: python benchmarks/shapes.py 8b FOLDER

How fast a model answers depends on its shape, and on what it writes: how long that is, and how much of it was guessed.
A model with random weights never ends. So the starter is grown instead, without a change in what it computes (Chen et
al. 2016, Net2Net; Gesmundo and Maile 2023, Composable function-preserving expansions of transformers): what is added to
its width stays zero, added layers add nothing, added heads and neurons are not listened to. All of it is computed.

What of a grown matrix must be nothing is zero, all else is noise. The vocabulary has the size of Llama's, the tokenizer
is the starter's: added tokens are copies of the one for padding, which is never written. The weights are written layer
by layer, in 16 bits where there is a GPU, else in 32.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finscribe.starter import path as starter_path

SIZES = (
    "hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads head_dim".split()
)
SHAPES: dict[str, dict[str, Any]] = {
    "tiny": dict(zip(SIZES, (512, 1_408, 10, 8, 4, 128), strict=True)),
    "1b": dict(zip(SIZES, (2_048, 8_192, 16, 32, 8, 64), strict=True)),
    "8b": dict(zip(SIZES, (4_096, 14_336, 32, 32, 8, 128), strict=True)) | {"tie_word_embeddings": False},
}
"""The sizes of Llama 3.2 1B and Llama 3.1 8B, and one of 100 million weights with all that is grown in them."""
VOCABULARY = 128_256
NOISE = 0.02
"""The standard deviation of what is added and not listened to, which is that of fresh weights."""
LEAST = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_key_value_heads", "vocab_size")
"""Sizes that only grow."""
COPIED = ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "confidence.json")


def write_model(shape: str, folder: Path) -> None:
    """The starter, grown to a shape."""
    write_grown(SHAPES[shape] | {"vocab_size": VOCABULARY}, folder)


def write_grown(sizes: dict[str, Any], folder: Path) -> None:
    """The starter with other sizes, those of a `LlamaConfig`; raises ValueError where it does not fit in."""
    import torch
    from safetensors.torch import load_file, save_file
    from transformers import AutoConfig, LlamaConfig

    gpu = torch.cuda.is_available()
    dtype, device = (torch.bfloat16, "cuda") if gpu else (torch.float32, "cpu")
    old = AutoConfig.from_pretrained(starter_path())
    new = LlamaConfig(**old.to_dict() | sizes | {"dtype": str(dtype).removeprefix("torch.")})
    new.rms_norm_eps = old.rms_norm_eps * old.hidden_size / new.hidden_size
    weights = load_file(starter_path() / "model.safetensors", device=device)
    growth = _Growth(old, new, {name: weight.to(torch.float32) for name, weight in weights.items()}, dtype)
    folder.mkdir(parents=True, exist_ok=True)
    place: dict[str, str] = {}
    for number, part in enumerate(growth.parts()):
        file = f"model-{number:05}.safetensors"
        save_file(part, folder / file, metadata={"format": "pt"})
        place |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": place}))
    new.save_pretrained(folder)
    for name in COPIED:
        shutil.copy(starter_path() / name, folder)


@dataclass(frozen=True)
class _Growth:
    """A Llama with tied embeddings, `weights` in float32, on its way from one configuration to a larger one."""

    old: Any
    new: Any
    weights: dict[str, Any]
    dtype: Any

    def __post_init__(self) -> None:
        old, new = self.old, self.new
        small = [name for name in LEAST if getattr(new, name) < getattr(old, name)]
        if new.head_dim % old.head_dim:
            small.append("head_dim")
        if small:
            raise ValueError(f"the starter does not fit into a model with these sizes: {', '.join(small)}")

    def parts(self) -> Iterator[dict[str, Any]]:
        """The named weights of the new model, a part at a time that memory has room for."""
        yield {"model.embed_tokens.weight": self.embedding()}
        for layer in range(self.new.num_hidden_layers):
            yield {f"model.layers.{layer}.{name}": weight for name, weight in self.layer(layer)}
        yield {"model.norm.weight": self.norm("model.norm.weight")}
        if not self.new.tie_word_embeddings:
            yield {"lm_head.weight": self.embedding()}

    def embedding(self) -> Any:
        """`[vocabulary, width]`."""
        import torch

        known = self.weights["model.embed_tokens.weight"]
        rows = torch.arange(self.new.vocab_size, device=known.device)
        rows[len(known) :] = self.old.pad_token_id
        grown = known.new_zeros((len(rows), self.new.hidden_size), dtype=self.dtype)
        grown[:, : known.shape[1]] = known.to(self.dtype)[rows]
        return grown

    def norm(self, name: str) -> Any:
        """`[width]`: the mean of the squares is the smaller the more zeros there are."""
        grown = self.weights["model.norm.weight"].new_ones(self.new.hidden_size)
        if name in self.weights:
            known = self.weights[name]
            grown[: len(known)] = known * (len(known) / len(grown)) ** 0.5
        return grown.to(self.dtype)

    def layer(self, layer: int) -> Iterator[tuple[str, Any]]:
        """The weights of one layer; behind those that the old model has come layers that add nothing."""
        new = self.new
        width, inner, query, key = self.width, self.inner, self.queries, self.keys
        asked, told = new.num_attention_heads * new.head_dim, new.num_key_value_heads * new.head_dim
        sharper = (new.head_dim / self.old.head_dim) ** 0.5  # attention divides by the root of a head's width
        matrices = {
            "self_attn.q_proj": (query, asked, width, new.hidden_size, sharper, NOISE),
            "self_attn.k_proj": (key, told, width, new.hidden_size, 1.0, 0.0),
            "self_attn.v_proj": (key, told, width, new.hidden_size, 1.0, NOISE),
            "self_attn.o_proj": (width, new.hidden_size, query, asked, 1.0, 0.0),
            "mlp.gate_proj": (inner, new.intermediate_size, width, new.hidden_size, 1.0, NOISE),
            "mlp.up_proj": (inner, new.intermediate_size, width, new.hidden_size, 1.0, NOISE),
            "mlp.down_proj": (width, new.hidden_size, inner, new.intermediate_size, 1.0, 0.0),
        }
        for name, (rows, height, columns, breadth, factor, noise) in matrices.items():
            grown = rows.new_empty((height, breadth), dtype=self.dtype).normal_(0, noise)
            known = self.weights.get(f"model.layers.{layer}.{name}.weight")
            if known is not None:
                grown[rows[:, None], columns] = (known * factor).to(self.dtype)
            yield f"{name}.weight", grown
        for name in ("input_layernorm.weight", "post_attention_layernorm.weight"):
            yield name, self.norm(f"model.layers.{layer}.{name}")

    @property
    def width(self) -> Any:
        """Where the old numbers of a token stand among the new ones."""
        return self._count(self.old.hidden_size)

    @property
    def inner(self) -> Any:
        """Where the old neurons stand."""
        return self._count(self.old.intermediate_size)

    @property
    def queries(self) -> Any:
        """Where the numbers of the old heads stand: each in the group of the key head that it had."""
        group, larger = _group(self.old), _group(self.new)
        heads = self._count(self.old.num_attention_heads)
        return self._numbers(heads // group * larger + heads % group)

    @property
    def keys(self) -> Any:
        """Where the numbers of the old key and value heads stand."""
        return self._numbers(self._count(self.old.num_key_value_heads))

    def _numbers(self, heads: Any) -> Any:
        """Those of heads: pair i turns at the speed that pair i times the ratio of the widths has in a wider head."""
        import torch

        ratio, pairs = self.new.head_dim // self.old.head_dim, self._count(self.old.head_dim // 2)
        inside = torch.cat([pairs * ratio, pairs * ratio + self.new.head_dim // 2])
        return (heads[:, None] * self.new.head_dim + inside).flatten()

    def _count(self, count: int) -> Any:
        import torch

        return torch.arange(count, device=self.weights["model.norm.weight"].device)


def _group(config: Any) -> int:
    """Heads that share a key head."""
    return int(config.num_attention_heads // config.num_key_value_heads)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    write_model(args.shape, args.folder)


if __name__ == "__main__":
    main()
