"""Who asks: a program with a key, somebody who has logged in, or somebody at this machine."""

from starlette.requests import HTTPConnection

from app.address import is_address, is_loopback
from app.api.access import Caller
from app.api.sessions import COOKIE, Sessions
from app.keys import digest, same
from app.roles import Role
from app.settings import AppSettings
from app.store import accounts
from app.store.database import Database
from finscribe.errors import FinScribeError, SettingsError

LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
ANYBODY = Caller(None, Role.ADMIN)
"""Somebody who needs no login."""


class NotLoggedIn(FinScribeError):
    """Somebody who has to say who they are, and does not or not rightly."""

    code = "not-logged-in"


class RemoteClient(FinScribeError):
    """A client on another machine, of which none is let in."""

    code = "remote-client"


class UnknownHost(RemoteClient):
    """A name that is not one of this server.

    A page in a browser on this machine can make a name of its own point here (DNS rebinding), and would read the
    answers.
    """

    code = "unknown-host"


class Callers:
    """Finds out who makes a request. `beyond` says that the server listens on more than a loopback address."""

    def __init__(
        self, database: Database, sessions: Sessions, settings: AppSettings, *, beyond: bool
    ) -> None:
        self._database, self._sessions, self._keys = database, sessions, settings.api_keys
        self._allow_remote, self._hosts = settings.allow_remote, settings.hosts
        self._always = settings.require_login or beyond

    def check_start(self) -> None:
        """Raises SettingsError where nobody could ask, because all need a login and nobody has one.

        Brings the database up to date for that; raises DatabaseUnavailable.
        """
        if not self._always or self._allow_remote:
            return
        self._database.migrate()
        if not self._any_accounts():
            raise SettingsError(
                "this server listens beyond this machine, or FINSCRIBE_REQUIRE_LOGIN is set: everybody has to log in, "
                "and there are neither users nor keys",
                hint="Make a user with `python -m app users add NAME --role admin`, or set FINSCRIBE_API_KEYS; or "
                "listen on 127.0.0.1 alone. In a container whose port is published on 127.0.0.1 only, set "
                "FINSCRIBE_ALLOW_REMOTE=1.",
            )

    def find(self, request: HTTPConnection) -> Caller:
        """Who makes a request; raises NotLoggedIn and RemoteClient."""
        if caller := self._with_key(request) or self._with_session(request):
            return caller
        refused = None if self._always else _refusal(request)
        if not self._always and refused is None:
            return ANYBODY
        if self._any_accounts():
            raise _not_logged_in("this takes a login or a key")
        if self._allow_remote:
            self._check_name(_name_of(request))
            return ANYBODY
        raise refused or _not_logged_in("this takes a login, and nobody has one yet")

    def _check_name(self, name: str) -> None:
        """Raises UnknownHost for a name that anybody could have pointed here; with an address nobody can."""
        if name not in LOCAL_NAMES | self._hosts and not is_address(name.strip("[]")):
            hint = "Ask by the address of its machine, or add the name to FINSCRIBE_HOSTS where the server is started."
            raise _unknown_host(name, hint)

    def _with_key(self, request: HTTPConnection) -> Caller | None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        hashed = digest(key)
        matching = [known for known in self._keys if same(known.digest, hashed)]
        if matching:
            return Caller(f"key:{matching[0].name}", matching[0].role)
        with self._database.reading() as session:
            if stored := accounts.of_key(session, key):
                return Caller(f"key:{stored.name}", stored.role)
        raise _not_logged_in("there is no such key")

    def _with_session(self, request: HTTPConnection) -> Caller | None:
        found = self._sessions.read(cookie) if (cookie := request.cookies.get(COOKIE)) else None
        if found is None:
            return None
        with self._database.reading() as session:
            user = accounts.of_session(session, *found)
            return Caller(user.name, user.role) if user else None

    def _any_accounts(self) -> bool:
        if self._keys:
            return True
        with self._database.reading() as session:
            return accounts.any_accounts(session)


def _not_logged_in(message: str) -> NotLoggedIn:
    return NotLoggedIn(
        message, hint="Log in at /login, or send a key that you were given: Authorization: Bearer KEY."
    )


def _refusal(request: HTTPConnection) -> RemoteClient | None:
    """Why a request is not one of this machine, None where it is."""
    if request.client and not is_loopback(request.client.host):
        return RemoteClient(
            f"this server answers clients on its own machine only, not {request.client.host}", hint=_HINT
        )
    if (name := _name_of(request)) not in LOCAL_NAMES:
        return _unknown_host(name, _HINT)
    return None


def _unknown_host(name: str, hint: str) -> UnknownHost:
    return UnknownHost(f"this server does not answer to the name {name:.100}", hint=hint)


def _name_of(request: HTTPConnection) -> str:
    """The name or the address by which the server was asked, without its port."""
    host = request.headers.get("host", "localhost").lower()
    return host if host.endswith("]") else host.rpartition(":")[0] or host


_HINT = (
    "Ask from the same machine at http://127.0.0.1:8000. Whoever runs this server lets others in with a login "
    "(`python -m app users add NAME`) or a key, or all of them with FINSCRIBE_ALLOW_REMOTE=1."
)
