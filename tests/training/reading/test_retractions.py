"""Examples that were taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.json_lines import read_line
from finscribe.training.queue.record import make_correction
from finscribe.training.reading.lines import Raw
from finscribe.training.reading.retractions import NO_RETRACTIONS, find_retractions
from finscribe.training.records import Origin, Reject

ORIGIN = Origin("training_queue.jsonl", 1)
TOMBSTONE = '{"tombstone": "abcd", "timestamp": "2024-02-01T00:00:00Z"}'


def found(*contents: str) -> list[Raw | Reject]:
    return [Raw(ORIGIN, content) for content in contents]


def test_tombstones_are_found_with_their_last_time() -> None:
    earlier = TOMBSTONE.replace("02-01", "01-01")
    broken = ('{"tombstone": ', '{"note": "no \\"tombstone\\""}')
    retractions = find_retractions([*found(TOMBSTONE, earlier, *broken), Reject(ORIGIN, "encoding", "", "")])
    assert retractions.times == {"abcd": datetime(2024, 2, 1, tzinfo=UTC)}


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "abcd", "timestamp": "2024-01-31T00:00:00Z"},
        {"example_id": "abcd", "timestamp": "2024-01-31T00:00:00Z"},
        {"id": "abcd"},
        {"payload": {"id": "abcd", "timestamp": "2024-01-31T00:00:00Z"}},
        {"timestamp": "2024-01-31T00:00:00Z", "payload": '{"example_id": "abcd"}'},
    ],
)
def test_an_example_made_before_its_tombstone_is_taken_back(raw: dict[str, Any]) -> None:
    with pytest.raises(RecordError) as caught:
        find_retractions(found(TOMBSTONE)).check(raw)
    assert caught.value.reason == "retracted"


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "abcd", "timestamp": "2024-02-02T00:00:00Z"},
        {"timestamp": "2024-02-02T00:00:00Z", "payload": {"id": "abcd"}},
        {"id": "other"},
        {"input": 1, "output": 2},
        {},
    ],
)
def test_other_examples_and_one_made_again_stay(raw: dict[str, Any]) -> None:
    assert find_retractions(found(TOMBSTONE)).check(raw) is None
    assert NO_RETRACTIONS.check(raw) is None


def test_a_record_without_an_id_is_known_by_its_content() -> None:
    example = make_correction("ACME\nTotal 5", {"total": 5}, "inv-1")
    raw = read_line(example.to_line())
    del raw["id"]
    retractions = find_retractions(found(f'{{"tombstone": "{example.id}"}}'))
    with pytest.raises(RecordError):
        retractions.check(raw)
