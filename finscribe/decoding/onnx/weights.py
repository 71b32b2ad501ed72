"""The weights of a model folder as the arrays that the graph names, straight from its safetensors files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from finscribe.decoding.onnx.shape import Shape
from finscribe.errors import ModelBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays: TypeAlias = Mapping[str, NDArray[Any]]

ROTATIONS = ("cosines", "sines")
"""Arrays that turn queries and keys by their places, and are no weights."""
_AGAIN = "Copy, download or train the model again."


def read_weights(folder: Path, shape: Shape) -> dict[str, NDArray[Any]]:
    """All weights in float32, `[outputs, inputs]`; what is multiplied with the same input is one array.

    Raises ModelBroken where a tensor is missing, has another shape than the configuration says, or cannot be read.
    """
    import ml_dtypes  # noqa: F401  # makes bfloat16 a type of NumPy, as models trained on a GPU have it
    from safetensors import SafetensorError, safe_open

    with ExitStack() as stack:
        tensors: dict[str, Any] = {}
        try:
            for path in sorted(folder.glob("*.safetensors")):
                path.open("rb").close()  # says what stands in the way, where the library does not
                file = stack.enter_context(safe_open(path, framework="numpy"))
                tensors |= dict.fromkeys(file.keys(), file)
            return _arranged(shape, lambda name: tensors[name].get_tensor(name), tensors.keys())
        except KeyError as error:
            raise ModelBroken(f"{folder} lacks the weights {error}", hint=_AGAIN) from error
        except (SafetensorError, OSError, TypeError) as error:
            raise ModelBroken(f"the weights of {folder} cannot be read: {error}", hint=_AGAIN) from error
        except _WrongShape as error:
            raise ModelBroken(f"{folder}: {error}", hint=_AGAIN) from error


class _WrongShape(Exception):
    """Weights that are not as config.json says."""


def _arranged(shape: Shape, tensor: Callable[[str], Any], names: Collection[str]) -> dict[str, NDArray[Any]]:
    whole = partial(_stacked, tensor)
    arrays = {
        "embedding": whole("model.embed_tokens.weight", columns=shape.width),
        "norm": whole("model.norm.weight", columns=0),
        **_rotations(shape),
    }
    if not shape.tied:
        arrays["head"] = whole("lm_head.weight", columns=shape.width)
    for layer in range(shape.layers):
        here = f"model.layers.{layer}"
        arrays[f"{layer}.attention_norm"] = whole(f"{here}.input_layernorm.weight", columns=0)
        arrays[f"{layer}.inner_norm"] = whole(f"{here}.post_attention_layernorm.weight", columns=0)
        for name, (parts, columns) in _products(shape).items():
            tensors = [f"{here}.{part}" for part in parts]
            arrays[f"{layer}.{name}"] = whole(*(f"{each}.weight" for each in tensors), columns=columns)
            if f"{tensors[0]}.bias" in names:
                arrays[f"{layer}.{name}.bias"] = whole(*(f"{each}.bias" for each in tensors), columns=0)
    _check(arrays, shape)
    return arrays


def _stacked(tensor: Callable[[str], Any], *parts: str, columns: int) -> NDArray[Any]:
    """Matrices of so many columns, or vectors where that is 0, one below the other; raises _WrongShape."""
    import numpy as np

    found = [np.asarray(tensor(part), dtype=np.float32) for part in parts]
    for part, array in zip(parts, found, strict=True):
        if array.shape[1:] != ((columns,) if columns else ()):
            wanted = f"{columns} columns" if columns else "a vector"
            raise _WrongShape(f"{part} has the shape {list(array.shape)}, and config.json asks for {wanted}")
    return np.ascontiguousarray(found[0] if len(found) == 1 else np.concatenate(found))


def _rotations(shape: Shape) -> dict[str, NDArray[Any]]:
    """Cosine and sine of how far each pair of a head's numbers is turned at each place, `[context, head_width / 2]`."""
    import numpy as np

    frequencies = np.array(shape.frequencies, dtype=np.float32)
    angles = np.arange(shape.context, dtype=np.float32)[:, None] * frequencies
    return dict(zip(ROTATIONS, (np.cos(angles), np.sin(angles)), strict=True))


def _products(shape: Shape) -> dict[str, tuple[tuple[str, ...], int]]:
    """The products with weights in a layer: the tensors that they are made of, and their inputs."""
    return {
        "heads": (("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), shape.width),
        "out": (("self_attn.o_proj",), shape.heads * shape.head_width),
        "inner": (("mlp.gate_proj", "mlp.up_proj"), shape.width),
        "down": (("mlp.down_proj",), shape.inner),
    }


def _check(arrays: Arrays, shape: Shape) -> None:
    """Raises _WrongShape where an array has another number of rows than the configuration says."""
    rows = {
        "embedding": shape.vocabulary,
        "head": shape.vocabulary,
        "heads": (shape.heads + 2 * shape.key_value_heads) * shape.head_width,
        "inner": 2 * shape.inner,
        **dict.fromkeys(ROTATIONS, shape.context),
    }
    for name, array in arrays.items():
        expected = rows.get(name.removesuffix(".bias").rpartition(".")[2], shape.width)
        if len(array) != expected:
            raise _WrongShape(
                f"the weights {name} have {len(array)} rows, and config.json asks for {expected}"
            )


def in_eight_bits(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """The same with all products in eight bits, symmetric, one scale for each output.

    `NAME.int8` is `[inputs, outputs]`, from -127 to 127; `NAME.scales` is `[outputs]`, what a step of each stands for.
    """
    products = {name: array for name, array in arrays.items() if _is_product(name)}
    products.setdefault("head", arrays["embedding"])
    made = {name: array for name, array in arrays.items() if name not in products}
    for name, array in products.items():
        made[f"{name}.int8"], made[f"{name}.scales"] = _quantised(array)
    return made


def _is_product(name: str) -> bool:
    return name.rpartition(".")[2] in ("heads", "out", "inner", "down", "head")


def _quantised(array: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    scales = np.abs(array).max(axis=1) / np.float32(127)
    steps = np.rint(array / np.where(scales == 0, 1, scales)[:, None])
    return np.ascontiguousarray(steps.T, dtype=np.int8), scales
