"""Where files are dropped: the browser sends each by itself to the API. What reacts at once is in drop_zone.js."""

from collections.abc import Callable

from nicegui.element import Element


class DropZone(Element, component="drop_zone.js"):
    """Sends what is dropped to the API at `address`; `on_sent` is called after each file.

    `there` is what stands between the name of a file that is there already and that of its document.
    """

    def __init__(
        self, address: str, title: str, kinds: str, there: str, *, on_sent: Callable[[], None]
    ) -> None:
        super().__init__()
        self._props["address"], self._props["title"] = address, title
        self._props["kinds"], self._props["there"] = kinds, there
        self.on("sent", lambda _: on_sent())
