"""What a server sent back, trusted in nothing: its models, what one of them said, why it refuses a request."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from finscribe.decoding.remote.transport import Failed, Reply

_SLUG = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_TOO_LONG = re.compile(
    r"context.?(?:length|size|window)|n_ctx|max_(?:completion_)?tokens|too many tokens", re.IGNORECASE
)
_NOT_KNOWN = re.compile(r"unsupported[_ ](?:parameter|value)|not supported", re.IGNORECASE)
"""What is said of a word of the request that a server does not take, whatever its value."""
_REFUSALS = ("content_filter", "refusal")


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that a server lists: its name, whose it is, and how many tokens it takes where that is said."""

    name: str
    owner: str
    context: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a model wrote and why it ended; `pieces` are its tokens with their log probabilities, where told."""

    text: str
    ended: Literal["stop", "length", "refused"]
    pieces: tuple[tuple[bytes, float], ...] = ()


def read_models(reply: Reply) -> list[Listed]:
    """The models that a server lists; raises Failed for what is no such list."""
    found = _object_of(reply).get("data")
    if not isinstance(found, list):
        raise Failed("a list of models is expected, and something else came")
    return [
        Listed(each["id"], str(each.get("owned_by")), _context(each))
        for each in found
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    ]


def _context(listed: Mapping[str, Any]) -> int | None:
    """vLLM and SGLang say `max_model_len`, llama.cpp `meta.n_ctx`, or what the model was trained with."""
    meta = listed.get("meta")
    told = [listed.get("max_model_len")]
    if isinstance(meta, dict):
        told += [meta.get("n_ctx"), meta.get("n_ctx_train")]
    return next((each for each in told if type(each) is int and each > 0), None)


def read_answer(reply: Reply, model: str) -> Said:
    """What the model said; raises Failed for what is no answer, or that of another model."""
    answer = _object_of(reply)
    if not _is_of(answer.get("model"), model):
        raise Failed(f"the answer comes from another model than {model}")
    choices = answer.get("choices")
    if not (isinstance(choices, list) and choices and isinstance(choices[0], dict)):
        raise Failed("an answer without a choice")
    choice = choices[0]
    message = choice.get("message", {})
    text = message.get("content") if isinstance(message, dict) and message else choice.get("text")
    reason = choice.get("finish_reason")
    refused = reason in _REFUSALS or bool(isinstance(message, dict) and message.get("refusal"))
    if refused or text is None:
        return Said("", "refused" if refused or reason != "length" else "length")
    if not isinstance(text, str):
        raise Failed("an answer that is no text")
    ended: Literal["stop", "length"] = "length" if reason == "length" else "stop"
    return Said(text, ended, _pieces(choice.get("logprobs"), text))


def _is_of(said: object, model: str) -> bool:
    """Servers add a date or a revision to the name, and some say none."""
    return not isinstance(said, str) or not said or said.startswith(model)


def _pieces(logprobs: object, text: str) -> tuple[tuple[bytes, float], ...]:
    """The tokens of a text; none where they are not told, or do not make up the text."""
    if not isinstance(logprobs, dict):
        return ()
    if isinstance(content := logprobs.get("content"), list):
        found = [_piece(each) for each in content]
    else:
        tokens, chances = logprobs.get("tokens"), logprobs.get("token_logprobs")
        if not (isinstance(tokens, list) and isinstance(chances, list)):
            return ()
        found = [_pair(*each) for each in zip(tokens, chances, strict=False)]
    pieces = tuple(each for each in found if each)
    joined = b"".join(piece for piece, _ in pieces)  # the end of the text may be a token too
    return pieces if len(pieces) == len(found) and joined.startswith(text.encode("utf-8", "replace")) else ()


def _piece(token: object) -> tuple[bytes, float] | None:
    if not isinstance(token, dict):
        return None
    raw = token.get("bytes")
    if isinstance(raw, list) and all(type(each) is int and 0 <= each < 256 for each in raw):
        return _pair(bytes(raw), token.get("logprob"))
    return _pair(token.get("token"), token.get("logprob"))


def _pair(token: object, chance: object) -> tuple[bytes, float] | None:
    if isinstance(chance, bool) or not isinstance(chance, int | float) or chance != chance:
        return None
    if isinstance(token, bytes):
        return token, min(0.0, float(chance))
    return (token.encode("utf-8", "replace"), min(0.0, float(chance))) if isinstance(token, str) else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server does not take a request, as far as that can be told without its words: they may quote it."""

    status: int
    kind: str
    too_long: bool

    def __str__(self) -> str:
        return f"HTTP {self.status}" + (f", {self.kind}" if self.kind else "")


def read_refusal(reply: Reply) -> Refusal:
    """The status, and what of the rest is a bare word of the protocol."""
    try:
        said = _object_of(reply)
    except Failed:
        said = {}
    error = said.get("error", said)
    words: Sequence[object] = (error.get("code"), error.get("type")) if isinstance(error, dict) else ()
    kind = next((word for word in words if isinstance(word, str) and _SLUG.fullmatch(word)), "")
    why = json.dumps(said.get("error") or said.get("detail") or said.get("message") or "")
    told = f"{kind} {why[:2000]}"
    too_long = _TOO_LONG.search(told) is not None and not _NOT_KNOWN.search(told)
    return Refusal(reply.status, kind, too_long or reply.status == 413)


def _object_of(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        page = reply.headers.get("content-type", "").startswith("text/html")
        raise Failed("a web page for an answer" if page else "an answer that is no JSON") from None
    if not isinstance(found, dict):
        raise Failed("an answer that is no JSON object")
    return found
