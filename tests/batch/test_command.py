import sys
from contextlib import contextmanager

import pytest

from finscribe.batch import on_ray
from tests.batch.fakes import in_process, write_texts
from tests.cli.fakes import run
from tests.cli.test_formats import imported


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_texts(tmp_path / "in", 3)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asked_of_ray(monkeypatch, asked):
    """Works in this process instead; what was asked for is recorded."""
    calls = []

    @contextmanager
    def ray_work(job, cluster):
        calls.append((job, cluster))
        yield in_process(job)

    monkeypatch.setattr(on_ray, "ray_work", ray_work)
    return calls


def test_counts_throughput_and_places_are_printed(folder, asked_of_ray, capsys):
    (folder / "in/empty.pdf").write_bytes(b"")
    code, out, _ = run(capsys, "batch", "in", "--output", "new/out.jsonl")
    assert code == 3
    counts, rate, rows, rejects = out.splitlines()
    assert counts == "4 inputs: 3 done, 1 rejected, 0 already done"
    assert "documents a second" in rate
    assert (rows, rejects) == ("rows: new/out.jsonl", "rejects: new/out.jsonl.rejects.jsonl")
    code, out, _ = run(capsys, "batch", "in", "--output", "new/out.jsonl")
    counts, _, _, before, _ = out.splitlines()
    assert (code, counts) == (3, "4 inputs: 0 done, 0 rejected, 4 already done")
    assert before == "rejected before: 1; --retry-rejects reads them again"


def test_files_of_other_kinds_are_said_as_extract_says_them_and_counted(folder, asked_of_ray, capsys):
    for name in ("a.docx", "b.docx", "README"):
        (folder / "in" / name).touch()
    code, out, err = run(capsys, "batch", "in", "--output", "in/out.jsonl")
    said = "note: passed over 3 files of other kinds: 2 .docx, 1 without an ending"
    assert (code, err.splitlines()[-1]) == (0, said)
    counted = "3 inputs: 3 done, 0 rejected, 0 already done; 3 of other kinds passed over"
    assert out.splitlines()[0] == counted
    assert said in run(capsys, "batch", "in", "--output", "in/out.jsonl")[2]


def test_workers_get_the_options_and_folders_that_mean_the_same_everywhere(
    folder, asked_of_ray, capsys, monkeypatch
):
    (folder / "models").mkdir()
    monkeypatch.setenv("RAY_ADDRESS", "10.0.0.1:6379")
    options = "--model models --workers 3 --gpus-per-worker 0.5 --fields client --no-arithmetic".split()
    assert run(capsys, "batch", "in", "--output", "out.parquet", *options)[0] == 0
    [(job, cluster)] = asked_of_ray
    assert cluster == on_ray.Cluster("10.0.0.1:6379", 3, 0.5)
    assert (job.model_name, job.settings.arithmetic) == (str(folder / "models"), False)
    assert job.settings.model_dir.is_absolute()
    assert job.request == ("client.name", "client.address")
    assert (folder / "out.parquet").stat().st_size > 0


@pytest.mark.parametrize("output", ["out.csv", "s3://bucket/out.jsonl"])
def test_an_output_that_cannot_be_appended_to_is_a_usage_error(folder, asked_of_ray, capsys, output):
    assert run(capsys, "batch", "in", "--output", output)[0] == 2
    assert asked_of_ray == []


def test_without_ray_the_error_has_the_line_that_installs_it(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    code, _, err = run(capsys, "batch", "in", "--output", "out.jsonl")
    assert code == 6
    assert "pip install 'finscribe[scale]'" in err


def test_without_what_comes_with_ray_the_error_is_the_same(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    code, _, err = run(capsys, "batch", "in", "--output", "out.jsonl")
    assert code == 6
    assert "pip install 'finscribe[scale]'" in err


def test_nothing_but_a_batch_imports_ray():
    code = "import finscribe.cli, finscribe.cli.formats, finscribe.batch.on_ray, finscribe.batch.run"
    assert not {"ray", "fsspec", "pyarrow"} & imported(code)


def test_a_cluster_that_is_not_there_is_an_error_that_says_where(folder, capsys, monkeypatch):
    class Ray:
        @staticmethod
        def is_initialized():
            return False

        @staticmethod
        def init(**options):
            raise ConnectionError(f"no cluster at {options['address']}")

    monkeypatch.setattr(on_ray, "import_ray", lambda: Ray)
    code, _, err = run(capsys, "batch", "in", "--output", "out.jsonl", "--ray-address", "10.0.0.1:6379")
    assert code == 12
    assert "10.0.0.1:6379" in err
