"""The model service: one model in the process, loaded once, asked by many at a time.

from app.core.models.unsloth_service import get_unsloth_service

invoice = get_unsloth_service().infer(ocr_text="Vendor: TechCorp Inc.\\nInvoice: INV-001")
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app.core.models.batching import Batcher
from app.core.models.hot_swap import EVERY, HotSwap
from finscribe.decoding import AskedModel, LanguageModel
from finscribe.decoding.model import SideBySide
from finscribe.documents import Document, clean
from finscribe.errors import FinScribeError, ModelBroken
from finscribe.extract import Extraction, extract_many
from finscribe.serving import FEW_WORDS, Place, Served, find_place, load_served_model
from finscribe.settings import Settings

logger = logging.getLogger(__name__)

Status = Literal["idle", "loading", "ready", "failed"]

MAX_BATCH = 8
LONG = 3_000
"""Characters of a text beyond which it is read beside the others, for they would wait for it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose; requests with the same choice can share a batch."""

    instruction: str | None = None
    max_new_tokens: int | None = None


class UnslothService:
    """Reads invoices with the served model; safe to call from many threads.

    The model is loaded by the first call or by `preload`, whichever comes first, and asked on two threads, one for
    long documents, on each of which requests that wait are answered together; a model that cannot compute two batches
    at once is asked by one of them after the other. A failed load is tried again by the next request.
    A model that is promoted later is loaded beside the one that answers, and takes over between two batches; looks
    for it are `look_every` seconds apart. Without `settings` those of the environment count, as they are when the
    model is loaded.
    """

    def __init__(self, settings: Settings | None = None, *, look_every: float = EVERY) -> None:
        self._settings, self._look_every = settings, look_every
        self._served: Served | None = None
        self._place: Place | None = None
        self._swap: HotSwap | None = None
        self._failure: BaseException | None = None
        self._status: Status = "idle"
        self._loading, self._alone = threading.Lock(), threading.Lock()
        self._short, self._long = (
            Batcher[Served, Options, Document, Extraction](
                self._load_once, self._extract_all, max_batch=MAX_BATCH
            )
            for _ in range(2)
        )

    def infer(
        self,
        ocr_text: str,
        instruction: str | None = None,
        max_new_tokens: int | None = None,
        temperature: float | None = None,
        doc_id: str | None = None,
    ) -> dict[str, Any]:
        """The invoice that a text prints, every key present, None where nothing is printed, amounts as int or float.

        `instruction` replaces the prompt's own; the answer stays grounded. `temperature` (0 to 2) is accepted
        for the sake of older callers and has no effect: grounded decoding is greedy. `doc_id` names the text
        in error messages. Raises DocumentError, ModelError, MissingDependency, PromptTooLong, TooBusy;
        ValueError for options out of range.
        """
        extraction = self.extract(
            ocr_text,
            instruction=instruction,
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            doc_id=doc_id,
        )
        return extraction.invoice.to_dict()

    def extract(
        self,
        document: Document | str,
        *,
        instruction: str | None = None,
        max_new_tokens: int | None = None,
        temperature: float | None = None,
        doc_id: str | None = None,
    ) -> Extraction:
        """Like `infer`, with the evidence of every value, findings, model and timings."""
        return self.submit(
            document,
            instruction=instruction,
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            doc_id=doc_id,
        ).result()

    def submit(
        self,
        document: Document | str,
        *,
        instruction: str | None = None,
        max_new_tokens: int | None = None,
        temperature: float | None = None,
        doc_id: str | None = None,
    ) -> "Future[Extraction]":
        """Like `extract`, without waiting for the answer; what is wrong with the document is raised here."""
        _check_temperature(temperature)
        if max_new_tokens is not None and max_new_tokens < 1:
            raise ValueError(f"max_new_tokens is {max_new_tokens}; it has to be at least 1")
        if not isinstance(document, Document):
            document = Document.from_text(document, doc_id or "ocr_text", settings=self._settings)
        # A lone surrogate in the instruction would make the tokenizer fail.
        options = Options(clean(instruction or "").strip() or None, max_new_tokens)
        return (self._long if len(document.text) > LONG else self._short).submit(options, document)

    def preload(self) -> None:
        """Starts loading the model and warms it with a tiny document, without waiting for either."""
        if self._served is not None:
            return
        self._status = "loading"
        self.submit(FEW_WORDS).add_done_callback(self._warmed_up)

    def health(self) -> dict[str, Any]:
        """Says at once what is loaded or why nothing is; `status` is idle, loading, ready or failed."""
        served, failure, swap = self._served, self._failure, self._swap
        return {
            "status": self._status,
            "model_available": self.available,
            "model": served.model.name if served else None,
            "origin": served.origin if served else None,
            "backend": served.model.backend if served else None,
            "context_length": served.model.context_length if served else None,
            "gate": served.standing if served else None,
            "tried": list(
                served.tried if served else failure.tried if isinstance(failure, FinScribeError) else ()
            ),
            "error": str(failure) if failure else None,
            "hint": getattr(failure, "hint", "") if failure else None,
            "not_swapped": swap.failure if swap else None,
        }

    @property
    def available(self) -> bool:
        """Whether a model is loaded."""
        return self._served is not None

    def close(self) -> None:
        """Stops the threads; the next request starts them again, and the model stays."""
        swap, self._swap = self._swap, None
        if swap:
            swap.close()
        for lane in (self._short, self._long):
            lane.stop()
        for lane in (self._short, self._long):
            lane.close()

    def _load_once(self) -> Served:
        with self._loading:
            served = self._served or self._load_first()
            if self._swap is None:
                self._swap = HotSwap(self._now(), self._place, self._take, every=self._look_every)
                self._swap.start()
            return served

    def _extract_all(
        self, served: Served, options: Options, documents: Sequence[Document]
    ) -> list[Extraction]:
        with nullcontext() if _computes_side_by_side(served.model) else self._alone:
            return extract_many(
                documents,
                served.model,
                batch_size=MAX_BATCH,
                instruction=options.instruction,
                max_new_tokens=options.max_new_tokens,
            )

    def _load_first(self) -> Served:
        self._status, self._failure = "loading", None
        settings = self._now()
        place = find_place(settings)
        try:
            served = _load(settings)
        except Exception as error:
            self._fail(error)
            raise
        self._take(served, place)
        return served

    def _now(self) -> Settings:
        return self._settings or Settings.from_environment()

    def _take(self, served: Served, place: Place | None) -> Served | None:
        """Answers with this model from the next batch on, and returns the one until now; the link led to `place`."""
        former, self._served, self._place = self._served, served, place
        self._status, self._failure = "ready", None
        logger.info("Serving %s (%s, %s)", served.model.name, served.origin, served.model.backend)
        return former

    def _warmed_up(self, warm_up: "Future[Extraction]") -> None:
        error = warm_up.exception()
        if error is not None and self._served is not None:  # a model that cannot answer
            self._served = None
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._status, self._failure = "failed", error
        logger.error("No model is served: %s %s", error, getattr(error, "hint", ""))


def _load(settings: Settings) -> Served:
    try:
        served = load_served_model(settings)
    except FinScribeError:
        raise
    except Exception as error:
        logger.exception("Loading the model failed")
        raise ModelBroken(
            f"the model does not load: {type(error).__name__}: {error}",
            hint="The log has the details; UNSLOTH_MODEL_DIR and UNSLOTH_MODEL_NAME choose another model.",
        ) from error
    return served


def _computes_side_by_side(model: LanguageModel) -> bool:
    return isinstance(model, AskedModel) or (isinstance(model, SideBySide) and model.lanes > 1)


def _check_temperature(temperature: float | None) -> None:
    if temperature is None:
        return
    if not 0 <= temperature <= 2:
        raise ValueError(f"temperature is {temperature}; it has to be from 0 to 2")
    if temperature > 0:
        _note_temperature()


@cache
def _note_temperature() -> None:
    logger.info("temperature has no effect: grounded decoding is greedy (said once)")


_lock = threading.Lock()
_service: UnslothService | None = None


def get_unsloth_service() -> UnslothService:
    """The service of this process, the same one for everybody."""
    global _service
    with _lock:
        if _service is None:
            _service = UnslothService()
        return _service
