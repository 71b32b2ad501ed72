import os
import signal
import time

import pytest

from finscribe.errors import EvaluationError, ModelBroken, PromptTooLong
from finscribe.evaluation import asking
from finscribe.evaluation.readers import ReadingOptions
from finscribe.evaluation.systems import System
from finscribe.testing import FakeModel

OPTIONS = ReadingOptions("grounded", 4, 0)
REGEX = System("regex", "regex", None, "f")
ONE, OTHER = System("one", "model", "models/one", "1"), System("other", "model", "models/other", "2")
FEW = System("one few-shot", "few-shot", "models/one", "3")


@pytest.fixture
def loaded(monkeypatch):
    """The names of the models that were loaded, which are fakes."""
    names = []

    def load(name):
        names.append(name)
        return FakeModel()

    monkeypatch.setattr(asking, "load_model", load)
    return names


def test_a_model_is_loaded_once_for_all_that_use_it(loaded):
    from tests.evaluation.test_few_shot import Recording, case

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "load_model", lambda name: (loaded.append(name), Recording())[1])
        with asking.desk([ONE, FEW, OTHER], [case(1)], OPTIONS) as ask:
            for system in (ONE, ONE, FEW, OTHER):
                ask(system, ["ACME\nTotal 5.00"])
    assert loaded == ["models/one", "models/other"]


def test_a_batch_that_fails_is_read_one_by_one(monkeypatch):
    class Choosy:
        def read(self, documents):
            if any("long" in document.text for document in documents):
                raise PromptTooLong("too long")
            return asking.open_reader(REGEX, [], OPTIONS, lambda _: FakeModel()).read(documents)

    found = asking._read(Choosy(), ["ACME Ltd", "a long text", "Other Ltd"], 3)
    assert [prediction.error for prediction in found] == [None, "prompt-too-long: too long", None]
    assert found[2].invoice.vendor.name == "Other Ltd"


def test_a_document_is_as_slow_as_all_that_are_read_with_it():
    class Slow:
        def read(self, documents):
            time.perf_counter.now += 12.0
            return asking.open_reader(REGEX, [], OPTIONS, lambda _: FakeModel()).read(documents)

    def clock():
        return clock.now

    clock.now = 0.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "perf_counter", clock)
        together = asking._read(Slow(), ["ACME"] * 6, 2)
        alone = asking._read(Slow(), ["ACME"], 2)
    assert [(each.seconds, each.latency) for each in together] == [(2.0, 4.0)] * 6
    assert (alone[0].seconds, alone[0].latency) == (12.0, 12.0)


def test_a_model_that_does_not_load_is_an_error_of_the_model(monkeypatch):
    def load(name):
        raise ModelBroken(f"{name} has no weights")

    monkeypatch.setattr(asking, "load_model", load)
    with asking.desk([ONE], [], OPTIONS) as ask, pytest.raises(ModelBroken, match="models/one"):
        ask(ONE, ["ACME"])


def test_models_share_this_process_unless_unsloth_runs_several(monkeypatch):
    monkeypatch.setattr(asking, "choose_backend", lambda settings: "unsloth")
    assert asking._must_part([ONE, OTHER])
    assert not asking._must_part([ONE, FEW, REGEX])
    monkeypatch.setattr(asking, "choose_backend", lambda settings: "transformers")
    assert not asking._must_part([ONE, OTHER])


def test_a_process_of_its_own_answers_alike_and_its_death_is_an_error():
    texts = ["ACME Ltd\nTotal 5.00", "Other Ltd\nTotal 7.00"]
    here = asking.Desk([], OPTIONS).ask(REGEX, texts)
    processes = asking._OwnProcesses([], OPTIONS)
    with processes as ask:
        there = ask(REGEX, texts)
        assert [each.invoice for each in there] == [each.invoice for each in here]
        (pid,) = processes._pool._processes
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(EvaluationError, match="regex died while it read: its process ended"):
            ask(REGEX, texts)
