"""Holds the Markdown of this repository against the repository: `python docs/check.py`.

Checked: links and the headings they point to; the `make` targets, `finscribe` commands and options, scripts,
modules, extras and requirements files that code calls; the names that Python blocks import from here.
Links to other sites are not followed.
"""

import ast
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any

SHELL = {"bash", "console", "sh", "shell"}
SKIPPED = {"build", "data", "dist", "evaluation", "models", "node_modules"}
SCRIPTS = {
    "unsloth/prepare_training_data.py": "prepare",
    "unsloth/train_unsloth_fast.py": "train",
    "unsloth/evaluate_unsloth.py": "evaluate",
}
"""Scripts that are commands of `finscribe` by another name."""
OURS = {"app", "benchmarks", "docs", "finscribe", "tests"}

FENCE = re.compile(r"^\s*(```+|~~~+)\s*(\w*)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
LINK = re.compile(
    r"""\]\(\s*<?([^)\s>]+)|^\s*\[[^\]]+\]:\s*(\S+)|<(?:a|img)\b[^>]*?(?:href|src)=["']([^"']+)"""
)
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Problem:
    """What a page says that is not so, and on which line."""

    page: Path
    line: int
    message: str


@dataclass(frozen=True)
class Code:
    """A fenced block, or code within a sentence (`language` is empty then)."""

    line: int
    language: str
    text: str


@dataclass
class Page:
    """A Markdown file taken apart: its prose lines, its code, and the anchors of its headings."""

    prose: list[tuple[int, str]] = field(default_factory=list)
    code: list[Code] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


def read(text: str) -> Page:
    """Take Markdown apart, line numbers counting from 1."""
    page = Page()
    fence, block = None, Code(0, "", "")
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.match(line)
        if fence is None and mark:
            fence, block = mark[1], Code(number + 1, mark[2], "")
        elif fence is not None and line.strip() == fence:
            page.code.append(block)
            fence = None
        elif fence is not None:
            block = Code(block.line, block.language, f"{block.text}{line}\n")
        else:
            _read_prose(page, number, line)
    return page


def _read_prose(page: Page, number: int, line: str) -> None:
    page.code += [Code(number, "", found) for found in CODE.findall(line)]
    page.prose.append((number, CODE.sub("", line)))
    if heading := HEADING.match(line):
        slug = re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-")
        numbered = (f"{slug}-{repeat}" for repeat in count(1))
        page.anchors.add(next(anchor for anchor in chain([slug], numbered) if anchor not in page.anchors))


def shell_commands(code: Code) -> Iterator[tuple[int, list[str]]]:
    """Each simple command with its line; in a console block only what follows a prompt."""
    text = re.sub(r"\\\n", " \0", code.text)
    line = code.line
    for row in text.split("\n"):
        if code.language != "console" or row.lstrip().startswith("$ "):
            yield from ((line, words) for words in _split(row.replace("\0", "").lstrip("$ ")))
        line += 1 + row.count("\0")


def _split(row: str) -> Iterator[list[str]]:
    try:
        words = shlex.split(row, comments=True)
    except ValueError:  # a quotation over several lines: data, not a command
        return
    command: list[str] = []
    for word in [*words, ";"]:
        if word in {";", "&&", "||", "|", "&"}:
            if command:
                yield command
            command = []
        elif command or not re.match(r"[A-Z_]+=", word):
            command.append(word)


class Repository:
    """What there is to call: targets, commands, modules, files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def targets(self) -> set[str]:
        """The targets of the Makefile."""
        makefile = (self.root / "Makefile").read_text()
        return set(re.findall(r"^([\w-]+):(?!=)", makefile, re.MULTILINE))

    @cached_property
    def extras(self) -> set[str]:
        """The extras of the package."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text())["project"]
        return set(project["optional-dependencies"])

    @cached_property
    def cli(self) -> Any:
        """The command `finscribe`, with its subcommands in `commands`."""
        import typer.main

        from finscribe.cli import app

        return typer.main.get_command(app)

    def module(self, name: str) -> Path | None:
        """The file or folder of a module of this repository."""
        path = self.root.joinpath(*name.split("."))
        found = (path.with_suffix(".py"), path / "__init__.py", path)
        return next((candidate for candidate in found if candidate.exists()), None)

    def defines(self, module: str, name: str) -> bool:
        """Whether `from module import name` works, as far as the source tells."""
        if self.module(f"{module}.{name}"):
            return True
        path = self.module(module)
        if path is None or path.is_dir():
            return False
        tree = ast.parse(path.read_text())
        return any(name in _bound(statement) for statement in tree.body)


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module defines."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name for alias in aliases}
        case _:
            stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            return {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def check_command(words: list[str], repository: Repository) -> Iterator[str]:
    """What a shell command asks for that is not there."""
    program, arguments = Path(words[0]).name, words[1:]
    if program == "make":
        asked = [word for word in arguments if re.fullmatch(r"[a-z][\w-]*", word)]
        yield from (f"make has no target {word}" for word in asked if word not in repository.targets)
    elif program == "finscribe":
        yield from check_cli(arguments, repository.cli)
    elif re.fullmatch(r"python3?(\.\d+)?", program):
        yield from _check_python(arguments, repository)
    elif program == "pip":
        yield from _check_pip(arguments, repository)
    elif program == "uvicorn" and arguments:
        yield from _check_module(arguments[0].partition(":")[0], repository)
    elif words[0].startswith(("./", ".ci/")) and not (repository.root / words[0]).exists():
        yield f"there is no {words[0]}"


def check_cli(arguments: list[str], command: Any) -> Iterator[str]:
    """Subcommands and options that the command line does not know."""
    called, words = ["finscribe"], [word.strip("[]") for word in arguments]
    while words and getattr(command, "commands", None) and not words[0].startswith("-"):
        if words[0] not in command.commands:
            yield f"{' '.join(called)} has no command {words[0]}"
            return
        command = command.commands[words[0]]
        called.append(words.pop(0))
    known = _options(" ".join(called), command)
    for option in (word.partition("=")[0] for word in words):
        if re.fullmatch(r"--?[A-Za-z][\w-]*", option) and option not in known | {"--help"}:
            yield f"{' '.join(called)} has no option {option}"


def _options(name: str, command: Any) -> set[str]:
    from docs.commands import TRAIN, flags_of_train

    if name == TRAIN:
        return {option for action in flags_of_train() for option in action.option_strings}
    return {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}


def _check_python(arguments: list[str], repository: Repository) -> Iterator[str]:
    match arguments:
        case ["-m", "pip", *rest]:
            yield from _check_pip(rest, repository)
        case ["-m", module, *rest]:
            yield from _check_module(module, repository)
            yield from _check_options(repository.module(module), rest)
        case [script, *_] if script.endswith(".py") and not (repository.root / script).exists():
            yield f"there is no {script}"
        case [script, *rest] if script in SCRIPTS:
            yield from check_cli([SCRIPTS[script], *rest], repository.cli)
        case [script, *rest] if script.endswith(".py"):
            yield from _check_options(repository.root / script, rest)


def _check_options(script: Path | None, words: list[str]) -> Iterator[str]:
    """Options that a script with a parser of its own does not know, as far as its source tells."""
    source = script.read_text() if script and script.suffix == ".py" else ""
    known = {
        each.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "add_argument"
        for each in call.args
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    for option in (word.strip("[]").partition("=")[0] for word in words):
        if known and re.fullmatch(r"--[a-z][\w-]*", option) and option not in known | {"--help"}:
            yield f"{script and script.name} has no option {option}"


def _check_module(name: str, repository: Repository) -> Iterator[str]:
    if name.partition(".")[0] in OURS and repository.module(name) is None:
        yield f"there is no module {name}"


def _check_pip(arguments: list[str], repository: Repository) -> Iterator[str]:
    for before, word in zip(["", *arguments], arguments, strict=False):
        if before in {"-r", "-c"} and not (repository.root / word).exists():
            yield f"there is no {word}"
        if extras := re.fullmatch(r"(?:\.|finscribe)\[([\w,-]+)\].*", word):
            unknown = set(extras[1].split(",")) - repository.extras
            yield from (f"finscribe has no extra {extra}" for extra in sorted(unknown))


def check_python(source: str, repository: Repository) -> Iterator[tuple[int, str]]:
    """What a Python block imports from this repository that is not there, with the line in the block."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield error.lineno or 1, f"not valid Python: {error.msg}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from ((node.lineno, found) for found in _check_module(alias.name, repository))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OURS:
            for alias in node.names:
                if not repository.defines(node.module or "", alias.name):
                    yield node.lineno, f"{node.module} has no {alias.name}"


def check_links(path: Path, page: Page) -> Iterator[Problem]:
    """Relative links to files or headings that do not exist."""
    for number, line in page.prose:
        for target in ("".join(groups) for groups in LINK.findall(line)):
            if re.match(r"[a-z+]+:|//", target):
                continue
            name, _, anchor = target.partition("#")
            linked = path.parent / name if name else path
            if not linked.exists():
                yield Problem(path, number, f"link to {target}: there is no such file")
            elif anchor and linked.suffix == ".md" and anchor not in read(linked.read_text()).anchors:
                yield Problem(path, number, f"link to {target}: there is no such heading")


def check_code(path: Path, code: Code, repository: Repository) -> Iterator[Problem]:
    """Calls in one piece of code of things that do not exist."""
    if code.language == "python" and not code.text.lstrip().startswith(">>>"):
        for number, message in check_python(code.text, repository):
            yield Problem(path, code.line + number - 1, message)
    elif code.language in SHELL or re.match(r"(finscribe|make|python3?) ", code.text):
        for number, words in shell_commands(code):
            yield from (Problem(path, number, message) for message in check_command(words, repository))


def check(root: Path) -> list[Problem]:
    """Everything that the pages under a folder get wrong."""
    repository = Repository(root)
    problems: list[Problem] = []
    for path in pages(root):
        page = read(path.read_text())
        problems += check_links(path, page)
        problems += [problem for code in page.code for problem in check_code(path, code, repository)]
    return problems


def pages(root: Path) -> list[Path]:
    """The Markdown files of the repository, but for what it writes when it runs."""
    found = (path.relative_to(root) for path in root.rglob("*.md"))
    return sorted(root / path for path in found if not _skipped(path))


def _skipped(path: Path) -> bool:
    return path.parts[0] in SKIPPED or any(part.startswith(".") for part in path.parts)


def main() -> int:
    """Print each problem as `page:line: message`; 1 when there is any."""
    root = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(root))
    problems = check(root)
    for problem in problems:
        print(f"{problem.page.relative_to(root)}:{problem.line}: {problem.message}")
    print(f"{len(pages(root))} pages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
