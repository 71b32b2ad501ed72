"""Conversations: `{messages: [{role, content}]}` and ShareGPT's `{conversations: [{from, value}]}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from finscribe.errors import RecordError
from finscribe.training.reading.shapes.parts import Shape, build_record, read_text, read_truth
from finscribe.training.records import Origin, Record

_USERS = frozenset({"user", "human"})
_ASSISTANTS = frozenset({"assistant", "gpt", "model", "bot", "chatgpt"})
_OBJECT = re.compile(r"\s*(?:```\w*\s*)?\{")

_Exchange: TypeAlias = tuple[list[str], str]


def _read_messages(raw: Mapping[str, Any], origin: Origin) -> Record:
    return _read(raw, origin, "messages", role="role", content="content")


def _read_conversations(raw: Mapping[str, Any], origin: Origin) -> Record:
    return _read(raw, origin, "conversations", role="from", content="value")


def _read(raw: Mapping[str, Any], origin: Origin, key: str, *, role: str, content: str) -> Record:
    exchanges, left = _exchanges(_turns(raw[key], key, role, content))
    if not any(asked for asked, _ in exchanges) and (exchanges or not left):
        raise _broken(f"{key}: no turn of a user before the answer", "no-text")
    if not exchanges:
        raise _broken(f"{key}: no turn of an assistant", "no-truth")
    shape = "messages" if key == "messages" else "sharegpt"
    text = read_text(_document(exchanges, key))
    return build_record(shape, origin, text, read_truth(exchanges[-1][1]), raw)


def _exchanges(turns: Iterable[tuple[str, str]]) -> tuple[list[_Exchange], list[str]]:
    """Each answer of the assistant, with what was said to it since the one before; and what is not answered."""
    exchanges: list[_Exchange] = []
    asked: list[str] = []
    for who, text in turns:
        if who in _USERS:
            asked.append(text)
        elif who in _ASSISTANTS:
            exchanges.append((asked, text))
            asked = []
    return exchanges, asked


def _document(exchanges: Sequence[_Exchange], key: str) -> str:
    """The document that the last answer is about; raises `RecordError` (ambiguous) where others are answered too.

    Orders and remarks are of one line or short beside a document, under a quarter of the longest one.
    """
    longest = max((text for asked, _ in exchanges for text in asked), key=_size)
    given = [
        (max(asked, key=_size), answer)
        for asked, answer in exchanges
        if any(_size(text) >= (_size(longest)[0], len(longest) / 4) for text in asked)
    ]
    answered = len({text for text, answer in given if _OBJECT.match(answer)})
    if answered > 1:
        raise RecordError(
            f"{key}: {answered} texts of a user are answered with an invoice, and a record holds one",
            reason="ambiguous",
            hint="Write a conversation of its own for each document.",
        )
    return given[-1][0] if given else longest


def _size(text: str) -> tuple[bool, int]:
    """Whether a text has several lines, and its characters."""
    return "\n" in text.strip(), len(text)


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
