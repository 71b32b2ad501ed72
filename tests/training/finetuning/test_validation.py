"""Reading with a model in training: as precise as it will be served, and without a trace."""

from types import MethodType
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from finscribe.errors import TrainingError
from finscribe.extract import Extraction
from finscribe.invoice import Invoice, Truth
from finscribe.training.finetuning import validation
from finscribe.training.finetuning.examples import Labelled
from finscribe.training.finetuning.recipe import Recipe
from finscribe.training.finetuning.validation import as_served, validate_model


@pytest.fixture
def model(tiny_recipe: Recipe) -> Any:
    return AutoModelForCausalLM.from_pretrained(tiny_recipe.model_name, dtype=torch.bfloat16).train()


def test_weights_held_in_bf16_are_read_with_in_float32_and_are_the_same_afterwards(
    model: Any, tiny_recipe: Recipe
) -> None:
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    with as_served(
        model, AutoTokenizer.from_pretrained(tiny_recipe.model_name), "tiny", "transformers"
    ) as served:
        assert {weight.dtype for weight in served.model.parameters()} == {torch.float32}
        assert not served.model.training
        for name, weight in served.model.state_dict().items():
            assert torch.equal(weight, before[name].float())
    assert model.training
    for name, weight in model.state_dict().items():
        assert weight.dtype == torch.bfloat16
        assert torch.equal(weight, before[name])


def test_the_forward_pass_that_accelerate_wraps_is_left_out_while_reading(
    model: Any, tiny_recipe: Recipe
) -> None:
    def in_lower_precision(self: Any, *arguments: Any, **options: Any) -> Any:
        raise AssertionError("this is for training")

    tokenizer = AutoTokenizer.from_pretrained(tiny_recipe.model_name)
    model._original_forward = model.forward
    model.forward = wrapped = MethodType(in_lower_precision, model)
    with as_served(model, tokenizer, "tiny", "transformers") as served:
        assert served.session().extend([[1, 2, 3]], [1])[0].shape[0] == 1
    assert model.forward is wrapped


def reads_at_most(documents: int, tried: list[int]) -> Any:
    """Reading for which there is memory for so many documents at a time."""

    def read(pages: Any, model: Any, *, batch_size: int) -> list[Extraction]:
        tried.append(batch_size)
        if batch_size > documents:
            raise torch.OutOfMemoryError("no more")
        return [Extraction(Invoice(), {}, (), "m", "grounded", {}, 1) for _ in pages]

    return read


def test_out_of_memory_fewer_documents_are_read_at_a_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []
    monkeypatch.setattr(validation, "extract_many", reads_at_most(4, tried))
    found = validate_model(None, [Labelled("Total 5", Truth({}), "one")] * 3)  # type: ignore[arg-type]
    assert len(found.extractions) == 3
    assert tried == [16, 8, 4]
    assert "reading 4 documents at a time" in caplog.text


def test_a_document_that_does_not_fit_into_memory_alone_says_what_to_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(validation, "extract_many", reads_at_most(0, []))
    with pytest.raises(TrainingError, match="one document at a time") as caught:
        validate_model(None, [Labelled("Total 5", Truth({}), "one")])  # type: ignore[arg-type]
    assert "smaller --model_name" in caught.value.hint
