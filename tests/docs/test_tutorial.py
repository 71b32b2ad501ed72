"""The tutorial, executed as it is printed: every command in order, on fewer invoices."""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.check import Code, read
from finscribe.synthesis.house import draw_branch, generate_house
from tests.checkouts import PRINTED, ROOT, make_checkout, run_block, serving

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]

BLOCKS = [code for code in read((ROOT / "docs" / "tutorial.md").read_text("utf-8")).code if code.language]
SERVE = "make serve\n"
FEWER = {"range(120)": "range(72)", "number % 30": "number % 24"}
"""Enough to pass the gate, which takes five vendors, in two thirds of the time."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def address(checkout: Path) -> Iterator[str]:
    with serving(checkout) as found:
        yield found


@pytest.fixture(scope="module")
def printed(checkout: Path, address: str) -> dict[int, str]:
    """What each block prints, by its line; what a reader does in the browser is done over HTTP."""
    outputs = {}
    for code in BLOCKS:
        if code.text == SERVE:
            continue  # the fixture `address`
        outputs[code.line] = run_block(on_fewer(code, address), checkout, python=code.language == "python")
        if "-F files=@" in code.text:
            correct(address)
    return outputs


def on_fewer(code: Code, address: str) -> str:
    text = code.text.replace(PRINTED, address)
    for many, few in FEWER.items():
        text = text.replace(many, few)
    return text


def correct(address: str) -> None:
    """The review of step 4: number and date as the ledger has them, approved."""
    documents = f"{address}/api/v1/documents"
    (document,) = ask(f"{documents}?q=group-1")["documents"]
    while document["state"] != "needs_review":
        time.sleep(0.2)
        document = ask(f"{documents}/{document['id']}")
    truth = generate_house(1000, draw_branch(1000)).truth
    invoice = {name: truth[name] for name in ("invoice_number", "invoice_date")}
    ask(f"{documents}/{document['id']}/approve", {"version": document["version"], "invoice": invoice})


def ask(address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def said(printed: dict[int, str], part: str) -> list[str]:
    """What the blocks with this in them printed, in order."""
    return [printed[code.line] for code in BLOCKS if part in code.text and code.line in printed]


def test_what_is_fewer_here_is_in_the_tutorial() -> None:
    text = "".join(code.text for code in BLOCKS)
    assert [many for many in FEWER if text.count(many) != 1] == []


def test_the_correction_of_the_browser_is_in_the_queue(printed: dict[int, str]) -> None:
    (listed,) = said(printed, "finscribe queue list")
    assert listed.split()[-2:] == ["current", "2"]  # two values were changed


def test_what_was_read_wrong_is_read_as_the_ledger_has_it_afterwards(printed: dict[int, str]) -> None:
    truth = generate_house(2001, draw_branch(2001)).truth
    before, after = said(printed, "finscribe extract data/group-2.txt")
    total = format(truth["financial_summary"]["grand_total"], ",.2f")
    for value in (truth["invoice_date"], total):
        assert value not in before
        assert value in after


def test_the_server_takes_the_promoted_model_over(printed: dict[int, str], address: str) -> None:
    deadline = time.monotonic() + 60
    while not (health := ask(f"{address}/api/v1/unsloth/health"))["model"].startswith("v1-"):
        assert time.monotonic() < deadline, health
        time.sleep(0.2)
    assert health["gate"] == "gate passed"


def test_the_pictures_and_pages_that_are_to_be_opened_are_there(
    printed: dict[int, str], checkout: Path
) -> None:
    pages = "data/receipt.png data/dataset.html models/candidate/training.html evaluation/gate.html"
    assert [page for page in pages.split() if not (checkout / page).is_file()] == []
