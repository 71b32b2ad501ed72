"""Models of the Llama family on ONNX Runtime: the logits, the answers and the errors, against transformers."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from finscribe.decoding import Printed, Task, decode, load_model
from finscribe.decoding.loading import choose_backend
from finscribe.decoding.onnx import runtime as runtimes
from finscribe.decoding.onnx import session as sessions
from finscribe.decoding.onnx.export import export_onnx
from finscribe.decoding.onnx.graph import HEAD_STEP
from finscribe.decoding.onnx.model import OnnxModel, load_with_onnx
from finscribe.decoding.onnx.shape import read_shape
from finscribe.decoding.torch_backend import TorchModel
from finscribe.errors import MissingDependency, ModelBroken, ModelError, ModelNotFound, UnsupportedModel
from finscribe.invoice import ALL_FIELDS
from finscribe.prompts import build_prompt
from finscribe.settings import Settings
from finscribe.synthesis import generate
from tests.decoding.near_ties import assert_same_up_to_near_ties
from tests.decoding.tiny_model import (
    assert_any_history_ends_in_plain_logits,
    make_tiny_model,
    plain_logits,
    tasks_of,
)

LLAMA_3 = {
    "rope_type": "llama3",
    "rope_theta": 10_000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 256,
}


def saved(model: TorchModel, folder: Path) -> Path:
    model.model.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model() -> TorchModel:
    return make_tiny_model()


@pytest.fixture(scope="module")
def folder(model: TorchModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(model, tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def onnx(folder: Path) -> OnnxModel:
    return load_with_onnx(folder)


@pytest.fixture(scope="module")
def wide() -> TorchModel:
    """Its heads are as wide as ONNX Runtime's own attention asks for; queries share keys."""
    return make_tiny_model(head_dim=HEAD_STEP, num_key_value_heads=2)


@pytest.fixture(scope="module")
def wide_folder(wide: TorchModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(wide, tmp_path_factory.mktemp("wide"))


@pytest.mark.parametrize("seed", range(12))
def test_after_any_history_the_logits_are_those_of_a_plain_forward_pass(
    model: TorchModel, onnx: OnnxModel, seed: int
) -> None:
    assert_any_history_ends_in_plain_logits(onnx.session(), model, seed)


@pytest.mark.parametrize("seed", range(12))
def test_so_are_those_of_heads_that_onnx_runtime_has_an_attention_for(
    wide: TorchModel, wide_folder: Path, seed: int
) -> None:
    assert_any_history_ends_in_plain_logits(load_with_onnx(wide_folder).session(), wide, seed)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("llama", {"num_key_value_heads": 2, "tie_word_embeddings": True}),
        ("llama", {"head_dim": 16, "rope_parameters": {"rope_type": "default", "rope_theta": 500_000.0}}),
        ("llama", {"rope_parameters": LLAMA_3}),
        ("llama", {"attention_bias": True, "mlp_bias": True}),
        ("llama", {"dtype": "float16"}),
        ("llama", {"dtype": "bfloat16"}),
        ("qwen2", {"num_key_value_heads": 2}),
        ("mistral", {"num_key_value_heads": 1, "sliding_window": None}),
    ],
)
def test_every_kind_of_the_family_gives_the_logits_of_transformers(
    kind: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    made = make_tiny_model(kind, **changes)
    torch.manual_seed(2)
    for name, weight in made.model.named_parameters():
        if name.endswith("bias"):  # begin as zeros, which would show nothing
            torch.nn.init.normal_(weight)
    made.model.to(getattr(torch, changes.get("dtype", "float32")))
    saved(made, tmp_path)
    made.model = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    tokens = [7 * n % 900 for n in range(400)]
    session = load_with_onnx(tmp_path).session()
    found = [session.extend([tokens[:350]], [3])[0], session.extend([tokens[350:]], [50])[0]]
    wanted = plain_logits(made, tokens)
    np.testing.assert_allclose(found[0], wanted[347:350], atol=2e-4)
    np.testing.assert_allclose(found[1], wanted[350:], atol=2e-4)


def test_a_long_prompt_is_computed_in_parts_with_the_same_logits(model: TorchModel, onnx: OnnxModel) -> None:
    tokens = [11 * n % 900 for n in range(3 * sessions.CHUNK + 5)]
    (found,) = onnx.session().extend([tokens], [sessions.CHUNK + 20])
    np.testing.assert_allclose(found, plain_logits(model, tokens)[-len(found) :], atol=1e-4)


@pytest.mark.parametrize("wanted", [1, sessions.CHUNK + 30])
def test_rows_that_begin_alike_are_computed_once_and_get_the_bits_that_each_gets_alone(
    onnx: OnnxModel, wanted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = sessions.CHUNK
    same = [13 * n % 900 for n in range(3 * chunk)]
    rows = [
        [*same, 1, 2, 3],
        [*same, 1, 2, 4],
        [*same[: 2 * chunk + 1], 1, 2, *same[2 * chunk + 3 :], 5],
        [*same[1:], 7],
        [*same, *same[:chunk]],
        same[: chunk - 1],
    ]
    wants = [min(wanted, len(row)) for row in rows]
    alone = [onnx.session().extend([row], [want])[0] for row, want in zip(rows, wants, strict=True)]
    computed = 0
    run = sessions.OnnxSession._run

    def counted(self: sessions.OnnxSession, jobs: Any) -> Any:
        nonlocal computed
        computed += sum(len(job.tokens) for job in jobs)
        return run(self, jobs)

    monkeypatch.setattr(sessions.OnnxSession, "_run", counted)
    session = onnx.session()
    for one, other in zip(session.extend(rows, wants), alone, strict=True):
        np.testing.assert_array_equal(one, other)
    kept = (3 + 2 + 0 + 3, 1 + 1 + 0 + 2)[wanted > 1] * chunk
    assert computed == sum(map(len, rows)) - kept
    session.rollback([2] * len(rows))
    after = session.extend([[8, 9]] * len(rows), [1] * len(rows))
    for row, logits in zip(rows, after, strict=True):
        lone = onnx.session()
        lone.extend([row[:-2]], [0])
        np.testing.assert_allclose(logits, lone.extend([[8, 9]], [1])[0], atol=1e-5)


def test_the_answers_are_those_of_transformers(model: TorchModel, onnx: OnnxModel) -> None:
    for task in tasks_of()[:4]:
        (ours,), (theirs,) = decode(onnx, [task]), decode(model, [task])
        assert_same_up_to_near_ties(model, task, ours, theirs)


def test_a_batch_gives_what_each_document_gets_alone(model: TorchModel, onnx: OnnxModel) -> None:
    tasks = tasks_of()
    for task, answer in zip(tasks, decode(onnx, tasks, batch_size=4), strict=True):
        assert_same_up_to_near_ties(model, task, answer, decode(onnx, [task])[0])


def test_batches_side_by_side_give_what_each_document_gets_alone(
    model: TorchModel, onnx: OnnxModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "_threads", 2)
    assert onnx.lanes == 2
    tasks = tasks_of()
    for task, answer in zip(tasks, decode(onnx, tasks, batch_size=4), strict=True):
        assert_same_up_to_near_ties(model, task, answer, decode(model, [task])[0])


def test_numbers_below_the_least_normal_one_stay_what_they_are(onnx: OnnxModel) -> None:
    decode(onnx, tasks_of()[:1])
    assert sys.float_info.min / 2 > 0


def test_drafts_change_nothing(model: TorchModel, onnx: OnnxModel) -> None:
    for task in tasks_of()[:3]:
        (drafted,), (plain,) = decode(onnx, [task]), decode(onnx, [task], drafting=False)
        assert_same_up_to_near_ties(model, task, drafted, plain)


def test_a_prompt_of_most_of_the_context_is_answered(model: TorchModel, onnx: OnnxModel) -> None:
    text = "\n".join(f"Item {n} with a name  {n} x 2.00" for n in range(80))
    task = Task(build_prompt(text), Printed(text), ALL_FIELDS, max_new_tokens=30)
    assert len(onnx.encode_prompt(task.prompt)) > 1000
    assert_same_up_to_near_ties(model, task, decode(onnx, [task])[0], decode(model, [task])[0])


def test_the_tokens_are_those_of_transformers(model: TorchModel, onnx: OnnxModel) -> None:
    texts = [
        'Müller "x" 日本 12.50\n{"vendor":{"name":null',
        "",
        "a\tb  c",
        *(generate(n).text for n in range(5)),
    ]
    for text in texts:
        assert onnx.encode(text) == model.encode(text)
        assert onnx.encode_prompt(text) == model.encode_prompt(text)
        assert b"".join(map(onnx.token_bytes, onnx.encode(text))).decode() == text
    assert (onnx.eos, onnx.guide.vocab_size) == (model.eos, model.guide.vocab_size)
    assert onnx.token_bytes(onnx.eos) == b""
    assert onnx.parameters == model.parameters


def test_weights_of_a_large_model_are_not_copied_and_give_the_same(
    folder: Path, onnx: OnnxModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert onnx.exact
    monkeypatch.setattr(runtimes, "MOST_PACKED", 0)
    tokens = [5 * n % 900 for n in range(60)]
    ours, large = (each.session().extend([tokens], [60])[0] for each in (onnx, load_with_onnx(folder)))
    np.testing.assert_allclose(ours, large, atol=1e-4)


def test_weights_in_bfloat16_are_read_where_nothing_else_has_made_numpy_know_them(
    model: TorchModel, tmp_path: Path
) -> None:
    import torch

    short = copy.deepcopy(model.model).to(torch.bfloat16)
    short.save_pretrained(tmp_path)
    code = (
        "import sys; from pathlib import Path; from finscribe.decoding.onnx.shape import read_shape; "
        "from finscribe.decoding.onnx.weights import read_weights; folder = Path(sys.argv[1]); "
        "print(float(read_weights(folder, read_shape(folder))['embedding'].sum(dtype='float64')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
    ).stdout
    wanted = short.get_input_embeddings().weight.detach().double().sum().item()
    assert float(said) == pytest.approx(wanted, abs=1e-6)


def test_eight_bits_are_near_the_whole_numbers(folder: Path, onnx: OnnxModel) -> None:
    tokens = [5 * n % 900 for n in range(60)]
    small = load_with_onnx(folder, eight_bits=True)
    assert small.backend == "onnx-int8"
    exact, near = (each.session().extend([tokens], [60])[0] for each in (onnx, small))
    assert np.corrcoef(exact.ravel(), near.ravel())[0, 1] > 0.995


def test_in_eight_bits_a_sequence_is_read_as_if_it_were_alone(folder: Path) -> None:
    small = load_with_onnx(folder, eight_bits=True)
    rows = [[(5 + row) * n % 900 for n in range(40 + row)] for row in range(sessions.GROUP)]
    together, alone = small.session(), [small.session() for _ in rows]
    together.extend(rows, [1] * len(rows))
    for session, row in zip(alone, rows, strict=True):
        session.extend([row], [0])
    found = together.extend([[7], [8], [9], [10]], [1] * len(rows))
    for row, (session, logits) in enumerate(zip(alone, found, strict=True)):
        np.testing.assert_allclose(logits, session.extend([[7 + row]], [1])[0], atol=1e-5)


# --- for other programs ------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, sessions.GROUP])
def test_what_is_exported_is_a_valid_model_of_standard_operators_with_the_same_logits(
    wide_folder: Path, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnxruntime
    from onnx import load
    from onnx.checker import check_model

    folder, inner = wide_folder, load_with_onnx(wide_folder).session()
    graph = export_onnx(folder, tmp_path / "exported", rows=rows)
    check_model(graph, full_check=True)
    assert {node.domain for node in load(graph, load_external_data=False).graph.node} == {""}
    runtime = onnxruntime.InferenceSession(graph)
    session = sessions.OnnxSession(lambda rows: runtime, read_shape(folder))
    monkeypatch.setattr(sessions, "branches_for", lambda jobs: rows)
    for new in ([5 * n % 900 for n in range(40)], [1, 2, 3]):
        ours, theirs = (each.extend([new], [len(new)])[0] for each in (session, inner))
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert (graph.parent / "tokenizer.json").read_bytes() == (folder / "tokenizer.json").read_bytes()
    with pytest.raises(ModelError, match="is there already"):
        export_onnx(folder, tmp_path / "exported")


# --- what cannot be run ------------------------------------------------------------------------------


def changed(folder: Path, target: Path, **changes: Any) -> Path:
    """A copy of a model folder whose configuration says something else."""
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    config = json.loads((folder / "config.json").read_text()) | changes
    (target / "config.json").write_text(json.dumps(config))
    return target


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model_type": "gemma3_text"}, "model_type is 'gemma3_text'"),
        ({"quantization_config": {"bits": 4}}, "quantised"),
        ({"hidden_act": "gelu"}, "hidden_act is 'gelu'"),
        ({"sliding_window": 64}, "sliding window"),
        ({"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4}}, "rope_type is 'yarn'"),
        ({"rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.5}}, "a part of each head"),
    ],
)
def test_what_is_not_supported_is_named_and_left_to_transformers(
    folder: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    other = changed(folder, tmp_path / "other", **changes)
    with pytest.raises(UnsupportedModel, match=said) as caught:
        load_model(other, settings=Settings(backend="onnx"))
    assert "FINSCRIBE_BACKEND=transformers" in caught.value.hint
    assert choose_backend(Settings(), str(other)) == "transformers"


def test_an_adapter_is_not_supported(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedModel, match="adapter"):
        read_shape(tmp_path)


def test_a_configuration_without_sizes_is_broken(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ModelBroken, match="num_attention_heads"):
        read_shape(tmp_path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"num_hidden_layers": 3}, r"lacks the weights .*layers\.2"),
        ({"vocab_size": 99}, "the weights embedding have"),
        ({"intermediate_size": 48}, "has the shape .* config.json asks for 48 columns"),
        ({"hidden_size": 64}, "has the shape .* config.json asks for 64 columns"),
    ],
)
def test_weights_that_do_not_fit_the_configuration_are_broken(
    folder: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ModelBroken, match=said) as caught:
        load_with_onnx(changed(folder, tmp_path / "other", **changes))
    assert str(tmp_path / "other") in caught.value.message
    assert caught.value.hint


def test_weights_that_are_cut_short_are_broken(folder: Path, tmp_path: Path) -> None:
    other = changed(folder, tmp_path / "other")
    weights = other / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelBroken, match="cannot be read"):
        load_with_onnx(other)


def test_a_name_on_a_hub_has_to_be_fetched_first() -> None:
    with pytest.raises(ModelNotFound, match="not a folder") as caught:
        load_model("someone/model", settings=Settings(backend="onnx"))
    assert "hf download someone/model" in caught.value.hint


def test_a_chat_template_takes_transformers(
    folder: Path, model: TorchModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = changed(folder, tmp_path / "other")
    (other / "chat_template.jinja").write_text("Q: {{ messages[0].content }}\nA: ")
    assert load_with_onnx(other).encode_prompt("12.50") == model.encode("Q: 12.50\nA: ")
    monkeypatch.setattr("finscribe.decoding.tokens.find_spec", lambda name: None)
    with pytest.raises(MissingDependency, match="chat template"):
        load_with_onnx(other)


def test_a_tokenizer_without_an_end_is_broken(folder: Path, tmp_path: Path) -> None:
    other = changed(folder, tmp_path / "other")
    said = json.loads((other / "tokenizer_config.json").read_text()) | {"eos_token": "<nowhere>"}
    (other / "tokenizer_config.json").write_text(json.dumps(said))
    with pytest.raises(ModelBroken, match="<nowhere>"):
        load_with_onnx(other)


# --- without PyTorch ---------------------------------------------------------------------------------

READ = """
import sys
from finscribe.cli import main
try:
    main(["extract", "docs/samples/invoice-de.pdf", "--format", "json"])
finally:
    print(sorted({"torch", "transformers"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.e2e
def test_an_extraction_on_a_processor_imports_neither_pytorch_nor_transformers() -> None:
    quiet = {
        name: text for name, text in os.environ.items() if not name.startswith(("FINSCRIBE_", "UNSLOTH_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env=quiet | {"FINSCRIBE_BACKEND": "onnx", "UNSLOTH_MODEL_DIR": "finscribe/starter/finscribe-starter"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout)["invoice"]["invoice_number"]
    assert done.stderr.splitlines()[-1] == "[]"
