"""Keys that programs show instead of logging in: only their hashes are kept, in the settings and in the database."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.roles import Role
from finscribe.errors import SettingsError

SHORTEST = 16  # characters: nobody guesses as many random ones


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the settings; `name` is what the audit log says, and tells nobody the key."""

    name: str
    role: Role
    digest: str = field(repr=False)


def digest(secret: str) -> str:
    """What is kept of a key: its SHA-256, in hexadecimal; a long random one takes no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two hashes, or other secrets, are alike, in a time that does not say how far they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def parse_keys(text: str) -> tuple[ApiKey, ...]:
    """The keys of FINSCRIBE_API_KEYS, as in "KEY,trainer:KEY"; without a role, that of a reviewer.

    Raises SettingsError, which does not quote them.
    """
    return tuple(_parsed(text))


def _parsed(text: str) -> Iterator[ApiKey]:
    for entry in filter(None, (part.strip() for part in text.split(","))):
        role, colon, secret = entry.partition(":")
        if not (colon and role in set(Role)):
            role, secret = Role.REVIEWER, entry
        if len(secret) < SHORTEST:
            raise SettingsError(
                f"FINSCRIBE_API_KEYS has a key of {len(secret)} characters; the shortest allowed has {SHORTEST}",
                hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        hashed = digest(secret)
        yield ApiKey(hashed[:8], Role(role), hashed)
