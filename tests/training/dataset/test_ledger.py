import json
import sys

import pytest

from finscribe.errors import LedgerError, MissingDependency
from finscribe.training.dataset.ledger import Ledger, only_one


@pytest.mark.parametrize(
    "line", ["x", "[]", '{"family": "a"}', '{"text": "zz", "part": "val"}', '{"part": "val"}']
)
def test_a_damaged_ledger_is_an_error_that_names_the_line(tmp_path, line):
    path = tmp_path / "a.split.jsonl"
    path.write_text(json.dumps({"family": "a", "part": "val"}) + "\n" + line + "\n")
    with pytest.raises(LedgerError, match=r"a\.split\.jsonl:2"):
        Ledger.read(path)


def test_a_second_preparation_of_the_same_output_is_told_so(tmp_path):
    one, other, again = (only_one(tmp_path / name) for name in ("a.jsonl", "b.jsonl", "a.jsonl"))
    with one, other, pytest.raises(LedgerError, match="another preparation"), again:
        pass
    with only_one(tmp_path / "a.jsonl"):
        pass


def test_a_ledger_that_is_no_text_or_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "a.split.jsonl").write_bytes(b"\xff\xfe\n")
    with pytest.raises(LedgerError, match=r"a\.split\.jsonl:1"):
        Ledger.read(tmp_path / "a.split.jsonl")
    (tmp_path / "b.split.jsonl").mkdir()
    with pytest.raises(LedgerError, match="cannot be read"):
        Ledger.read(tmp_path / "b.split.jsonl")


def test_a_system_without_locks_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(MissingDependency, match="cannot lock") as caught, only_one(tmp_path / "a.jsonl"):
        pass
    assert caught.value.hint
