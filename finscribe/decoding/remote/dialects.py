"""What a server is sent: the prompt, and what the answer may be in the words that this kind of server takes.

The grammar is the one that steers models on this machine, in llguidance's dialect of Lark. vLLM (`structured_outputs`),
SGLang (`ebnf`) and llama.cpp built with llguidance (`grammar`) hand it on to llguidance; others get a JSON schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from finscribe.decoding.answering import Task
from finscribe.decoding.grammar import Grounding, build_grammar
from finscribe.decoding.printed import Printed
from finscribe.invoice import DOCUMENT_TYPES, FIELDS, LINES, Kind
from finscribe.settings import RemoteApi

Dialect = Literal["vllm", "sglang", "llama.cpp", "schema", "off"]

BY_OWNER: Mapping[str, Dialect] = {"vllm": "vllm", "sglang": "sglang", "llamacpp": "schema"}
"""The dialect of a server, by whom it says in its list of models that they belong to.

llama.cpp takes a grammar where it was built for that, and ends its own process where it was not (`GGML_ABORT`), so it
is sent one only by somebody's own choice.
"""

GRAMMARS: frozenset[Dialect] = frozenset({"vllm", "sglang", "llama.cpp"})

PATHS: Mapping[RemoteApi, str] = {"chat": "/chat/completions", "completions": "/completions"}


def ladder(first: Dialect) -> tuple[Dialect, ...]:
    """A dialect, and what is tried where a server refuses it."""
    return tuple(dict.fromkeys((first, "schema", "off"))) if first != "off" else ("off",)


def request_of(task: Task, model: str, api: RemoteApi, dialect: Dialect, most_tokens: int) -> dict[str, Any]:
    """The body of a request: greedy, in one piece, with the probabilities of what is written."""
    body: dict[str, Any] = {"model": model, "temperature": 0, "max_tokens": most_tokens, "stream": False}
    if api == "chat":
        body |= {"messages": [{"role": "user", "content": task.prompt}], "logprobs": True}
    else:
        body |= {"prompt": task.prompt, "logprobs": 1}
    return body | constraint(task, dialect)


def constraint(task: Task, dialect: Dialect) -> dict[str, Any]:
    """What the answer may be."""
    if task.grounding is Grounding.OFF or dialect == "off":
        return {}
    if dialect == "schema":
        schema = {"name": "invoice", "strict": True, "schema": schema_of(task)}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    grammar = build_grammar(task.printed, task.request, task.grounding)
    if dialect == "vllm":
        return {"structured_outputs": {"grammar": grammar}}
    return {"ebnf": grammar} if dialect == "sglang" else {"grammar": f"%llguidance {{}}\n{grammar}"}


def schema_of(task: Task) -> dict[str, Any]:
    """The JSON schema of the answers to a task; of dates and currencies those that are printed, where that counts."""
    printed = task.printed if task.grounding is Grounding.GROUNDED else None
    blocks: dict[str, dict[str, Any]] = {}
    cells: dict[str, Any] = {}
    top: dict[str, Any] = {}
    for path in task.request:
        block, _, key = path.rpartition(".")
        value = _value(FIELDS[path], printed)
        if block == LINES:
            cells[key] = value
            top[LINES] = {"type": "array", "items": _object(cells)}
        elif block:
            blocks.setdefault(block, {})[key] = value
            top[block] = _object(blocks[block])
        else:
            top[key] = value
    return _object(top)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _value(kind: Kind, printed: Printed | None) -> dict[str, Any]:
    if kind.numeric:
        return {"type": ["number", "null"]}
    if kind is Kind.DOCUMENT_TYPE:
        return {"type": ["string", "null"], "enum": [*DOCUMENT_TYPES, None]}
    if printed is None or kind.textual:
        return {"type": ["string", "null"]}
    values = [json_text.strip('"') for json_text in printed.places(kind)]  # dates and codes hold no quotes
    return {"type": ["string", "null"], "enum": [*values, None]}
