"""That the pages of reference hold all that the code has, and nothing that it has not."""

import json
import re
import tomllib
from collections import Counter
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, metadata
from itertools import chain
from pathlib import Path

import pytest

from app.main import app
from app.settings import AppSettings
from docs import commands
from finscribe.invoice import DOCUMENT_TYPES, FIELDS
from finscribe.settings import VARIABLES, Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
VARIABLE = re.compile(r'"((?:FINSCRIBE|UNSLOTH|HF)_[A-Z_]+)"')


def rows(page: str) -> list[list[str]]:
    """The cells of all rows of all tables of a page, without their heads."""
    lines = [line for line in (DOCS / page).read_text("utf-8").splitlines() if line.startswith("|")]
    heads = {place - 1 for place, line in enumerate(lines) if line.startswith("|---")}
    body = [line for place, line in enumerate(lines) if place not in heads and not line.startswith("|---")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in body]


# --- settings ----------------------------------------------------------------------------------------


def settings_with_defaults() -> dict[str, str]:
    """Each variable of docs/configuration.md that has a default, and the default as a value of the variable."""
    pairs = ((row[0].strip("`"), row[1].strip("`")) for row in rows("configuration.md") if len(row) == 3)
    return {name: "" if default == "none" else default for name, default in pairs}


def test_every_variable_that_the_code_reads_has_a_line() -> None:
    sources = [*(ROOT / "finscribe").rglob("*.py"), *(ROOT / "app").rglob("*.py")]
    read = {name for path in sources for name in VARIABLE.findall(path.read_text("utf-8"))}
    documented = [row[0].strip("`") for row in rows("configuration.md")]
    assert read >= VARIABLES
    assert read - set(documented) == set()
    assert [name for name, times in Counter(documented).items() if times > 1] == []


def test_every_setting_with_a_default_is_one_that_the_code_reads() -> None:
    application = (ROOT / "app" / "settings.py").read_text("utf-8")
    assert set(settings_with_defaults()) == VARIABLES | set(VARIABLE.findall(application))


@pytest.mark.parametrize(("name", "default"), settings_with_defaults().items())
def test_a_documented_default_is_the_default(name: str, default: str) -> None:
    explicit = replace(
        Settings.from_environment({name: default}), model_dir_is_explicit=False, model_name_is_explicit=False
    )
    assert explicit == Settings()
    assert AppSettings.from_environment({name: default}) == AppSettings()


# --- commands ----------------------------------------------------------------------------------------


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    page = commands.PAGE.read_text("utf-8")
    assert commands.written(page) == page, "run python docs/commands.py"


def test_writing_the_commands_leaves_what_stands_above_them() -> None:
    written = commands.written(f"# By hand\n{commands.MARK}## finscribe gone")
    assert written.startswith(f"# By hand\n{commands.MARK}\n## finscribe extract\n")
    assert "gone" not in written.partition("## finscribe prepare")[0]
    for part in ("`--val-ratio, --val_ratio <float>`", "`--lora_r N`", "## python -m app users add"):
        assert part in written


# --- HTTP --------------------------------------------------------------------------------------------

RUNS = ("datasets", "training-runs", "evaluations")


def documented_addresses() -> list[str]:
    """`METHOD /path` of docs/http.md; those of `{runs}` once for each kind of run."""
    written = [row[0].strip("`") for row in rows("http.md")]
    return [address.replace("{runs}", kind) for address in written for kind in _kinds(address)]


def _kinds(address: str) -> tuple[str, ...]:
    return RUNS if "{runs}" in address else ("",)


def test_every_address_has_one_line_and_every_line_an_address() -> None:
    paths = app.openapi()["paths"]
    there = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]
    assert sorted(documented_addresses()) == sorted(there)


def test_what_an_address_takes_is_named_in_its_line() -> None:
    schema = app.openapi()
    for address, line in ((row[0].strip("`"), row[1]) for row in rows("http.md")):
        method, path = address.replace("{runs}", "datasets").split()
        operation = schema["paths"][path][method.lower()]
        taken = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        for body in re.findall(r"#/components/schemas/(\w+)", json.dumps(operation.get("requestBody", {}))):
            taken += schema["components"]["schemas"][body].get("required", [])
        assert [name for name in taken if not re.search(rf"`{name}\b", line)] == [], address


# --- the invoice -------------------------------------------------------------------------------------


def test_every_field_of_the_invoice_has_its_line_with_its_kind_in_order() -> None:
    documented = [(row[0].strip("`"), row[1]) for row in rows("files.md") if len(row) == 3][: len(FIELDS)]
    assert documented == [(path, kind.value.replace("_", " ")) for path, kind in FIELDS.items()]
    (types,) = (row[2] for row in rows("files.md") if row[0] == "`document_type`")
    assert tuple(re.findall(r"`(\w+)`", types)) == DOCUMENT_TYPES


# --- dependencies ------------------------------------------------------------------------------------


def dependencies() -> set[str]:
    """The packages that pyproject.toml names, in all its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    return {re.match(r"[\w.-]+", each)[0] for each in named} - {project["name"]}  # type: ignore[index]


def test_every_dependency_has_one_line_with_its_licence_and_what_it_is_for() -> None:
    named = [row[0] for row in rows("dependencies.md")]
    assert sorted(named) == sorted(dependencies())
    assert [row for row in rows("dependencies.md") if not all(row)] == []


def test_a_licence_that_asks_for_more_than_a_notice_is_named() -> None:
    seen = 0
    for package, licence, *_ in rows("dependencies.md"):
        try:
            about = metadata(package)
        except PackageNotFoundError:  # an extra that is not installed here
            continue
        classifiers = about.get_all("Classifier") or []
        said = " ".join(
            [about.get("License-Expression") or "", (about.get("License") or "")[:80], *classifiers]
        )
        for family, words in {"GPL": r"GPL|General Public", "MPL": r"MPL|Mozilla"}.items():
            if re.search(words, said):
                seen += 1
                assert family in licence, package
    assert seen >= 3
