"""A server that does not come is said, and not waited for in vain."""

from pathlib import Path

import pytest

from benchmarks.serving import serve, wait_for
from finscribe import starter


def test_what_does_not_come_in_time_ends_the_program_by_its_name() -> None:
    with pytest.raises(SystemExit, match=r"the server: it does not come in 0\.1 seconds"):
        wait_for(lambda: False, "the server", 0.1)


@pytest.mark.e2e
def test_a_server_that_ends_ends_the_program_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINSCRIBE_LOG", "nonsense")
    with (
        pytest.raises(SystemExit, match=r"(?s)the server ended: .*FINSCRIBE_LOG"),
        serve(tmp_path, starter.path()),
    ):
        pass
