"""How many threads models and OCR take."""

import os
from pathlib import Path

import pytest

from finscribe import processors


@pytest.fixture(autouse=True)
def eight_processors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    monkeypatch.setattr(processors, "CONTROL_GROUP", tmp_path / "cpu.max")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


def test_all_processors_that_the_process_may_use_are_used() -> None:
    assert processors.usable_threads() == 8


def test_the_variable_of_other_libraries_counts_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert processors.usable_threads() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "0")
    assert processors.usable_threads() == 8


@pytest.mark.parametrize(
    ("limits", "threads"),
    [("150000 100000", 2), ("50000 100000", 1), ("max 100000", 8), ("9900000 100000", 8)],
)
def test_a_container_gets_what_it_may_use(tmp_path: Path, limits: str, threads: int) -> None:
    (tmp_path / "cpu.max").write_text(limits)
    assert processors.usable_threads() == threads


def test_a_system_without_affinities_has_all_its_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert processors.usable_threads() == 5
