"""What is found on a machine."""

import logging
import sys
from pathlib import Path

import pytest

from finscribe.doctor import facts
from finscribe.doctor.facts import Driver, Gpu, Memory, Torch, Unsloth
from finscribe.errors import MissingDependency
from finscribe.settings import Settings


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a shell script of a name first on the path and gives its file."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def write(name: str, body: str) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    return write


def test_the_driver_is_what_nvidia_smi_tells(program):
    program("nvidia-smi", "echo '580.65.06, 23034, 22528, NVIDIA L4'; echo '580.65.06, [N/A], [N/A], GB10'")
    assert facts.find_driver() == Driver(
        "580.65.06", (Gpu("NVIDIA L4", 23034 / 1024, 22.0), Gpu("GB10", None, None))
    )


def test_a_driver_that_cannot_be_asked_says_why(program):
    program("nvidia-smi", "echo 'NVIDIA-SMI has failed'; exit 9")
    assert facts.find_driver() == Driver(problem="NVIDIA-SMI has failed")


def test_a_program_that_does_not_start_is_a_problem_and_no_exception(program):
    program("nvidia-smi", "").write_bytes(b"\x7fELF broken")
    driver = facts.find_driver()
    assert driver is not None
    assert driver.problem.startswith("OSError")


def test_without_nvidia_smi_there_is_no_driver(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert facts.find_driver() is None


def test_a_driver_without_devices_has_no_gpus():
    assert facts.parse_driver("No devices were found\n").gpus == ()


@pytest.mark.parametrize(
    ("version", "cuda"), [("580.65", 13), ("595.1", 13), ("525.60.13", 12), ("470.82", 0)]
)
def test_a_driver_runs_the_cuda_family_of_its_version(version, cuda):
    assert Driver(version).cuda == cuda


def test_pytorch_is_found_as_it_is_installed():
    torch = pytest.importorskip("torch")
    assert facts.find_torch() == Torch(
        facts.find_version("torch"), torch.version.cuda, torch.cuda.is_available()
    )


def test_a_pytorch_that_does_not_import_is_a_fact(monkeypatch):
    monkeypatch.setattr(facts, "find_version", lambda package: "2.13.0")
    monkeypatch.setitem(sys.modules, "torch", None)
    found = facts.find_torch()
    assert found is not None
    assert found.problem.startswith("ModuleNotFoundError")


def test_what_is_not_installed_is_missing():
    assert facts.find_missing(("pytest", "no-such-package")) == ("no-such-package",)


def test_a_container_has_the_memory_that_its_group_may_use(tmp_path):
    machine = Memory(64.0, 50.0)
    assert facts.limited(machine, tmp_path) == machine
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text(f"{3 * 1024**3}\n")
    assert facts.limited(machine, tmp_path) == machine
    (tmp_path / "memory.max").write_text(f"{4 * 1024**3}\n")
    assert facts.limited(machine, tmp_path) == Memory(4.0, 1.0)


def test_main_memory_is_found():
    memory = facts.find_memory()
    assert 0 < (memory.available or memory.total) <= memory.total


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(facts, "find_version", lambda package: "2026.10.9")


def test_unsloth_is_imported_only_where_that_is_asked_for(program, installed, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(program("python", "echo ImportError: no triton >&2; exit 1")))
    assert facts.find_unsloth(deep=False) == Unsloth("2026.10.9")
    assert facts.find_unsloth(deep=True) == Unsloth("2026.10.9", True, "ImportError: no triton")


def test_an_unsloth_that_imports_has_no_problem(program, installed, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(program("python", "exit 0")))
    assert facts.find_unsloth(deep=True) == Unsloth("2026.10.9", True)


def test_an_unsloth_that_dies_without_a_word_tells_its_exit_code(program, installed, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(program("python", "exit 3")))
    assert facts.find_unsloth(deep=True) == Unsloth("2026.10.9", True, "exit code 3")


def test_the_engine_is_asked_for_without_its_warning(monkeypatch, caplog):
    monkeypatch.setattr("finscribe.training.finetuning.base.unsloth_is_installed", lambda: False)
    assert facts.find_engine() == "transformers"
    assert caplog.records == []
    assert logging.getLogger().isEnabledFor(logging.WARNING)


def test_the_backend_is_that_of_the_settings_and_needs_pytorch_unless_it_is_onnx_runtime():
    assert facts.find_backend(Settings(backend="onnx"), None) == "onnx"
    settings = Settings(backend="unsloth")
    assert facts.find_backend(settings, Torch("2.13.0")) == "unsloth"
    with pytest.raises(MissingDependency):
        facts.find_backend(settings, None)
    with pytest.raises(MissingDependency):
        facts.find_backend(settings, Torch("2.13.0", problem="broken"))


def test_the_bundled_ocr_is_found_with_its_models():
    assert facts.find_ocr(deep=False)["rapidocr"] is None


def test_tesseract_is_found_where_its_program_is(program, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(facts.find_ocr(deep=False)["tesseract"], MissingDependency)
    program("tesseract", "")
    assert facts.find_ocr(deep=False)["tesseract"] is None


def test_an_ocr_without_models_is_told(tmp_path, monkeypatch):
    (tmp_path / "rapidocr").mkdir()
    (tmp_path / "rapidocr" / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "rapidocr", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    problem = facts.find_ocr(deep=False)["rapidocr"]
    assert problem is not None
    assert "no models" in problem.message


def test_a_folder_that_is_not_there_yet_is_judged_by_the_nearest_one(tmp_path):
    place = facts.find_place(tmp_path / "models" / "mine")
    assert place.path == tmp_path / "models" / "mine"
    assert place.writable
    assert place.free > 0


def test_a_file_in_the_place_of_a_folder_cannot_be_written_to(tmp_path):
    (tmp_path / "data").touch()
    assert not facts.find_place(tmp_path / "data" / "queue").writable


def test_a_token_is_known_to_be_there_and_not_kept():
    hub = facts.find_hub(Settings(hf_token="hf_secret"))
    assert hub.token
    assert "hf_secret" not in repr(hub)
