"""All checks together: none raises, and together they say whether documents can be read."""

import pytest

from finscribe import doctor
from finscribe.doctor import ESSENTIAL, Check, can_read_documents, examine, facts
from finscribe.errors import FinScribeError


@pytest.fixture(autouse=True)
def light(monkeypatch):
    """A machine with PyTorch for the processor, without importing it."""
    monkeypatch.setattr(facts, "find_torch", lambda: facts.Torch("2.13.0+cpu"))
    monkeypatch.setattr("finscribe.serving.gpu_present", lambda: False)


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def failing(error: BaseException):
    def fail(*arguments: object, **options: object) -> None:
        raise error

    return fail


def test_every_check_that_reading_hangs_on_is_made():
    assert {check.name for check in examine()} >= ESSENTIAL


def test_a_check_that_fails_itself_is_a_failed_check_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(facts, "find_memory", failing(RuntimeError("no meter\nmore")))
    checks = by_name(examine())
    memory = checks["Main memory"]
    assert (memory.state, memory.said) == ("failed", "this check itself failed: RuntimeError: no meter")
    assert checks["Python"].state == "ok"


def test_when_nothing_can_be_found_every_check_still_answers(monkeypatch):
    for name in vars(facts).copy():
        if name.startswith("find_") and name != "find_spec":
            monkeypatch.setattr(facts, name, failing(SystemExit(3)))
    checks = by_name(examine(deep=True))
    assert checks["Unsloth"].state == "failed"
    assert not can_read_documents(checks.values())


def test_stopping_the_program_stops_it(monkeypatch):
    monkeypatch.setattr(facts, "find_memory", failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        examine()


def test_an_error_on_purpose_brings_its_hint(monkeypatch):
    monkeypatch.setattr(doctor.models, "find_model", failing(FinScribeError("it is broken", hint="Mend it.")))
    assert by_name(examine())["Model"] == Check("Model", "failed", "it is broken", "Mend it.")


def test_a_setting_that_is_wrong_fails_its_own_check_only(monkeypatch):
    monkeypatch.setenv("FINSCRIBE_MAX_PAGES", "many")
    checks = by_name(examine())
    assert checks["Settings"].state == "failed"
    assert "FINSCRIBE_MAX_PAGES" in checks["Settings"].said
    assert checks["Data folder"].said.startswith("/")
    assert not can_read_documents(checks.values())


def test_the_token_is_nowhere_in_the_checks(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    checks = examine()
    assert "a token is set" in by_name(checks)["Hugging Face"].said
    assert "hf_secret" not in repr(checks)


def test_four_bit_weights_are_asked_for_only_beside_a_gpu(monkeypatch):
    monkeypatch.setattr(facts, "find_missing", tuple)
    assert "bitsandbytes" not in by_name(examine())["Training"].said
    monkeypatch.setattr(facts, "find_torch", lambda: facts.Torch("2.13.0", "13.0", sees_gpu=True))
    assert "bitsandbytes" in by_name(examine())["Training"].said


def test_documents_can_be_read_unless_an_essential_check_fails():
    assert can_read_documents([Check("OCR", "failed", "no"), Check("Model", "warning", "meh")])
    assert not can_read_documents([Check("OCR", "ok", "yes"), Check("Model", "failed", "no")])
