"""How long an example is: prompt and answer in tokens, exactly as they are trained."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from finscribe.errors import ModelNotFound
from finscribe.prompts import encode_answer, encode_prompt

Counter: TypeAlias = Callable[[Sequence[str], Sequence[str]], list[int]]
"""From prompts and their answers to tokens, the end of the turn included."""

_END = 0  # any id will do: it is counted, not used


def load_counter(tokenizer: str) -> Counter:
    """The counter of a tokenizer's folder or name; raises ModelNotFound.

    A folder without a chat template needs nothing but `tokenizers`; the rest is loaded by transformers.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the preparation has processes of its own
    folder = Path(tokenizer)
    try:
        plain = (folder / "tokenizer.json").is_file() and not _has_template(folder)
        return _fast(folder / "tokenizer.json") if plain else _general(tokenizer)
    except Exception as error:  # tokenizers raises plain Exception
        raise ModelNotFound(
            f"no tokenizer can be loaded from {tokenizer!r}: {error}",
            hint="Give the folder of a model, with tokenizer.json in it, or a name that is in the cache of the hub.",
        ) from error


def _has_template(folder: Path) -> bool:
    config = folder / "tokenizer_config.json"
    return any(folder.glob("chat_template*")) or (
        config.is_file() and '"chat_template"' in config.read_text("utf-8")
    )


def _fast(file: Path) -> Counter:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()

    def count(prompts: Sequence[str], answers: Sequence[str]) -> list[int]:
        asked = tokenizer.encode_batch_fast(list(prompts))
        answered = tokenizer.encode_batch_fast(list(answers), add_special_tokens=False)
        return [len(prompt) + len(answer) + 1 for prompt, answer in zip(asked, answered, strict=True)]

    return count


def _general(name: str) -> Counter:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)

    def count(prompts: Sequence[str], answers: Sequence[str]) -> list[int]:
        return [
            len(encode_prompt(tokenizer, prompt)) + len(encode_answer(tokenizer, answer, _END))
            for prompt, answer in zip(prompts, answers, strict=True)
        ]

    return count
