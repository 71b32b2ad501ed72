"""With the setting, everything that reads documents asks the other machine: command line, evaluation, checks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from finscribe import starter
from finscribe.cli import main
from finscribe.decoding import AskedModel, load_model
from finscribe.decoding.loading import choose_backend
from finscribe.doctor import examine
from finscribe.errors import EvaluationError
from finscribe.evaluation.asking import desk
from finscribe.evaluation.plan import Plan
from finscribe.evaluation.readers import ReadingOptions, open_reader
from finscribe.evaluation.systems import enter
from finscribe.serving import find_place, load_served_model
from finscribe.settings import Settings
from tests.decoding.remote.server import Server, listing, says

TEXT = "ACME Ltd\nInvoice INV-7\nTotal 23.50"
ANSWER = json.dumps({"vendor": {"name": "ACME Ltd"}, "invoice_number": "INV-8"})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that the environment names."""
    with Server(says(ANSWER)) as running:
        monkeypatch.setenv("FINSCRIBE_BACKEND", "remote")
        monkeypatch.setenv("FINSCRIBE_REMOTE_URL", running.url)
        yield running


def test_what_is_served_is_the_model_of_the_other_machine(server: Server) -> None:
    settings = Settings.from_environment()
    found = load_served_model(settings)
    assert (found.origin, found.model.name, found.model.backend) == ("remote", "invoices", "remote")
    assert isinstance(found.model, AskedModel)


def test_a_folder_that_is_named_is_run_here(server: Server) -> None:
    settings = Settings.from_environment()
    assert choose_backend(settings, str(starter.path())) != "remote"
    assert choose_backend(Settings(), "remote:") == "remote"
    assert not isinstance(load_model(starter.path(), settings=settings), AskedModel)


def test_a_model_that_is_promoted_here_does_not_take_over(server: Server, tmp_path: Path) -> None:
    assert find_place(Settings(model_dir=tmp_path)) is not None
    assert find_place(Settings(model_dir=tmp_path, backend="remote")) is None


def test_the_command_line_asks_it(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(TEXT)
    for options in ([], ["--model", "remote:invoices"]):
        with pytest.raises(SystemExit) as ended:
            main(["extract", str(page), "--format", "json", *options])
        assert not ended.value.code
        found = json.loads(capsys.readouterr().out)
        assert (found["model"], found["invoice"]["vendor"]["name"]) == ("invoices", "ACME Ltd")
        said = [each for each in found["findings"] if each["code"] == "not-printed"]
        assert [(each["fields"], each["found"]) for each in said] == [(["invoice_number"], "INV-8")]
        monkeypatch.setenv("FINSCRIBE_BACKEND", "auto")


def test_evaluations_ask_it_beside_other_systems(server: Server) -> None:
    plan = Plan(models=("remote:invoices", "regex"), test_data="t.jsonl")
    systems = enter(plan, ())
    assert [(each.kind, each.source, each.sha256) for each in systems] == [
        ("model", "remote:invoices", None),
        ("regex", None, None),
    ]
    with desk(systems, (), ReadingOptions("grounded", 4, 0)) as ask:
        [found] = ask(systems[0], [TEXT])
    assert found.invoice is not None
    assert found.invoice.vendor.name == "ACME Ltd"


def test_few_shot_prompts_are_for_models_on_this_machine(server: Server) -> None:
    plan = Plan(models=("remote:invoices", "regex"), test_data="t.jsonl")
    system = enter(plan, ())[0]
    with pytest.raises(EvaluationError, match="few-shot prompts need a model on this machine"):
        open_reader(replace(system, kind="few-shot"), (), ReadingOptions("grounded", 4, 0), load_model)


@pytest.mark.parametrize(
    ("variables", "state", "said"),
    [
        ({}, "ok", "serves invoices"),
        ({"FINSCRIBE_REMOTE_MODEL": "other"}, "warning", "not 'other'"),
        (
            {"FINSCRIBE_REMOTE_URL": "http://127.0.0.1:9"},
            "failed",
            "http://127.0.0.1:9/v1: connection refused",
        ),
        ({"FINSCRIBE_REMOTE_URL": ""}, "failed", "FINSCRIBE_REMOTE_URL is not set"),
        ({"FINSCRIBE_REMOTE_URL": "http://127.0.0.1:9", "FINSCRIBE_BACKEND": "auto"}, "warning", "refused"),
        ({"FINSCRIBE_REMOTE_URL": "", "FINSCRIBE_BACKEND": "auto"}, "ok", "none set"),
    ],
)
def test_the_doctor_says_whether_it_answers(
    server: Server, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], state: str, said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    check = next(each for each in examine() if each.name == "Remote servers")
    assert check.state == state
    assert said in check.said


def test_one_of_several_servers_that_is_silent_is_a_warning(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(says(ANSWER), models=listing("invoices")) as other:
        monkeypatch.setenv("FINSCRIBE_REMOTE_URL", f"{other.url} http://127.0.0.1:9")
        check = next(each for each in examine() if each.name == "Remote servers")
    assert (check.state, bool(check.remedy)) == ("warning", True)
