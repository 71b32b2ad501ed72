"""The work behind the requests where other processes do it."""


class WorkElsewhere:
    """Does nothing: `python -m app worker`, on this machine or another one, looks for what there is to do."""

    running = True

    def start(self) -> None:
        """Has nothing to take up."""

    def wake(self) -> None:
        """The others look every few seconds."""

    def close(self) -> None:
        """Has nothing to cut off."""
