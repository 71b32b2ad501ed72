import pytest

from finscribe.training.dataset.card import Tally
from finscribe.training.dataset.lint import Warn
from tests.training.cards import card_of, record


def test_the_card_counts_fields_languages_vendors_and_tokens():
    card = card_of(*(record(n, tokens=n) for n in range(1, 101)))
    assert card["fields"]["vendor.name"] == {"known": 100, "affected": 0, "not_learnable": 0, "partial": 0}
    assert card["shapes"] == {"queue": 100}
    assert card["languages"] == {"en": 100}
    assert card["vendors"] == {
        "families": 1,
        "largest": [{"family": "techcorp", "records": 100, "part": "train"}],
    }
    assert card["tokens"]["percentiles"]["p50"] == pytest.approx(50, abs=1)
    assert card["tokens"]["percentiles"]["p100"] == 100
    assert sum(card["tokens"]["histogram"]["records"]) == 100
    assert card["normalised"] == {"older key": 200}


def test_the_version_is_of_what_the_files_hold_alone():
    assert card_of(record(1))["version"] == card_of(record(2), record(3), seed=5)["version"]


def test_the_worst_warnings_are_kept_and_stand_first():
    many = [record(n, warnings=[Warn("not-learnable", "no")]) for n in range(200)]
    card = card_of(*many, record(999, warnings=[Warn("wrong-encoding", "Ã¼")]))
    worst = card["warnings"]["worst"]
    assert worst[0] == {"code": "wrong-encoding", "record": "a.jsonl:999", "message": "Ã¼"}
    assert worst[1]["record"] == "a.jsonl:0"
    assert len(worst) == 100
    assert card["warnings"]["counts"] == {"wrong-encoding": 1, "not-learnable": 200}


def test_a_field_counts_the_records_that_are_affected_apart_from_their_values():
    fields = card_of(record(1, missing=10), record(2, missing=1))["fields"]
    assert fields["vendor.address"] == {"known": 2, "affected": 2, "not_learnable": 11, "partial": 0}


def test_values_are_respelled_in_train_alone():
    tally = Tally()
    for part in ("train", "val", "gate"):
        tally.add(record(1, respelled=3), part)
    assert tally.changes == {"older key": 6, "spelled as printed": 3}
