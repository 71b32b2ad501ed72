"""The two kinds of session in PyTorch, and the whole decoder on a small real model with random weights."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from finscribe.decoding import Printed, Task, decode, fast_linear, torch_backend
from finscribe.decoding.model import Session
from finscribe.decoding.packed import PackedSession, pack_rows, rounded_up
from finscribe.decoding.padded import PaddedSession
from finscribe.decoding.torch_backend import TorchModel
from finscribe.errors import MissingDependency
from finscribe.invoice import ALL_FIELDS, Invoice
from finscribe.prompts import build_prompt
from tests.decoding.near_ties import assert_same_up_to_near_ties
from tests.decoding.tiny_model import (
    SAMPLES,
    assert_any_history_ends_in_plain_logits,
    make_tiny_model,
    plain_logits,
    tasks_of,
)


@pytest.fixture(scope="module")
def model() -> TorchModel:
    tiny = make_tiny_model()
    assert pack_rows(tiny.model)
    return tiny


def twin_of(model: TorchModel, **changes: Any) -> Any:
    """A model of the same weights as transformers makes it."""
    from transformers import LlamaConfig, LlamaForCausalLM

    twin = LlamaForCausalLM(LlamaConfig(**model.model.config.to_dict() | changes)).eval()
    twin.load_state_dict(model.model.state_dict())
    return twin


class LikeUnsloth:
    """A model that keeps the contract of Unsloth's forward pass on a GPU (`unsloth/models/llama.py`).

    The cache that it is given is read and left as it is, an empty one is none, and a tuple of tensors comes back; a
    single token behind others goes on from the tensors of the last pass of one token, if there was one.
    """

    def __init__(self, model: TorchModel) -> None:
        self._model = twin_of(model)
        self.device, self.config = self._model.device, self._model.config
        self._own: Any = None

    def __call__(self, *, input_ids: Any, past_key_values: Any, **options: Any) -> Any:
        from transformers import DynamicCache

        single = input_ids.shape[1] == 1 and past_key_values.get_seq_length()
        cache = self._own if single and self._own else DynamicCache()
        if not cache.get_seq_length():
            for at, layer in enumerate(past_key_values.layers):
                cache.update(layer.keys, layer.values, at)
        found = self._model(input_ids=input_ids, past_key_values=cache, **options)
        self._own = cache if single else None
        found.past_key_values = tuple((layer.keys, layer.values) for layer in cache.layers)
        return found

    def eval(self) -> "LikeUnsloth":
        return self


def unsloth_of(model: TorchModel) -> TorchModel:
    return TorchModel(LikeUnsloth(model), model.tokenizer, name="a", backend="unsloth")


@pytest.mark.parametrize("seed", range(6))
def test_unsloths_own_cache_is_followed(model: TorchModel, seed: int) -> None:
    assert_any_history_ends_in_plain_logits(unsloth_of(model).session(), model, seed)


def test_a_model_whose_cache_does_not_go_on_is_known(model: TorchModel) -> None:
    class Forgetful(LikeUnsloth):
        def __call__(self, *, past_key_values: Any, **options: Any) -> Any:
            found = super().__call__(past_key_values=past_key_values, **options)
            found.past_key_values = past_key_values
            return found

    assert torch_backend.goes_on(model)
    assert torch_backend.goes_on(unsloth_of(model))
    forgetful = TorchModel(Forgetful(model), model.tokenizer, name="a", backend="unsloth")
    assert not torch_backend.goes_on(forgetful)


def session_of(kind: str, model: TorchModel) -> Session:
    return PackedSession(model.model) if kind == "packed" else PaddedSession(twin_of(model))


@pytest.mark.parametrize("kind", ["packed", "padded"])
@pytest.mark.parametrize("seed", range(12))
def test_after_any_history_the_logits_are_those_of_a_plain_forward_pass(
    model: TorchModel, kind: str, seed: int
) -> None:
    assert_any_history_ends_in_plain_logits(session_of(kind, model), model, seed)


def test_what_all_rows_forgot_is_cut_out_of_the_padded_cache(model: TorchModel) -> None:
    session = PaddedSession(twin_of(model))
    session.extend([[5] * 10, [6] * 200], [1, 1])
    session.rollback([0, 150])
    assert session.mask.shape[1] == session.cache.get_seq_length() <= 200
    session.rollback([5, 5])
    session.extend([[7] * 90, [8]], [1, 1])
    session.rollback([89, 0])
    session.keep([1])
    (logits,) = session.extend([[9, 9]], [2])
    np.testing.assert_allclose(logits, plain_logits(model, [6] * 45 + [8, 9, 9])[-2:], atol=1e-4)


def test_padding_that_sees_nothing_gives_no_nan(model: TorchModel) -> None:
    session = PaddedSession(twin_of(model))
    for _ in range(3):
        first, second = session.extend([[1], [2] * 50], [1, 50])
        assert np.isfinite(first).all()
        assert np.isfinite(second).all()


def of_kind(kind: str, model: TorchModel) -> TorchModel:
    """A model of another architecture, its weights random."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(1)
    sizes = {name: getattr(model.model.config, name) for name in SIZES}
    changes = {"sliding_window": 4} if kind == "mistral" else {}
    config = AutoConfig.for_model(
        kind, **sizes, **changes, num_key_value_heads=2, initializer_range=0.3, pad_token_id=0
    )
    network = AutoModelForCausalLM.from_config(config, attn_implementation="sdpa")
    return TorchModel(network, model.tokenizer, name=kind, backend="transformers")


SIZES = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")


@pytest.mark.parametrize("kind", ["qwen2", "mistral"])
def test_shared_keys_and_sliding_windows_are_packed_as_well(model: TorchModel, kind: str) -> None:
    other = of_kind(kind, model)
    rows = [[5, 6, 7, 8, 9, 10, 11, 12], [7, 8, 9, 10, 11, 12, 13]]
    whole = [plain_logits(other, row) for row in rows]
    assert pack_rows(other.model)
    session = PackedSession(other.model)
    session.extend([rows[0][:6], rows[1][:1]], [1, 1])
    for row, found in enumerate(session.extend([rows[0][6:], rows[1][1:]], [2, 6])):
        np.testing.assert_allclose(found, whole[row][-len(found) :], atol=1e-4)


def test_a_model_whose_attention_cannot_be_exchanged_is_padded(model: TorchModel) -> None:
    network = twin_of(model)
    network.config.layer_types = ["full_attention", "chunked_attention"]
    assert not pack_rows(network)
    padded = TorchModel(network, model.tokenizer, name="tiny", backend="transformers")
    assert isinstance(padded.session(), PaddedSession)
    assert padded.lanes == 1
    assert isinstance(model.session(), PackedSession)


def test_a_packed_model_still_generates_as_transformers_does(model: TorchModel) -> None:
    import torch

    ids = torch.tensor([[5, 6, 7, 8], [0, 0, 9, 9]])
    mask = torch.tensor([[1, 1, 1, 1], [0, 0, 1, 1]])
    options = {"attention_mask": mask, "max_new_tokens": 8, "do_sample": False, "pad_token_id": 0}
    assert model.model.generate(ids, **options).tolist() == twin_of(model).generate(ids, **options).tolist()


def test_passes_have_few_lengths_and_little_waste() -> None:
    lengths = [rounded_up(count) for count in range(1, 4000)]
    assert len(set(lengths)) < 100
    assert all(count <= length <= max(8, 1.07 * count + 7) for count, length in enumerate(lengths, 1))


@pytest.mark.parametrize("rows", [1, 3, 4, 17, 200])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("most_packed", [0, 10**9])
def test_onednn_multiplies_as_exactly_as_torch(
    rows: int, bias: bool, most_packed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(fast_linear, "MOST_PACKED", most_packed)
    torch.manual_seed(rows)
    model = torch.nn.Sequential(torch.nn.Linear(64, 96, bias=bias))
    model.device = torch.device("cpu")
    tokens = torch.randn(1, rows, 64)
    wanted = model(tokens)
    fast_linear.use_onednn(model)
    assert model(tokens).requires_grad
    with torch.inference_mode():
        torch.testing.assert_close(model(tokens), wanted.detach(), atol=1e-5, rtol=1e-5)


def test_each_batch_has_its_share_of_the_threads(model: TorchModel) -> None:
    import torch

    before, model._threads = torch.get_num_threads(), 2
    try:
        assert model.lanes == 2
        with model.lane(2):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
        model._threads = before


def test_drafts_change_nothing_on_a_real_model(model: TorchModel) -> None:
    for task in tasks_of()[:4]:
        (drafted,), (plain,) = decode(model, [task]), decode(model, [task], drafting=False)
        assert_same_up_to_near_ties(model, task, drafted, plain)
        assert drafted.forward_passes <= plain.forward_passes


def test_a_batch_of_a_real_model_gives_what_each_document_gets_alone(model: TorchModel) -> None:
    tasks = tasks_of()
    for task, answer in zip(tasks, decode(model, tasks), strict=True):
        assert_same_up_to_near_ties(model, task, answer, decode(model, [task])[0])


def test_the_answers_of_a_real_model_are_invoices(model: TorchModel) -> None:
    text = SAMPLES[0]
    (answer,) = decode(model, [Task(build_prompt(text), Printed(text), ALL_FIELDS)])
    if answer.complete:
        Invoice.from_json(answer.text)
    assert answer.values


def test_the_bytes_of_tokens_are_the_text(model: TorchModel) -> None:
    text = 'Müller "x" 日本 12.50\n{"vendor":{"name":null'
    assert b"".join(map(model.token_bytes, model.encode(text))).decode() == text
    assert model.token_bytes(model.eos) == b""
    assert model.encode("") == []


# --- the base of an adapter -----------------------------------------------------------------------------


class Asked(Exception):
    """What a library was asked to load, instead of a model."""


def asked_of_transformers(folder: Path, monkeypatch: pytest.MonkeyPatch, *, gpu: bool) -> dict[str, Any]:
    import torch
    import transformers

    def load(_: str, **options: Any) -> None:
        raise Asked(options)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(torch_backend, "four_bits", lambda: "4 bits")
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda *_, **__: None)
    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", load)
    with pytest.raises(Asked) as caught:
        torch_backend.load_with_transformers(str(folder), token=None)
    options: dict[str, Any] = caught.value.args[0]
    return options


@pytest.mark.parametrize(
    ("trained_in_4_bits", "gpu", "wanted"),
    [(True, True, "4 bits"), (False, True, None), (None, True, None), (True, False, None)],
)
def test_the_base_of_an_adapter_is_held_as_it_was_in_training_where_there_is_a_gpu(
    trained_in_4_bits: bool | None,
    gpu: bool,
    wanted: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if trained_in_4_bits is not None:
        torch_backend.write_precision(tmp_path, four_bits=trained_in_4_bits)
    asked = asked_of_transformers(tmp_path, monkeypatch, gpu=gpu)
    assert asked.get("quantization_config") == wanted
    assert ("need a GPU" in caplog.text) == (trained_in_4_bits is True and not gpu)


REFUSED = (
    "Using `bitsandbytes` 4-bit quantization requires bitsandbytes: `pip install -U bitsandbytes>=0.46.1`"
)
"""What transformers says of one that is missing, and of one that is too old."""


@pytest.mark.parametrize(
    ("installed", "said", "hint"),
    [
        (False, "needs bitsandbytes", "pip install bitsandbytes"),
        (True, "needs a newer bitsandbytes", "pip install -U bitsandbytes"),
    ],
)
def test_a_bitsandbytes_that_is_too_old_is_not_called_missing(
    installed: bool, said: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import transformers

    def load(*_: Any, **__: Any) -> None:
        raise ImportError(REFUSED)

    monkeypatch.setattr(torch_backend, "find_spec", lambda name: name if installed else None)
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda *_, **__: None)
    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", load)
    with pytest.raises(MissingDependency, match=said) as caught:
        torch_backend.load_with_transformers(str(tmp_path), token=None)
    assert caught.value.hint == hint


def test_a_folder_that_does_not_say_how_its_base_was_held_is_loaded_as_any(tmp_path: Path) -> None:
    (tmp_path / torch_backend.PRECISION).write_text("[")
    assert torch_backend._trained_in_4_bits(str(tmp_path)) is None
    assert torch_backend._revision_of_base(str(tmp_path)) == {}


@pytest.mark.parametrize(
    ("trained_in_4_bits", "gpu", "four_bit", "exactly"),
    [
        (None, True, True, False),
        (None, False, False, False),
        (True, True, True, True),
        (False, True, False, True),
        (True, False, False, True),
    ],
)
def test_unsloth_is_asked_for_the_base_as_it_was_in_training(
    trained_in_4_bits: bool | None,
    gpu: bool,
    four_bit: bool,
    exactly: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    def load(_: str, **options: Any) -> None:
        raise Asked(options)

    fake = SimpleNamespace(FastLanguageModel=SimpleNamespace(from_pretrained=load))
    monkeypatch.setitem(sys.modules, "unsloth", fake)  # type: ignore[arg-type]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    if trained_in_4_bits is not None:
        torch_backend.write_precision(tmp_path, four_bits=trained_in_4_bits)
    (tmp_path / "config.json").write_text('{"model_type": "llama", "max_position_embeddings": 777}')
    with pytest.raises(Asked) as caught:
        torch_backend.load_with_unsloth(str(tmp_path), token=None)
    assert caught.value.args[0]["max_seq_length"] == 777
    assert caught.value.args[0]["load_in_4bit"] is four_bit
    assert caught.value.args[0]["use_exact_model_name"] is exactly
