"""A batch without padding: the new tokens of all rows stand one behind the other in one long row.

Each row attends to its own keys and values alone, in a buffer of its own, so that rows of any length come and go
without a mask, and nothing is computed that no row needs. (The idea is that of the variable-length batches of
FlashAttention and vLLM.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

ATTENTION = "finscribe_packed"
"""The name under which transformers finds our attention; outside a `PackedSession` it is its own `sdpa`."""

BLOCK = 64
"""A row's buffer grows by a quarter, and at least by so many tokens."""


def pack_rows(model: Any) -> bool:
    """Lets a transformers model run in a `PackedSession`, where its attention can be exchanged; says whether."""
    if not _is_plain(model):
        return False
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(ATTENTION, _attention)
    AttentionMaskInterface.register(ATTENTION, sdpa_mask)
    model.set_attn_implementation(ATTENTION)
    return True


def is_packable(model: Any) -> bool:
    """Whether `pack_rows` has prepared a model."""
    return getattr(model.config, "_attn_implementation", None) == ATTENTION


def _is_plain(model: Any) -> bool:
    """Whether all layers attend to what came before, or to its latest part, through an attention to be exchanged."""
    kind, config = type(model), model.config.get_text_config()
    return (
        getattr(kind, "_supports_attention_backend", False)
        and getattr(kind, "_supports_sdpa", False)
        and set(getattr(config, "layer_types", None) or ()) <= {"full_attention", "sliding_attention"}
    )


def _attention(
    module: Any, query: Any, key: Any, value: Any, attention_mask: Any, packed: Any = None, **options: Any
) -> tuple[Any, None]:
    """Attention as transformers calls it: arrays `[1, heads, tokens, head width]`."""
    if packed is not None:
        return packed.attend(module, query, key, value, options), None
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    return sdpa_attention_forward(module, query, key, value, attention_mask, **options)  # type: ignore[no-any-return]


@dataclass(slots=True)
class _Row:
    """One sequence: its length so far, and the keys and values of each layer, `[1, heads, room, width]`."""

    length: int = 0
    keys: dict[int, Any] = field(default_factory=dict)
    values: dict[int, Any] = field(default_factory=dict)

    def append(self, layer: int, key: Any, value: Any) -> tuple[Any, Any]:
        """Writes the new tokens of a layer behind those that stand; returns the views of all."""
        end = self.length + key.shape[2]
        return (
            _written(self.keys, layer, key, self.length, end),
            _written(self.values, layer, value, self.length, end),
        )


def _written(buffers: dict[int, Any], layer: int, new: Any, start: int, end: int) -> Any:
    buffer = buffers.get(layer)
    if buffer is None or buffer.shape[2] < end:
        grown = new.new_empty((*new.shape[:2], end + max(BLOCK, end // 4), new.shape[3]))
        if buffer is not None:
            grown[:, :, :start] = buffer[:, :, :start]
        buffer = buffers[layer] = grown
    buffer[:, :, start:end] = new
    return buffer[:, :, :end]


@dataclass(frozen=True, slots=True)
class _Part:
    """The place `start:end` of a row in a pass."""

    row: _Row
    start: int
    end: int
    _masks: dict[int | None, Any] = field(default_factory=dict)

    @property
    def positions(self) -> range:
        """Where its tokens stand in their row."""
        return range(self.row.length, self.row.length + self.end - self.start)

    def mask(self, window: int | None, like: Any) -> Any:
        """What is added to the scores of `[new, all]` pairs of tokens; None where the library's own rule is right.

        A token sees those before it, and of these only the latest `window`, itself among them.
        """
        new, known = self.end - self.start, self.row.length
        window = window if window is not None and window < known + new else None
        if window is None and (not known or new == 1):
            return None
        if window not in self._masks:
            hidden = like.new_full((1, 1, new, known + new), -math.inf)
            mask = hidden.triu(known + 1)
            self._masks[window] = mask if window is None else mask + hidden.tril(known - window)
        return self._masks[window]


class PackedSession:
    """A batch in PyTorch whose rows are computed as one sequence; see `Session`."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.rows: list[_Row] = []
        self._parts: list[_Part] = []

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """One forward pass over all new tokens; see `Session.extend`."""
        self.rows += [_Row() for _ in range(len(tokens) - len(self.rows))]
        ends = list(accumulate(map(len, tokens)))
        self._parts = [
            _Part(row, end - len(new), end) for row, new, end in zip(self.rows, tokens, ends, strict=True)
        ]
        positions = [place for part in self._parts for place in part.positions]
        kept = [place for end, count in zip(ends, wanted, strict=True) for place in range(end - count, end)]
        logits = self._forward([*chain(*tokens)], positions, kept)
        for part in self._parts:
            part.row.length += part.end - part.start
        return [logits[end - count : end] for end, count in zip(accumulate(wanted), wanted, strict=True)]

    def _forward(self, ids: list[int], positions: list[int], kept: list[int]) -> Any:
        import torch

        device, spare = self.model.device, rounded_up(len(ids)) - len(ids)
        with torch.inference_mode():
            output = self.model(
                input_ids=torch.tensor([ids + [0] * spare], device=device),
                position_ids=torch.tensor([positions + [0] * spare], device=device),
                attention_mask=torch.empty((1, 1, 0, 0), device=device),  # so that transformers builds none
                use_cache=False,
                logits_to_keep=torch.tensor(kept, dtype=torch.long, device=device),
                packed=self,
            )
        return output.logits[0].float().cpu().numpy()

    def attend(self, module: Any, query: Any, key: Any, value: Any, options: dict[str, Any]) -> Any:
        """One layer's attention, row by row; `[1, tokens, heads, width]`."""
        from transformers.integrations.sdpa_attention import sdpa_attention_forward

        found = value.new_zeros((1, query.shape[2], query.shape[1], value.shape[3]))
        for part in self._parts:
            here = slice(part.start, part.end)
            keys, values = part.row.append(module.layer_idx, key[:, :, here], value[:, :, here])
            mask = part.mask(options.get("sliding_window"), query)
            found[:, here], _ = sdpa_attention_forward(
                module, query[:, :, here], keys, values, mask, **options
            )
        return found

    def rollback(self, counts: Sequence[int]) -> None:
        """Forgets the last tokens of each row."""
        for row, count in zip(self.rows, counts, strict=True):
            row.length -= count

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        self.rows = [self.rows[index] for index in rows]


def rounded_up(count: int) -> int:
    """A number of tokens, a few per cent larger, of which there are few: oneDNN prepares itself for each anew."""
    step = max(8, 1 << max(0, count.bit_length() - 5))
    return -(-count // step) * step
