"""Where the base of a run is: its folder on this disk, and its revision on a hub."""

from __future__ import annotations

from pathlib import Path


def found_in(name: str) -> Path | None:
    """The folder of a model, that of the cache for a name on a hub; None where there is none."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        return None


def revision_of(name: str) -> str | None:
    """The commit of a hub that the model is of; None where that is not known."""
    folder = found_in(name)
    return folder.name if folder and folder.parent.name == "snapshots" else None


def from_anywhere(name: str) -> str:
    """A name that means the same model from every working directory: folders by their absolute path."""
    return str(Path(name).resolve()) if Path(name).is_dir() else name
