"""What servers serve: their lists of models, and the one that is asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from finscribe.decoding.remote.dialects import BY_OWNER, Dialect, ladder
from finscribe.decoding.remote.endpoints import Endpoint, retry_after
from finscribe.decoding.remote.replies import Listed, Refusal, read_models, read_refusal
from finscribe.decoding.remote.transport import Failed, Reply, send
from finscribe.errors import ModelError, ModelNotFound, ModelUnreachable, SettingsError
from finscribe.settings import RemoteSettings

logger = logging.getLogger(__name__)

LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What a server answers that may do better in a while."""
NOT_ALLOWED = frozenset({401, 403})

LOOK_SECONDS = 10.0


def endpoints_of(settings: RemoteSettings) -> list[Endpoint]:
    """The servers that are set; raises SettingsError where none is."""
    if not settings.urls:
        raise SettingsError(
            "a model on another machine is asked for, and FINSCRIBE_REMOTE_URL is not set",
            hint="Set it to the address of an OpenAI-compatible server: http://HOST:8000/v1.",
        )
    return [Endpoint(url) for url in settings.urls]


def look(endpoint: Endpoint, settings: RemoteSettings) -> list[Listed]:
    """The models that a server lists, none where it has no list; then it is known which dialects it may take.

    Raises Failed where it does not answer, and ModelError where it does not let us in.
    """
    seconds = min(LOOK_SECONDS, settings.seconds)
    reply = usable(send(f"{endpoint.url}/models", None, settings.key, seconds))
    if reply.status in NOT_ALLOWED:
        raise not_let_in(endpoint, read_refusal(reply))
    models = read_models(reply) if reply.status == 200 else []
    owners = [each.owner for each in models if settings.model in (None, each.name)]
    known: list[Dialect] = [BY_OWNER[owner] for owner in owners if owner in BY_OWNER]
    first = settings.grammar if settings.grammar != "auto" else known[0] if known else "schema"
    endpoint.dialects = ladder(first)
    return models


def usable(reply: Reply) -> Reply:
    """A reply that is not for later; raises Failed with the time that the server asks for."""
    if reply.status in LATER:
        raise Failed(f"HTTP {reply.status}", retry_after(reply.headers.get("retry-after")))
    return reply


def not_let_in(endpoint: Endpoint, why: Refusal) -> ModelError:
    """What a server that wants a key, or another one, makes of us."""
    return ModelError(
        f"{endpoint.url} does not let us in ({why})", hint="Set FINSCRIBE_REMOTE_KEY to its key."
    )


def look_at_all(endpoints: Sequence[Endpoint], settings: RemoteSettings) -> dict[str, list[Listed]]:
    """What each server that answers lists, by its address; raises ModelUnreachable where none does, and ModelError."""
    found: dict[str, list[Listed]] = {}
    for endpoint in endpoints:
        try:
            found[endpoint.url] = look(endpoint, settings)
        except Failed as error:
            endpoint.problem = str(error)
            logger.warning("%s does not answer: %s", endpoint.url, error)
    if not found:
        problems = "; ".join(f"{each.url}: {each.problem}" for each in endpoints)
        raise ModelUnreachable(
            f"no server of FINSCRIBE_REMOTE_URL answers. {problems}",
            hint="Start one, or correct the address; it ends with /v1.",
        )
    return found


def choose(listed: Mapping[str, Sequence[Listed]], settings: RemoteSettings) -> Listed:
    """The model that all servers are asked for, with the least context that one of them has; raises ModelNotFound."""
    chosen = [_choose_of(url, models, settings.model) for url, models in listed.items()]
    if names := {each.name for each in chosen} - {chosen[0].name}:
        raise ModelNotFound(
            f"the servers of FINSCRIBE_REMOTE_URL serve different models: {chosen[0].name} and {min(names)}",
            hint="Set FINSCRIBE_REMOTE_MODEL to one that they all serve.",
        )
    contexts = [each.context for each in chosen if each.context]
    return Listed(chosen[0].name, chosen[0].owner, min(contexts, default=None))


def _choose_of(url: str, models: Sequence[Listed], wanted: str | None) -> Listed:
    names = [each.name for each in models]
    if wanted is None and len(models) == 1:
        return models[0]
    if wanted is None:
        raise ModelNotFound(
            f"{url} lists {len(models)} models, and FINSCRIBE_REMOTE_MODEL names none: {_some(names)}",
            hint="Set FINSCRIBE_REMOTE_MODEL to the one to be asked.",
        )
    found = next((each for each in models if each.name == wanted), None)
    if found is None and any(each.owner in BY_OWNER for each in models):
        raise ModelNotFound(
            f"{url} does not serve {wanted!r} but {_some(names)}", hint="Correct FINSCRIBE_REMOTE_MODEL."
        )
    return found or Listed(wanted, "", None)  # others do not list all that they serve


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:80] for name in names[:5])
    return (shown + (", ..." if len(names) > 5 else "")) or "nothing"
