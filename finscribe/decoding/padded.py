"""A batch for any model of transformers: rows padded to the same length, and a mask that hides the padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

WASTE_BEFORE_COMPACTION = 64
"""Columns of the cache that no row uses any more, before they are cut out."""


class PaddedSession:
    """A batch in PyTorch: one cache, new tokens padded on the left, and a mask that hides padding and rollbacks.

    Passes have `narrowest` columns or more: Unsloth's forward pass on a GPU takes a single column for the next one of
    its own `generate`, and goes on from buffers that know nothing of rows dropped and tokens rolled back.
    """

    def __init__(self, model: Any, narrowest: int = 1) -> None:
        self.model, self.narrowest = model, narrowest
        self.cache = _new_cache()
        self.mask: Any = None
        self.lengths: list[int] = []

    def extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        """One forward pass over `[rows, longest]` new tokens, and one over those of new rows; see `Session.extend`."""
        known = len(self.lengths)
        if not 0 < known < len(tokens):
            return self._extend(tokens, wanted)
        fresh = PaddedSession(self.model, self.narrowest)
        found = self._extend(tokens[:known], wanted[:known])
        found += fresh._extend(tokens[known:], wanted[known:])
        self._join(fresh)
        return found

    def _extend(self, tokens: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[Logits]:
        import torch

        longest = max(self.narrowest, *map(len, tokens))
        ids = torch.zeros((len(tokens), longest), dtype=torch.long)
        fresh = torch.zeros((len(tokens), longest), dtype=torch.bool)
        positions = torch.zeros((len(tokens), longest), dtype=torch.long)
        self.lengths = self.lengths or [0] * len(tokens)
        for row, new in enumerate(tokens):
            begin, length = longest - len(new), self.lengths[row]
            ids[row, begin:] = torch.tensor(list(new), dtype=torch.long)
            fresh[row, begin:] = True
            positions[row, begin:] = torch.arange(length, length + len(new))
            self.lengths[row] += len(new)
        self.mask = fresh if self.mask is None else torch.cat([self.mask, fresh], dim=1)
        logits = self._forward(ids, positions, max(wanted))
        return [logits[row, -count:] if count else logits[row, :0] for row, count in enumerate(wanted)]

    def _forward(self, ids: Any, positions: Any, most_wanted: int) -> Any:
        import torch

        device = self.model.device
        with torch.inference_mode():
            output = self.model(
                input_ids=ids.to(device),
                attention_mask=None
                if bool(self.mask.all()) and ids.shape[1] == 1
                else self.mask.long().to(device),
                position_ids=positions.to(device),
                past_key_values=self.cache,
                use_cache=True,
                logits_to_keep=most_wanted,
            )
        self.cache = _as_cache(output.past_key_values)
        return output.logits.float().cpu().numpy()

    def _join(self, other: PaddedSession) -> None:
        """Puts the rows of another batch behind those of this one; the shorter cache is padded on its left."""
        import torch

        width = max(self.mask.shape[1], other.mask.shape[1])
        self.mask = torch.cat([_padded(each.mask[..., None], width)[..., 0] for each in (self, other)])
        for mine, theirs in zip(self.cache.layers, other.cache.layers, strict=True):
            mine.keys = torch.cat([_padded(mine.keys, width), _padded(theirs.keys, width)])
            mine.values = torch.cat([_padded(mine.values, width), _padded(theirs.values, width)])
        self.lengths += other.lengths

    def rollback(self, counts: Sequence[int]) -> None:
        """Hides the last tokens of each row; what all rows forget is cut off."""
        for row, count in enumerate(counts):
            if count:
                self.mask[row, self.mask[row].nonzero().flatten()[-count:]] = False
                self.lengths[row] -= count
        if unused := int(self.mask.any(dim=0).flip(0).int().argmax()):
            self.mask = self.mask[:, :-unused]
            self.cache.crop(-unused)
        if int((~self.mask.any(dim=0)).sum()) > WASTE_BEFORE_COMPACTION:
            self._compact()

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all rows but these."""
        import torch

        if rows:
            self.cache.batch_select_indices(torch.tensor(list(rows), device=self.model.device))
            self.mask = self.mask[list(rows)]
        else:
            self.cache, self.mask = _new_cache(), None
        self.lengths = [self.lengths[row] for row in rows]

    def _compact(self) -> None:
        used = self.mask.any(dim=0).nonzero().flatten()
        self.mask = self.mask[:, used]
        for layer in self.cache.layers:
            layer.keys = layer.keys[:, :, used.to(layer.keys.device)]
            layer.values = layer.values[:, :, used.to(layer.values.device)]


def _new_cache() -> Any:
    """Keeps all tokens in every layer, also where a layer looks at the latest ones only: these may be rolled back."""
    from transformers import DynamicCache

    return DynamicCache()


def _as_cache(returned: Any) -> Any:
    """What a pass returned for the next one: as a rule the cache that it was given; Unsloth makes a new tuple."""
    if not isinstance(returned, tuple | list):
        return returned
    from transformers.cache_utils import DynamicLayer

    cache = _new_cache()
    for keys, values in returned:
        layer = DynamicLayer()
        layer.lazy_initialization(keys, values)
        layer.keys, layer.values = keys, values  # as they are: an update would copy them
        cache.layers.append(layer)
    return cache


def _padded(array: Any, width: int) -> Any:
    """`[..., columns, depth]` with zeros before its first column."""
    from torch.nn.functional import pad

    return pad(array, (0, 0, width - array.shape[-2], 0))
