"""The one decoder loop: greedy under the grammar's mask, with as few forward passes as possible.

In every pass each document appends what the grammar forces (never asked of the model), then a guess of what
comes next. The model's logits verify the guess token by token; the first token that it would have chosen
otherwise replaces the rest. So the result is that of greedy decoding, one token at a time, under the same mask.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from finscribe.decoding.cursor import Cursor
from finscribe.decoding.drafting import Drafter
from finscribe.decoding.grammar import Grounding, build_grammar
from finscribe.decoding.model import LanguageModel
from finscribe.decoding.printed import Printed
from finscribe.errors import FinScribeError, PromptTooLong

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

LONGEST_DRAFT = 40
"""Tokens that are guessed for one forward pass; what the grammar forces behind them comes on top."""

FUEL, STATES = 20_000_000, 2_000_000
"""How far llguidance goes for one answer: expressions and states of its lexer.

Its own limits are too small for long answers. They start anew wherever a mask is computed, which is hardly ever
necessary when a model writes what it may.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to be written: the prompt, the text whose words it may use, and the fields asked for."""

    prompt: str
    printed: Printed
    request: tuple[str, ...]
    grounding: Grounding = Grounding.GROUNDED
    max_new_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was written: tokens and text, and for every value its JSON and the model's own probability.

    `complete` is False when the limit of tokens was reached; then `values` holds what was written in full.
    """

    text: str
    tokens: tuple[int, ...]
    values: tuple[tuple[str, str], ...]
    probabilities: tuple[float, ...]
    forward_passes: int
    complete: bool


@dataclass(slots=True)
class _Draft:
    """Tokens to be verified: `forced` ones follow from the grammar and need no verification."""

    tokens: list[int] = field(default_factory=list)
    forced: list[bool] = field(default_factory=list)


class _Row:
    """One document on its way to an answer."""

    def __init__(self, task: Task, model: LanguageModel, drafting: bool) -> None:
        self.task, self.model = task, model
        self.cursor = Cursor.of(task.request)
        self.drafter = Drafter(task.printed) if drafting else None
        self.matcher = _matcher(task, model)
        self.pending = model.encode_prompt(task.prompt)
        self.room = model.context_length - len(self.pending) - 1
        if self.room < 1:
            raise PromptTooLong(
                f"the prompt has {len(self.pending)} tokens, the model takes {model.context_length}",
                hint="Read fewer pages at a time, ask for fewer fields, or use a model with a longer context.",
            )
        self.limit = min(self.room, task.max_new_tokens or self.room)
        self.tokens: list[int] = []
        self.surprise: dict[str, float] = {}
        self.draft = _Draft()
        self.forward_passes = 0

    @property
    def done(self) -> bool:
        if self.task.grounding is Grounding.OFF:
            return bool(self.tokens and self.tokens[-1] == self.model.eos) or len(self.tokens) >= self.limit
        return self.cursor.done or len(self.tokens) >= self.limit

    def commit(self, token: int, surprise: float | None = None) -> None:
        """Takes a token into the answer; `surprise` is its negative log probability before the mask."""
        before = self.cursor.path
        self.cursor.feed(self.model.token_bytes(token))
        path = before or self.cursor.path
        if surprise is not None and path is not None:
            self.surprise[path] = self.surprise.get(path, 0.0) + surprise
        self.tokens.append(token)
        self.pending.append(token)

    def force(self) -> None:
        """Appends all tokens that the grammar leaves no choice about."""
        if self.matcher is None:
            return
        while forced := self.matcher.compute_ff_tokens()[: self.limit - len(self.tokens)]:
            _consume(self.matcher, forced)
            for token in forced:
                self.commit(token)

    def prepare_draft(self) -> None:
        """Guesses ahead along the grammar; the matcher is back where it was afterwards.

        What the grammar forces is asked for behind every single token, so that a drafted answer is divided into
        the same tokens as one without drafts.
        """
        self.draft = _Draft()
        if self.drafter is None or self.matcher is None:
            return
        ahead, room = self.cursor.copy(), self.limit - len(self.tokens)
        guessed: list[int] = []
        while len(self.draft.tokens) < room and not ahead.done:
            forced = self.matcher.compute_ff_tokens()[: room - len(self.draft.tokens)]
            if not forced and len(self.draft.tokens) >= LONGEST_DRAFT:
                break
            guessed = [] if forced else guessed or self.model.encode(self.drafter.guess(ahead))
            tokens = forced or guessed[: self.matcher.validate_tokens(guessed[:1])]
            if not tokens:
                break
            self._guess(tokens, ahead, forced=bool(forced))
            guessed = guessed[1:]
        self.matcher.rollback(len(self.draft.tokens))

    def _guess(self, tokens: Sequence[int], ahead: Cursor, *, forced: bool) -> None:
        _consume(self.matcher, tokens)
        for token in tokens:
            ahead.feed(self.model.token_bytes(token))
        self.draft.tokens += tokens
        self.draft.forced += [forced] * len(tokens)

    def verify(self, logits: Logits) -> int:
        """Takes the drafted tokens that the model agrees with, then its own next token.

        `logits` has one row for each drafted token and one more, `[drafted + 1, vocabulary]`. Returns how many
        drafted tokens were wrong and have to leave the cache.
        """
        self.forward_passes += 1
        self.pending = []
        for index, token in enumerate(self.draft.tokens):
            chosen = token if self.draft.forced[index] else self._choose(logits[index], token)
            surprise = None if self.draft.forced[index] else _surprise(logits[index], chosen)
            self._take(chosen, surprise)
            if chosen != token:
                return len(self.draft.tokens) - index
            self.pending = []
            if self.done:
                return len(self.draft.tokens) - index - 1
        chosen = self._choose(logits[-1])
        self._take(chosen, _surprise(logits[-1], chosen))
        return 0

    def _take(self, token: int, surprise: float | None) -> None:
        if self.matcher is not None:
            _consume(self.matcher, [token])
        self.commit(token, surprise)

    def _choose(self, logits: Logits, expected: int | None = None) -> int:
        """The likeliest token that the grammar allows; the mask is only computed when it can matter.

        Models may have more logits than their tokenizer has tokens; what is beyond is never chosen.
        """
        logits = logits[: self.model.guide.vocab_size]
        best = int(logits.argmax())
        if self.matcher is None or best == expected or self.matcher.validate_tokens([best]) == 1:
            return best
        import numpy as np

        bits = np.frombuffer(self.matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[: len(logits)].astype(bool)
        return int(np.where(allowed, logits, -np.inf).argmax())

    def answer(self) -> Answer:
        text = b"".join(map(self.model.token_bytes, self.tokens)).decode("utf-8", "replace")
        values = self.cursor.finished
        chances = tuple(math.exp(-self.surprise.get(path, 0.0)) for path, _ in values)
        ended = bool(self.tokens) and self.tokens[-1] == self.model.eos
        complete = ended if self.task.grounding is Grounding.OFF else self.cursor.done
        return Answer(text, tuple(self.tokens), values, chances, self.forward_passes, complete)


def decode(model: LanguageModel, tasks: Sequence[Task], *, drafting: bool = True) -> list[Answer]:
    """Writes the answers to a batch of tasks, in their order; raises PromptTooLong."""
    rows = [_Row(task, model, drafting) for task in tasks]
    running, session = list(rows), model.session()
    while running:
        for row in running:
            row.force()
        running = _drop_finished(running, session)
        if not running:
            break
        for row in running:
            row.prepare_draft()
        wanted = [len(row.draft.tokens) + 1 for row in running]
        logits = session.extend([row.pending + row.draft.tokens for row in running], wanted)
        session.rollback([row.verify(logits[index]) for index, row in enumerate(running)])
        running = _drop_finished(running, session)
    return [row.answer() for row in rows]


def _drop_finished(running: list[_Row], session: Any) -> list[_Row]:
    open_rows = [index for index, row in enumerate(running) if not row.done]
    if len(open_rows) < len(running) and any(row.forward_passes for row in running):
        session.keep(open_rows)
    return [running[index] for index in open_rows]


def _matcher(task: Task, model: LanguageModel) -> Any:
    if task.grounding is Grounding.OFF:
        return None
    from llguidance import LLMatcher, LLParserLimits

    limits = LLParserLimits(initial_lexer_fuel=FUEL, step_lexer_fuel=FUEL, max_lexer_states=STATES)
    grammar = build_grammar(task.printed, task.request, task.grounding)
    matcher = LLMatcher(model.guide, grammar, log_level=0, limits=limits)
    if matcher.is_error():
        raise FinScribeError(
            f"the grammar of this document was refused: {matcher.get_error()[:300]}",
            hint="Please report this with the text of the document.",
        )
    return matcher


def _consume(matcher: Any, tokens: Sequence[int]) -> None:
    """Moves the matcher on; a refusal after a validated choice is a fault of ours and never silent."""
    if not matcher.consume_tokens(list(tokens)):
        raise FinScribeError(
            f"the grammar refused its own tokens {list(tokens)[:8]}: {matcher.get_error()[:200]}",
            hint="Please report this with the text of the document.",
        )


def _surprise(logits: Logits, token: int) -> float:
    import numpy as np

    peak = float(logits.max())
    return peak + math.log(float(np.exp(logits - peak).sum())) - float(logits[token])
