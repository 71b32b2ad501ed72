"""Conversations."""

from typing import Any

import pytest

from finscribe.errors import RecordError
from finscribe.training.reading.shapes import read_record
from finscribe.training.records import Origin

ORIGIN = Origin("a.jsonl", 1)
TEXT = "ACME Ltd\nTotal 5.00"
OUTPUT = '{"vendor": {"name": "ACME Ltd"}}'
SYSTEM = {"role": "system", "content": "You extract JSON."}


@pytest.mark.parametrize(
    "raw",
    [
        {"messages": [{"role": "user", "content": TEXT}, {"role": "assistant", "content": OUTPUT}]},
        {
            "messages": [
                SYSTEM,
                {"role": "user", "content": f"Extract as JSON:\n{TEXT}"},
                {"role": "assistant", "content": f"```json\n{OUTPUT}\n```"},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": TEXT}]},
                {"role": "assistant", "content": [{"type": "text", "text": OUTPUT}]},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": TEXT},
                {"role": "assistant", "content": "In which format?"},
                {"role": "user", "content": "JSON"},
                {"role": "assistant", "content": OUTPUT},
            ]
        },
        {"conversations": [{"from": "human", "value": TEXT}, {"from": "gpt", "value": OUTPUT}]},
        {"conversations": [{"role": "user", "content": TEXT}, {"role": "assistant", "content": OUTPUT}]},
    ],
)
def test_the_user_gives_the_text_and_the_assistant_the_truth(raw: dict[str, Any]) -> None:
    record = read_record(raw, ORIGIN)
    assert record.text == TEXT
    assert record.truth.values == {"vendor.name": "ACME Ltd"}
    assert record.shape == ("messages" if "messages" in raw else "sharegpt")


def chat(*said: str) -> dict[str, Any]:
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[place % 2], "content": text} for place, text in enumerate(said)]}


OTHER = "Alpha GmbH, Berlin\nTotal 1,234.00"


@pytest.mark.parametrize(
    "raw",
    [
        chat(OTHER, "Thank you.", TEXT, OUTPUT),
        chat(
            TEXT, OUTPUT, "Once more as JSON, please, with all the keys in the order of the schema.", OUTPUT
        ),
        chat(TEXT, "{}", "Return JSON with dates in ISO 8601.", OUTPUT),
    ],
)
def test_an_answer_is_about_the_last_document_before_it(raw: dict[str, Any]) -> None:
    record = read_record(raw, ORIGIN)
    assert record.text == TEXT
    assert record.truth.values == {"vendor.name": "ACME Ltd"}


def test_a_conversation_about_two_documents_is_refused() -> None:
    with pytest.raises(RecordError, match="2 texts of a user are answered with an invoice") as caught:
        read_record(chat(OTHER, '{"vendor": "Alpha GmbH"}', TEXT, OUTPUT), ORIGIN)
    assert caught.value.reason == "ambiguous"


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([], "no-text"),
        ([{"role": "assistant", "content": OUTPUT}], "no-text"),
        ([{"role": "user", "content": TEXT}], "no-truth"),
        ([{"role": "user", "content": TEXT}, {"role": "assistant", "content": "Sorry."}], "not-json"),
        ([{"role": "user", "content": None}, {"role": "assistant", "content": OUTPUT}], "no-text"),
        ("hello", "unknown-shape"),
        (["hello"], "unknown-shape"),
    ],
)
def test_a_conversation_without_both_is_refused(turns: Any, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record({"messages": turns}, ORIGIN)
    assert caught.value.reason == reason
