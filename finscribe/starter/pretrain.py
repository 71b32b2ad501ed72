"""Training the starter from scratch: Llama architecture, an induction head built in, Muon and AdamW, resumable."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from finscribe.decoding.windows import WINDOW_TOKENS_KEY
from finscribe.starter.examples import (
    STARTER_WINDOW_TOKENS,
    Batch,
    Documents,
    Mixture,
    encode_sample,
    random_request,
    stream_batches,
)
from finscribe.starter.induction import build_in
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from finscribe.training.finetuning.cpu import has_fast_bf16, in_float32
from finscribe.training.finetuning.examples import STARTER_MARK, Example

if TYPE_CHECKING:
    import torch
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

EVALUATION_SEED = 2_000_000_000
CONTINUED_SEED, CONTINUED_SPAN = 100_000_000, 1_000_000
"""Where the documents of runs that begin with a finished model start, and how many each of them may draw."""


@dataclass(frozen=True, slots=True)
class Preset:
    """How large the starter is and how long it is trained.

    `tokens` is the whole budget, padding included; over it the learning rates fall to zero. `optimizer` and
    `matrix_rate` are those of the layers' matrices, `adam_rate` is that of all else. Of the prompt's tokens
    `prompt_share` are learned, too. The output shares the table of the embeddings if they are `tied`. The tokenizer is
    made from `tokenizer_documents`, and losses are measured on `evaluation_documents` of seen and of held-out layouts
    each. A checkpoint is written every `checkpoint_minutes`.
    """

    vocabulary: int = 4096
    width: int = 256
    layers: int = 8
    heads: int = 4
    feed_forward: int = 704
    context: int = 4096  # tokens
    rope_theta: float = 500_000.0
    tied: bool = True
    tokens: int = 20_000_000
    tokens_per_step: int = 8192
    mixture: Mixture = field(default_factory=Mixture)
    optimizer: Literal["muon", "adamw"] = "muon"
    matrix_rate: float = 0.02
    adam_rate: float = 3e-3
    warmup_steps: int = 40
    prompt_share: float = 0.08
    tokenizer_documents: int = 6000
    evaluation_documents: int = 48
    calibration_documents: int = 400
    checkpoint_minutes: float = 4.0
    seed: int = 0

    def scaled(self, factor: float) -> Preset:
        """The preset with its learning rates multiplied."""
        return replace(self, matrix_rate=self.matrix_rate * factor, adam_rate=self.adam_rate * factor)


_ON_A_GPU = Preset(
    tokens=1_500_000_000, tokens_per_step=65_536, mixture=Mixture(200_000), checkpoint_minutes=2.0
)
PRESETS = {
    "cpu": Preset(),
    "gpu": _ON_A_GPU,
    "large": replace(
        _ON_A_GPU, width=512, layers=12, heads=8, feed_forward=1408, matrix_rate=0.014, adam_rate=2e-3
    ),
    "test": Preset(
        vocabulary=640,
        width=96,
        layers=2,
        heads=3,
        feed_forward=64,
        tokens=40_000,
        tokens_per_step=2048,
        mixture=Mixture(400),
        warmup_steps=2,
        tokenizer_documents=300,
        evaluation_documents=4,
        calibration_documents=2,
        checkpoint_minutes=0.0,
    ),
}
"""`cpu` and `gpu` build the starter that is bundled, `large` one of 40 million parameters, `test` a toy."""


@dataclass(slots=True)
class Progress:
    """How far training is: what a checkpoint must know to go on."""

    step: int = 0
    tokens: int = 0
    documents: int = 0
    seconds: float = 0.0


def new_model(preset: Preset, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A Llama with random weights; it can copy, all else starts at zero."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(preset.seed)
    config = LlamaConfig(
        vocab_size=preset.vocabulary,
        hidden_size=preset.width,
        num_hidden_layers=preset.layers,
        num_attention_heads=preset.heads,
        num_key_value_heads=preset.heads,
        intermediate_size=preset.feed_forward,
        max_position_embeddings=preset.context,
        rope_parameters={"rope_type": "default", "rope_theta": preset.rope_theta},
        tie_word_embeddings=preset.tied,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        **{STARTER_MARK: True, WINDOW_TOKENS_KEY: STARTER_WINDOW_TOKENS},
    )
    model = LlamaForCausalLM(config)
    for layer in model.model.layers:
        torch.nn.init.zeros_(layer.self_attn.o_proj.weight)
        torch.nn.init.zeros_(layer.mlp.down_proj.weight)
    build_in(model)
    return model


def new_optimizers(model: LlamaForCausalLM, preset: Preset) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) or AdamW for the matrices of the layers, AdamW for embeddings and norms."""
    import torch

    matrices = [p for p in model.model.layers.parameters() if p.ndim == 2]
    rest = [p for p in model.parameters() if not any(p is matrix for matrix in matrices)]
    of_matrices = (
        torch.optim.Muon(matrices, lr=preset.matrix_rate, momentum=0.95, weight_decay=0.01)
        if preset.optimizer == "muon"
        else _adamw(matrices, preset.matrix_rate)
    )
    return [of_matrices, _adamw(rest, preset.adam_rate)]


def _adamw(parameters: Sequence[torch.nn.Parameter], rate: float) -> torch.optim.Optimizer:
    import torch

    return torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)


def rate_factor(progress: Progress, preset: Preset) -> float:
    """Warm-up, then linear decay to zero at the end of the budget."""
    warm = min(1.0, (progress.step + 1) / preset.warmup_steps)
    left = max(0.0, 1 - progress.tokens / preset.tokens)
    return warm * left


def to_tensors(
    examples: Sequence[Example], length: int, pad: int, prompt_share: float, seed: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids `[batch, length]`, the positions whose next token is learned `[n, 2]`, and their weights `[n]`.

    All answer tokens are learned, and of the prompt's a random share, each at half weight.
    """
    import torch

    ids = torch.full((len(examples), length), pad)
    for row, example in enumerate(examples):
        ids[row, : len(example.ids)] = torch.tensor(example.ids)
    places = torch.arange(1, length + 1)  # of the tokens behind those in `ids`
    starts = torch.tensor([[example.answer_start] for example in examples])
    ends = torch.tensor([[len(example.ids)] for example in examples])
    answer = (places >= starts) & (places < ends)
    chosen = torch.rand(ids.shape, generator=torch.Generator().manual_seed(seed)) < prompt_share
    learned = answer | (chosen & (places < starts))
    return ids, learned.nonzero(), torch.where(answer[learned], 1.0, 0.5)


class Pretraining:
    """One training run in a folder: `step()` until `done`; `save()` and `resume()` at any time."""

    def __init__(
        self, preset: Preset, tokenizer: PreTrainedTokenizerFast, folder: Path, *, device: str, compiled: bool
    ) -> None:
        import torch

        self.preset, self.tokenizer, self.folder, self.device = preset, tokenizer, folder, device
        self.model = new_model(preset, tokenizer).to(device)
        self.optimizers = new_optimizers(self.model, preset)
        self.rates = [group["lr"] for optimizer in self.optimizers for group in optimizer.param_groups]
        self.progress = Progress()
        self.in_bf16 = device != "cpu" or has_fast_bf16()
        if compiled:
            torch._dynamo.config.recompile_limit = 64
            for layer in self.model.model.layers:  # one by one: they share their code, which is compiled once
                layer.compile(dynamic=False)

    def start_from(self, folder: Path) -> None:
        """Takes over the weights of a model of the same shape, and draws other documents than the first ones."""
        from transformers import LlamaForCausalLM

        finished = LlamaForCausalLM.from_pretrained(folder, dtype=self.model.dtype)
        self.model.load_state_dict(finished.state_dict())
        self.progress.documents = _first_seed_after(folder)

    @property
    def done(self) -> bool:
        """Whether the budget of tokens is spent."""
        return self.progress.tokens >= self.preset.tokens

    def batches(self, workers: int = 0) -> Iterator[Batch]:
        """Batches from the document on that comes after those already seen, drawn by so many processes or here."""
        return stream_batches(
            Documents(self.tokenizer, self.preset.mixture, self.preset.context),
            tokens_per_batch=self.preset.tokens_per_step,
            first_seed=self.progress.documents,
            workers=workers,
        )

    def loss(self, ids: torch.Tensor, places: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cross entropy `[n]` of the tokens behind `places`, and whether each is the likeliest `[n]`."""
        import torch

        rows, columns = places.T
        with torch.autocast(self.device, torch.bfloat16, enabled=self.in_bf16):
            hidden = self.model.model(input_ids=ids, use_cache=False).last_hidden_state[rows, columns]
            logits = torch.nn.functional.linear(hidden, self.model.lm_head.weight)
        wanted = ids[rows, columns + 1]
        return torch.nn.functional.cross_entropy(logits.float(), wanted, reduction="none"), logits.argmax(
            -1
        ) == wanted

    def step(self, batch: Batch) -> float:
        """One optimiser step; returns the mean loss of the answers' tokens in nats."""
        import torch

        started = time.monotonic()
        tensors = to_tensors(
            batch.examples,
            batch.length,
            self.tokenizer.pad_token_id,
            self.preset.prompt_share,
            batch.documents_seen,
        )
        ids, places, weights = (tensor.to(self.device) for tensor in tensors)
        losses, _ = self.loss(ids, places)
        (losses * weights).sum().div(weights.sum()).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._apply()
        answer = losses.detach()[weights == 1.0].mean().item()
        self.progress.step += 1
        self.progress.tokens += ids.numel()
        self.progress.documents = batch.documents_seen
        self.progress.seconds += time.monotonic() - started
        return answer

    def _apply(self) -> None:
        factor = rate_factor(self.progress, self.preset)
        groups = [group for optimizer in self.optimizers for group in optimizer.param_groups]
        for group, rate in zip(groups, self.rates, strict=True):
            group["lr"] = rate * factor
        with nullcontext() if self.in_bf16 else in_float32():
            for optimizer in self.optimizers:
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)

    def evaluate(self, documents: int) -> dict[str, float]:
        """Loss and share of right tokens on the answers of so many fresh documents of seen and of held-out families."""
        report = {}
        for name, families in (("seen", None), ("held_out", HELD_OUT_FAMILIES)):
            samples = [generate(EVALUATION_SEED + i, families) for i in range(documents)]
            rng = random.Random(0)
            examples = [
                example
                for sample in samples
                for example in encode_sample(self.tokenizer, sample, random_request(rng), self.preset.context)
                if len(example.ids) <= 1024
            ]
            report[f"{name}_loss"], report[f"{name}_accuracy"] = self.judge(examples, 1024)
        return report

    def judge(self, examples: Sequence[Example], length: int, at_once: int = 8) -> tuple[float, float]:
        """Mean loss in nats and share of right tokens on the answers of examples of at most `length` tokens.

        Where there are more than `at_once`, those left over from the last whole batch of so many are not read.
        """
        import torch

        at_once = min(at_once, len(examples))
        ids, places, _ = to_tensors(examples, length, self.tokenizer.pad_token_id, 0.0, 0)
        with torch.no_grad():
            parts = [
                self.loss(
                    ids[i : i + at_once].to(self.device), _rows_of(places, i, i + at_once).to(self.device)
                )
                for i in range(0, len(examples) - at_once + 1, at_once)
            ]
        losses, right = (torch.cat(part) for part in zip(*parts, strict=True))
        return losses.mean().item(), right.float().mean().item()

    def save(self) -> None:
        """Writes a checkpoint; a crash while writing leaves the one before."""
        import torch

        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "progress": asdict(self.progress),
        }
        torch.save(state, self.folder / "checkpoint.tmp")
        os.replace(self.folder / "checkpoint.tmp", self.folder / "checkpoint.pt")

    def resume(self) -> bool:
        """Goes on from the checkpoint of the folder, if there is one."""
        import torch

        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.progress = Progress(**state["progress"])
        return True

    def log(self, **figures: Any) -> None:
        """Prints one line and appends it to `log.jsonl`."""
        line = json.dumps({**asdict(self.progress), **figures})
        print(line, flush=True)
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(line + "\n")


def _first_seed_after(folder: Path) -> int:
    """The first document for a run that goes on from these weights: one that made them has hardly seen it."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).digest()
    return CONTINUED_SEED + int.from_bytes(digest[:8]) % 800 * CONTINUED_SPAN


def _rows_of(places: torch.Tensor, start: int, stop: int) -> torch.Tensor:
    chosen = places[(places[:, 0] >= start) & (places[:, 0] < stop)].clone()
    chosen[:, 0] -= start
    return chosen
