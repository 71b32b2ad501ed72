"""Prepared records as training examples: exactly the prompt that is served, and an answer that it could decode."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from finscribe.decoding import Printed
from finscribe.decoding.align import align
from finscribe.documents import Document
from finscribe.errors import FinScribeError, PromptTooLong, TrainingDataError
from finscribe.folding import document_key
from finscribe.invoice import Truth
from finscribe.prompts import build_prompt, encode_answer, encode_prompt
from finscribe.synthesis import generate
from finscribe.training.finetuning.recipe import TRAIN_NAME, VAL_NAME
from finscribe.training.finetuning.windowing import Part, asked_nowhere, split

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

STARTER_MARK = "finscribe_starter"
"""What the starter and every model trained from it say in their `config.json`."""
REPLAY_SEED = 6_000_000_000
"""Replayed documents are none of those that the starter was trained or measured on."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document and what is known of it, with the line of the file that says so."""

    text: str
    truth: Truth
    origin: str

    @property
    def key(self) -> str:
        """What two copies of the same document have in common."""
        return document_key(self.text)


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids of a prompt with its answer; only what stands from `answer_start` on is learned."""

    ids: list[int]
    answer_start: int

    @property
    def labels(self) -> list[int]:
        """The ids to learn, -100 (which the loss leaves out) for those of the prompt."""
        return [-100] * self.answer_start + self.ids[self.answer_start :]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Examples, and what became of the documents that did not simply become one."""

    examples: Sequence[Example]
    too_long: int
    """Documents of which no window, or not every one, is short enough to be learned."""
    nothing_to_learn: int
    """Documents that print nothing of their truth."""
    unreachable: int
    """Values that their document does not print; the rest of the document is learned."""
    windowed: int = 0
    """Documents that are learned in windows, as the model is given them to read."""
    not_in_a_window: int = 0
    """Values of such documents that no window prints whole."""


def read_labelled(path: Path) -> list[Labelled]:
    """The prepared records of a file; raises `TrainingDataError` with the line that cannot be read."""
    return read_hashed(path)[0]


def read_hashed(path: Path) -> tuple[list[Labelled], str]:
    """The prepared records of a file, and the SHA-256 of what was read; raises as `read_labelled` does."""
    try:
        content = path.read_bytes()
        lines = content.decode().split("\n")
    except FileNotFoundError:
        raise TrainingDataError(
            f"{path} does not exist",
            hint="Prepare it: finscribe prepare --input FILES --output " + str(path),
        ) from None
    except IsADirectoryError:
        raise TrainingDataError(
            f"{path} is a folder, and not a file of prepared records",
            hint=f"Give a file in it: {TRAIN_NAME} and {VAL_NAME} are what prepare writes.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else f"it is not UTF-8 ({error.reason})"
        raise TrainingDataError(
            f"{path} cannot be read: {why}", hint="Give a file of JSON lines that may be read."
        ) from error
    found = [
        _labelled(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()
    ]
    if not found:
        raise TrainingDataError(f"{path} holds no records", hint="Prepare it from files that hold some.")
    return found, hashlib.sha256(content).hexdigest()


def _labelled(line: str, origin: str) -> Labelled:
    try:
        record = json.loads(line)
        text, output = record["input"], record["output"]
        if output is None or not str(output).strip():
            raise ValueError("its output is empty, so that nothing is known of the document")
        return Labelled(Document.from_text(text, origin).text, Truth.read(output), origin)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        said = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise TrainingDataError(
            f"{origin}: not a prepared record: {said}",
            hint='Every line is {"input": "OCR_TEXT:...", "output": "{...}"}; '
            "finscribe prepare makes such files of nearly anything.",
        ) from error
    except FinScribeError as error:
        raise TrainingDataError(f"{origin}: {error.message}", hint=error.hint) from error


def refuse_leaks(train: Iterable[Labelled], val: Iterable[Labelled]) -> None:
    """Raises `TrainingDataError` where a validation document is also trained on."""
    seen = {labelled.key: labelled.origin for labelled in train}
    leaks = [(labelled.origin, seen[labelled.key]) for labelled in val if labelled.key in seen]
    if leaks:
        raise TrainingDataError(
            f"{len(leaks)} validation documents are in the training data, {leaks[0][0]} as {leaks[0][1]}",
            hint="Split with finscribe prepare --split, or give --allow_leak.",
        )


def encode(tokenizer: PreTrainedTokenizerBase, text: str, truth: Truth, request: Sequence[str]) -> Example:
    """One document with one request, as it is served; the answer ends with the end of the turn."""
    prompt = encode_prompt(tokenizer, build_prompt(text, request))
    answer = encode_answer(tokenizer, truth.to_json(request), tokenizer.eos_token_id)
    return Example(prompt + answer, len(prompt))


def encode_all(
    tokenizer: PreTrainedTokenizerBase,
    documents: Iterable[Labelled],
    max_seq_length: int,
    context_length: int | None = None,
    window_tokens: int | None = None,
) -> Encoded:
    """Every document with a request for what is known of it and printed on it.

    One that a model of `context_length` tokens (default: of any number) that reads lines best in `window_tokens` is
    served in windows, or that is longer than an example may be, is learned in windows.
    """
    counts: Counter[str] = Counter()
    examples: list[Example] = []
    for labelled in documents:
        aligned = align(labelled.truth, Printed(labelled.text))
        counts["unreachable"] += len(aligned.unreachable)
        if not aligned.truth.request:
            counts["nothing_to_learn"] += 1
            continue
        contexts = (context_length or sys.maxsize, max_seq_length, max_seq_length // 2)
        parts, found = _in_windows(
            tokenizer, labelled.text, aligned.truth, max_seq_length, contexts, window_tokens
        )
        short = [example for example in found if len(example.ids) <= max_seq_length]
        examples += short
        counts["too_long"] += len(short) < len(found) or not parts
        counts["windowed"] += len(parts) > 1
        counts["not_in_a_window"] += asked_nowhere(aligned.truth, parts)
    return Encoded(examples, **{each.name: counts[each.name] for each in fields(Encoded)[1:]})


def _in_windows(
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    truth: Truth,
    max_seq_length: int,
    contexts: Sequence[int],
    window_tokens: int | None,
) -> tuple[list[Part], list[Example]]:
    """A document in the windows of the first of these contexts, those of serving, whose examples are short enough."""

    def count(piece: str) -> int:
        return len(tokenizer.encode(piece, add_special_tokens=False))

    parts: list[Part] = []
    examples: list[Example] = []
    for context in contexts:
        try:
            parts = split(text, truth, count, context, window_tokens)
        except PromptTooLong:  # such a window does not even hold a character
            break
        asked = [(part.text, part.truth, part.truth.request) for part in parts if part.truth.request]
        examples = [encode(tokenizer, *each) for each in asked]
        if all(len(example.ids) <= max_seq_length for example in examples):
            break
    return parts, examples


def replayed(count: int, seed: int) -> list[Labelled]:
    """Fresh synthetic documents with their full truth, for what partial truths would let a model forget."""
    first = REPLAY_SEED + random.Random(seed).randrange(1_000_000) * 1_000
    samples = [generate(first + index) for index in range(count)]
    return [
        Labelled(sample.text, Truth.read(sample.truth), f"synthetic:{first + index}")
        for index, sample in enumerate(samples)
    ]
