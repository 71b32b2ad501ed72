import pytest

from app.keys import digest, parse_keys
from app.roles import Role
from app.settings import AppSettings
from finscribe.errors import SettingsError


def test_keys_are_kept_as_hashes_with_their_role() -> None:
    plain, trainer = parse_keys(" 0123456789abcdef , trainer:fedcba9876543210:x,")
    assert (plain.role, plain.digest) == (Role.REVIEWER, digest("0123456789abcdef"))
    assert (trainer.role, trainer.digest) == (Role.TRAINER, digest("fedcba9876543210:x"))
    settings = AppSettings.from_environment({"FINSCRIBE_API_KEYS": "admin:0123456789abcdef"})
    assert settings.api_keys[0].role is Role.ADMIN
    assert "0123456789abcdef" not in repr(settings)
    assert settings.api_keys[0].digest not in repr(settings)


def test_a_key_that_could_be_guessed_is_an_error_that_does_not_quote_it() -> None:
    with pytest.raises(SettingsError, match="a key of 8 characters") as caught:
        parse_keys("0123456789abcdef,admin:hunter22")
    assert "hunter22" not in f"{caught.value} {caught.value.hint}"


def test_no_keys_are_none() -> None:
    assert parse_keys(" , ") == ()
