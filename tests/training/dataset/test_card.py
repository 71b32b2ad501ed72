import pytest

from finscribe.training.dataset.lint import Warn
from tests.training.cards import card_of, example


def test_the_card_counts_fields_languages_vendors_and_tokens():
    card = card_of(*(example(n, tokens=n) for n in range(1, 101)))
    assert card["fields"]["vendor.name"] == {"known": 100, "not_learnable": 0, "partial": 0}
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
    assert card_of(example(1))["version"] == card_of(example(2), example(3), seed=5)["version"]


def test_the_worst_warnings_are_kept_and_stand_first():
    many = [example(n, warnings=[Warn("not-learnable", "no")]) for n in range(200)]
    card = card_of(*many, example(999, warnings=[Warn("wrong-encoding", "Ã¼")]))
    worst = card["warnings"]["worst"]
    assert worst[0] == {"code": "wrong-encoding", "record": "a.jsonl:999", "message": "Ã¼"}
    assert worst[1]["record"] == "a.jsonl:0"
    assert len(worst) == 100
    assert card["warnings"]["counts"] == {"wrong-encoding": 1, "not-learnable": 200}
