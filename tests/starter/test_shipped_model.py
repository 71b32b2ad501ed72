"""The starter that comes with the package, as users get it."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from finscribe.decoding import Printed, Task, decode, load_model
from finscribe.decoding.loading import unsloth_is_installed
from finscribe.decoding.torch_backend import TorchModel
from finscribe.documents import Document
from finscribe.extract import extract
from finscribe.invoice import ALL_FIELDS, Truth
from finscribe.metrics import score
from finscribe.prompts import build_prompt
from finscribe.settings import Settings
from finscribe.starter import path
from finscribe.synthesis import HELD_OUT_FAMILIES, generate
from tests.decoding.near_ties import assert_same_up_to_near_ties, textbook_tokens

pytestmark = pytest.mark.e2e

FRESH = [generate(5_000_000_000 + index, HELD_OUT_FAMILIES) for index in range(8)]
SOME = ("vendor.name", "invoice_date", "line_items.desc", "financial_summary.grand_total")
THREE_LINES = """Northwind Paper Ltd  INVOICE
12 Harbour Street, Leeds LS1 4AP
Invoice number: NW-20418
Invoice date: 14 March 2025
Due date: 13 April 2025
Bill to: Alder & Finch LLP
Description  Qty  Unit price  Amount
Copy paper A4, box  10  24.50  245.00
Envelopes C5, 500 pcs  4  18.75  75.00
Binding combs, 100 pcs  2  9.90  19.80
Subtotal  339.80
VAT 20%  67.96
Total  GBP 407.76"""


@pytest.fixture(scope="module")
def model() -> TorchModel:
    loaded = load_model(path(), settings=Settings(backend="transformers"))
    assert isinstance(loaded, TorchModel)
    return loaded


def task_of(text: str) -> Task:
    return Task(build_prompt(text), Printed(text), ALL_FIELDS)


def test_it_says_its_name(model: TorchModel) -> None:
    assert model.name == "finscribe-starter"


def test_an_invoice_of_three_lines_takes_fewer_than_fifty_forward_passes(model: TorchModel) -> None:
    found = extract(Document.from_text(THREE_LINES), model)
    assert len(found.invoice.line_items) == 3
    assert str(found.invoice.financial_summary.grand_total) == "407.76"
    assert found.forward_passes < 50


def test_it_reads_layouts_that_it_was_not_trained_on(model: TorchModel) -> None:
    read = [extract(Document.from_text(sample.text), model).invoice for sample in FRESH]
    scores = score(read, [Truth.read(sample.truth) for sample in FRESH])
    assert scores.micro.f1 > 0.8
    assert scores.line_cells.f1 > 0.7


def test_drafting_changes_nothing(model: TorchModel) -> None:
    for sample in FRESH[:4]:
        task = task_of(sample.text)
        (drafted,), (plain,) = decode(model, [task]), decode(model, [task], drafting=False)
        assert_same_up_to_near_ties(model, task, drafted, plain)
        assert drafted.forward_passes < plain.forward_passes


@pytest.mark.timeout(900)
def test_it_writes_what_the_textbook_writes_one_token_at_a_time(model: TorchModel) -> None:
    from transformers import AutoModelForCausalLM

    network = AutoModelForCausalLM.from_pretrained(path(), attn_implementation="eager").eval()
    small = [generate(5_000_000_000 + index, HELD_OUT_FAMILIES, size=0.3).text for index in (0, 2)]
    tasks = [Task(build_prompt(text, SOME), Printed(text), SOME) for text in small]
    for task, answer in zip(tasks, decode(model, tasks), strict=True):
        written = replace(answer, tokens=tuple(textbook_tokens(network, model, task)))
        assert_same_up_to_near_ties(model, task, answer, written)


def test_a_batch_of_eight_gives_what_each_document_gets_alone(model: TorchModel) -> None:
    tasks = [task_of(sample.text) for sample in FRESH]
    for task, answer in zip(tasks, decode(model, tasks), strict=True):
        assert_same_up_to_near_ties(model, task, answer, decode(model, [task])[0])


def test_onnx_runtime_writes_what_transformers_does(model: TorchModel) -> None:
    ours = load_model(path(), settings=Settings(backend="onnx"))
    tasks = [task_of(sample.text) for sample in FRESH]
    found = zip(tasks, decode(ours, tasks), decode(model, tasks), strict=True)
    for task, answer, expected in found:
        assert_same_up_to_near_ties(model, task, answer, expected)


READ_WITH_UNSLOTH = """
import json, sys
from finscribe.decoding import load_model
from finscribe.documents import Document
from finscribe.extract import extract
from finscribe.starter import path
model = load_model(path())
found = extract(Document.from_text(sys.stdin.read()), model)
print(json.dumps([model.backend, found.invoice.to_json()]))
"""


@pytest.mark.skipif(not unsloth_is_installed(), reason="Unsloth is not installed")
def test_unsloth_reads_the_same_as_transformers(model: TorchModel) -> None:
    said = subprocess.run(
        [sys.executable, "-c", READ_WITH_UNSLOTH],
        input=THREE_LINES,
        env=os.environ | {"FINSCRIBE_BACKEND": "unsloth"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    backend, invoice = json.loads(said.splitlines()[-1])
    assert backend == "unsloth"
    assert invoice == extract(Document.from_text(THREE_LINES), model).invoice.to_json()
