import pytest

from finscribe.documents import Document
from finscribe.evaluation.cases import Case
from finscribe.evaluation.few_shot import NoExampleFits, with_examples
from finscribe.extract import extract
from finscribe.invoice import Truth
from finscribe.prompts import build_prompt
from finscribe.testing import FakeModel


class Recording(FakeModel):
    """A model that remembers the tokens it was shown, and answers to the last prompt."""

    def logits(self, tokens):
        self.seen = list(tokens)
        last = len(tokens) - 1 - tokens[::-1].index(self.eos)
        return super().logits(tokens[last:])


def case(number, text="ACME\nTotal 5.00"):
    return Case(str(number), f"{text} {number}", Truth({"vendor.name": "ACME"}), "acme", f"t.jsonl:{number}")


def text_of(tokens):
    return bytes(token for token in tokens if token < 256).decode()


def test_examples_stand_before_the_prompt_as_they_are_trained():
    model = Recording(context_length=20_000)
    shown = with_examples(model, [case(1)], seed=0)
    extract(Document.from_text("Other\nTotal 7.00"), shown)
    example = build_prompt("ACME\nTotal 5.00 1", ["vendor.name"]) + '{"vendor":{"name":"ACME"}}'
    assert text_of(model.seen).startswith(example + build_prompt("Other\nTotal 7.00"))
    assert shown.name == "fake, 1 examples"


def test_answers_are_about_the_document_and_not_about_the_examples():
    model = Recording('{"document_type":null,"vendor":{"name":"Other"', context_length=20_000)
    found = extract(Document.from_text("Other\nTotal 7.00"), with_examples(model, [case(1), case(2)], seed=0))
    assert found.invoice.vendor.name == "Other"
    assert found.complete


def test_rows_that_join_a_batch_later_see_the_examples_too():
    class Rows:
        def extend(self, tokens, wanted):
            self.tokens = tokens

        def keep(self, rows):
            self.kept = rows

    model, inner = FakeModel(), Rows()
    model.session = lambda: inner
    few_shot = with_examples(model, [case(1)], seed=0)
    batch, shown = few_shot.session(), list(few_shot.shown)
    batch.extend([[1], [2]], [1, 1])
    assert inner.tokens == [[*shown, 1], [*shown, 2]]
    batch.keep([1])
    batch.extend([[3], [4]], [1, 1])
    assert inner.tokens == [[3], [*shown, 4]]


def test_at_most_three_examples_are_shown_and_take_at_most_a_third_of_the_context():
    model = FakeModel(context_length=20_000)
    shown = with_examples(model, [case(number) for number in range(9)], seed=0)
    assert shown.count == 3
    assert shown.context_length == 20_000 - len(shown.shown)
    long = [case(number, "ACME " + "x " * 600) for number in range(9)]
    tight = with_examples(FakeModel(context_length=6_000), long, seed=0)
    assert 1 <= tight.count < 3
    assert len(tight.shown) <= 2_000


def test_the_seed_chooses_the_examples():
    cases = [case(number) for number in range(9)]
    one, same, other = (with_examples(FakeModel(), cases, seed=seed).shown for seed in (0, 0, 1))
    assert one == same != other


def test_examples_that_do_not_fit_are_an_error():
    with pytest.raises(NoExampleFits, match="a third of the context of fake, 100 tokens"):
        with_examples(FakeModel(context_length=300), [case(1)], seed=0)


def test_records_whose_page_prints_nothing_that_is_known_are_not_shown():
    nothing = Case("x", "Nobody", Truth({"vendor.name": "ACME"}), "acme", "t.jsonl:1")
    with pytest.raises(NoExampleFits):
        with_examples(FakeModel(), [nothing], seed=0)
