"""Cookies that say who has logged in, signed by us."""

import os
import secrets
from functools import cached_property
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from app.store.tables import StoredUser
from finscribe.files import locked

COOKIE = "finscribe_session"
HOURS = 12
SECONDS = HOURS * 3600


class Sessions:
    """Signs sessions with a secret that lies in `folder`, made where there is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, user: StoredUser) -> str:
        """The cookie of somebody who has logged in."""
        return self._signer.dumps([user.name, user.stamp])

    def read(self, cookie: str) -> tuple[str, str] | None:
        """The name and the stamp in a cookie, None for one that is not ours or too old."""
        try:
            name, stamp = self._signer.loads(cookie, max_age=SECONDS)
        except BadData:
            return None
        return name, stamp

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(_secret(self._folder / "session.key"), salt="session")


def _secret(path: Path) -> bytes:
    with locked(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            new = path.with_name(f".{path.name}.new")
            new.unlink(missing_ok=True)
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            new.replace(path)
        return path.read_bytes()
