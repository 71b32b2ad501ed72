"""What tells one model folder from another."""

from __future__ import annotations

from pathlib import Path

from finscribe.files import file_hash, folder_hash


def hash_of(folder: Path) -> str | None:
    """One SHA-256 for a model folder, as runs and evaluations name it; None where there is no folder."""
    return folder_hash(folder) if folder.is_dir() else None


def hashes_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}
