"""Scripts that stand in for the documented commands: they write what those write, as processes of their own."""

from pathlib import Path

PREPARE = """
import json, sys
from pathlib import Path
flags = dict(zip(sys.argv[1:], sys.argv[2:]))
train = Path(flags["--output"])
train.write_text("{}\\n" * 3)
Path(flags["--gate_output"]).write_text("{}\\n")
files = {"train": {"records": 3}, "gate": {"records": 1}}
card = {"version": "abc", "counts": {"input": 4, "train": 3, "gate": 1}, "files": files, "notes": []}
train.with_name("dataset.json").write_text(json.dumps(card))
train.with_name("dataset.html").write_text("<h1>A dataset</h1>")
print("4 records")
"""

TRAIN = """
import json, os, signal, sys, time
from pathlib import Path
flags = dict(zip(sys.argv[1:], sys.argv[2:]))
output = Path(flags["--output_dir"])
work = output.with_name(f".{output.name}.training")
work.mkdir(parents=True, exist_ok=True)
metrics, go = work / "metrics.jsonl", output.parent / "go"
done = len(metrics.read_text().splitlines()) if metrics.exists() else 0

def stop(*_):
    sys.exit("error: stopped; its checkpoint is kept")

signal.signal(signal.SIGTERM, stop)
with metrics.open("a") as file:
    for step in range(done, 2):
        line = {"step": step, "steps": 2, "first_step": done, "seconds": 1.0, "loss": 2.0 - step, "field_f1": step / 2}
        file.write(json.dumps(line) + "\\n")
        file.flush()
if "broken" in flags["--model_name"]:
    sys.exit("error: there is no such model\\n  hint: name another")
while "waits" in flags["--model_name"] and not go.exists():
    time.sleep(0.02)
run = {"base": {"name": flags["--model_name"]}, "before": {"field_f1": 0.0, "documents": 1},
       "after": {"field_f1": 0.5}, "final": {"loss": 1.0}, "seconds": 1.0}
(work / "run.json").write_text(json.dumps(run))
(work / "training.html").write_text("<h1>A training run</h1>")
work.rename(output)
while "lingers" in flags["--model_name"]:
    time.sleep(0.02)
"""

EVALUATE = """
import json, sys
from pathlib import Path
flags = dict(zip(sys.argv[1:], sys.argv[2:]))
output = Path(flags["--output"])
names = [flags["--baseline_model"], flags["--fine_tuned_model"]]
systems = [{"name": name, "kind": "model", "sha256": None, "groups": {"all": {"f1": 0.5}}} for name in names]
gain = {"points": 12.5, "interval": [1.0, 20.0]}
found = {"format": 1, "test_data": {"documents": 1, "vendors": 1}, "systems": systems, "notes": [],
         "comparisons": [{"groups": {"all": gain}}]}
output.write_text(json.dumps(found, indent=2).removesuffix("\\n}") + ',\\n  "documents": [\\n  ]\\n}\\n')
output.with_suffix(".html").write_text("<h1>An evaluation</h1>")
"""


def write_scripts(folder: Path) -> Path:
    """The scripts in a folder of their own."""
    folder.mkdir()
    for name, text in (
        ("prepare_training_data", PREPARE),
        ("train_unsloth_fast", TRAIN),
        ("evaluate_unsloth", EVALUATE),
    ):
        (folder / f"{name}.py").write_text(text)
    return folder
