import json
import shutil

import pytest
from transformers import AutoTokenizer

from finscribe import starter
from finscribe.errors import ModelNotFound
from finscribe.prompts import build_prompt, encode_answer, encode_prompt
from finscribe.training.dataset.tokens import load_counter

PROMPT, ANSWER = build_prompt("Müller\nTotal 5,00 €"), '{"financial_summary":{"grand_total":5.00}}'


def trained_length(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return len(encode_prompt(tokenizer, PROMPT)) + len(encode_answer(tokenizer, ANSWER, 0))


def test_tokens_are_counted_as_they_are_trained():
    assert load_counter(str(starter.path()))([PROMPT], [ANSWER]) == [trained_length(starter.path())]


def test_a_chat_template_is_counted_too(tmp_path):
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(starter.path() / name, tmp_path)
    config = json.loads((tmp_path / "tokenizer_config.json").read_text())
    config["chat_template"] = "{% for m in messages %}USER {{ m['content'] }} ASSISTANT{% endfor %}"
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    counted = load_counter(str(tmp_path))([PROMPT], [ANSWER])
    assert counted == [trained_length(tmp_path)]
    assert counted != load_counter(str(starter.path()))([PROMPT], [ANSWER])


@pytest.mark.parametrize("content", [None, "not json"])
def test_a_tokenizer_that_cannot_be_loaded_is_an_error_with_a_hint(tmp_path, content):
    if content:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(ModelNotFound) as caught:
        load_counter(str(tmp_path))
    assert str(tmp_path) in caught.value.message
    assert caught.value.hint
