from pathlib import Path

import pytest
import typer
import typer.main

from docs.check import Code, Repository, check, check_cli, check_command, check_python, read, shell_commands


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small repository: a Makefile, a package, an extra, a script."""
    (tmp_path / "Makefile").write_text("VENV := .venv\n.PHONY: demo\ndemo: $(VENV)\n\techo\n")
    (tmp_path / "pyproject.toml").write_text("[project.optional-dependencies]\nweb = []\n")
    (tmp_path / "finscribe").mkdir()
    (tmp_path / "finscribe" / "__init__.py").touch()
    (tmp_path / "finscribe" / "extract.py").write_text("LIMIT: int = 3\ndef extract(): pass\n")
    (tmp_path / "unsloth").mkdir()
    (tmp_path / "unsloth" / "train.py").touch()
    return tmp_path


def problems(root: Path, text: str) -> list[str]:
    """What is wrong with a README of this text, as `line: message`."""
    (root / "README.md").write_text(text)
    return [f"{problem.line}: {problem.message}" for problem in check(root)]


def command_line():
    app, models = typer.Typer(), typer.Typer()
    app.add_typer(models, name="models")

    @models.command()
    def path() -> None: ...

    @app.command()
    def extract(files: list[str], format: str = "table", quiet: bool = False) -> None: ...

    return typer.main.get_command(app)


def test_a_page_that_tells_the_truth_has_no_problems(root):
    text = """\
# Try it

See [above](#try-it), [the licence](Makefile) and [elsewhere](https://example.org/gone).

```bash
make demo   # a comment
FINSCRIBE_X=1 python unsloth/train.py --epochs 1 && pip install -e '.[web]'
```

```python
from finscribe.extract import LIMIT, extract
```
"""
    assert problems(root, text) == []


def test_a_link_to_nothing_is_reported_with_its_line(root):
    text = 'one\n\n[a](gone.md) ![b](gone.png)\n<img src="gone.svg">\n\n[c]: gone.txt\n'
    assert problems(root, text) == [
        "3: link to gone.md: there is no such file",
        "3: link to gone.png: there is no such file",
        "4: link to gone.svg: there is no such file",
        "6: link to gone.txt: there is no such file",
    ]


def test_a_link_to_a_heading_that_is_not_there_is_reported(root):
    assert problems(root, "# One\n[a](#one) [b](README.md#two)\n") == [
        "2: link to README.md#two: there is no such heading"
    ]


def test_repeated_headings_are_numbered():
    assert read("# Run\n## Run\n## Run it: `now`!\n## Run\n").anchors >= {"run", "run-1", "run-it-now"}


def test_options_of_scripts_must_exist(root):
    (root / "unsloth" / "prepare_training_data.py").touch()
    (root / "finscribe" / "build.py").write_text('parser.add_argument("--preset", "-p", default="--none")\n')
    (root / "unsloth" / "own.py").write_text('parser.add_argument("--size", type=int)\n')
    text = """\
```bash
python unsloth/own.py --size 3 --sizes 4 [--help]
python -m finscribe.build --preset=cpu --presets gpu
python unsloth/train.py --anything
python unsloth/prepare_training_data.py --input a.jsonl --inputs b.jsonl
```
"""
    assert problems(root, text) == [
        "2: own.py has no option --sizes",
        "3: build.py has no option --presets",
        "5: finscribe prepare has no option --inputs",
    ]


def test_links_in_code_are_no_links(root):
    assert problems(root, "`[a](gone.md)`\n\n```text\n[a](gone.md)\n```\n") == []


def test_what_code_calls_must_exist(root):
    text = """\
Run `make demos`.

```bash
make demo \\
    serve
python unsloth/trains.py
python -m finscribe.nothing
pip install -c requirements/none.txt 'finscribe[wbe]'
```

```python
import finscribe
from finscribe.extract import extracts
```
"""
    assert problems(root, text) == [
        "1: make has no target demos",
        "4: make has no target serve",
        "6: there is no unsloth/trains.py",
        "7: there is no module finscribe.nothing",
        "8: there is no requirements/none.txt",
        "8: finscribe has no extra wbe",
        "13: finscribe.extract has no extracts",
    ]


def test_python_that_does_not_parse_is_reported(root):
    [(line, message)] = check_python("x = 1\ny = (\n", Repository(root))
    assert line == 2
    assert message.startswith("not valid Python: ")


def test_only_what_follows_a_prompt_is_a_command_of_a_console_block():
    code = Code(5, "console", "$ make demo\nmake tea\n\n$ A=1 curl -d '{}' x | finscribe extract -\n")
    assert list(shell_commands(code)) == [
        (5, ["make", "demo"]),
        (8, ["curl", "-d", "{}", "x"]),
        (8, ["finscribe", "extract", "-"]),
    ]


@pytest.mark.parametrize(
    "arguments",
    ["extract a.pdf --format json", "extract -", "extract FILE [--format table|json]", "models path --help"],
)
def test_commands_that_exist_are_fine(arguments):
    assert list(check_cli(arguments.split(), command_line())) == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("extracts a.pdf", "finscribe has no command extracts"),
        ("models where", "finscribe models has no command where"),
        ("extract a.pdf --fromat=json", "finscribe extract has no option --fromat"),
        ("models path -q", "finscribe models path has no option -q"),
    ],
)
def test_commands_and_options_that_do_not_exist_are_reported(arguments, problem):
    assert list(check_cli(arguments.split(), command_line())) == [problem]


def test_a_program_of_the_environment_is_checked_by_its_name(root):
    assert list(check_command([".venv/bin/python", "gone.py"], Repository(root))) == ["there is no gone.py"]
