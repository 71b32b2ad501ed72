"""Batches whose model is on another machine: workers ask it, and know of it from the job alone."""

import json
import pickle
from contextlib import contextmanager

import pytest

from finscribe.batch import on_ray
from tests.batch.fakes import in_process, write_texts
from tests.cli.fakes import run
from tests.decoding.remote.server import Server, listing, refuses, says

ANSWER = json.dumps({"vendor": {"name": "TechCorp Inc."}, "invoice_number": "INV-8"})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of three documents, and workers that are handed the job as Ray hands it on, without an environment."""

    @contextmanager
    def ray_work(job, cluster):
        for name in ("BACKEND", "REMOTE_URL", "REMOTE_KEY", "REMOTE_API"):
            monkeypatch.delenv(f"FINSCRIBE_{name}", raising=False)
        yield in_process(pickle.loads(pickle.dumps(job)))

    write_texts(tmp_path / "in", 3)
    monkeypatch.setattr(on_ray, "ray_work", ray_work)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def served(monkeypatch):
    """Names a server and how it is asked in the environment."""

    def name(server, **variables):
        for variable, value in {"BACKEND": "remote", "REMOTE_URL": server.url, **variables}.items():
            monkeypatch.setenv(f"FINSCRIBE_{variable}", value)

    return name


def test_every_row_is_what_the_server_answered_and_the_document_prints(folder, served, capsys):
    with Server(says(ANSWER)) as server:
        served(server, REMOTE_KEY="secret", REMOTE_API="completions")
        code, out, _ = run(capsys, "batch", "in", "--output", "out.jsonl")
    assert (code, out.splitlines()[0]) == (0, "3 inputs: 3 done, 0 rejected, 0 already done")
    assert set(server.paths) == {"/v1/completions"}
    assert set(server.keys) == {"Bearer secret"}
    written = (folder / "out.jsonl").read_text()
    assert "secret" not in written
    for row in map(json.loads, written.splitlines()):
        assert (row["model"], row["invoice"]["vendor"]["name"]) == ("invoices", "TechCorp Inc.")
        assert row["invoice"]["invoice_number"] is None
        assert "not-printed" in {finding["code"] for finding in row["findings"]}


def test_a_model_that_is_named_is_asked_whatever_the_backend(folder, served, capsys):
    with Server(says(ANSWER), models=listing("invoices", "others")) as server:
        served(server, BACKEND="auto")
        code, _, _ = run(capsys, "batch", "in", "--output", "out.jsonl", "--model", "remote:others")
    assert code == 0
    assert {request["model"] for request in server.asked} == {"others"}


def test_a_server_that_refuses_the_key_ends_the_batch_and_rejects_nothing(folder, served, capsys):
    with Server(refuses(401, message="no such key")) as server:
        served(server)
        code, _, err = run(capsys, "batch", "in", "--output", "out.jsonl")
    assert code not in (0, 3)
    assert "FINSCRIBE_REMOTE_KEY" in err
    assert not (folder / "out.jsonl.rejects.jsonl").exists()
