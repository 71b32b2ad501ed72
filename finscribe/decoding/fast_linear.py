"""Matrix products by oneDNN instead of MKL: twice as fast on processors that MKL does not favour, equally exact."""

from __future__ import annotations

import platform
from functools import partial
from typing import Any

FEWEST_ROWS = 4
"""For fewer tokens than these, PyTorch's own product is the faster one."""

TYPICAL_ROWS = 128
"""The number of tokens for which oneDNN lays out the weights."""

MOST_PACKED = 100_000_000
"""Weights up to which a model gets a copy of them in oneDNN's own order, a quarter faster than the plain one."""


def use_onednn(model: Any) -> None:
    """Lets the linear layers of a model that runs in float32 on an x86 processor use oneDNN; weights must not change.

    The operator is the one that PyTorch's own compiler uses; where a build of PyTorch lacks it nothing is done.
    """
    import torch

    if not _has_onednn() or model.device.type != "cpu":
        return
    packed = sum(weight.numel() for weight in model.parameters()) <= MOST_PACKED
    with torch.no_grad():
        for module in model.modules():
            if type(module) is torch.nn.Linear and module.weight.dtype is torch.float32:
                module.forward = partial(_linear, module.weight, _laid_out(module, packed), module.bias)  # type: ignore[method-assign]


def _has_onednn() -> bool:
    import torch

    return (
        platform.machine().lower() in ("x86_64", "amd64")
        and torch.backends.mkldnn.is_available()
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        and hasattr(torch.ops.mkldnn, "_reorder_linear_weight")
    )


def _laid_out(module: Any, packed: bool) -> Any:
    import torch

    weight = module.weight.detach()
    return torch.ops.mkldnn._reorder_linear_weight(weight, TYPICAL_ROWS) if packed else weight


def _linear(weight: Any, laid_out: Any, bias: Any, tokens: Any) -> Any:
    """`[..., inputs]` times the weights, `[..., outputs]`."""
    import torch

    if torch.is_grad_enabled() or tokens.numel() < FEWEST_ROWS * tokens.shape[-1]:
        return torch.nn.functional.linear(tokens, weight, bias)
    return torch.ops.mkldnn._linear_pointwise(tokens, laid_out, bias, "none", [], "")
