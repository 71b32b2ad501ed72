import json

import pytest

from finscribe.doctor import Check
from tests.cli.fakes import run

WELL = Check("Model", "ok", "the bundled starter")
TIGHT = Check("GPU memory", "warning", "A GPU:\x1b[31m 4.0 GB free", "Use a smaller model.")
BROKEN = Check("Model", "failed", "m has no config.json", "Give the folder that training wrote.")


@pytest.fixture
def found(monkeypatch):
    """What the doctor finds, and how it was asked."""
    checks: list[Check] = [WELL, TIGHT]
    asked: list[bool] = []

    def examine(*, deep: bool) -> tuple[Check, ...]:
        asked.append(deep)
        return tuple(checks)

    monkeypatch.setattr("finscribe.doctor.examine", examine)
    return checks, asked


def test_the_table_shows_each_check_with_its_remedy_below(found, capsys):
    code, out, err = run(capsys, "doctor")
    lines = [line.rstrip() for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert lines[0] == "✓  Model       the bundled starter"
    assert lines[1] == "!  GPU memory  A GPU: [31m 4.0 GB free"
    assert lines[2].strip() == "→ Use a smaller model."
    assert lines[-1] == "Documents can be read: 1 of 2 checks warn, 0 failed."


def test_where_nothing_can_be_read_the_exit_code_is_1(found, capsys):
    found[0].append(BROKEN)
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "No document can be read: 1 of 3 checks warn, 1 failed." in out


def test_for_programs_there_is_one_json_object(found, capsys):
    found[0][:] = [BROKEN]
    code, out, _ = run(capsys, "doctor", "--json")
    assert code == 1
    assert json.loads(out) == {
        "can_read_documents": False,
        "checks": [
            {
                "name": "Model",
                "state": "failed",
                "said": "m has no config.json",
                "remedy": "Give the folder that training wrote.",
            }
        ],
    }


def test_deep_is_passed_on(found, capsys):
    run(capsys, "doctor")
    run(capsys, "doctor", "--deep")
    assert found[1] == [False, True]
