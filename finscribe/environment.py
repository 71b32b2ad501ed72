"""Variables of the environment as values, and what is said of one that holds something else."""

import os
from collections.abc import Mapping
from typing import TypeVar, cast, get_args

from finscribe.errors import SettingsError

T = TypeVar("T")

ON, OFF = ("on", "1", "true", "yes"), ("off", "0", "false", "no")
MOST = 2**53


class Environment:
    """The variables of this process, or those given; one that is blank counts as not set.

    Methods give the default where a variable is not set, and raise `SettingsError`, which names the variable and what
    it may hold.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        found = os.environ if variables is None else variables
        self._values = {name: text for name, raw in found.items() if (text := raw.strip())}

    def text(self, variable: str) -> str | None:
        """Whatever it holds, without blanks around it."""
        return self._values.get(variable)

    def whole(self, variable: str, default: int, *, least: int = 1, most: int = MOST) -> int:
        """A whole number; `1_000_000` is one too."""
        text = self._values.get(variable, str(default))
        digits = text.replace("_", "")
        if (
            not (digits.isascii() and digits.isdigit() and len(digits) < 17)
            or not least <= int(digits) <= most
        ):
            upper = f" to {most}" if most < MOST else ""
            raise refused(variable, text, f"a whole number from {least}{upper}")
        return int(digits)

    def seconds(self, variable: str, default: float) -> float:
        """A number above 0."""
        text = self._values.get(variable, str(default))
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise refused(variable, text, "a number of seconds above 0")
        return seconds

    def switch(self, variable: str, default: bool) -> bool:
        """On or off, which may also be said with 1 and 0, true and false, yes and no."""
        text = self._values.get(variable, ON[0] if default else OFF[0])
        if text.lower() not in (*ON, *OFF):
            raise refused(variable, text, "on or off")
        return text.lower() in ON

    def choice(self, variable: str, default: T, allowed: object) -> T:
        """One of the words of a `Literal`, in whatever case."""
        text = self._values.get(variable, str(default)).lower()
        if text not in get_args(allowed):
            raise refused(variable, text, "one of " + ", ".join(get_args(allowed)))
        return cast(T, text)


def refused(variable: str, value: str, allowed: str) -> SettingsError:
    """The error for a variable that holds something else than is allowed."""
    return SettingsError(
        f"{variable} is {value!r:.80}, which is not {allowed}",
        hint=f"Set {variable} to {allowed}, or unset it to use the default.",
    )
