import pytest
from sqlalchemy import select

from app.roles import Role
from app.store import accounts
from app.store.accounts import AccountError
from app.store.database import Database
from app.store.tables import StoredAudit, StoredKey, StoredUser

PASSWORD = "correct horse battery"


def add_ann(database: Database) -> None:
    with database.writing() as session:
        accounts.add_user(session, "ann", Role.TRAINER, PASSWORD)


def test_a_user_logs_in_with_the_password_and_no_other(database: Database) -> None:
    add_ann(database)
    with database.reading() as session:
        user = accounts.log_in(session, "ann", PASSWORD)
        assert user is not None
        assert user.role is Role.TRAINER
        assert user.password.startswith("$argon2id$")
        for name, password in (("ann", "wrong"), ("bob", PASSWORD), ("ann\x00", PASSWORD), ("", "")):
            assert accounts.log_in(session, name, password) is None


def test_a_session_ends_with_logging_out_a_new_password_and_removal(database: Database) -> None:
    add_ann(database)

    def stamp() -> str:
        with database.reading() as session:
            (user,) = accounts.users(session)
            assert accounts.of_session(session, "ann", user.stamp)
            return user.stamp

    def is_over(old: str) -> bool:
        with database.reading() as session:
            return accounts.of_session(session, "ann", old) is None

    for end in (
        lambda session: accounts.log_out(session, "ann"),
        lambda session: accounts.set_password(session, "ann", PASSWORD + "!"),
        lambda session: accounts.remove_user(session, "ann"),
    ):
        old = stamp()
        with database.writing() as session:
            end(session)
        assert is_over(old)


def test_a_key_is_known_again_and_not_kept(database: Database) -> None:
    with database.writing() as session:
        key = accounts.add_key(session, "scanner", Role.REVIEWER)
    with database.reading() as session:
        found = accounts.of_key(session, key)
        assert found is not None
        assert (found.name, found.role) == ("scanner", Role.REVIEWER)
        assert key.split("-", 2)[2] not in repr(vars(found))
        for other in (key[:-1], key + "x", "fs-" + key, "", "-", "fs-\x00-x"):
            assert accounts.of_key(session, other) is None
    with database.writing() as session:
        accounts.remove_key(session, "scanner")
    with database.reading() as session:
        assert accounts.of_key(session, key) is None


@pytest.mark.parametrize("name", ["", "two words", "a" * 65, "line\n", "<b>"])
def test_what_is_no_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(AccountError, match="is no name"), database.writing() as session:
        accounts.add_user(session, name, Role.REVIEWER, PASSWORD)
    with pytest.raises(AccountError, match="is no name"), database.writing() as session:
        accounts.add_key(session, name, Role.REVIEWER)


def test_a_name_is_given_once_and_a_password_is_long(database: Database) -> None:
    add_ann(database)
    with pytest.raises(AccountError, match="ann already"):
        add_ann(database)
    with pytest.raises(AccountError, match="has 5 characters"), database.writing() as session:
        accounts.set_password(session, "ann", "short")
    for refused in (accounts.remove_user, accounts.remove_key):
        with pytest.raises(AccountError, match="there is no"), database.writing() as session:
            refused(session, "bob")


def test_the_audit_log_says_what_happened_to_accounts_and_no_secret(database: Database) -> None:
    add_ann(database)
    with database.writing() as session:
        accounts.add_key(session, "scanner", Role.REVIEWER)
        accounts.remove_user(session, "ann")
    with database.reading() as session:
        lines = [(each.action, each.detail) for each in session.scalars(select(StoredAudit))]
    assert lines == [
        ("add_user", {"name": "ann", "role": "trainer"}),
        ("add_key", {"name": "scanner", "role": "reviewer"}),
        ("remove_user", {"name": "ann", "role": "trainer"}),
    ]


def test_there_are_accounts_as_soon_as_there_is_a_user_or_a_key(database: Database) -> None:
    def any_accounts() -> bool:
        with database.reading() as session:
            return accounts.any_accounts(session)

    assert not any_accounts()
    with database.writing() as session:
        session.add(StoredKey(id="0" * 12, name="scanner", role=Role.REVIEWER, digest="0" * 64))
    assert any_accounts()
    with database.writing() as session:
        accounts.remove_key(session, "scanner")
        session.add(StoredUser(name="ann", role=Role.REVIEWER, password="x", stamp="y"))
    assert any_accounts()
