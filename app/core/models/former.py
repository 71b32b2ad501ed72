"""Models that another one has taken over from, until the memory that they held is given back."""

from weakref import ref

from finscribe.decoding.loading import release_memory


class Former:
    """A model goes when the batch ends that it still computes; look every now and then whether it has.

    It may refer to itself, and then stays until Python looks for such. That takes all threads' time, so while a
    model does not go, it is done after 1, 2, 4, 8 looks and so on.
    """

    def __init__(self) -> None:
        self._models: list[ref[object]] = []
        self._looks = 0

    def add(self, model: object) -> None:
        """Looks for this one too from now on."""
        self._models.append(ref(model))
        self._looks = 0

    def look(self) -> None:
        """Gives memory back where a model has gone since the last look, or may go now."""
        if not self._models:
            return
        self._looks += 1
        if self._looks.bit_count() == 1 or any(model() is None for model in self._models):
            release_memory()
            self._models = [model for model in self._models if model() is not None]
