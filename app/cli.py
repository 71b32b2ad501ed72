"""The command line of whoever runs the application: `python -m app users`, `keys`, `purge` and `worker`."""

import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import logs
from app.backend import make_backend, open_store
from app.core.memory import keep_little
from app.core.models.unsloth_service import get_unsloth_service
from app.processing.retention import Retention
from app.roles import Role
from app.settings import AppSettings
from app.store import accounts
from app.store.columns import now
from app.store.database import Database, unavailable
from app.store.files import Files
from app.store.tables import StoredDocument
from finscribe.errors import FinScribeError
from finscribe.settings import Settings

app = typer.Typer(
    help="What whoever runs the application does: users, keys of programs, purging, and workers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_users = typer.Typer(help="People who may log in.", no_args_is_help=True, rich_markup_mode=None)
_keys = typer.Typer(help="Keys of programs.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(_users, name="users")
app.add_typer(_keys, name="keys")

UserName = Annotated[str, typer.Argument(metavar="NAME", help="The name to log in with.")]
KeyName = Annotated[str, typer.Argument(metavar="NAME", help="What the audit log calls the program.")]
WhichRole = Annotated[Role, typer.Option("--role", help="What it may do; each role may do more.")]

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@_users.command("add")
def add_user(name: UserName, role: WhichRole = Role.REVIEWER) -> None:
    """Make a user; the password is asked for, or read from standard input."""
    password = _password()
    with _writing() as session:
        accounts.add_user(session, name, role, password)
    typer.echo(f"{name} may log in as {role}.")


@_users.command("list")
def list_users() -> None:
    """Show who may log in."""
    with _writing() as session:
        for user in accounts.users(session):
            typer.echo(f"{user.name}\t{user.role}\tsince {user.created_at:%Y-%m-%d}")


@_users.command("remove")
def remove_user(name: UserName) -> None:
    """Remove a user, who is logged out at once."""
    with _writing() as session:
        accounts.remove_user(session, name)
    typer.echo(f"{name} may log in no more.")


@_users.command("password")
def set_password(name: UserName) -> None:
    """Give a user another password, and end their sessions."""
    password = _password()
    with _writing() as session:
        accounts.set_password(session, name, password)
    typer.echo(f"{name} has another password.")


@_keys.command("add")
def add_key(name: KeyName, role: WhichRole = Role.REVIEWER) -> None:
    """Make a key and print it; it cannot be shown again."""
    with _writing() as session:
        key = accounts.add_key(session, name, role)
    typer.echo(key)
    typer.echo("Send it as `Authorization: Bearer KEY`. It cannot be shown again.", err=True)


@_keys.command("list")
def list_keys() -> None:
    """Show which keys there are, but not the keys."""
    with _writing() as session:
        for key in accounts.keys(session):
            typer.echo(f"{key.name}\t{key.role}\tsince {key.created_at:%Y-%m-%d}")


@_keys.command("remove")
def remove_key(name: KeyName) -> None:
    """Remove a key, which opens nothing from now on."""
    with _writing() as session:
        accounts.remove_key(session, name)
    typer.echo(f"The key {name} opens nothing any more.")


@app.command("purge")
def purge(
    older_than: Annotated[str, typer.Option(help="The age, as in 90d, 12w or 36h.", metavar="AGE")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete documents that came in longer ago, with files, pictures, text and examples."""
    before = now() - _age(older_than)
    with _store() as (database, files):
        retention = Retention(database, files, Settings.from_environment().data_dir)
        found = retention.older_than(before)
        for document in found:
            typer.echo(_line(document))
        if dry_run:
            typer.echo(f"Would be deleted: {len(found)} of the documents.")
            return
        deleted, owed = retention.delete(found)
    typer.echo(f"Deleted: {deleted} of the documents.")
    if owed:
        typer.echo("Their files and examples are erased by the server that is running.", err=True)


@app.command("worker")
def work() -> None:
    """Read the documents that servers take in, and answer nobody, until Ctrl+C or SIGTERM."""
    keep_little()
    app_settings = replace(AppSettings.from_environment(), reads=True)
    logs.install(app_settings.log)
    backend = make_backend(get_unsloth_service(), Settings.from_environment(), app_settings)
    ended = Event()

    def end(number: int, _frame: object) -> None:
        ended.set()
        signal.signal(number, signal.SIG_DFL)  # a second one does not wait

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)
    backend.start()
    typer.echo("Reading documents; Ctrl+C ends it.", err=True)
    ended.wait()
    backend.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line (default: `sys.argv`) and exit; an error becomes a message and its exit code."""
    try:
        app(args=arguments, prog_name="python -m app")
    except FinScribeError as error:
        _fail(error)
    except OperationalError as error:
        _fail(unavailable(error))


def _fail(error: FinScribeError) -> None:
    typer.secho(f"error: {error.message}", fg="red", err=True)
    if error.hint:
        typer.secho(f"  hint: {error.hint}", dim=True, err=True)
    sys.exit(error.exit_code)


@contextmanager
def _store() -> Iterator[tuple[Database, Files]]:
    settings = Settings.from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database, files = open_store(settings, AppSettings.from_environment())
    database.migrate()
    try:
        yield database, files
    finally:
        database.close()


@contextmanager
def _writing() -> Iterator[Session]:
    with _store() as (database, _), database.writing() as session:
        yield session


def _password() -> str:
    if sys.stdin.isatty():
        found: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return found
    return sys.stdin.readline().rstrip("\r\n")


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,4})([hdw])", text.strip())
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is no age; give one as in 90d, 12w or 36h.", param_hint="--older-than"
        )
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _line(document: StoredDocument) -> str:
    name = "".join(char if char.isprintable() else " " for char in document.name)
    return f"{document.id}\t{document.created_at:%Y-%m-%d}\t{document.state}\t{name}"
