import json
from pathlib import Path

from finscribe.invoice import Invoice

ROOT = Path(__file__).parent.parent


def test_every_bundled_sample_has_its_truth_and_is_small():
    lines = (ROOT / "docs" / "samples-truth.jsonl").read_text().splitlines()
    files = sorted((ROOT / "docs" / "samples").iterdir())
    assert sorted(json.loads(line)["file"] for line in lines) == [file.name for file in files]
    assert max(file.stat().st_size for file in files) < 150_000
    for line in lines:
        Invoice.from_json(json.dumps(json.loads(line)["truth"]))
