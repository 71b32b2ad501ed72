"""Who may ask: users with their passwords, and keys of programs."""

import re
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.keys import digest, same
from app.roles import Role
from app.store.tables import StoredAudit, StoredKey, StoredUser
from finscribe.errors import FinScribeError

SHORTEST, LONGEST = 12, 1000  # characters of a password
_NAME = re.compile(r"[\w.@+-]{1,64}")
_KEY_ID = re.compile(r"[0-9a-f]{12}")
_PREFIX = "fs"  # by which programs that look for leaked secrets may know ours

_hasher = PasswordHasher()
_turn = threading.Lock()  # a hash takes 64 MiB: one at a time, however many try to log in


class AccountError(FinScribeError):
    """A user or a key that cannot be made, or is not there."""

    code = "account-error"


def add_user(session: Session, name: str, role: Role, password: str) -> None:
    """Makes a user; raises AccountError."""
    if session.get(StoredUser, _checked(name)):
        raise AccountError(f"there is a user {name} already", hint=f"python -m app users password {name}")
    session.add(StoredUser(name=name, role=role, password=_hashed(password), stamp=_stamp()))
    _audit(session, "add_user", name, role)


def set_password(session: Session, name: str, password: str) -> None:
    """Gives a user another password and ends their sessions; raises AccountError."""
    user = _user(session, name)
    user.password, user.stamp = _hashed(password), _stamp()
    _audit(session, "set_password", name, user.role)


def remove_user(session: Session, name: str) -> None:
    """Removes a user, who is logged out at once; what they did stays in the audit log. Raises AccountError."""
    user = _user(session, name)
    session.delete(user)
    _audit(session, "remove_user", name, user.role)


def users(session: Session) -> list[StoredUser]:
    """All users by name."""
    return list(session.scalars(select(StoredUser).order_by(StoredUser.name)))


def log_in(session: Session, name: str, password: str) -> StoredUser | None:
    """The user of this name and password, None where there is none; an unknown name takes as long."""
    user = session.get(StoredUser, name) if _NAME.fullmatch(name) else None
    try:
        with _turn:
            _hasher.verify(user.password if user else _of_nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return None
    return user


def log_out(session: Session, name: str) -> None:
    """Ends all sessions of a user."""
    if user := session.get(StoredUser, name):
        user.stamp = _stamp()


def of_session(session: Session, name: str, stamp: str) -> StoredUser | None:
    """The user of a session, None where it was ended."""
    user = session.get(StoredUser, name)
    return user if user and same(user.stamp, stamp) else None


def add_key(session: Session, name: str, role: Role) -> str:
    """Makes a key and returns it; nothing can show it again. Raises AccountError."""
    if session.scalar(select(StoredKey).where(StoredKey.name == _checked(name))):
        raise AccountError(f"there is a key {name} already", hint=f"python -m app keys remove {name}")
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    session.add(StoredKey(id=key_id, name=name, role=role, digest=digest(secret)))
    _audit(session, "add_key", name, role)
    return f"{_PREFIX}-{key_id}-{secret}"


def remove_key(session: Session, name: str) -> None:
    """Removes a key, which opens nothing from now on; raises AccountError."""
    found = session.scalar(select(StoredKey).where(StoredKey.name == name))
    if found is None:
        raise AccountError(f"there is no key {name!r:.60}", hint="python -m app keys list")
    session.delete(found)
    _audit(session, "remove_key", name, found.role)


def keys(session: Session) -> list[StoredKey]:
    """All keys by name."""
    return list(session.scalars(select(StoredKey).order_by(StoredKey.name)))


def of_key(session: Session, key: str) -> StoredKey | None:
    """What is known of a key that somebody shows, None where it is none of ours."""
    _, _, rest = key.partition("-")
    key_id, _, secret = rest.partition("-")
    found = session.get(StoredKey, key_id) if _KEY_ID.fullmatch(key_id) else None
    return found if found and same(found.digest, digest(secret)) else None


def any_accounts(session: Session) -> bool:
    """Whether there is anybody who could log in or show a key."""
    return any(session.scalar(select(exists(select(table)))) for table in (StoredUser, StoredKey))


# --- the parts ---------------------------------------------------------------------------------------


def _user(session: Session, name: str) -> StoredUser:
    user = session.get(StoredUser, name)
    if user is None:
        raise AccountError(f"there is no user {name!r:.60}", hint="python -m app users list")
    return user


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise AccountError(f"{name!r:.80} is no name", hint="Use up to 64 letters, digits, and any of .@+_-")
    return name


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(
            f"the password has {len(password)} characters",
            hint=f"Take one of {SHORTEST} or more; several words are easy to remember.",
        )
    return _hasher.hash(password)


@cache
def _of_nobody() -> str:
    """The hash that the password of an unknown name is compared with."""
    return _hasher.hash(secrets.token_hex())


def _stamp() -> str:
    return secrets.token_hex(16)


def _audit(session: Session, action: str, name: str, role: Role) -> None:
    session.add(StoredAudit(who=None, action=action, detail={"name": name, "role": str(role)}))
