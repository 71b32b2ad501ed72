import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

import finscribe

ROOT = Path(__file__).parent.parent
HEAVY = {"datasets", "numpy", "onnxruntime", "rapidocr", "scipy", "torch", "transformers", "unsloth"}


def imported(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after running some code."""
    code += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


def test_the_version_is_that_of_the_installed_package():
    assert finscribe.__version__ == distribution("finscribe").version


def test_an_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'invoice_reader'"):
        _ = finscribe.invoice_reader


def test_importing_the_package_or_its_command_line_imports_nothing_heavy():
    assert not HEAVY & imported("import finscribe, finscribe.cli")


def test_every_folder_with_code_is_a_package():
    folders = {path.parent for path in (ROOT / "finscribe").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_scripts_folder_never_hides_the_library_of_its_name():
    assert not (ROOT / "unsloth" / "__init__.py").exists()
    assert not (ROOT / "tests" / "unsloth").exists()


def test_the_wheel_holds_the_engine_alone():
    top_level = distribution("finscribe").read_text("top_level.txt")
    assert top_level is not None
    assert top_level.split() == ["finscribe"]
