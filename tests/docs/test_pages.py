"""The Python that pages show, executed as it is printed, and what they say that comes out."""

import json
from pathlib import Path

import pytest

from docs.check import read
from finscribe.synthesis.house import draw_branch, generate_house
from tests.checkouts import ROOT, make_checkout, run_block

pytestmark = pytest.mark.e2e

PAGES = (
    "active-learning",
    "evaluation",
    "grounded-decoding",
    "metrics",
    "migrating",
    "models",
    "own-layouts",
    "python",
    "queue",
)


def blocks(page: str, language: str) -> list[str]:
    code = read((ROOT / "docs" / f"{page}.md").read_text("utf-8")).code
    return [block.text for block in code if block.language == language]


def write_validation_data(folder: Path) -> None:
    """What a reader has prepared: a few invoices of several vendors."""
    folder.mkdir()
    samples = [generate_house(seed, draw_branch(seed)) for seed in range(4)]
    records = ({"input": sample.text, "output": sample.truth} for sample in samples)
    (folder / "unsloth_val.jsonl").write_text(
        "".join(json.dumps(record, default=float) + "\n" for record in records)
    )


def test_these_are_the_pages_with_python_beside_the_tutorial() -> None:
    with_python = {page.stem for page in (ROOT / "docs").glob("*.md") if blocks(page.stem, "python")}
    assert with_python == {*PAGES, "tutorial"}


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs(page: str, tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    write_validation_data(checkout / "data")
    for text in blocks(page, "python"):
        run_block(text, checkout, python=True)


def test_the_grammar_and_the_answer_of_the_example_are_those_that_are_shown(tmp_path: Path) -> None:
    (example,) = blocks("grounded-decoding", "python")
    printed = run_block(example, make_checkout(tmp_path), python=True).splitlines()
    shown = [line for text in blocks("grounded-decoding", "text") for line in text.splitlines()]
    (answer,) = (line for line in shown if line.startswith("{"))
    assert [line for line in shown if line != answer and line not in printed] == []
    assert f"{answer} 2" in printed  # forward passes
