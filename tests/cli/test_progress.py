"""What is being done, on a terminal and nowhere else."""

import io
import sys

import pytest

from finscribe.cli.progress import Watch, bar_of_records, bars


class Terminal(io.StringIO):
    """What people look at."""

    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error as a terminal, from inside the test: pytest puts its own stream back before it begins."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_the_document_that_is_read_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = terminal(monkeypatch)
    with Watch(2) as watch:
        watch.doing("reading a.pdf")
        with watch.done():
            pass
    assert "reading a.pdf" in seen.getvalue()


def test_each_thing_that_is_done_has_a_bar_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = terminal(monkeypatch)
    with bars() as show:
        show("starter", 1, 4)
        show("judging starter", 4, 4)
    assert "judging starter" in seen.getvalue()
    assert "1/4" in seen.getvalue()
    assert "4/4" in seen.getvalue()


def test_records_are_counted_while_they_are_read_and_written(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = terminal(monkeypatch)
    with bar_of_records() as show:
        show("reading", 128)
        show("writing", 64)
    assert "writing" in seen.getvalue()
    assert "64 records" in seen.getvalue()


def test_where_nobody_looks_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Watch(2) as watch, bars() as show, bar_of_records() as tell:
        watch.doing("reading a.pdf")
        show("starter", 1, 4)
        tell("reading", 128)
    assert stream.getvalue() == ""
