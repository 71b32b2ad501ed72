"""Ray itself, for all tests of this file: two processors and what it believes to be two GPUs."""

import json
import os
import signal

import pytest

from finscribe.batch.ledger import open_ledger
from finscribe.batch.on_ray import Cluster, ray_work
from finscribe.batch.rows import Row, holds, key_of, write_row
from finscribe.batch.run import run
from finscribe.batch.sources import Place
from finscribe.errors import BatchError, ModelNotFound
from tests.batch.fakes import JOB, fates

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module", autouse=True)
def ray():
    ray = pytest.importorskip("ray")
    ray.init(address="local", num_cpus=2, num_gpus=2, include_dashboard=False, log_to_driver=False)
    yield ray
    ray.shutdown()


class WithoutModel:
    """Stands in for a worker: its rows say which process made them."""

    def __init__(self, job, known):
        self.known = known

    def rows(self, part):
        return [self.row(place) for place in part]

    def row(self, place):
        made = write_row("done", place.source, "00", {"process": os.getpid()})
        return Row(made.key, "known") if holds(self.known, made.key) else made


class Deadly(WithoutModel):
    """Dies over one document, as a library does that takes too much memory."""

    def row(self, place):
        if place.source == "d13":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().row(place)


class WithoutAnyModel(WithoutModel):
    def row(self, place):
        raise ModelNotFound("models/x does not exist", hint="Train it.")


def batch(output, count, make, cluster=Cluster(workers=2)):  # noqa: B008
    places = (Place(f"d{number}", f"d{number}") for number in range(count))
    with open_ledger(output) as ledger, ray_work(JOB, cluster, make) as work:
        return run(places, work, ledger, lambda tally: None), ledger


def test_two_workers_share_the_documents_and_none_comes_twice(tmp_path):
    tally, ledger = batch(tmp_path / "out.jsonl", 200, WithoutModel)
    assert fates(tally) == {"done": 200, "rejected": 0, "known": 0}
    lines = ledger.rows.read_text().splitlines()
    assert len(lines) == 200
    assert len({line.partition('"process":')[2] for line in lines}) == 2
    tally, _ = batch(tmp_path / "out.jsonl", 210, WithoutModel)
    assert fates(tally) == {"done": 10, "rejected": 0, "known": 200}


def test_a_document_that_kills_every_worker_is_rejected_and_no_other_is_lost(tmp_path):
    tally, ledger = batch(tmp_path / "out.jsonl", 40, Deadly)
    assert fates(tally) == {"done": 39, "rejected": 1, "known": 0}
    assert '"d13"' in ledger.rejects.read_text()
    assert holds(ledger.known(), key_of("d13", None))


def test_an_error_of_the_model_ends_the_batch_with_its_hint(tmp_path):
    with pytest.raises(ModelNotFound, match="models/x") as caught:
        batch(tmp_path / "out.jsonl", 4, WithoutAnyModel)
    assert caught.value.hint == "Train it."


class OnGpu(WithoutModel):
    def row(self, place):
        return write_row("done", place.source, "00", {"gpus": os.environ["CUDA_VISIBLE_DEVICES"]})


def test_each_worker_gets_its_share_of_the_gpus(tmp_path):
    tally, ledger = batch(tmp_path / "out.jsonl", 40, OnGpu, Cluster(gpus_per_worker=1))
    assert fates(tally) == {"done": 40, "rejected": 0, "known": 0}
    rows = map(json.loads, ledger.rows.read_text().splitlines())
    assert {row["gpus"] for row in rows} <= {"0", "1"}


def test_more_gpus_than_there_are_is_an_error(tmp_path):
    with pytest.raises(BatchError, match="2 GPUs, and a worker shall have 4"):
        batch(tmp_path / "out.jsonl", 4, WithoutModel, Cluster(gpus_per_worker=4))
