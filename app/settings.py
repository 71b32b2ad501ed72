"""Settings of the web application; those of the engine are in `finscribe.settings`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

from app.keys import ApiKey, parse_keys
from app.local import is_known
from app.logs import Form
from finscribe.errors import SettingsError

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """Who may ask, how often, and where things are kept.

    `require_login` asks for a login on this machine too. `allow_remote` lets everybody in as long as there are
    neither users nor keys: for containers whose port is published on a loopback address. `rate_limit` is how many
    requests a caller may make in a minute, `max_waiting` how many documents may wait, `log` the form of the log.
    `database_url` is the address of the database, None for SQLite in the data folder. `executor` names this
    machine among several that share a PostgreSQL database. `locale` is the language tag by whose ways pages write
    numbers and dates, None for what each browser asks for. `body_seconds` is how long a body may take to come.
    """

    allow_remote: bool = False
    require_login: bool = False
    api_keys: tuple[ApiKey, ...] = ()
    rate_limit: int = 6000
    max_waiting: int = 10_000
    log: Form = "auto"
    database_url: str | None = field(default=None, repr=False)  # it may hold a password
    executor: str = "server"
    locale: str | None = None
    body_seconds: int = 60

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "AppSettings":
        """Settings as the environment has them, defaults elsewhere; raises SettingsError."""
        found = os.environ if environ is None else environ
        return cls(
            allow_remote=_yes_or_no(found, "FINSCRIBE_ALLOW_REMOTE", default=False),
            require_login=_yes_or_no(found, "FINSCRIBE_REQUIRE_LOGIN", default=False),
            api_keys=parse_keys(found.get("FINSCRIBE_API_KEYS", "")),
            rate_limit=_whole(found, "FINSCRIBE_RATE_LIMIT", cls().rate_limit),
            max_waiting=_whole(found, "FINSCRIBE_MAX_WAITING", cls().max_waiting),
            log=_form(found, "FINSCRIBE_LOG"),
            database_url=found.get("FINSCRIBE_DATABASE_URL", "").strip() or None,
            locale=_locale(found, "FINSCRIBE_LOCALE"),
            body_seconds=_whole(found, "FINSCRIBE_BODY_SECONDS", cls().body_seconds),
            executor=found.get("FINSCRIBE_EXECUTOR", "").strip() or cls().executor,
        )


def _yes_or_no(environ: Mapping[str, str], variable: str, *, default: bool) -> bool:
    text = environ.get(variable, "").strip().lower()
    if text and text not in YES | NO:
        raise SettingsError(
            f"{variable} is {text!r}, which is neither 1 nor 0",
            hint=f"Set {variable} to 1 or 0, or unset it.",
        )
    return text in YES if text else default


def _form(environ: Mapping[str, str], variable: str) -> Form:
    text = environ.get(variable, "").strip().lower() or "auto"
    if text not in get_args(Form):
        raise SettingsError(
            f"{variable} is {text!r:.40}, which is not one of {', '.join(get_args(Form))}",
            hint=f"Set {variable} to one of them, or unset it for text on a terminal and JSON elsewhere.",
        )
    return cast(Form, text)


def _locale(environ: Mapping[str, str], variable: str) -> str | None:
    tag = environ.get(variable, "").strip() or None
    if tag is not None and not is_known(tag):
        raise SettingsError(
            f"{variable} is {tag!r:.40}, which is no language whose numbers and dates are known",
            hint=f"Set {variable} to a tag such as de-DE or en-GB, or unset it for what each browser asks for.",
        )
    return tag


def _whole(environ: Mapping[str, str], variable: str, default: int) -> int:
    text = environ.get(variable, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise SettingsError(
            f"{variable} is {text!r:.40}, which is no whole number above 0",
            hint=f"Set {variable} to one, or unset it for {default}.",
        )
    return int(text) if text else default
