"""The model service."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread, current_thread
from typing import Any

import pytest

from app.core.models import unsloth_service
from app.core.models.unsloth_service import LONG, UnslothService, get_unsloth_service
from finscribe.documents import Document
from finscribe.errors import EmptyDocument, ModelBroken, ModelNotFound
from finscribe.invoice import Invoice, parse_json
from finscribe.serving import Place, Served
from finscribe.settings import Settings
from finscribe.testing import FakeModel
from tests.app.conftest import FakeLoader, FakeReader, FakeServedModel


def test_infer_gives_the_invoice_with_every_key(service: UnslothService) -> None:
    invoice = service.infer(ocr_text="INV-001 Total 12.50")
    assert invoice.keys() == Invoice.model_fields.keys()
    assert invoice["invoice_number"] == "INV-001"
    assert invoice["financial_summary"]["grand_total"] == 12.5
    assert invoice["vendor"] == {"name": None, "address": None, "tax_id": None}


def test_the_engine_answers_with_what_is_printed_and_with_the_instruction_in_its_prompt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = Invoice.from_record(parse_json('{"invoice_number": "INV-7", "due_date": null}'))
    model = FakeModel(wanted.to_json())
    monkeypatch.setattr(unsloth_service, "load_served_model", lambda settings: Served(model, "starter"))
    service = UnslothService(Settings())
    extraction = service.extract("Invoice INV-7 of ACME", instruction="Read it.")
    service.close()
    assert extraction.invoice == wanted
    assert extraction.evidence["invoice_number"].places[0][0].start == 8
    assert "Read it." in model.prompts[-1]


def test_a_document_is_taken_as_well_as_text(service: UnslothService) -> None:
    assert service.extract(Document.from_text("A 1")).invoice == service.extract("A 1").invoice


def test_there_is_one_service_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsloth_service, "_service", None)
    barrier = Barrier(8)

    def get(_: int) -> UnslothService:
        barrier.wait(10)
        return get_unsloth_service()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(get, range(8)))) == 1


def test_the_model_is_loaded_once_however_many_ask_first(service: UnslothService, loader: FakeLoader) -> None:
    barrier = Barrier(16)

    def one(number: int) -> str:
        barrier.wait(10)
        return str(service.infer(f"INV-{number} 1")["invoice_number"])

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(one, range(16))) == [f"INV-{number}" for number in range(16)]
    assert loader.loads == 1


LONG_TEXT = "LONG-1 " + "x " * LONG + "1"


def test_a_long_document_does_not_hold_up_a_short_one(service: UnslothService, reader: FakeReader) -> None:
    begun, end = Event(), Event()

    def hold(text: str) -> None:
        if len(text) > LONG:
            begun.set()
            assert end.wait(10)

    reader.fail = hold
    long = service.submit(LONG_TEXT)
    assert begun.wait(10)
    assert service.infer("INV-2 2")["invoice_number"] == "INV-2"
    assert not long.done()
    end.set()
    assert long.result(10).invoice.invoice_number == "LONG-1"


def test_closing_stops_both_threads_before_it_waits_for_one(
    service: UnslothService, reader: FakeReader
) -> None:
    begun = Event()
    lanes: list[Thread] = []
    ended: list[bool] = []

    def wait_for_the_other(text: str) -> None:
        if len(text) > LONG:
            lanes.append(current_thread())
            return
        begun.set()
        lanes[0].join(4)
        ended.append(not lanes[0].is_alive())

    reader.fail = wait_for_the_other
    service.infer(LONG_TEXT)
    service.submit("INV-2 2")
    assert begun.wait(10)
    service.close()
    assert ended == [True]


def test_a_model_that_computes_one_batch_at_a_time_is_asked_one_after_the_other(
    service: UnslothService, reader: FakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeServedModel, "lanes", 1)
    inside, most = 0, 0

    def count(text: str) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1

    reader.fail = count
    asked = [service.submit(text) for number in range(4) for text in (LONG_TEXT, f"INV-{number} 1")]
    assert {each.result(10).invoice.invoice_number for each in asked} >= {"LONG-1", "INV-0", "INV-3"}
    assert most == 1


def test_nothing_is_loaded_before_somebody_asks(service: UnslothService, loader: FakeLoader) -> None:
    assert service.health()["status"] == "idle"
    assert loader.loads == 0


def test_preloading_loads_and_warms_and_is_done_once(
    service: UnslothService, loader: FakeLoader, reader: FakeReader
) -> None:
    service.preload()
    service.infer("A 1")
    service.preload()
    assert service.health()["status"] == "ready"
    assert loader.loads == 1
    assert reader.batches[0] == [unsloth_service.FEW_WORDS]


def test_a_failed_load_is_tried_again_by_the_next_request(
    service: UnslothService, loader: FakeLoader
) -> None:
    loader.error = ModelNotFound("not there", hint="Train one.")
    with pytest.raises(ModelNotFound, match="not there"):
        service.infer("A 1")
    health = service.health()
    assert (health["status"], health["error"], health["hint"]) == ("failed", "not there", "Train one.")
    loader.error = None
    assert service.infer("A 1")["invoice_number"] == "A"
    health = service.health()
    assert (health["status"], health["error"], health["hint"]) == ("ready", None, None)


def test_a_loader_that_crashes_is_a_broken_model_with_a_hint(
    service: UnslothService, loader: FakeLoader
) -> None:
    loader.error = RuntimeError("out of memory")
    with pytest.raises(ModelBroken, match="RuntimeError: out of memory") as caught:
        service.infer("A 1")
    assert caught.value.hint


def test_a_model_that_cannot_answer_is_not_served(service: UnslothService, reader: FakeReader) -> None:
    reader.fail = lambda text: RuntimeError("no kernel image") if text == unsloth_service.FEW_WORDS else None
    service.preload()
    service.close()
    health = service.health()
    assert (health["status"], health["model_available"], health["error"]) == (
        "failed",
        False,
        "no kernel image",
    )


def test_a_service_whose_first_model_cannot_answer_is_ready_with_the_next_one(
    service: UnslothService, reader: FakeReader
) -> None:
    reader.fail = lambda text: RuntimeError("no kernel image") if text == unsloth_service.FEW_WORDS else None
    service.preload()
    service.close()
    model: Any = FakeServedModel()
    service._take(Served(model, "model-dir"), Place(Path("models/next"), 1))
    health = service.health()
    assert (health["status"], health["model_available"], health["error"]) == ("ready", True, None)


def test_a_bad_document_fails_before_it_is_queued(service: UnslothService, loader: FakeLoader) -> None:
    with pytest.raises(EmptyDocument, match="doc-7: no text in it"):
        service.infer("  ", doc_id="doc-7")
    assert loader.loads == 0


def test_a_temperature_has_no_effect_and_is_noted_once(
    service: UnslothService, caplog: pytest.LogCaptureFixture
) -> None:
    unsloth_service._note_temperature.cache_clear()
    with caplog.at_level(logging.INFO, logger=unsloth_service.__name__):
        answers = [service.infer("A 1", temperature=value) for value in (None, 0, 0.1, 2.0)]
    assert answers == [answers[0]] * 4
    assert caplog.text.count("temperature has no effect") == 1


@pytest.mark.parametrize("options", [{"temperature": -0.1}, {"temperature": 2.1}, {"max_new_tokens": 0}])
def test_options_out_of_range_are_refused(service: UnslothService, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        service.infer("A 1", **options)  # type: ignore[arg-type]


def test_a_blank_instruction_is_none(service: UnslothService, reader: FakeReader) -> None:
    service.infer("A 1", instruction=" \n")
    assert reader.options[-1] == (None, None)
