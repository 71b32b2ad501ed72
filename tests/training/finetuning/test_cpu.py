"""What makes training faster on a CPU changes nothing of what is learned."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch.nn.functional import scaled_dot_product_attention
from transformers import AutoModelForCausalLM

from finscribe.training.finetuning.cpu import ATTENTION, causal_attention, in_float32, make_faster


@pytest.mark.parametrize("length", [1, 7, 256, 257, 600])
def test_attention_in_blocks_is_causal_attention(length: int) -> None:
    torch.manual_seed(length)
    parts = [torch.randn(2, 3, length, 16, requires_grad=True) for _ in range(3)]
    weights = torch.randn(2, 3, length, 16)
    found = causal_attention(*parts, 0.25)
    expected = scaled_dot_product_attention(*parts, is_causal=True)
    torch.testing.assert_close(found, expected)
    for one, other in zip(
        torch.autograd.grad((found * weights).sum(), parts),
        torch.autograd.grad((expected * weights).sum(), parts),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


def test_in_bf16_it_is_as_exact_as_what_transformers_calls_eager() -> None:
    torch.manual_seed(0)
    query, key, value = (torch.randn(2, 4, 500, 64).bfloat16() for _ in range(3))
    exact = scaled_dot_product_attention(query.float(), key.float(), value.float(), is_causal=True)
    future = torch.full((500, 500), float("-inf")).triu(1).bfloat16()
    scores = query @ key.transpose(-1, -2) * 0.125 + future
    eager = scores.softmax(-1, dtype=torch.float32).bfloat16() @ value
    found = causal_attention(query, key, value, 0.125)
    assert float((found - exact).norm()) < 1.05 * float((eager - exact).norm())


def load(folder: Path, *, faster: bool) -> Any:
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model = get_peft_model(
        model, LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", init_lora_weights=False)
    )
    if faster:
        make_faster(model)
    return model.train()


def batch() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    ids = torch.randint(2, 500, (3, 300))
    mask = torch.ones_like(ids)
    mask[1, 250:] = 0
    mask[2, 100:] = 0
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.masked_fill(mask == 0, -100)}


def learn(model: Any, *, bf16: bool) -> tuple[float, torch.Tensor]:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        loss: torch.Tensor = model(**batch()).loss
    loss.backward()
    gradients = [
        weight.grad.flatten() for _, weight in sorted(model.named_parameters()) if weight.grad is not None
    ]
    return float(loss.detach()), torch.cat(gradients)


@pytest.mark.parametrize(("bf16", "tolerance"), [(False, 1e-4), (True, 0.05)])
def test_a_padded_batch_gives_the_same_loss_and_gradients(
    tiny_model: Path, bf16: bool, tolerance: float
) -> None:
    loss, gradients = learn(load(tiny_model, faster=False), bf16=bf16)
    found, others = learn(load(tiny_model, faster=True), bf16=bf16)
    assert found == pytest.approx(loss, rel=tolerance)
    assert float((others - gradients).norm()) < tolerance * float(gradients.norm())


@pytest.mark.parametrize("left", [0, 5])
def test_a_model_reads_as_before(tiny_model: Path, left: int) -> None:
    ids = torch.arange(2, 42).view(2, 20)
    mask = torch.ones_like(ids)
    mask[0, :left] = 0
    with torch.inference_mode():
        answers = [
            load(tiny_model, faster=faster).eval()(input_ids=ids, attention_mask=mask).logits[:, left:]
            for faster in (False, True)
        ]
    torch.testing.assert_close(*answers)


def test_it_leaves_no_trace_in_what_is_saved(tiny_model: Path, tmp_path: Path) -> None:
    model = load(tiny_model, faster=True)
    assert model.get_base_model().config._attn_implementation == ATTENTION
    model.merge_and_unload().save_pretrained(tmp_path)
    assert ATTENTION not in (tmp_path / "config.json").read_text("utf-8")


def test_muon_steps_the_same_way_in_float32_and_leaves_gradients_as_they_were() -> None:
    torch.manual_seed(0)
    start, gradient = torch.randn(48, 16), torch.randn(48, 16)

    def step(context: Any) -> torch.Tensor:
        weight = torch.nn.Parameter(start.clone())
        weight.grad = gradient.clone()
        optimizer = torch.optim.Muon([weight], lr=0.1, nesterov=False)
        with context:
            optimizer.step()
        assert torch.equal(weight.grad, gradient)
        (momentum,) = (state["momentum_buffer"] for state in optimizer.state.values())
        torch.testing.assert_close(momentum, gradient * 0.05)
        return weight.detach() - start

    exact, rounded = step(in_float32()), step(nullcontext())
    assert not torch.equal(exact, rounded)
    torch.testing.assert_close(exact, rounded, atol=3e-3, rtol=0.05)
