"""What was corrected, by field and vendor."""

from collections import Counter
from collections.abc import Mapping

from nicegui import run, ui

from app.backend import Backend
from app.local import Local
from app.web import texts
from app.web.parts import card, chart, tiles
from app.web.shell import local_of_visitor
from finscribe.invoice import LINES
from finscribe.journal import signature
from finscribe.reports.charts import Bar, bar_chart
from finscribe.training.queue.record import Correction
from finscribe.training.queue.stats import QueueStats
from finscribe.training.queue.training_queue import TrainingQueue

MOST_BARS = 15


class QueueTab:
    """The queue, counted anew when its files have changed."""

    def __init__(self, backend: Backend) -> None:
        self._queue, self._local = TrainingQueue(backend.data_dir), local_of_visitor(backend)
        self._shown: object = None

    def build(self) -> None:
        """Builds the tab."""
        self._place = ui.element("div").classes("w-full")

    async def refresh(self) -> None:
        """Shows the queue as it is now."""
        looks = signature(self._queue.general)
        if self._shown == (looks,):
            return
        found = await run.io_bound(lambda: (self._queue.stats(), by_vendor(self._queue)))
        if found is None:  # the server is ending
            return
        self._shown = (looks,)
        self._place.clear()
        with self._place:
            _draw(*found, self._local)


def by_vendor(queue: TrainingQueue) -> dict[str, int]:
    """How many live corrections are of each vendor, the commonest first; one that nobody vouched for is marked."""
    corrections = queue.corrections() if queue.general.exists() else ()
    return dict(Counter(map(_vendor, corrections)).most_common())


def _vendor(correction: Correction) -> str:
    if name := correction.truth.values.get("vendor.name"):
        return str(name)
    read = correction.extracted and correction.extracted.values.get("vendor.name")
    return texts.UNCONFIRMED.format(name=read) if read else texts.NO_VENDOR


def _draw(stats: QueueStats, vendors: Mapping[str, int], local: Local) -> None:
    found = stats.to_dict()
    tiles([(name, local.number(found[key]), hint) for key, (name, hint) in texts.QUEUE_TILES.items()])
    if not stats.live:
        ui.label(texts.NO_CORRECTIONS).classes("muted p-4")
        return
    with ui.element("div").classes("cards"):
        with card(texts.BY_FIELD, texts.BY_FIELD_SAID):
            by_field = {name_of(field): count for field, count in stats.by_field.items()}
            counted(by_field, texts.BY_FIELD, "warn", local)
        with card(texts.BY_VENDOR, texts.BY_VENDOR_SAID):
            counted(vendors, texts.BY_VENDOR, "one", local)


def counted(counts: Mapping[str, int], title: str, kind: str, local: Local) -> None:
    """Bars of the commonest, which come first."""
    commonest = list(counts.items())[:MOST_BARS]
    rows = [Bar(name, [(count, kind)], local.number(count)) for name, count in commonest]
    chart(bar_chart(rows, title))


def name_of(field: str) -> str:
    """How people know a field, or a cell of lines."""
    if field == LINES:
        return texts.WHOLE_LINE
    cell = field.removeprefix(f"{LINES}.")
    return texts.CELLS.get(cell) or texts.FIELDS.get(field, field)
