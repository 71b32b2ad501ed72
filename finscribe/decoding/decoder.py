"""The one decoder loop: greedy under the grammar's mask, with as few forward passes as possible.

In every pass each document appends what the grammar forces (never asked of the model), then a guess of what
comes next. The model's logits verify the guess token by token; the first token that it would have chosen
otherwise replaces the rest. So the result is that of greedy decoding, one token at a time, under the same mask.

Where a document is finished, the next one takes its place in the batch, and where a model computes several batches
side by side faster than one, each has a thread of its own. What a document is told does not depend on the clock.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field

from finscribe.decoding.answering import Answer, Row, Task, room_for_answer
from finscribe.decoding.model import AskedModel, LanguageModel, Session, SideBySide, SteeredModel

BATCH_SIZE = 8


def decode(
    model: LanguageModel, tasks: Sequence[Task], *, drafting: bool = True, batch_size: int = BATCH_SIZE
) -> list[Answer]:
    """Writes the answers to tasks, about `batch_size` at a time, in their order; raises PromptTooLong.

    Where batches run side by side, each takes its share of `batch_size`, rounded up. A model that is only asked writes
    the answers itself, and raises ModelError where it does not.
    """
    if isinstance(model, AskedModel):
        return model.answer(tasks)
    prompts = [model.encode_prompt(task.prompt) for task in tasks]
    for prompt in prompts:
        room_for_answer(prompt, model)
    jobs = [_Job(*each) for each in zip(range(len(tasks)), tasks, prompts, strict=True)]
    jobs.sort(key=lambda job: -len(job.prompt))
    lanes = min(_lanes_of(model), len(jobs), batch_size)
    work = _Lanes(model, drafting, deque(jobs), [None] * len(jobs))
    if lanes > 1:
        _run_side_by_side(work, lanes, -(-batch_size // lanes))
    elif jobs:
        with model.lane(1) if isinstance(model, SideBySide) else nullcontext():
            work.run(deque(), batch_size)
    found = [answer for answer in work.answers if answer is not None]
    assert len(found) == len(tasks)
    return found


@dataclass(frozen=True, slots=True)
class _Job:
    """A task, its place among the answers, and the tokens of its prompt."""

    place: int
    task: Task
    prompt: Sequence[int]


def _lanes_of(model: SteeredModel) -> int:
    return model.lanes if isinstance(model, SideBySide) else 1


def _run_side_by_side(work: _Lanes, lanes: int, batch_size: int) -> None:
    """The longest documents are begun first, as many in each lane; then whichever lane has a place takes the next.

    Where that would change what a document is told, all of them are dealt beforehand.
    """
    model = work.model
    assert isinstance(model, SideBySide)
    hands: list[deque[_Job]] = [deque() for _ in range(lanes)]
    dealt = lanes * batch_size if model.exact else len(work.waiting)
    for index in range(min(dealt, len(work.waiting))):
        turn, lane = divmod(index, lanes)  # to and fro, so that the shares are alike
        hands[lane if turn % 2 == 0 else -1 - lane].append(work.waiting.popleft())

    def run(hand: deque[_Job]) -> None:
        try:
            with model.lane(lanes):
                work.run(hand, batch_size)
        except BaseException:
            work.stopped.set()  # what fails in one lane ends the others
            raise

    with ThreadPoolExecutor(lanes, "decode") as pool:
        try:
            for finished in [pool.submit(run, hand) for hand in hands]:
                finished.result()
        finally:
            work.stopped.set()  # an interrupted caller waits for no further documents


@dataclass(frozen=True, slots=True)
class _Lanes:
    """What all lanes share: the model, the documents that none has begun, and the answers found so far."""

    model: SteeredModel
    drafting: bool
    waiting: deque[_Job]
    answers: list[Answer | None]
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, hand: deque[_Job], batch_size: int) -> None:
        """One batch, from its first document to its last: those of its hand, then what is waiting."""
        session, running = self.model.session(), dict[int, Row]()
        while not self.stopped.is_set():
            self._admit(hand, running, batch_size)
            if not running:
                return
            step(session, list(running.values()))
            self._dismiss(session, running)

    def _admit(self, hand: deque[_Job], running: dict[int, Row], batch_size: int) -> None:
        """Fills the places that are free; an answer without any choice needs none."""
        while len(running) < batch_size and (job := _taken(hand) or _taken(self.waiting)):
            row = Row(job.task, job.prompt, self.model, self.drafting)
            row.force()
            if row.done:
                self.answers[job.place] = row.answer()
            else:
                running[job.place] = row

    def _dismiss(self, session: Session, running: dict[int, Row]) -> None:
        places = list(running)
        for place in places:
            if running[place].done:
                self.answers[place] = running.pop(place).answer()
        if len(running) < len(places):
            session.keep([index for index, place in enumerate(places) if place in running])


def _taken(jobs: deque[_Job]) -> _Job | None:
    """The first of them, which no other lane can take any more."""
    try:
        return jobs.popleft()
    except IndexError:
        return None


def step(session: Session, rows: Sequence[Row]) -> None:
    """One forward pass: what each row guesses is verified, and what the grammar forces behind it is appended."""
    for row in rows:
        row.prepare_draft()
    logits = session.extend(
        [row.pending + row.draft.tokens for row in rows], [len(row.draft.tokens) + 1 for row in rows]
    )
    session.rollback([row.verify(found) for row, found in zip(rows, logits, strict=True)])
    for row in rows:
        row.force()
