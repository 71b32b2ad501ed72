"""One document on its way to an answer: what is written, what is guessed ahead, what the model confirms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from finscribe.decoding.choices import Choice, choice_at
from finscribe.decoding.cursor import Cursor
from finscribe.decoding.drafting import Drafter
from finscribe.decoding.grammar import Grounding, build_grammar
from finscribe.decoding.model import SteeredModel
from finscribe.decoding.odds import REST_OF_GUESS, Odds, subject
from finscribe.decoding.printed import Printed
from finscribe.decoding.turns import Begun, may_turn, path_of
from finscribe.errors import FinScribeError, PromptTooLong
from finscribe.invoice import PARTIES, kind_of

if TYPE_CHECKING:
    from finscribe.decoding.model import Logits

LONGEST_DRAFT = 40
"""Tokens that are guessed for one forward pass; what the grammar forces behind them comes on top."""

LEAST_CHANCE = 0.3
"""A draft ends where all of it is less likely than this to hold.

A token that fails costs its share of a pass, a token that holds saves a pass or a part of one; on a processor, what
is best lies between 0.2 for a document alone and 0.5 for one of many, and is flat.
"""

FUEL, STATES = 20_000_000, 2_000_000
"""How far llguidance goes for one answer: expressions and states of its lexer.

Its own limits are too small for long answers. They start anew wherever a mask is computed, which is hardly ever
necessary when a model writes what it may.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to be written: the prompt, the text whose words it may use, and the fields asked for.

    It may have `begun` already, and may end behind `through`, a header field or the list of lines.
    """

    prompt: str
    printed: Printed
    request: tuple[str, ...]
    grounding: Grounding = Grounding.GROUNDED
    max_new_tokens: int | None = None
    begun: Begun | None = None
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A value, as JSON, that a model wrote where it was free to, and which the document does not print."""

    path: str
    json: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with an answer as a whole: a short stable code, and a sentence."""

    code: str
    said: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was written: tokens and text, and for every value its JSON and the model's own probability.

    `complete` is False when the limit of tokens was reached; then `values` holds what was written in full.
    `choices` are those that the model made in writing a number or a party's name, by the path of the value, `turns`
    those that say which line comes next. `rejected` are values that a model wrote which was only asked: in `values`
    they are null. `flaws` says what else was wrong with its answer.
    """

    text: str
    tokens: tuple[int, ...]
    values: tuple[tuple[str, str], ...]
    probabilities: tuple[float, ...]
    forward_passes: int
    complete: bool
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict, compare=False, repr=False)
    turns: Sequence[Choice] = field(default=(), compare=False, repr=False)
    rejected: tuple[Rejected, ...] = ()
    flaws: tuple[Flaw, ...] = ()


@dataclass(slots=True)
class _Draft:
    """Tokens to be verified, and what each is a guess about: nothing where the grammar forces it."""

    tokens: list[int] = field(default_factory=list)
    about: list[str | None] = field(default_factory=list)
    chance: float = 1.0


class Row:
    """One document on its way to an answer.

    `prompt` are the tokens of the task's prompt, `pending` those that the model has not yet seen.
    """

    def __init__(self, task: Task, prompt: Sequence[int], model: SteeredModel, drafting: bool) -> None:
        self.task, self.model = task, model
        self.cursor = Cursor.of(task.request)
        self.drafter = Drafter(task.printed) if drafting else None
        self.matcher = _matcher(task, model)
        self.pending = list(prompt)
        room = room_for_answer(prompt, model)
        self.limit = min(room, task.max_new_tokens or room)
        self.tokens: list[int] = []
        self.surprise: dict[str, float] = {}
        self.choices: dict[str, list[Choice]] = {}
        self.turns: list[Choice] = []
        self.draft, self.odds = _Draft(), Odds()
        self.forward_passes = 0
        if task.begun:
            for token in task.begun.tokens:
                self._take(token, None)
            self.surprise.update(task.begun.surprise)

    @property
    def done(self) -> bool:
        """Whether nothing more is to be written: the answer is whole, or has as many tokens as it may."""
        if self.task.grounding is Grounding.OFF:
            return bool(self.tokens and self.tokens[-1] == self.model.eos) or len(self.tokens) >= self.limit
        return self._is_whole or len(self.tokens) >= self.limit

    @property
    def _is_whole(self) -> bool:
        through = self.task.through
        return self.cursor.done or (through is not None and self.cursor.past(through))

    def _commit(self, token: int, logits: Logits | None = None, surprise: float = 0.0) -> None:
        """Takes a token into the answer.

        `logits`, before the mask, are those that it was chosen by, if it was, and `surprise` is what they say of it.
        """
        before = self.cursor.path
        self.cursor.feed(self.model.token_bytes(token))
        path = before or self.cursor.path
        if logits is not None and path is not None:
            self.surprise[path] = self.surprise.get(path, 0.0) + surprise
            if kind_of(path).numeric:
                self.choices.setdefault(path, []).append(self._choice(token, logits, surprise))
        self.tokens.append(token)
        self.pending.append(token)

    def force(self) -> None:
        """Appends all tokens that the grammar leaves no choice about."""
        if self.matcher is None:
            return
        while forced := self.matcher.compute_ff_tokens()[: self.limit - len(self.tokens)]:
            _consume(self.matcher, forced)
            for token in forced:
                self._commit(token)

    def prepare_draft(self) -> None:
        """Guesses ahead along the grammar; the matcher is back where it was afterwards.

        What the grammar forces is asked for behind every single token, so that a drafted answer is divided into
        the same tokens as one without drafts.
        """
        self.draft = _Draft()
        if self.drafter is None or self.matcher is None:
            return
        ahead, room = self.cursor.copy(), self.limit - len(self.tokens)
        guess: list[int] = []
        while len(self.draft.tokens) < room and not ahead.done:
            if forced := self.matcher.compute_ff_tokens()[: room - len(self.draft.tokens)]:
                self._append(forced, ahead, None)
                guess = []
                continue
            about = REST_OF_GUESS if guess else subject(ahead)
            guess = guess or self.model.encode(self.drafter.guess(ahead))
            if not self._is_worth(guess[:1], about):
                break
            self._append(guess[:1], ahead, about)
            guess = guess[1:]
        self.matcher.rollback(len(self.draft.tokens))

    def _is_worth(self, token: Sequence[int], about: str) -> bool:
        """Whether a guess goes into the draft: if it is allowed and the draft likely enough to hold with it."""
        self.draft.chance *= self.odds.chance(about)
        return (
            len(self.draft.tokens) < LONGEST_DRAFT
            and self.draft.chance >= LEAST_CHANCE
            and self.matcher.validate_tokens(token) == 1
        )

    def _append(self, tokens: Sequence[int], ahead: Cursor, about: str | None) -> None:
        _consume(self.matcher, tokens)
        for token in tokens:
            ahead.feed(self.model.token_bytes(token))
        self.draft.tokens += tokens
        self.draft.about += [about] * len(tokens)

    def verify(self, logits: Logits) -> int:
        """Takes the drafted tokens that the model agrees with, then its own next token.

        `logits` has one row for each drafted token and one more, `[drafted + 1, vocabulary]`. Returns how many
        drafted tokens were wrong and have to leave the cache.
        """
        self.forward_passes += 1
        self.pending = []
        # Some models have more logits than their tokenizer has tokens.
        logits = logits[:, : self.model.guide.vocab_size]
        for index, (token, about) in enumerate(zip(self.draft.tokens, self.draft.about, strict=True)):
            chosen = token if about is None else self._choose(logits[index], token)
            if about is not None:
                self.odds.learn(about, chosen == token)
            self._take(chosen, None if about is None else logits[index])
            if chosen != token:
                return len(self.draft.tokens) - index
            self.pending = []
            if self.done:
                return len(self.draft.tokens) - index - 1
        chosen = self._choose(logits[-1])
        self._take(chosen, logits[-1])
        return 0

    def _take(self, token: int, logits: Logits | None) -> None:
        surprise = 0.0 if logits is None else _surprise(logits, token)
        if self.matcher is not None:
            if logits is not None:
                self._keep_choice(token, logits, surprise)
            _consume(self.matcher, [token])
        self._commit(token, logits, surprise)

    def _keep_choice(self, token: int, logits: Logits, surprise: float) -> None:
        """Keeps what else may stand here, where that says which line comes next or what a party is called."""
        path = path_of(self.cursor, self.model.token_bytes(token))
        if may_turn(self.cursor):
            kept = self.turns
        elif path in PARTIES:
            kept = self.choices.setdefault(path, [])
        else:
            return
        kept.append(self._choice(token, logits, surprise).among(self._is_allowed))

    def _choice(self, token: int, logits: Logits, surprise: float) -> Choice:
        return choice_at(len(self.tokens), logits, token, -surprise)

    def _is_allowed(self, token: int) -> bool:
        return bool(self.matcher.validate_tokens([token]) == 1)

    def _choose(self, logits: Logits, expected: int | None = None) -> int:
        """The likeliest token that the grammar allows; the mask is only computed when it can matter."""
        best = int(logits.argmax())
        if self.matcher is None or best == expected or self.matcher.validate_tokens([best]) == 1:
            return best
        import numpy as np

        bits = np.frombuffer(self.matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[: len(logits)].astype(bool)
        return int(np.where(allowed, logits, -np.inf).argmax())

    def answer(self) -> Answer:
        """What has been written so far; a value's probability is the product of those of its tokens."""
        text = b"".join(map(self.model.token_bytes, self.tokens)).decode("utf-8", "replace")
        values = self.cursor.finished
        chances = tuple(math.exp(-self.surprise.get(path, 0.0)) for path, _ in values)
        ended = bool(self.tokens) and self.tokens[-1] == self.model.eos
        complete = ended if self.task.grounding is Grounding.OFF else self._is_whole
        passes = self.forward_passes
        return Answer(text, tuple(self.tokens), values, chances, passes, complete, self.choices, self.turns)


def room_for_answer(prompt: Sequence[int], model: SteeredModel) -> int:
    """How many tokens an answer may have behind a prompt; raises PromptTooLong where there is no room for any."""
    room = model.context_length - len(prompt) - 1
    if room < 1:
        raise PromptTooLong(
            f"the prompt has {len(prompt)} tokens, the model takes {model.context_length}",
            hint="Read fewer pages at a time, ask for fewer fields, or use a model with a longer context.",
        )
    return room


def _matcher(task: Task, model: SteeredModel) -> Any:
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
