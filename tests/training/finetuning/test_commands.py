"""The documented commands, word for word, with the documented name of a model in a cache of the hub, offline."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from finscribe.decoding import load_model
from tests.training.finetuning.conftest import write_records, write_smallest_record

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[3]
NAME = "unsloth/llama-3.1-8b-unsloth-bnb-4bit"
DOCUMENTED = (
    f"python unsloth/train_unsloth_fast.py --model_name {NAME} --train_data data/unsloth_train.jsonl "
    "--val_data data/unsloth_val.jsonl --output_dir models/unsloth-finscribe --num_epochs 3 --batch_size 4 "
    "--gradient_accumulation_steps 8 --learning_rate 2e-5 --lora_r 16 --lora_alpha 32 --load_in_4bit"
)
SHORT = "python unsloth/train_unsloth_fast.py --batch_size 1 --gradient_accumulation_steps 8"


@pytest.fixture
def checkout(tmp_path: Path, tiny_model: Path) -> Path:
    """A working folder with the scripts and prepared data, and a hub cache that holds a tiny model by that name."""
    (tmp_path / "unsloth").symlink_to(ROOT / "unsloth")
    write_records(tmp_path / "data" / "unsloth_train.jsonl", 7_000_000_000, 4)
    cached = tmp_path / "home" / "hub" / ("models--" + NAME.replace("/", "--"))
    revision = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(tiny_model, cached / "snapshots" / revision)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(revision)
    return tmp_path


@pytest.fixture
def silent_hub() -> dict[str, str]:
    """A hub at an address where nobody listens, and nobody told to stay offline."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return {"HF_ENDPOINT": f"http://127.0.0.1:{server.getsockname()[1]}", "HF_HUB_OFFLINE": "0"}


def run(command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "home"), "UNSLOTH_DISABLE_STATISTICS": "1"}
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("UNSLOTH_MODEL", "HF_"))
    }
    words = command.replace("python", sys.executable, 1).split()
    return subprocess.run(words, cwd=folder, env=plain | offline | more, capture_output=True, text=True)


def test_the_documented_command_trains_the_model_of_that_name(checkout: Path) -> None:
    write_smallest_record(checkout / "data" / "unsloth_val.jsonl")
    done = run(DOCUMENTED, checkout)
    assert "4-bit weights need a GPU" in done.stderr or "cuda" in done.stdout.lower()
    output = checkout / "models" / "unsloth-finscribe"
    assert done.returncode == 0, done.stderr[-3000:]
    written = json.loads((output / "run.json").read_text())
    assert written["base"]["name"] == NAME
    assert re.fullmatch("[0-9a-f]{64}", written["base"]["sha256"])
    assert (written["recipe"]["lora_r"], written["recipe"]["learning_rate"]) == (16, 2e-5)
    assert {path.name for path in output.iterdir()} >= {
        "training.html",
        "training.png",
        "metrics.jsonl",
        "adapter",
    }
    assert load_model(output).parameters > 0


def test_two_flags_alone_are_a_command_and_a_second_one_does_not_destroy_its_work(checkout: Path) -> None:
    done = run(SHORT, checkout)
    assert done.returncode == 0, done.stderr[-3000:]
    written = json.loads((checkout / "models" / "unsloth-finscribe" / "run.json").read_text())
    assert written["recipe"]["model_name"] == NAME
    assert (written["recipe"]["batch_size"], written["recipe"]["gradient_accumulation_steps"]) == (1, 8)
    again = run(SHORT, checkout)
    assert again.returncode == 8
    assert "already holds a model" in again.stderr
    assert "--overwrite" in again.stderr


def test_a_name_that_is_not_in_the_cache_is_an_error_that_says_what_to_do(checkout: Path) -> None:
    done = run(
        DOCUMENTED.replace(NAME, "nobody/has-this").replace("--val_data data/unsloth_val.jsonl", ""), checkout
    )
    assert done.returncode == 5
    assert "nobody/has-this is not in the cache, and HF_HUB_OFFLINE forbids to download it" in done.stderr
    assert "hf download nobody/has-this" in done.stderr


def test_a_name_that_cannot_be_fetched_is_an_error_in_seconds(
    checkout: Path, silent_hub: dict[str, str]
) -> None:
    command = DOCUMENTED.replace(NAME, "nobody/has-this").replace("--val_data data/unsloth_val.jsonl", "")
    started = time.perf_counter()
    done = run(command, checkout, **silent_hub)
    assert time.perf_counter() - started < 40
    assert done.returncode == 5
    assert f"not in the cache, and {silent_hub['HF_ENDPOINT']} does not answer" in done.stderr
    assert all(
        part in done.stderr for part in ("hf download nobody/has-this", "model folder", "HF_HUB_OFFLINE=1")
    )
    assert "Traceback" not in done.stderr
    assert not (checkout / "models").exists()


def test_a_name_in_the_cache_is_trained_where_the_hub_is_silent(
    checkout: Path, silent_hub: dict[str, str]
) -> None:
    write_smallest_record(checkout / "data" / "unsloth_train.jsonl")
    done = run(f"{SHORT} --save_method lora", checkout, **silent_hub)
    assert done.returncode == 0, done.stderr[-3000:]
    assert silent_hub["HF_ENDPOINT"] not in done.stderr + done.stdout, "nobody asked it while training"
    assert (checkout / "models" / "unsloth-finscribe" / "adapter_model.safetensors").is_file()
