"""Models on the Hugging Face hub: whether one can be had, found out in seconds; the hub's library takes a minute."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from finscribe.errors import ModelNotFound

PATIENCE = 5.0
"""Seconds that the hub may take to say anything at all."""


def is_cached(name: str) -> bool:
    """Whether a model of the hub is in its cache; raises ModelNotFound where it would have to be but is not."""
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = [try_to_load_from_cache(name, file) for file in ("config.json", "adapter_config.json")]
    except HFValidationError as error:
        raise ModelNotFound(
            f"{name!r} is neither a folder nor a name on the hub: {error}",
            hint="Give a model folder, or OWNER/NAME.",
        ) from error
    if any(isinstance(path, str) for path in found):
        return True
    if constants.HF_HUB_OFFLINE:
        raise ModelNotFound(
            f"{name} is not in the cache, and HF_HUB_OFFLINE forbids to download it",
            hint=f"There is no folder of this name. Give a model folder, or fetch a model of this name where there is "
            f"a network: hf download {name}",
        )
    return False


@contextmanager
def within_reach(name: str, *, exactly: bool = True) -> Iterator[None]:
    """Where the hub does not answer, a name is loaded from the cache alone; raises ModelNotFound if it is not there.

    Of a folder that holds an adapter this is about its base. Not `exactly`: the library may load the model under
    another name (Unsloth has 4-bit ones of its own), so that the cache is no judge.
    """
    from huggingface_hub import constants

    wanted, offline = _on_the_hub(name), constants.HF_HUB_OFFLINE
    if wanted is None:
        yield
        return
    cached = not exactly or is_cached(wanted)
    reason = None if offline else why_silent(constants.ENDPOINT)
    if reason and not cached:
        raise ModelNotFound(
            f"{wanted} is not in the cache, and {constants.ENDPOINT} does not answer ({reason})",
            hint=f"Fetch it where there is a network (hf download {wanted}), or give a model folder. "
            "HF_HUB_OFFLINE=1 uses the cache alone and asks nobody.",
        )
    constants.HF_HUB_OFFLINE = offline or reason is not None
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = offline


def _on_the_hub(name: str) -> str | None:
    """What is fetched for a name: itself, for an adapter's folder its base; None where all is on this disk."""
    if not Path(name).is_dir():
        return name
    base = base_of(Path(name))
    return base if base and not Path(base).exists() else None


def base_of(folder: Path) -> str | None:
    """The folder or the name that an adapter says it belongs to.

    None for a model of its own, and for an adapter that cannot be read, which is said when it is loaded.
    """
    try:
        base = json.loads((folder / "adapter_config.json").read_text("utf-8"))["base_model_name_or_path"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return base if isinstance(base, str) and base else None


def why_silent(address: str) -> str | None:
    """Why a server says nothing within `PATIENCE` seconds; None where it answers, be it with an error. Uses proxies."""
    said: SimpleQueue[str | None] = SimpleQueue()
    threading.Thread(target=_ask, args=(address, said), daemon=True).start()  # a name server may take longer
    try:
        return said.get(timeout=PATIENCE)
    except Empty:
        return f"nothing within {PATIENCE:g} seconds"


def _ask(address: str, said: SimpleQueue[str | None]) -> None:
    from huggingface_hub import get_session

    try:
        get_session().head(address, timeout=PATIENCE)
        said.put(None)
    except Exception as error:  # whatever the network fails with
        said.put(f"{type(error).__name__}: {error}")
