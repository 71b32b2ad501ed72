"""Settings of the web application; those of the engine are in `finscribe.settings`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.keys import ApiKey, parse_keys
from app.local import is_known
from app.logs import Form
from app.store.objects import PACKAGES, without_password
from finscribe.environment import Environment, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """Who may ask, how often, and where things are kept.

    `require_login` asks for a login on this machine too. `allow_remote` lets everybody in who asks by an address, by
    localhost or by a name of `hosts`, as long as there are neither users nor keys: for containers whose port is
    published on a loopback address. `rate_limit` is how many requests a caller may make in a minute, `max_waiting` how
    many documents may wait, `log` the form of the log. `database_url` is the address of the database, `files_url` that
    of the store of documents, None for SQLite and for files in the data folder. `executor` names this machine among
    several that share a PostgreSQL database. `locale` is the language tag by whose ways pages write numbers and dates,
    None for what each browser asks for. `body_seconds` is how long a body may take to come. `reads` is whether this
    process reads documents, or leaves that to workers, and `read_at_once` how many of them at a time, each in a
    process of its own.
    """

    allow_remote: bool = False
    hosts: frozenset[str] = frozenset()
    require_login: bool = False
    api_keys: tuple[ApiKey, ...] = ()
    rate_limit: int = 6000
    max_waiting: int = 10_000
    log: Form = "auto"
    database_url: str | None = field(default=None, repr=False)  # it may hold a password
    files_url: str | None = field(default=None, repr=False)  # so may this
    executor: str = "server"
    locale: str | None = None
    body_seconds: int = 60
    reads: bool = True
    read_at_once: int = 2  # one that takes minutes holds up no other

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "AppSettings":
        """Settings as the environment has them, defaults elsewhere; raises SettingsError."""
        values = Environment(environ)
        return cls(
            allow_remote=values.switch("FINSCRIBE_ALLOW_REMOTE", cls().allow_remote),
            hosts=_hosts(values, "FINSCRIBE_HOSTS"),
            require_login=values.switch("FINSCRIBE_REQUIRE_LOGIN", cls().require_login),
            api_keys=parse_keys(values.text("FINSCRIBE_API_KEYS") or ""),
            rate_limit=values.whole("FINSCRIBE_RATE_LIMIT", cls().rate_limit),
            max_waiting=values.whole("FINSCRIBE_MAX_WAITING", cls().max_waiting),
            log=values.choice("FINSCRIBE_LOG", cls().log, Form),
            database_url=values.text("FINSCRIBE_DATABASE_URL"),
            files_url=_address(values, "FINSCRIBE_FILES_URL"),
            locale=_locale(values, "FINSCRIBE_LOCALE"),
            body_seconds=values.whole("FINSCRIBE_BODY_SECONDS", cls().body_seconds),
            reads=values.switch("FINSCRIBE_READS", cls().reads),
            read_at_once=values.whole("FINSCRIBE_READ_AT_ONCE", cls().read_at_once, most=64),
            executor=_file_name(values, "FINSCRIBE_EXECUTOR") or cls().executor,
        )


def _hosts(values: Environment, variable: str) -> frozenset[str]:
    listed = (values.text(variable) or "").lower().split(",")
    names = {name for each in listed if (name := each.strip())}
    for name in names:
        if not re.fullmatch(r"[\w.-]+", name, re.ASCII):
            raise refused(variable, name, "names of this server without a port, such as invoices.lan,api")
    return frozenset(names)


def _locale(values: Environment, variable: str) -> str | None:
    tag = values.text(variable)
    if tag is not None and not is_known(tag):
        raise refused(variable, tag, "the tag of a language whose numbers and dates are known, such as de-DE")
    return tag


def _address(values: Environment, variable: str) -> str | None:
    address = values.text(variable)
    if address is not None and not re.match(rf"({'|'.join(PACKAGES)})://(?!.*::).", address):
        kinds = ", ".join(f"{each}://" for each in PACKAGES)
        allowed = f"an address of an object store ({kinds}), such as s3://BUCKET/finscribe"
        raise refused(variable, without_password(address), allowed)
    return address


def _file_name(values: Environment, variable: str) -> str | None:
    name = values.text(variable)
    if name is not None and not re.fullmatch(r"[\w-][\w.-]{0,99}", name, re.ASCII):
        raise refused(variable, name, "a name of letters, digits, dots, dashes and underscores")
    return name
