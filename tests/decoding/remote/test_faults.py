"""Servers that are busy, silent, broken or lying: asked again, set aside, named; nothing of a document is told."""

import json
import logging
from threading import Barrier
from typing import Any

import pytest

from finscribe.decoding import Printed, Task
from finscribe.decoding.remote import transport
from finscribe.documents import Document
from finscribe.errors import (
    DocumentError,
    DocumentTooLarge,
    ModelError,
    ModelNotFound,
    ModelUnreachable,
    PromptTooLong,
    SettingsError,
)
from finscribe.extract import Extraction, extract, extract_many
from finscribe.invoice import ALL_FIELDS
from finscribe.settings import RemoteSettings, Settings
from tests.decoding.remote.server import (
    Clock,
    Sent,
    Server,
    as_json,
    later,
    listing,
    load,
    refuses,
    says,
    served,
)

TEXT = "ACME Ltd\nInvoice INV-7\nTotal 23.50"
ANSWER = json.dumps({"vendor": {"name": "ACME Ltd"}, "financial_summary": {"grand_total": 23.5}})
SECRET = "Kaltenbrunn"  # what no log and no error may hold


def read(model: Any, text: str = TEXT) -> Extraction:
    return extract(Document.from_text(text), model)


def gone(server: Server) -> Server:
    """An address on which nothing listens any more."""
    with server:
        pass
    return server


# --- asked again -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        (later(429, "7"), [7.0]),
        (later(503, "0"), [0.5]),
        (later(429), [0.5]),
        (later(503, "nonsense"), [0.5]),
        (later(500), [0.5]),
        (Sent(b'{"choices": [{"mess', cut=True), [0.5]),
        (Sent(b"<html><body>Bad gateway</body></html>", headers={"Content-Type": "text/html"}), [0.5]),
        (Sent(b'"a string"'), [0.5]),
        (Sent(b"{}"), [0.5]),
        (as_json({"choices": [{"message": {"content": 5}}]}), [0.5]),
        (as_json({"model": "another", "choices": [{"message": {"content": ANSWER}}]}), [0.5]),
    ],
)
def test_after_a_fault_the_request_is_made_again_when_it_may_work(fault: Sent, pauses: list[float]) -> None:
    clock = Clock()
    with served(fault, says(ANSWER), clock=clock) as (server, model):
        found = read(model)
    assert found.invoice.vendor.name == "ACME Ltd"
    assert clock.pauses == pauses
    assert len(server.asked) == found.forward_passes == 2


def test_a_server_that_hangs_costs_the_time_of_one_request_and_no_more() -> None:
    with served(Sent(hang=True), says(ANSWER), seconds=0.3) as (server, model):
        assert read(model).invoice.vendor.name == "ACME Ltd"
    assert len(server.asked) == 2


def test_a_document_that_alone_takes_too_long_does_not_stand_for_the_server() -> None:
    with served(says(ANSWER), Sent(hang=True), seconds=0.2, tries=2) as (_, model):
        read(model)
        with pytest.raises(DocumentTooLarge, match="not this document in 2 requests") as caught:
            read(model)
    assert "FINSCRIBE_REMOTE_SECONDS" in caught.value.hint


@pytest.mark.parametrize("fault", ["never answered", "not for long", "gone"])
def test_a_server_that_answers_nobody_is_not_a_document_that_takes_too_long(fault: str) -> None:
    clock = Clock()
    with served(says(ANSWER), Sent(hang=True), clock=clock, seconds=0.2, tries=2) as (server, model):
        if fault != "never answered":
            read(model)
        else:
            server.replies.pop(0)
        if fault == "not for long":
            clock.time += 1000
        elif fault == "gone":
            server.models = later(503)
        with pytest.raises(ModelUnreachable, match="no whole answer within"):
            read(model)


def test_the_time_of_a_document_begins_when_it_is_asked_for() -> None:
    clock = Clock()

    def slow(request: dict[str, Any]) -> Sent:
        clock.time += 40
        return says(ANSWER)(request)

    with served(slow, clock=clock, at_once=1, max_seconds=100) as (server, model):
        tasks = [Task("the prompt", Printed(TEXT), ALL_FIELDS) for _ in range(8)]
        assert len(model.answer(tasks)) == len(server.asked) == 8


def test_a_date_may_say_when_to_ask_again() -> None:
    clock = Clock()
    reply = later(503, "Fri, 01 Jan 2100 00:00:00 GMT")
    with served(reply, clock=clock) as (_, model), pytest.raises(ModelUnreachable, match="HTTP 503"):
        read(model)
    assert clock.pauses == []  # nobody waits that long


def test_pauses_grow_and_tries_end() -> None:
    clock = Clock()
    with served(later(500), clock=clock, tries=4) as (server, model), pytest.raises(ModelError) as caught:
        read(model)
    assert caught.value.message == f"invoices gave no answer in 4 requests. {server.url}: HTTP 500"
    assert clock.pauses == [0.5, 1.0, 2.0]
    assert "finscribe doctor" in caught.value.hint
    assert caught.value.retryable


def test_no_more_is_tried_when_the_time_of_a_document_is_up() -> None:
    clock = Clock()
    options = {"clock": clock, "tries": 50, "max_seconds": 100}
    with served(later(429, "40"), **options) as (server, model), pytest.raises(ModelUnreachable):
        read(model)
    assert clock.pauses == [40.0, 40.0]
    assert len(server.asked) == 3


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_BYTES", 1 << 20)
    with served(Sent(b" " * (2 << 20)), says(ANSWER)) as (server, model):
        assert read(model).invoice.vendor.name == "ACME Ltd"
    assert len(server.asked) == 2


# --- several servers ---------------------------------------------------------------------------------


def test_servers_are_asked_in_turn() -> None:
    with Server(says(ANSWER)) as one, Server(says(ANSWER)) as other:
        model = load([one, other])
        for _ in range(4):
            read(model)
    assert (len(one.asked), len(other.asked)) == (2, 2)


def test_one_that_fails_is_left_alone_for_a_while_and_nobody_waits() -> None:
    clock = Clock()
    with Server(later(500), says(ANSWER)) as weak, Server(says(ANSWER)) as well:
        model = load([weak, well], clock)
        for _ in range(3):
            read(model)
        assert (len(weak.asked), len(well.asked), clock.pauses) == (1, 3, [])
        clock.time += 1.0
        read(model)
        read(model)
    assert (len(weak.asked), len(well.asked)) == (2, 4)


def test_one_that_is_gone_when_the_model_is_loaded_does_not_matter(caplog: pytest.LogCaptureFixture) -> None:
    lost = gone(Server(says(ANSWER)))
    with Server(says(ANSWER), models=listing("invoices", owner="vllm", max_model_len=2000)) as well:
        model = load([lost, well])
        assert model.context_length == 2000
        assert read(model).invoice.vendor.name == "ACME Ltd"
        assert read(model).invoice.vendor.name == "ACME Ltd"
    assert f"{lost.url} does not answer: connection refused" in caplog.text


def test_when_none_answers_each_is_named() -> None:
    lost = [gone(Server(says(ANSWER))) for _ in range(2)]
    with pytest.raises(ModelUnreachable) as caught:
        load(lost)
    assert all(f"{server.url}: connection refused" in caught.value.message for server in lost)


def test_requests_run_side_by_side_and_no_more_than_are_allowed() -> None:
    together = Barrier(3)

    def reply(request: dict[str, Any]) -> Sent:
        together.wait(10)  # nobody is answered before three have asked
        return says(ANSWER)(request)

    with served(reply, at_once=3) as (server, model):
        found = extract_many([Document.from_text(f"{TEXT}\nNo {n}") for n in range(24)], model, batch_size=24)
    assert len(found) == len(server.asked) == 24
    assert server.busiest == 3


def test_a_failure_of_one_document_ends_the_others() -> None:
    with served(later(500), tries=2, at_once=2) as (server, model), pytest.raises(ModelUnreachable):
        extract_many([Document.from_text(TEXT)] * 20, model, batch_size=20)
    assert len(server.asked) < 20


# --- refused -----------------------------------------------------------------------------------------


def test_a_key_is_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with served(says(ANSWER), refuses(401, message="key sk-123 is wrong"), key="sk-123") as (server, model):
        read(model)
        with pytest.raises(ModelError, match="does not let us in") as caught:
            read(model)
    assert server.keys == ["Bearer sk-123"] * 2
    shown = f"{caught.value} {caught.value.hint} {caplog.text} {RemoteSettings(key='sk-123')!r} {model!r}"
    assert "sk-123" not in shown
    assert "FINSCRIBE_REMOTE_KEY" in caught.value.hint


def test_a_model_that_is_not_there_is_not_found() -> None:
    reply = refuses(404, code="model_not_found")
    with served(reply) as (_, model), pytest.raises(ModelNotFound, match="HTTP 404, model_not_found"):
        read(model)


def test_a_request_that_is_too_long_is_made_with_less_room_for_the_answer() -> None:
    too_long = refuses(400, code="context_length_exceeded")
    with served(too_long, too_long, says(ANSWER)) as (server, model):
        assert read(model).invoice.vendor.name == "ACME Ltd"
    rooms = [asked["max_tokens"] for asked in server.asked]
    assert rooms == [rooms[0], rooms[0] // 2, rooms[0] // 4]
    assert all("response_format" in asked for asked in server.asked)


def test_a_text_that_does_not_fit_is_said_to_be_too_long() -> None:
    reply = refuses(400, message="This model's maximum context length is 9 tokens")
    with served(reply) as (_, model), pytest.raises(PromptTooLong) as caught:
        read(model)
    assert "FINSCRIBE_REMOTE_CONTEXT" in caught.value.hint


def test_a_request_that_nothing_makes_right_is_an_error_with_the_servers_bare_word() -> None:
    error = refuses(400, type="BadRequestError", message=f"no template for {SECRET}")
    with (
        served(error) as (server, model),
        pytest.raises(ModelError, match="HTTP 400, BadRequestError") as caught,
    ):
        read(model)
    assert "completions" in caught.value.hint
    assert len(server.asked) == 2  # with a schema, then without
    assert SECRET not in f"{caught.value}{caught.value.hint}"


def test_what_a_server_takes_of_others_and_not_of_one_document_is_the_documents_error() -> None:
    error = refuses(400, type="BadRequestError")
    with served(says(ANSWER), error) as (_, model):
        read(model)
        with pytest.raises(DocumentError, match="HTTP 400, BadRequestError"):
            read(model)


def test_a_word_that_a_server_does_not_know_is_not_a_text_that_is_too_long() -> None:
    error = refuses(400, code="unsupported_parameter", message="Unsupported parameter: 'max_tokens'")
    with served(error) as (_, model), pytest.raises(ModelError, match="unsupported_parameter"):
        read(model)


def test_redirections_are_not_followed() -> None:
    with Server(says(ANSWER)) as other:
        away = Sent(status=307, headers={"Location": f"{other.url}/chat/completions"})
        with served(away, key="secret") as (_, model), pytest.raises(ModelError, match="HTTP 307"):
            read(model)
    assert other.asked == []


@pytest.mark.parametrize(
    "fault",
    [
        Sent(f"<html>{SECRET}</html>".encode(), headers={"Content-Type": f"text/{SECRET}"}),
        refuses(400, message=f"cannot parse {SECRET}", code=f"{SECRET} is wrong"),
        as_json({"detail": [{"input": SECRET}]}, 422),
        as_json({"error": SECRET}, 500),
        says(f'{{"vendor": {{"name": "{SECRET}', "length"),
    ],
)
def test_neither_logs_nor_errors_hold_what_documents_or_servers_say(
    fault: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = ""
    with served(fault, tries=2) as (_, model):
        try:
            read(model, f"{SECRET} Ltd\n{TEXT}")
        except (ModelError, PromptTooLong) as error:
            said = f"{error} {error.hint}"
    assert SECRET not in said + caplog.text


# --- answers that are no good ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (says("I'm sorry, I cannot read invoices."), "answer-unreadable"),
        (says(None, "content_filter"), "answer-refused"),
        (says("", choice={"message": {"content": None, "refusal": "No."}}), "answer-refused"),
        (says('{"vendor": {"name": "ACME Ltd", "address": "1 High'), "answer-broken"),
    ],
)
def test_what_cannot_be_used_is_an_answer_of_nulls_with_a_finding(reply: Any, code: str) -> None:
    with served(reply) as (_, model):
        found = read(model)
    assert code in [finding.code for finding in found.findings]
    assert not found.complete
    assert found.invoice.financial_summary.grand_total is None
    assert found.evidence["invoice_number"].probability == 0


def test_an_answer_that_ran_out_of_room_is_incomplete() -> None:
    with served(says('{"vendor": {"name": "ACME Ltd"}, "invoice_nu', "length")) as (_, model):
        found = read(model)
    assert (found.complete, found.invoice.vendor.name) == (False, "ACME Ltd")
    assert [finding.code for finding in found.findings if finding.code.startswith("answer")] == []


def test_what_is_not_printed_is_left_out_and_found() -> None:
    answer = {"vendor": {"name": "Globex"}, "financial_summary": {"grand_total": 99.0}}
    with served(says(json.dumps(answer))) as (_, model):
        found = read(model)
    assert found.invoice.vendor.name is None
    assert found.evidence["vendor.name"].value is None
    said = {finding.fields: finding for finding in found.findings if finding.code == "not-printed"}
    assert set(said) == {("vendor.name",), ("financial_summary.grand_total",)}
    assert said["vendor.name",].found == "Globex"
    assert 'wrote "Globex", which the document does not print' in said["vendor.name",].message


def test_long_documents_are_asked_for_in_windows_and_put_together() -> None:
    lines = [f"Tea No {n} {n}.00" for n in range(1, 41)]

    def reply(request: dict[str, Any]) -> Sent:
        prompt = request["messages"][0]["content"]
        rows = [{"desc": f"Tea No {n}", "line_total": n} for n in range(1, 41) if f"Tea No {n} " in prompt]
        made_up = {"desc": "Coffee", "line_total": 7.77}
        return says(json.dumps({"line_items": [*rows, made_up]}))(request)

    with served(reply, context=500) as (server, model):
        found = extract(Document.from_text("\n".join(lines)), model)
    assert len(server.asked) > 2  # windows
    descs = [line.desc for line in found.invoice.line_items if line.desc]
    assert descs == [f"Tea No {n}" for n in range(1, 41)]


# --- which model -------------------------------------------------------------------------------------


def test_without_an_address_the_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_REMOTE_URL"):
        load([])


@pytest.mark.parametrize(
    ("models", "wanted", "said"),
    [
        (listing("a", "b"), None, "lists 2 models, .*: a, b"),
        (listing(), None, "lists 0 models"),
        (listing("a", owner="vllm"), "b", "does not serve 'b' but a"),
        (refuses(404), None, "lists 0 models"),
    ],
)
def test_a_model_that_cannot_be_told_is_not_found(models: Sent, wanted: str | None, said: str) -> None:
    with pytest.raises(ModelNotFound, match=said), served(says(ANSWER), models=models, model=wanted):
        pass


@pytest.mark.parametrize("models", [listing("cached"), listing(), refuses(404), Sent(b"<html>", 404)])
def test_servers_that_do_not_list_all_that_they_serve_are_believed(models: Sent) -> None:
    with served(says(ANSWER), models=models, model="mine") as (server, model):
        assert read(model).model == "mine"
    assert server.asked[0]["model"] == "mine"


def test_servers_of_different_models_are_not_mixed() -> None:
    lists = [listing("a"), listing("b")]
    with (
        Server(says(ANSWER), models=lists[0]) as one,
        Server(says(ANSWER), models=lists[1]) as other,
        pytest.raises(ModelNotFound, match="different models: a and b"),
    ):
        load([one, other])


def test_the_least_context_of_all_servers_counts_and_the_setting_before_it() -> None:
    lists = [listing("a", owner="vllm", max_model_len=n) for n in (4096, 2048)]
    with Server(says(ANSWER), models=lists[0]) as one, Server(says(ANSWER), models=lists[1]) as other:
        assert load([one, other]).context_length == 2048
        assert load([one, other], context=1000).context_length == 1000
    meta = listing("a", owner="llamacpp", meta={"n_ctx_train": 512})
    with served(says(ANSWER), models=meta) as (_, model):
        assert model.context_length == 512


def test_settings_of_the_environment_are_those_of_the_model() -> None:
    with Server(says(ANSWER)) as server:
        settings = Settings.from_environment(
            {"FINSCRIBE_REMOTE_URL": f" {server.url}/ ", "FINSCRIBE_REMOTE_AT_ONCE": "2"}
        )
        assert settings.remote == RemoteSettings(urls=(server.url,), at_once=2)


def test_a_task_asked_for_alone_names_its_room() -> None:
    with served(says(ANSWER)) as (server, model):
        model.answer([Task("prompt", Printed(TEXT), ("vendor.name",), max_new_tokens=77)])
    assert server.asked[0]["max_tokens"] == 77
