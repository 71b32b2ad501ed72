"""The registry on disk: versions that never change, what is known of them, and the pointer to the one that is served.

    models/
      unsloth-finscribe -> registry/v2-1b06c7aa     the pointer, what UNSLOTH_MODEL_DIR names
      registry/
        v1-9f2c41aa/      a version: a model folder
        v1-9f2c41aa.json  what is known of it
        v1-9f2c41aa.md    its card
        history.jsonl     what was served when, and why

A folder that training wrote may stand in the place of the pointer until the first promotion.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from finscribe.errors import RegistryError
from finscribe.evaluation.runs import read_run
from finscribe.files import file_hash, locked, replace_file, sync_folder
from finscribe.registry.card import render_card
from finscribe.registry.history import Event, History, What, led_to, served_until_now
from finscribe.registry.pointer import point
from finscribe.registry.version import UNNUMBERED, Version
from finscribe.settings import Settings

_UNFINISHED = ".unfinished-"
"""How folders begin that are being copied or removed."""


class Registry:
    """The versions beside a pointer. Reading changes nothing and needs no lock; methods raise `RegistryError`."""

    def __init__(self, pointer: Path) -> None:
        self.pointer = pointer
        self.folder = pointer.parent / "registry"
        self.history = History(self.folder / "history.jsonl")

    @classmethod
    def of(cls, settings: Settings) -> Registry:
        """The registry beside the model that is served by default."""
        return cls(settings.model_dir)

    # --- reading -------------------------------------------------------------------------------------

    def versions(self) -> list[Version]:
        """All versions, oldest first, pruned ones too."""
        with said(self.folder):
            found = [_read(path) for path in self.folder.glob("v*.json")]
        return sorted(found, key=lambda version: version.number)

    def find(self, reference: str) -> Version:
        """The version that an id, its number (`v3`) or the beginning of its hash names."""
        known = self.versions()
        found = [version for version in known if version.answers_to(reference)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(version.id for version in found)
            raise RegistryError(f"{reference} may be any of {ids}", hint="Give more of it.")
        ids = ", ".join(version.id for version in known) or "none yet"
        raise RegistryError(f"there is no version {reference} in {self.folder}", hint=f"Versions: {ids}.")

    def with_hash(self, sha256: str) -> Version | None:
        """The version whose folder has this hash, unless it was pruned."""
        found = (each for each in self.versions() if each.sha256 == sha256 and not each.removed)
        return next(found, None)

    def folder_of(self, version: Version) -> Path:
        """Where a version's model is."""
        return self.folder / version.id

    def run_with_hash(self, sha256: str) -> Mapping[str, Any] | None:
        """The `run.json` of the version with this hash, pruned or not; empty where it has none."""
        if version := self.with_hash(sha256):
            return read_run(self.folder_of(version)) or {}
        kept = (each.run for each in self.versions() if each.sha256 == sha256)
        return next((run for run in kept if run is not None), None)

    def at(self, folder: Path) -> Version | None:
        """The version that a folder (or the pointer) is; None for one that is not in the registry."""
        place = folder.resolve()
        if place.parent != self.folder.resolve():
            return None
        return next((version for version in self.versions() if version.id == place.name), None)

    def served(self) -> Version | None:
        """The version that the pointer leads to; None for a folder that is no version, or nothing."""
        return self.at(self.pointer)

    def line(self) -> list[Version]:
        """The versions that led to the one that is served, which is the last, without those rolled back or pruned."""
        known = {version.id: version for version in self.versions() if not version.removed}
        with said(self.history.path):
            served = served_until_now(list(self.history))
        if (now := self.served()) and served[-1:] != [now.id]:
            served = led_to(now.id, served)
        return [known[id_] for id_ in served if id_ in known]

    def verify(self, version: Version, folder: Path | None = None) -> None:
        """Raises `RegistryError` for a file of a version, or of a copy of it, that is missing or altered."""
        folder = folder or self.folder_of(version)
        if version.removed:
            raise RegistryError(
                f"{version.id} was pruned on {version.removed:%Y-%m-%d}",
                hint="Train it again; its card says how.",
            )
        for name, expected in version.files.items():
            path = folder / name
            with said(path):
                found = file_hash(path) if path.is_file() else None
            if found != expected:
                state = "is missing" if found is None else f"has changed, its sha256 is {found}"
                raise RegistryError(
                    f"{path} {state}; its sha256 should be {expected}",
                    hint="Copy it back from a backup, or choose another version: finscribe models list",
                )

    # --- changing ------------------------------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Nobody else changes the registry meanwhile; who tries is refused and does not wait."""
        with said(self.folder):
            try:
                with locked(self.folder / ".lock", wait=False):
                    self._clear_up()
                    yield
            except BlockingIOError as error:
                raise RegistryError(
                    f"{self.folder} is being changed by another promotion, rollback or pruning",
                    hint="Wait until it is done, and try again.",
                ) from error

    @contextmanager
    def staged(self, folder: Path, copy: Callable[[str, str], object] = shutil.copy2) -> Iterator[Path]:
        """A copy of a model folder inside the registry, on disk and read-only; it goes if it is not published."""
        staging = self.folder / f"{_UNFINISHED}{uuid4().hex[:8]}"
        try:
            shutil.copytree(folder, staging, copy_function=copy)
            _settle(staging)
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def publish(self, folder: Path, version: Version) -> Version:
        """Makes a staged folder a version, which it is once its record is written; gives a known one its new record."""
        if version.number == UNNUMBERED:
            version = replace(version, number=1 + max((each.number for each in self.versions()), default=0))
            place = self.folder_of(version)
            shutil.rmtree(place, ignore_errors=True)  # of a promotion that was cut off before the record
            folder.replace(place)
        replace_file(self._record(version), [version.to_json()])
        replace_file(self.card_of(version), [render_card(version, self.folder_of(version)).encode()])
        return version

    def card_of(self, version: Version) -> Path:
        """Where the card of a version is, in Markdown."""
        return self.folder / f"{version.id}.md"

    def _record(self, version: Version) -> Path:
        return self.folder / f"{version.id}.json"

    def serve(self, version: Version, what: What, why: str) -> None:
        """Serves a version from now on, and adds that to the history."""
        self.point_to(version)
        try:
            self.history.add(Event.now(what, version.id, why))
        except OSError as error:
            raise RegistryError(
                f"{version.id} is served now, but the history does not say so: {_told(error, self.history.path)}",
                hint="Do not try again: once the disk can be written to, the next change of the registry adds it.",
            ) from error

    def point_to(self, version: Version) -> Path | None:
        """Serves a version from now on; returns the folder that stood in the pointer's place, if one did."""
        return point(self.pointer, self.folder_of(version))

    def remove(self, version: Version) -> None:
        """Removes the folder of a version; its record, with what it was trained on, and its card stay."""
        run = read_run(self.folder_of(version)) or {}
        replace_file(self._record(version), [replace(version, removed=datetime.now(UTC), run=run).to_json()])
        doomed = self.folder / f"{_UNFINISHED}{version.id}"
        self.folder_of(version).replace(doomed)
        shutil.rmtree(doomed)

    def _clear_up(self) -> None:
        """Removes what was cut off; a pointer that was switched without a word becomes part of the history."""
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path)
        for version in self.versions():
            if version.removed and self.folder_of(version).exists():
                shutil.rmtree(self.folder_of(version))
        now = self.served()
        line = served_until_now(list(self.history))
        if now and (not line or line[-1] != now.id):
            self.history.add(Event.now("found", now.id, "the pointer led to it"))


@contextmanager
def said(path: Path) -> Iterator[None]:
    """Turns errors of the disk into a `RegistryError` that says what to do."""
    try:
        yield
    except (BlockingIOError, BrokenPipeError):  # locks, and who reads what is printed, are not the disk
        raise
    except OSError as error:
        raise RegistryError(
            _told(error, path),
            hint="Check the disk, and that you may write there.",
        ) from error


def _told(error: OSError, path: Path) -> str:
    if isinstance(error, shutil.Error):  # copying goes on to the end and tells of every file
        source, _, why = error.args[0][0]
        return f"{source} could not be copied: {why}"
    return f"{error.filename or path}: {error.strerror or error}"


def _read(path: Path) -> Version:
    try:
        return Version.from_json(path.read_bytes())
    except ValueError as error:
        raise RegistryError(
            f"{path} is no record of a version: {str(error).splitlines()[0]}",
            hint="Copy it back from a backup, or move it away to forget the version.",
        ) from error


def _settle(folder: Path) -> None:
    """Makes the files of a folder read-only, for versions never change, and puts them on disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path.chmod(path.stat().st_mode & ~0o222)
            with path.open("rb") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)
