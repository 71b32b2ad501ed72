"""Notices that another model is to be served, and loads it beside the one that answers meanwhile."""

import logging
import threading
from collections.abc import Callable

from app.core.models.former import Former
from finscribe.decoding.loading import release_memory
from finscribe.serving import Place, Served, find_place, load_place
from finscribe.settings import Settings

logger = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks."""


class HotSwap:
    """Looks where UNSLOTH_MODEL_DIR leads, and gives `take` what it loads from there when that has changed.

    A thread of its own looks and loads, from `start` to `close`, so that nobody waits for it. What does not load is
    said in `failure` and tried again when it leads elsewhere. `serving` is the place of the model that answers now;
    `take` returns the one that the new one takes over from, whose memory is given back once no batch holds it.
    """

    def __init__(
        self,
        settings: Settings,
        serving: Place | None,
        take: Callable[[Served, Place], Served | None],
        *,
        every: float = EVERY,
    ) -> None:
        self.failure: str | None = None
        self._settings, self._take, self._every = settings, take, every
        self._serving = self._seen = serving
        self._former = Former()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="finscribe-hot-swap", daemon=True)

    def start(self) -> None:
        """Looks from now on."""
        self._thread.start()

    def close(self) -> None:
        """Looks no more; a model that is being loaded is not waited for, nor taken."""
        self._closed.set()

    def look(self) -> None:
        """One look; returns when what is to be served is served, or does not load."""
        place = find_place(self._settings)
        # Where it is gone, another one may be on its way: the model in memory is still good.
        if place is None or place == self._seen:
            return
        self._seen, self.failure = place, None
        if place != self._serving:
            self._load(place)
            release_memory()  # what loading left behind, of a model that failed above all

    def _load(self, place: Place) -> None:
        logger.info("Loading %s, while the model until now answers", place.folder)
        try:
            served = load_place(place, self._settings)
        except Exception as error:
            self.failure = str(error) or type(error).__name__  # not the error, which holds what was loaded
            logger.exception("%s is not served, the model until now still is", place.folder)
            return
        if not self._closed.is_set():
            self._serving = place
            if former := self._take(served, place):
                self._former.add(former.model)

    def _watch(self) -> None:
        while not self._closed.wait(self._every):
            self.look()
            self._former.look()
