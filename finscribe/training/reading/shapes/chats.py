"""Conversations: `{messages: [{role, content}]}` and ShareGPT's `{conversations: [{from, value}]}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from finscribe.errors import RecordError
from finscribe.training.reading.shapes.parts import Shape, build_record, read_text, read_truth
from finscribe.training.records import Origin, Record

_USERS = frozenset({"user", "human"})
_ASSISTANTS = frozenset({"assistant", "gpt", "model", "bot", "chatgpt"})


def _read_messages(raw: Mapping[str, Any], origin: Origin) -> Record:
    return _read(raw, origin, "messages", role="role", content="content")


def _read_conversations(raw: Mapping[str, Any], origin: Origin) -> Record:
    return _read(raw, origin, "conversations", role="from", content="value")


def _read(raw: Mapping[str, Any], origin: Origin, key: str, *, role: str, content: str) -> Record:
    turns = list(_turns(raw[key], key, role, content))
    answer = next((turn for turn in reversed(turns) if turn[0] in _ASSISTANTS), None)
    asked = [text for who, text in turns[: turns.index(answer) if answer else None] if who in _USERS]
    if not asked:
        raise _broken(f"{key}: no turn of a user before the answer", "no-text")
    if answer is None:
        raise _broken(f"{key}: no turn of an assistant", "no-truth")
    # A later turn of the user may be no more than "as JSON, please": the longest one holds the document.
    text = read_text(max(asked, key=len))
    shape = "messages" if key == "messages" else "sharegpt"
    return build_record(shape, origin, text, read_truth(answer[1]), raw)


def _turns(turns: Any, key: str, role: str, content: str) -> Iterator[tuple[str, str]]:
    if not isinstance(turns, list):
        raise _broken(f"{key}: a list is expected, got {turns!r:.80}", "unknown-shape")
    for index, turn in enumerate(turns):
        if not isinstance(turn, Mapping):
            raise _broken(f"{key}[{index}]: an object is expected, got {turn!r:.80}", "unknown-shape")
        who = turn.get(role, turn.get("role", turn.get("from")))
        yield str(who).lower(), _text(turn.get(content, turn.get("content", turn.get("value"))))


def _text(content: Any) -> str:
    """The text of a turn: a string, or a list of parts of which some are text."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (part.get("text") if isinstance(part, Mapping) else part for part in parts)
    return "\n".join(text for text in texts if isinstance(text, str))


def _broken(message: str, reason: str) -> RecordError:
    return RecordError(message, reason=reason, hint="Give a user's turn with the text, then the answer.")


SHAPES = (
    Shape("messages", frozenset({"messages"}), _read_messages),
    Shape("sharegpt", frozenset({"conversations"}), _read_conversations),
)
