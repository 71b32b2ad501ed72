"""The starter: a small model that comes with the package, and what built it."""

from pathlib import Path

from finscribe.errors import ModelNotFound

NAME = "finscribe-starter"
"""The name of its folder, and so what answers say they come from."""


def path() -> Path:
    """The folder of the bundled starter model; raises ModelNotFound where it was not built."""
    folder = Path(__file__).with_name(NAME)
    if not (folder / "config.json").is_file():
        raise ModelNotFound(
            f"the starter model is not at {folder}",
            hint="Build it with `python -m finscribe.starter.build`, or install a complete package.",
        )
    return folder
