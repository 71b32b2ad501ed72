"""That the README, the page on troubles and `finscribe doctor` install the same builds, and that Unsloth has them."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

from finscribe.doctor.facts import LEAST_DRIVERS, Driver
from finscribe.doctor.verdicts import TORCH_INDEXES, install_line

DOCS = Path(__file__).parents[2] / "docs"
README, TROUBLES = DOCS.parent / "README.md", DOCS / "troubleshooting.md"
LINE = re.compile(r"pip install torch torchvision --index-url \S+?/whl/(cu\d+)(?=[`\s])")


@pytest.mark.parametrize("page", [README, TROUBLES], ids=lambda page: page.name)
def test_a_page_has_the_line_of_every_driver_that_the_doctor_knows(page: Path) -> None:
    text = page.read_text("utf-8")
    for cuda, least in LEAST_DRIVERS.items():
        found = LINE.search(install_line(Driver(f"{least}.10")) + " ")
        assert found
        assert found[1] == TORCH_INDEXES[cuda]
        (row,) = (line for line in text.splitlines() if line.startswith("|") and found[0] in line)
        assert str(least) in row.split("|")[1], row


@pytest.mark.parametrize("page", [README, TROUBLES], ids=lambda page: page.name)
def test_a_page_has_no_build_that_the_doctor_does_not_know(page: Path) -> None:
    assert set(LINE.findall(page.read_text("utf-8"))) == set(TORCH_INDEXES.values())


def test_a_driver_of_cuda_11_is_told_to_be_updated_by_all_of_them() -> None:
    assert install_line(Driver("520.61")).startswith("First update the driver")
    for page in (README, TROUBLES):
        (row,) = (
            line for line in page.read_text("utf-8").splitlines() if line.startswith("|") and "11.8" in line
        )
        assert "update the driver" in row


def test_these_are_the_builds_that_unsloth_names_with_the_newest_pytorch() -> None:
    try:
        extras = metadata("unsloth").get_all("Provides-Extra") or []
    except PackageNotFoundError:
        pytest.skip("Unsloth is not installed")
    named = [match for extra in extras if (match := re.fullmatch(r"(cu\d+)-torch(2\d+)", extra))]
    newest = max(_version(match[2]) for match in named)
    assert {match[1] for match in named if _version(match[2]) == newest} == set(TORCH_INDEXES.values())


def _version(digits: str) -> tuple[int, int, int]:
    """2.9.1 of `291` and 2.12.1 of `2121`."""
    return int(digits[0]), int(digits[1:-1]), int(digits[-1])
