"""A grown starter computes what the starter computes."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.shapes import SIZES, write_grown
from finscribe.starter import path as starter_path

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

LARGER = dict(zip(SIZES, (512, 1_408, 10, 16, 8, 128), strict=True))
"""Wider and deeper, with heads in groups that are twice as wide."""
SHAPES = {
    "larger": LARGER | {"tie_word_embeddings": False},
    "as it is": dict(zip(SIZES, (256, 704, 8, 4, 4, 64), strict=True)),
    "of a width that is no multiple": dict(zip(SIZES, (320, 704, 9, 20, 5, 64), strict=True)),
}


def logits_of(folder: Path, ids: Any) -> Any:
    """`[tokens, vocabulary]`."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        return model(ids).logits[0]


@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
def test_a_grown_starter_says_what_the_starter_says(sizes: dict[str, Any], tmp_path: Path) -> None:
    write_grown(sizes | {"vocab_size": 5_000}, tmp_path)
    ids = torch.randint(2, 4_000, (1, 300), generator=torch.Generator().manual_seed(1))
    known, grown = logits_of(starter_path(), ids), logits_of(tmp_path, ids)
    assert grown.shape == (300, 5_000)
    assert torch.allclose(grown[:, :4_096], known, atol=1e-4, rtol=1e-4)
    assert torch.allclose(grown[:, 4_096:], known[:, :1].expand(-1, 904), atol=1e-4, rtol=1e-4)


def test_what_is_added_is_computed_with_weights_that_are_not_zero(tmp_path: Path) -> None:
    write_grown(LARGER, tmp_path)
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
    assert model.model.layers[9].mlp.gate_proj.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert not model.model.layers[9].mlp.down_proj.weight.any()


@pytest.mark.parametrize(
    "small",
    [
        {"hidden_size": 192},
        {"intermediate_size": 700},
        {"num_hidden_layers": 7},
        {"num_key_value_heads": 2},
        {"head_dim": 96},
        {"vocab_size": 4_000},
    ],
    ids=lambda small: next(iter(small)),
)
def test_sizes_into_which_the_starter_does_not_fit_are_refused(small: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"does not fit .* sizes: {next(iter(small))}$"):
        write_grown(small, tmp_path)
