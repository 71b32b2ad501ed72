"""Training on a CPU with instructions for bf16: attention in blocks of plain matrix products, no needless copies.

There, PyTorch's fused attention takes more than half of a step of a small model: it is not made of the matrix
products in bf16 that the processor is fast at, and with a mask it computes what the mask then hides.
"""

from __future__ import annotations

from typing import Any

ATTENTION = "finscribe_blocks"
BLOCK = 256
"""Queries at a time; each looks at the keys up to its own block's end."""


def has_fast_bf16() -> bool:
    """Whether this processor has instructions for bf16; emulated it is slower than float32."""
    import torch

    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def in_float32() -> Any:
    """A context in which what asks for bf16 gets float32: Muon's own products, where bf16 is emulated."""
    import torch
    from torch.overrides import TorchFunctionMode

    class InFloat32(TorchFunctionMode):
        def __torch_function__(
            self, function: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
        ) -> Any:
            if function is torch.Tensor.bfloat16:
                return args[0].float().clone()
            return function(*args, **(kwargs or {}))

    return InFloat32()


def make_faster(model: Any) -> None:
    """Lets a model, with or without an adapter, train faster on this processor; it answers as before."""
    from transformers import AttentionInterface, AttentionMaskInterface

    AttentionInterface.register(ATTENTION, _attend)
    AttentionMaskInterface.register(ATTENTION, _mask)
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    if inner.config._attn_implementation == "sdpa":
        inner.set_attn_implementation(ATTENTION)
    for layer in model.modules():
        if hasattr(layer, "_cast_input_dtype"):
            _leave_casting_to_autocast(layer)


def causal_attention(query: Any, key: Any, value: Any, scaling: float) -> Any:
    """Attention of each position to itself and those before it, block by block; all `[batch, heads, length, size]`."""
    import torch

    length = query.shape[2]
    future = torch.full((BLOCK, BLOCK), float("-inf"), dtype=query.dtype).triu(1)
    query, key = query * scaling, key.transpose(-1, -2)
    blocks = []
    for start in range(0, length, BLOCK):
        end = min(start + BLOCK, length)
        scores = query[:, :, start:end] @ key[..., :end]
        scores[..., start:] += future[: end - start, : end - start]
        blocks.append(scores.softmax(-1) @ value[:, :, :end])
    return torch.cat(blocks, dim=2)


def _attend(
    module: Any, query: Any, key: Any, value: Any, attention_mask: Any, *, scaling: float, **options: Any
) -> tuple[Any, None]:
    """transformers' attention function: blocks where a model learns in bf16, PyTorch's own everywhere else."""
    import torch
    from transformers.integrations.sdpa_attention import repeat_kv, sdpa_attention_forward

    special = any(options.get(name) for name in ("dropout", "softcap")) or not module.is_causal
    if attention_mask is not None or special or query.dtype != torch.bfloat16 or not torch.is_grad_enabled():
        return sdpa_attention_forward(  # type: ignore[no-any-return]
            module, query, key, value, attention_mask, scaling=scaling, **options
        )
    groups = query.shape[1] // key.shape[1]
    with torch.autocast("cpu", enabled=False):
        found = causal_attention(query, repeat_kv(key, groups), repeat_kv(value, groups), scaling)
    return found.transpose(1, 2).contiguous(), None


def _mask(*arguments: Any, attention_mask: Any = None, **options: Any) -> Any:
    """transformers' mask function: none for padding at the end, which no position before it can see anyway."""
    import torch
    from transformers.masking_utils import sdpa_mask

    plain = options.get("allow_is_causal_skip", True) and options.get("local_size") is None
    whole = options.get("q_length") == options.get("kv_length")
    if torch.is_grad_enabled() and plain and whole and _is_padded_at_the_end(attention_mask):
        return None
    return sdpa_mask(*arguments, attention_mask=attention_mask, **options)


def _is_padded_at_the_end(attention_mask: Any) -> bool:
    return attention_mask is None or bool((attention_mask[:, :-1] >= attention_mask[:, 1:]).all())


def _leave_casting_to_autocast(layer: Any) -> None:
    """PEFT turns what an adapter reads into float32, and autocast at once back into bf16: two copies for nothing."""
    import torch

    cast = layer._cast_input_dtype

    def unless_autocast(found: Any, dtype: Any) -> Any:
        return found if torch.is_autocast_enabled("cpu") else cast(found, dtype)

    layer._cast_input_dtype = unless_autocast
