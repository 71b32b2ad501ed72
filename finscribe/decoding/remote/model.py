"""A model on another machine as the rest of the program sees it."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from finscribe.calibration import Calibration
from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.remote import PREFIX
from finscribe.decoding.remote.asking import Asker, Errand
from finscribe.decoding.remote.endpoints import Endpoints, Pace
from finscribe.decoding.remote.looking import choose, endpoints_of, look_at_all
from finscribe.settings import RemoteSettings, Settings

USUAL_CONTEXT = 8192
"""Tokens, where neither the settings nor the server says how many a model takes."""

SKELETON = 600
"""Tokens of an answer that are there whatever the document says: the names of the fields, and nulls."""

LEAST_ROOM = 256

_PIECES = re.compile(r"[A-Za-z]+|[^\W\d_]|\d|\n|[^\w\s]|_")
_LETTERS_OF_A_TOKEN = 4


class RemoteModel:
    """A model that servers of OpenAI's protocol run; its answers are checked against what documents print."""

    backend = "remote"
    calibration: Calibration | None = None

    def __init__(self, asker: Asker, context_length: int, seconds: float) -> None:
        self.name, self.context_length = asker.model, context_length
        self.window_tokens = asker.settings.window_tokens
        self._asker, self._seconds = asker, seconds

    def count_tokens(self, text: str) -> int:
        """About how many tokens a text has: letters four to a token, digits and marks one each."""
        return sum(math.ceil(len(piece) / _LETTERS_OF_A_TOKEN) for piece in _PIECES.findall(text))

    def answer(self, tasks: Sequence[Task]) -> list[Answer]:
        """The answers, some requests at a time; raises what `Asker.answer` does."""
        stopped = threading.Event()

        def ask(task: Task) -> Answer:
            return self._asker.answer(self._errand(task, stopped))  # its time begins now

        if len(tasks) <= 1:
            return list(map(ask, tasks))
        pool = ThreadPoolExecutor(min(len(tasks), self._asker.settings.at_once), "remote")
        try:
            return list(pool.map(ask, tasks))
        finally:
            stopped.set()  # what fails for one, or is interrupted, ends the others, and nobody waits for them
            pool.shutdown(wait=False, cancel_futures=True)

    def _errand(self, task: Task, stopped: threading.Event) -> Errand:
        room = self.context_length - self.count_tokens(task.prompt)
        enough = SKELETON + 3 * self.count_tokens(task.printed.text)
        most = max(LEAST_ROOM, min(room, enough))
        now = self._asker.endpoints.pace.now()
        return Errand(task, min(most, task.max_new_tokens or most), now, now + self._seconds, stopped)


def load_remote(name: str, settings: Settings, pace: Pace | None = None) -> RemoteModel:
    """The model of that name, with or without `remote:`, or the one that is served where it names none.

    Raises SettingsError without an address, ModelUnreachable where no server answers, ModelNotFound and ModelError.
    """
    remote = _named(settings.remote, name.removeprefix(PREFIX))
    endpoints = endpoints_of(remote)
    chosen = choose(look_at_all(endpoints, remote), remote)
    asker = Asker(remote, Endpoints(endpoints, pace or Pace()), chosen.name)
    return RemoteModel(asker, remote.context or chosen.context or USUAL_CONTEXT, settings.max_seconds)


def _named(settings: RemoteSettings, name: str) -> RemoteSettings:
    return replace(settings, model=name) if name else settings
