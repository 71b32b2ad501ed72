"""Weights that can copy before the first training step.

Reading documents is mostly copying: find where a value begins, then go on with what stands there. The circuit for
the second half, an induction head (Elhage et al. 2021, Olsson et al. 2022), takes a small model most of a training
run on a CPU to find. So it is built in, as an initialisation: training is free to change all of it.

- Layer 0, head 0 looks one token back: constant queries and keys whose rotary phases meet at distance one. It writes
  that token into a part of the residual stream that the readers below do not share.
- Layer 1 asks with its own token for positions behind the same token, and copies what stands there to the output.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import LlamaForCausalLM

EMBEDDING_SCALE = 0.08
CONSTANT_SHARE = 0.25
"""Part of every normalised embedding that is the same for all tokens, for heads that look at positions only."""
ONE_BACK = (8.0, 5.0, 3.0, 2.0, 1.0, 1.0)
"""Attention logits of the fastest rotary pairs at distance one."""
SHARPNESS = 5.0
COPY_STRENGTH = 4.0


def build_in(model: LlamaForCausalLM) -> None:
    """Sets embeddings and the first two layers of a fresh model of three heads or more, 32 dimensions each or more."""
    import torch

    with torch.no_grad():
        width, head = model.config.hidden_size, model.config.head_dim
        basis = torch.linalg.qr(torch.randn(width - 1, width - 1)).Q
        basis = torch.nn.functional.pad(
            basis, (0, 1)
        )  # [width - 1, width]: the last dimension is the constant
        _embeddings(model, width)
        _look_one_back(model, basis[:head], basis[head : 2 * head])
        _copy_what_follows(model, basis[:head], basis[head : 2 * head], basis)


def _embeddings(model: LlamaForCausalLM, width: int) -> None:
    weight = model.model.embed_tokens.weight
    weight.normal_(std=EMBEDDING_SCALE)
    weight[:, -1] = EMBEDDING_SCALE * math.sqrt(width) * CONSTANT_SHARE
    if not model.config.tie_word_embeddings:
        model.lm_head.weight.copy_(weight)


def _look_one_back(model: LlamaForCausalLM, read: torch.Tensor, written: torch.Tensor) -> None:
    attention = model.model.layers[0].self_attn
    head = len(read)
    frequencies = model.model.rotary_emb.inv_freq.tolist()
    constant = math.sqrt(model.config.hidden_size) * CONSTANT_SHARE
    query, key = attention.q_proj.weight[:head], attention.k_proj.weight[:head]
    query.zero_()
    key.zero_()
    for pair, logit in enumerate(ONE_BACK):
        size = math.sqrt(logit * math.sqrt(head)) / constant
        key[pair, -1] = size
        query[pair, -1] = size * math.cos(frequencies[pair])
        query[pair + head // 2, -1] = -size * math.sin(frequencies[pair])
    attention.v_proj.weight[:head] = read
    attention.o_proj.weight[:, :head] = 2 * EMBEDDING_SCALE * written.T


def _copy_what_follows(
    model: LlamaForCausalLM, own: torch.Tensor, before: torch.Tensor, basis: torch.Tensor
) -> None:
    """All heads of layer 1 match on the slow rotary pairs, where distance hardly matters, and share the copying."""
    attention = model.model.layers[1].self_attn
    head = len(own)
    slow = head // 4
    for index in range(model.config.num_attention_heads):
        rows = slice(index * head, (index + 1) * head)
        query, key = attention.q_proj.weight[rows], attention.k_proj.weight[rows]
        query.zero_()
        key.zero_()
        start = (index % 2) * (head // 2)
        for half in (0, 1):
            place = slice(half * head // 2 + head // 2 - slow, (half + 1) * head // 2)
            part = slice(start + half * slow, start + (half + 1) * slow)
            query[place], key[place] = SHARPNESS * own[part], before[part]
        values = basis[rows] if (index + 1) * head <= len(basis) else basis[index * head :]
        attention.v_proj.weight[rows] = 0.0
        attention.v_proj.weight[index * head : index * head + len(values)] = values
        attention.o_proj.weight[:, index * head : index * head + len(values)] = (
            COPY_STRENGTH * EMBEDDING_SCALE * values.T
        )
