"""One task until there is an answer: which server is asked, in which dialect, how often."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.remote.checking import check
from finscribe.decoding.remote.dialects import GRAMMARS, PATHS, Dialect, request_of
from finscribe.decoding.remote.endpoints import Endpoint, Endpoints, NoneFree
from finscribe.decoding.remote.looking import NOT_ALLOWED, look, not_let_in, usable
from finscribe.decoding.remote.replies import Refusal, read_answer, read_refusal
from finscribe.decoding.remote.transport import Failed, Reply, TimedOut, send
from finscribe.errors import (
    DocumentError,
    DocumentTooLarge,
    FinScribeError,
    ModelError,
    ModelNotFound,
    ModelUnreachable,
    PromptTooLong,
)
from finscribe.settings import RemoteSettings

logger = logging.getLogger(__name__)

NOT_THERE = frozenset({404, 405})

FEWEST_TOKENS = 64
"""Room for an answer below which a request that is too long is not tried again with less."""


@dataclass(slots=True)
class Errand:
    """One task on its way: the room for its answer, from when until when it is tried, what has been tried.

    `refused` are the dialects in which a server did not take it, `avoided` those in which the server failed at it.
    `stopped` is set where the answer is not wanted any more. Of the `failures`, some are requests that took too long.
    """

    task: Task
    most_tokens: int
    began: float
    until: float
    stopped: threading.Event
    refused: set[tuple[Endpoint, Dialect]] = field(default_factory=set)
    avoided: set[tuple[Endpoint, Dialect]] = field(default_factory=set)
    requests: int = 0
    failures: int = 0
    timeouts: int = 0


@dataclass(slots=True)
class Asker:
    """Asks servers for the answers of one model; safe to use from many threads."""

    settings: RemoteSettings
    endpoints: Endpoints
    model: str
    _gate: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        self._gate = threading.BoundedSemaphore(self.settings.at_once)

    def answer(self, errand: Errand) -> Answer:
        """The checked answer to a task; raises ModelUnreachable, ModelNotFound and ModelError.

        Raises PromptTooLong and DocumentError where servers answer others, and not this one.
        """
        while True:
            endpoint = self._next(errand)
            try:
                answer = self._ask(endpoint, errand)
            except Failed as error:
                errand.failures += 1
                errand.timeouts += isinstance(error, TimedOut)
                self.endpoints.failed(endpoint, str(error), error.wait)
                logger.warning("%s is left alone for a while: %s", endpoint.url, error)
            else:
                if answer is not None:
                    return answer

    def _next(self, errand: Errand) -> Endpoint:
        late = errand.failures >= self.settings.tries or self.endpoints.pace.now() >= errand.until
        try:
            if late or errand.stopped.is_set():
                raise NoneFree
            return self.endpoints.take(errand.until)
        except NoneFree:
            raise self._given_up(errand) from None

    def _given_up(self, errand: Errand) -> FinScribeError:
        """That no server answers, or that they answer others and take too long about this document."""
        if 0 < errand.failures == errand.timeouts and self._answers_others(errand):
            return DocumentTooLarge(
                f"{self.model} has answered others, and not this document in {errand.timeouts} requests of up to "
                f"{self.settings.seconds:g} seconds",
                hint="Raise FINSCRIBE_REMOTE_SECONDS and FINSCRIBE_MAX_SECONDS, or split the file into its invoices.",
            )
        problems = "; ".join(f"{each.url}: {each.problem}" for each in self.endpoints.all if each.problem)
        return ModelUnreachable(
            f"{self.model} gave no answer in {errand.requests} requests. {problems}",
            hint="See that the servers of FINSCRIBE_REMOTE_URL run; `finscribe doctor` asks each of them.",
        )

    def _answers_others(self, errand: Errand) -> bool:
        """Whether a server has answered since an errand began or not long before, and is there now."""
        if self.endpoints.answered_at < errand.began - (errand.until - errand.began):
            return False
        for endpoint in self.endpoints.all:
            with suppress(Failed):
                look(endpoint, self.settings)
                return True
        return False

    def _ask(self, endpoint: Endpoint, errand: Errand) -> Answer | None:
        """Makes one request; None where it is worth another one that is put otherwise."""
        if not endpoint.dialects:
            look(endpoint, self.settings)
        without = errand.refused | errand.avoided
        dialect = next(each for each in endpoint.dialects if (endpoint, each) not in without)
        reply = self._send(endpoint, dialect, errand)
        if reply.status == 500 and dialect in GRAMMARS:  # it may be the grammar that breaks it
            errand.avoided.add((endpoint, dialect))
        if usable(reply).status != 200:
            self._refused(endpoint, dialect, read_refusal(reply), errand)
            return None
        said = read_answer(reply, self.model)
        self.endpoints.worked(endpoint)
        answer = check(said, errand.task, errand.requests)
        if dialect in GRAMMARS and said.ended == "stop" and not answer.complete:
            # Where a grammar grows larger than a server lets it, the answer ends in the middle.
            errand.avoided.add((endpoint, dialect))
            return None
        _note(endpoint, dialect, errand)
        return answer

    def _send(self, endpoint: Endpoint, dialect: Dialect, errand: Errand) -> Reply:
        body = request_of(errand.task, self.model, self.settings.api, dialect, errand.most_tokens)
        asked_at = self.endpoints.pace.now()
        with self._gate:
            errand.until += self.endpoints.pace.now() - asked_at  # waiting for other requests is not its time
            errand.requests += 1
            left = errand.until - self.endpoints.pace.now()
            seconds = max(1.0, min(self.settings.seconds, left))
            return send(endpoint.url + PATHS[self.settings.api], body, self.settings.key, seconds)

    def _refused(self, endpoint: Endpoint, dialect: Dialect, why: Refusal, errand: Errand) -> None:
        """Has a request put otherwise that a server does not take, or raises what is wrong with it."""
        if why.status in NOT_ALLOWED:
            raise not_let_in(endpoint, why)
        if why.status in NOT_THERE:
            raise ModelNotFound(
                f"{endpoint.url} has no model {self.model!r}, or no {PATHS[self.settings.api]} ({why})",
                hint="Check FINSCRIBE_REMOTE_URL (with its /v1), FINSCRIBE_REMOTE_MODEL and FINSCRIBE_REMOTE_API.",
            )
        if why.too_long:
            errand.most_tokens //= 2
            if errand.most_tokens < FEWEST_TOKENS:
                raise PromptTooLong(
                    f"{self.model} on {endpoint.url} has no room for this text ({why})",
                    hint="Set FINSCRIBE_REMOTE_CONTEXT to the tokens that it takes: longer texts are read in windows.",
                )
        elif dialect == "off" and endpoint.proven:
            raise DocumentError(
                f"{endpoint.url} does not take the request about this document ({why})",
                hint="The log of the server says more.",
            )
        elif dialect == "off":
            raise ModelError(
                f"{endpoint.url} does not take the request ({why})",
                hint="Check FINSCRIBE_REMOTE_MODEL; a model without a chat template takes "
                "FINSCRIBE_REMOTE_API=completions. The log of the server says more.",
            )
        else:
            errand.refused.add((endpoint, dialect))


def _note(endpoint: Endpoint, dialect: Dialect, errand: Errand) -> None:
    """Remembers what a server takes; what it refused at once and never took is not tried again."""
    endpoint.proven.add(dialect)
    refused = {each for server, each in errand.refused if server is endpoint}
    if never := set(endpoint.dialects) & refused - endpoint.proven:
        endpoint.dialects = tuple(each for each in endpoint.dialects if each not in never)
        logger.warning("%s does not take %s; %s from now on", endpoint.url, ", ".join(sorted(never)), dialect)
