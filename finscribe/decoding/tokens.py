"""A model's tokenizer as the decoder needs it, whichever library reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from finscribe.errors import MissingDependency, ModelBroken
from finscribe.prompts import encode_prompt

LONGEST_PIECE = 200
"""Characters of the texts whose tokens are remembered: guesses recur, documents do not."""

MOST_REMEMBERED = 20_000

PLAIN_CLASSES = ("PreTrainedTokenizerFast", "TokenizersBackend")
"""The kinds of tokenizer that are nothing but their `tokenizer.json`."""

CHANGING_KEYS = ("add_bos_token", "add_eos_token", "add_prefix_space", "chat_template")
"""Settings beside `tokenizer.json` which change what a text becomes."""


class Tokens:
    """The tokens of texts and the bytes of tokens; `tokenizer` is one of transformers, or a `PlainTokenizer`."""

    def __init__(self, tokenizer: Any, make_guide: Callable[[], Any]) -> None:
        self.tokenizer, self.eos = tokenizer, int(tokenizer.eos_token_id)
        self._make_guide = make_guide
        self._bytes: dict[int, bytes] = {}
        self._encoded: dict[str, list[int]] = {}

    @cached_property
    def guide(self) -> Any:
        """The tokenizer as llguidance sees it."""
        return self._make_guide()

    def encode_prompt(self, prompt: str) -> list[int]:
        """Token ids of a prompt, in the chat template where the tokenizer has one."""
        return encode_prompt(self.tokenizer, prompt)

    def encode(self, text: str) -> list[int]:
        """Token ids of a piece of an answer, without special tokens."""
        if len(text) > LONGEST_PIECE:
            return list(self.tokenizer.encode(text, add_special_tokens=False))
        found = self._encoded.get(text)
        if found is None:
            if len(self._encoded) > MOST_REMEMBERED:
                self._encoded.clear()
            found = self._encoded[text] = self.tokenizer.encode(text, add_special_tokens=False)
        return found

    def token_bytes(self, token: int) -> bytes:
        """The bytes that a token writes; empty for the end of the text."""
        if token not in self._bytes:
            self._bytes[token] = b"" if token == self.eos else bytes(self.guide.decode_bytes([token]))
        return self._bytes[token]


class PlainTokenizer:
    """A `tokenizer.json` read without transformers, with the same answers."""

    chat_template = None

    def __init__(self, backend: Any, eos: int) -> None:
        backend.no_padding()
        backend.no_truncation()
        self.backend, self.eos_token_id = backend, eos

    def encode(self, text: str, *, add_special_tokens: bool = True) -> list[int]:
        """Token ids of a text."""
        return list(self.backend.encode(text, add_special_tokens=add_special_tokens).ids)

    def guide(self) -> Any:
        """What llguidance makes of it, an `LLTokenizer`."""
        from llguidance import LLTokenizer

        return LLTokenizer(self.backend.to_str(), eos_token=self.eos_token_id)


def read_tokens(folder: Path) -> Tokens:
    """The tokenizer of a model folder, by transformers only where it needs more than its `tokenizer.json`.

    Raises ModelBroken, and MissingDependency where transformers is needed and not installed.
    """
    if is_plain(folder):
        plain = _read_plain(folder)
        return Tokens(plain, plain.guide)
    if find_spec("transformers") is None:
        raise MissingDependency(
            f"the tokenizer of {folder} has a chat template or rules of its own, which takes transformers",
            hint="pip install 'finscribe[train]'",
        )
    from transformers import AutoTokenizer

    return tokens_of(AutoTokenizer.from_pretrained(folder, trust_remote_code=False))


def tokens_of(tokenizer: Any) -> Tokens:
    """What a tokenizer of transformers offers the decoder."""

    def make_guide() -> Any:
        import llguidance.hf

        return llguidance.hf.from_tokenizer(tokenizer)

    return Tokens(tokenizer, make_guide)


def is_plain(folder: Path) -> bool:
    """Whether a folder's `tokenizer.json` alone says how texts become tokens."""
    said = _read_json(folder / "tokenizer_config.json")
    return (
        (folder / "tokenizer.json").is_file()
        and not (folder / "chat_template.jinja").exists()
        and said.get("tokenizer_class") in PLAIN_CLASSES
        and not any(said.get(key) for key in CHANGING_KEYS)
    )


def _read_plain(folder: Path) -> PlainTokenizer:
    from tokenizers import Tokenizer

    path, eos = folder / "tokenizer.json", _read_json(folder / "tokenizer_config.json").get("eos_token")
    try:
        backend = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise ModelBroken(
            f"{path} is no tokenizer: {error}", hint="Copy or train the model again."
        ) from error
    end = backend.token_to_id(str(eos.get("content") if isinstance(eos, dict) else eos))
    if end is None:
        raise ModelBroken(
            f"{folder} has no token for the end of a text: eos_token is {eos!r}",
            hint="Name it in tokenizer_config.json.",
        )
    return PlainTokenizer(backend, end)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    except ValueError as error:
        raise ModelBroken(f"{path} is not JSON: {error}", hint="Copy or train the model again.") from error
    return found if isinstance(found, dict) else {}
