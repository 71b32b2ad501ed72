"""The page of a document with the boxes of its values; it also hears the keys. What reacts at once is in viewer.js."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

Boxes = Mapping[str, Sequence[Sequence[float]]]


class Viewer(Element, component="viewer.js"):
    """Shows pages; `base` is the address of the document, `pages` what the API says of them.

    A field of the form is an element with `data-path` that holds an input, an unsure one has `data-unsure` too: what is
    pointed at or has the focus is shown on the page. `on_text(path, text)` is called with the words that were clicked
    or drawn around, `on_paste(path, text)` with cells of a spreadsheet, and `on_key(name, path)` with "accept",
    "approve", "undo" and "keys".
    """

    def __init__(
        self,
        base: str,
        pages: Sequence[Mapping[str, Any]],
        boxes: Boxes,
        *,
        on_text: Callable[[str, str], None],
        on_key: Callable[[str, str | None], Awaitable[None]],
        on_paste: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._props["base"], self._props["pages"] = base, list(pages)
        self.show(boxes)
        self.on("text", lambda event: on_text(*_both(event)))
        self.on("cells", lambda event: on_paste(*_both(event)))
        self.on("key", lambda event: on_key(*_both(event)))

    def show(self, boxes: Boxes) -> None:
        """Draws other boxes."""
        self._props["boxes"] = {path: list(places) for path, places in boxes.items()}
        self.update()

    def begin(self) -> None:
        """Puts the focus where a review begins."""
        self.run_method("begin")

    def show_failing(self) -> None:
        """Puts the focus into the first field that a failing check names."""
        self.run_method("showFailing")


def _both(event: GenericEventArguments) -> tuple[Any, Any]:
    return event.args[0], event.args[1]
