"""Settings of the web application; those of the engine are in `finscribe.settings`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from finscribe.errors import SettingsError

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """Who may ask: with `allow_remote` clients from other machines too, which no login keeps out."""

    allow_remote: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "AppSettings":
        """Settings as the environment has them, defaults elsewhere; raises SettingsError."""
        found = os.environ if environ is None else environ
        return cls(allow_remote=_yes_or_no(found, "FINSCRIBE_ALLOW_REMOTE", default=False))


def _yes_or_no(environ: Mapping[str, str], variable: str, *, default: bool) -> bool:
    text = environ.get(variable, "").strip().lower()
    if text and text not in YES | NO:
        raise SettingsError(
            f"{variable} is {text!r}, which is neither 1 nor 0",
            hint=f"Set {variable} to 1 or 0, or unset it.",
        )
    return text in YES if text else default
