import json
import random
from itertools import islice

import pytest

from finscribe.invoice import ALL_FIELDS, Invoice, Truth, in_order
from finscribe.prompts import build_prompt
from finscribe.starter.examples import (
    AT_ONCE,
    BUCKETS,
    MOST_WINDOWS,
    STARTER_WINDOW_TOKENS,
    Documents,
    Mixture,
    encode_sample,
    random_request,
    stream_batches,
)
from finscribe.starter.tokenizer import END, fixed_pieces, train_tokenizer
from finscribe.synthesis import LONGEST, generate
from finscribe.training.finetuning.examples import Labelled


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer((generate(seed).text for seed in range(200)), 1024)


def test_an_example_is_the_served_prompt_followed_by_the_canonical_answer_and_the_end(tokenizer):
    for seed in range(30):
        sample = generate(seed)
        (example,) = encode_sample(tokenizer, sample, ALL_FIELDS, 100_000, 100_000)
        answer = Invoice.from_record(sample.truth).to_json()
        assert tokenizer.decode(example.ids[: example.answer_start]) == build_prompt(sample.text)
        assert tokenizer.decode(example.ids[example.answer_start :]) == answer + END


def test_a_long_document_is_learned_in_windows_that_say_null_of_what_they_do_not_print(tokenizer):
    samples = (generate(seed, ("invoice-letter",), size=LONGEST) for seed in range(100))
    sample = next(sample for sample in samples if len(sample.truth["line_items"]) > 60)
    truth = Invoice.from_record(sample.truth)
    whole, *windows = encode_sample(tokenizer, sample, ALL_FIELDS, 40_000)
    assert "line_items" not in tokenizer.decode(whole.ids)
    answers = [_answer(tokenizer, example) for example in windows]
    assert len(answers) > 2
    assert answers[0].invoice_number == truth.invoice_number
    assert all(answer.invoice_number is None for answer in answers[1:])
    assert answers[-1].financial_summary.grand_total == truth.financial_summary.grand_total
    assert {line.line_total for answer in answers for line in answer.line_items} == {
        line.line_total for line in truth.line_items
    }


def _answer(tokenizer, example):
    text = tokenizer.decode(example.ids[example.answer_start :]).removesuffix(END)
    return Invoice.model_validate_json(text)


def test_a_word_has_the_same_tokens_wherever_it_stands(tokenizer):
    word = tokenizer.encode("Kassenbon")
    for text in (" Kassenbon", "\nKassenbon", '"Kassenbon"', "a  Kassenbon,"):
        ids = tokenizer.encode(text)
        assert any(ids[i : i + len(word)] == word for i in range(len(ids)))


def test_digits_are_single_tokens_and_fixed_text_is_whole(tokenizer):
    assert len(tokenizer.encode("1234.50")) == 7
    for piece in fixed_pieces():
        assert len(tokenizer.encode(piece)) == 1, piece


def test_requests_are_in_order_and_of_every_kind():
    rng = random.Random(0)
    requests = [random_request(rng) for _ in range(200)]
    assert all(request == in_order(request) and request for request in requests)
    assert {True, False} == {request == ALL_FIELDS for request in requests}
    assert any(not any(path.startswith("line_items") for path in request) for request in requests)


def test_batches_fit_their_bucket_and_depend_on_the_seed_alone(tokenizer):
    def batches():
        documents = Documents(tokenizer, Mixture(100), 4096)
        stream = stream_batches(documents, tokens_per_batch=2048, first_seed=50)
        return list(islice(stream, 5))

    for batch in batches():
        assert batch.length in BUCKETS
        assert all(len(example.ids) <= batch.length for example in batch.examples)
    assert batches() == batches()


def test_documents_that_other_processes_draw_are_the_same_in_the_same_order(tokenizer):
    documents = Documents(tokenizer, Mixture(100), 4096)
    here, elsewhere = (
        list(islice(stream_batches(documents, tokens_per_batch=4096, first_seed=50, workers=workers), 24))
        for workers in (0, 2)
    )
    assert here[-1].documents_seen > 50 + 2 * AT_ONCE
    assert here == elsewhere


def test_windows_are_as_short_as_the_mixture_says(tokenizer):
    def longest(*longer):
        mixture = Mixture(ramp_documents=1, long=1.0, longer=longer)
        stream = stream_batches(Documents(tokenizer, mixture, 4096), tokens_per_batch=512, first_seed=9)
        examples = [example for batch in islice(stream, 30) for example in batch.examples]
        return max(len(each.ids) for each in examples if "line_items" in tokenizer.decode(each.ids))

    assert longest(1) <= 4 * STARTER_WINDOW_TOKENS < longest(4)


def test_no_more_than_some_windows_of_a_document_are_learned(tokenizer):
    documents = Documents(tokenizer, Mixture(ramp_documents=1, long=1.0), 4096)
    counts = [len(documents[seed]) for seed in range(10, 40)]
    assert max(counts) == MOST_WINDOWS


def test_documents_grow_over_the_ramp(tokenizer):
    def mean_length(first_seed):
        documents = Documents(tokenizer, Mixture(10_000), 4096)
        stream = stream_batches(documents, tokens_per_batch=2048, first_seed=first_seed)
        examples = [example for batch in islice(stream, 8) for example in batch.examples]
        return sum(len(example.ids) for example in examples) / len(examples)

    assert mean_length(0) < 0.7 * mean_length(20_000)


def test_half_of_the_documents_have_a_layout_that_is_practised():
    mixture = Mixture(ramp_documents=1, long=0.0, practised=("invoice-composed",))
    families = [mixture.document(seed, random.Random(seed)).family for seed in range(300)]
    others = [Mixture(1, long=0.0).document(seed, random.Random(seed)).family for seed in range(300)]
    assert 0.55 < families.count("invoice-composed") / 300 < 0.8  # half, and those that are drawn anyhow
    assert others.count("invoice-composed") / 300 < 0.5


def test_real_documents_take_the_place_of_some_synthetic_ones(tokenizer):
    text = "Corner Shop\n1 High Street\nTotal 12.50"
    known = Truth.read({"vendor": {"name": "Corner Shop"}, "financial_summary": {"grand_total": 12.5}})
    mixture = Mixture(ramp_documents=1, long=0.0, records=(Labelled(text, known, "shop"),), real=0.3)
    stream = stream_batches(Documents(tokenizer, mixture, 4096), tokens_per_batch=512, first_seed=9)
    examples = [example for batch in islice(stream, 100) for example in batch.examples]
    real = [example for example in examples if "Corner Shop" in tokenizer.decode(example.ids)]
    assert 0.15 < len(real) / len(examples) < 0.6
    assert len({tuple(example.ids) for example in real}) == 1
    answer = tokenizer.decode(real[0].ids[real[0].answer_start :], skip_special_tokens=True)
    assert json.loads(answer) == {
        "vendor": {"name": "Corner Shop"},
        "financial_summary": {"grand_total": 12.5},
    }
