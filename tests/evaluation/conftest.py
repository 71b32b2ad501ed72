from pathlib import Path

import pytest

from finscribe.evaluation import asking
from finscribe.evaluation.plan import Plan
from tests.evaluation.fakes import ByHeart, model_folder, write_test_set


@pytest.fixture
def lineup(tmp_path, monkeypatch):
    """Makes a plan of readers by name: each is the model in a folder of that name."""

    def make(readers, **options) -> Plan:
        sources = {}
        for name in readers:
            folder = tmp_path / "models" / name
            sources[str(folder)] = name
            if not folder.exists():
                model_folder(folder)
        monkeypatch.setattr(
            asking, "open_reader", lambda system, *_: readers[Path(system.source).name], raising=True
        )
        usual = {"output": tmp_path / "out" / "evaluation.json", "batch_size": 2, "few_shot": False}
        if "test_data" not in options:
            usual["test_data"] = write_test_set(tmp_path / "test.jsonl")
        return Plan(models=tuple(sources), **(usual | options))

    return make


@pytest.fixture
def good_and_bad(lineup):
    """A baseline that is right, and a candidate that reads every total wrong and one vendor."""
    from decimal import Decimal

    bad = {"financial_summary.grand_total": Decimal("20.00"), 101: {"vendor.name": "Widgets"}}
    return lineup({"good": ByHeart(), "bad": ByHeart(bad, confidence=0.6)})
