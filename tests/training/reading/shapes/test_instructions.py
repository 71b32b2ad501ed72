"""Older prompts, reduced to the document's text."""

import pytest

from finscribe.prompts import build_prompt
from finscribe.training.reading.shapes.instructions import strip_instructions

TEXT = "ACME Ltd\nInvoice 7\n\nWidget  2  5.00\nTotal  10.00"


@pytest.mark.parametrize(
    "prompt",
    [
        build_prompt(TEXT),
        build_prompt(TEXT, instruction="Return the fields.\nNothing else."),
        f"Extract the invoice data as JSON from the text below.\n\n{TEXT}",
        f"Extract all fields as JSON:\nOCR_TEXT:\n{TEXT}\n\nReturn only valid JSON.",
        f"You are a careful assistant.\nExtract the invoice as JSON with these keys.\n\nText:\n{TEXT}\n\nJSON:",
        f"Convert the following invoice to structured data.\n```text\n{TEXT}\n```",
        f'Please extract this as JSON.\n"""\n{TEXT}\n"""',
        f"### Instruction:\nExtract as JSON.\n\n### Input:\n{TEXT}\n\n### Response:\n",
        f"### Instruction:\nExtract the fields as JSON.\n{TEXT}\n\n### Response:",
        f"<|im_start|>system\nYou extract JSON.<|im_end|>\n<|im_start|>user\n{TEXT}<|im_end|>\n<|im_start|>assistant\n",
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
        f"<|start_header_id|>user<|end_header_id|>\n\n{TEXT}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        f"<s>[INST] <<SYS>>\nYou extract.\n<</SYS>>\n\n{TEXT} [/INST]",
        f"<bos><start_of_turn>user\n{TEXT}<end_of_turn>\n<start_of_turn>model\n",
    ],
)
def test_only_the_document_stays_of_an_older_prompt(prompt: str) -> None:
    assert strip_instructions(prompt).strip().removeprefix("OCR_TEXT:\n") == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Please return goods within 14 days.\nTotal 5.00",
        "ACME\nJSON consulting  100.00\nTotal  100.00",
        "Invoice:\n### 12 ###\nOutput  5",
        "Use of structured cabling  500.00\nWe extract teeth",
        "",
    ],
)
def test_a_text_without_instructions_stays_as_it_is(text: str) -> None:
    assert strip_instructions(text) == text
