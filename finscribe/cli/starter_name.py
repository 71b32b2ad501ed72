"""The word `starter`, by which every command that takes a model knows the bundled one."""

from __future__ import annotations

from pathlib import Path
from typing import overload

STARTER = "starter"


@overload
def with_starter(name: str) -> str: ...
@overload
def with_starter(name: None) -> None: ...
def with_starter(name: str | None) -> str | None:
    """The folder of the bundled starter for its name, unless a folder here has that name; other names as they are."""
    if name != STARTER or Path(name).exists():
        return name
    from finscribe import starter

    return str(starter.path())
