import pytest

from finscribe.documents import Document
from finscribe.errors import PromptTooLong
from finscribe.evaluation.predictions import Journal, Prediction, open_journal
from finscribe.evaluation.systems import System
from tests.evaluation.fakes import ByHeart, record

ONE, OTHER = System("one", "model", "one", "aaaa"), System("other", "model", "other", "bbbb")


@pytest.fixture
def prediction():
    document = Document.from_text(record("Alba Ltd", 7)["input"])
    return Prediction.of(ByHeart().read([document])[0], 0.5, 1.5)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "p.jsonl").touch()
    return tmp_path / "p.jsonl"


def said(prediction):
    """Every value, and where it is printed."""
    return {
        path: (
            found.value,
            found.support,
            found.confidence,
            [(run.start, run.end) for runs in found.places for run in runs],
        )
        for path, found in prediction.evidence.items()
    }


def test_a_prediction_survives_its_record(prediction):
    again = Prediction.from_record(prediction.to_record())
    assert again.invoice == prediction.invoice
    assert said(again) == said(prediction)
    assert (again.seconds, again.latency) == (0.5, 1.5)
    assert again.valid_json


def test_a_failed_prediction_is_no_json_and_says_why():
    failed = Prediction.failed(PromptTooLong("too long"), 0.1)
    assert (failed.valid_json, failed.complete) == (False, False)
    assert Prediction.from_record(failed.to_record()).error == "prompt-too-long: too long"


def test_a_journal_is_found_again(path, prediction):
    first = Journal(path)
    first.add(ONE, [("d1", prediction), ("d2", Prediction({}))])
    first.close()
    again = Journal(path)
    assert again.has(ONE, "d1")
    assert not again.has(OTHER, "d1")
    again.add(OTHER, [("d1", Prediction({}, forward_passes=3))])
    assert said(again.get(ONE, "d1")) == said(prediction)
    assert again.get(OTHER, "d1").forward_passes == 3
    again.close()


def test_a_torn_last_line_and_damaged_ones_are_read_anew(path, prediction):
    first = Journal(path)
    first.add(ONE, [("d1", prediction), ("d2", prediction)])
    first.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"damaged\n" + lines[1][:-20])
    again = Journal(path)
    assert again.has(ONE, "d1")
    assert not again.has(ONE, "d2")
    again.add(ONE, [("d2", prediction)])
    assert said(again.get(ONE, "d2")) == said(prediction)
    again.close()
    third = Journal(path)
    assert third.has(ONE, "d2")
    third.close()


def test_a_journal_is_removed_when_all_went_well_or_nothing_is_in_it(tmp_path, prediction):
    with open_journal(tmp_path / "a") as journal:
        journal.add(ONE, [("d1", prediction)])
    assert not (tmp_path / "a").exists()
    assert fails_with(tmp_path / "b", [("d1", prediction)]).exists()
    assert not fails_with(tmp_path / "c", []).exists()


def fails_with(path, answers):
    """An evaluation that failed after some answers."""
    try:
        with open_journal(path) as journal:
            journal.add(ONE, answers)
            raise ZeroDivisionError
    except ZeroDivisionError:
        return path
