import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=\"?((?:https?:)?//[^\"\s>]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as `make check` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built_and_none_loads_anything_from_elsewhere(site: Path) -> None:
    pages = {page.stem: page.read_text("utf-8") for page in site.glob("*.html")}
    assert {page.stem for page in (ROOT / "docs").glob("*.md")} <= pages.keys()
    assert {name: found for name, text in pages.items() if (found := LOADED.findall(text))} == {}


def test_python_is_described_from_the_code(site: Path) -> None:
    page = (site / "python.html").read_text("utf-8")
    assert 'id="finscribe.extract.extract_many"' in page
    assert "Reads documents in batches, answers in their order." in page
