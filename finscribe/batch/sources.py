"""From arguments to documents: files, globs, folders, addresses that fsspec opens, and tables in Parquet."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from finscribe.batch.reading import SUFFIXES
from finscribe.errors import BatchError, DocumentError, MissingDependency

PARQUET = ".parquet"
_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is: its name, its file, and in a table the column, the row group and the row in that."""

    source: str
    url: str
    column: str | None = None
    group: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class _Root:
    """What an argument means: a file, a folder or a pattern in some file system."""

    argument: str
    system: Any
    path: str


class _File(NamedTuple):
    """A file by its name, and whether it is taken for a document: folders hold others, too."""

    name: str
    taken: bool = True


def check_installed(*packages: str) -> None:
    """Raises MissingDependency where one of the packages of the extra `scale` is not installed."""
    for package in packages:
        try:
            import_module(package)
        except ImportError as error:
            raise MissingDependency(
                f"a batch takes {package}, which is not installed ({error})",
                hint="pip install 'finscribe[scale]'",
            ) from error


def find_places(
    arguments: Sequence[str],
    column: str | None = None,
    *,
    without: Path | None = None,
    passed_over: Counter[str] | None = None,
) -> Iterator[Place]:
    """All documents, one after the other, none twice; what is hidden in a folder is left out, and one file `without`.

    `column` names the column of tables that holds the documents, where there are several. The endings of files of
    other kinds are added to `passed_over` as they are come by, but of those that are named after `without`. Raises
    DocumentError where an argument leads to nothing or a table has no such column, and MissingDependency for addresses
    that take a package, and BatchError for an argument that is the file `without`. Only names are read here, and of
    tables their ends.
    """
    roots, own = [_root(argument) for argument in arguments], _Own(without)
    for root in roots:
        if _is_local(root.system) and own.is_it(root.path):
            raise BatchError(f"{root.argument}: both input and output", hint="Give another --output.")
        if not any(file.taken for file in _listed(root)):
            raise DocumentError(
                f"{root.argument}: no document there",
                hint=f"Looked for files, and in folders for {' '.join(sorted({*SUFFIXES, PARQUET}))}.",
            )
    return _places(roots, column, own, Counter() if passed_over is None else passed_over)


class _Own:
    """The file that is written, by whatever name it is come by, and those that are named after it."""

    def __init__(self, path: Path | None) -> None:
        self._path = os.path.realpath(path) if path else None
        self._names = tuple({path.name, Path(self._path).name}) if path and self._path else ()

    def _real(self, name: str) -> str | None:
        """Where a file really is; None where its last name already says that it is none of ours."""
        return os.path.realpath(name) if PurePosixPath(name).name.startswith(self._names) else None

    def is_it(self, name: str) -> bool:
        """Whether it is that file."""
        return self._path is not None and self._real(name) == self._path

    def is_beside(self, name: str) -> bool:
        """Whether it is that file or one whose name goes on behind that of it."""
        return self._path is not None and (self._real(name) or "").startswith(self._path)


def _places(
    roots: Sequence[_Root], column: str | None, own: _Own, passed_over: Counter[str]
) -> Iterator[Place]:
    seen = set[_File]()
    for root in roots:
        for file in _listed(root):
            url = file.name
            if file in seen or own.is_it(url):
                continue
            if len(roots) > 1 or _MAGIC & set(root.path):  # a single folder names no file twice
                seen.add(file)
            if not file.taken:
                if not own.is_beside(url):
                    passed_over[PurePosixPath(url).suffix.lower()] += 1
            elif url.lower().endswith(PARQUET):
                yield from _rows(root.system, url, column)
            else:
                yield Place(url, url)


def _root(argument: str) -> _Root:
    check_installed("fsspec")
    from fsspec.core import url_to_fs

    try:
        system, path = url_to_fs(argument)
    except ImportError as error:
        raise MissingDependency(
            f"{argument}: {error}", hint=f"pip install the file system of {argument.partition(':')[0]}://"
        ) from error
    except ValueError as error:
        raise DocumentError(f"{argument}: {error}", hint="Give a path, or an address as s3://...") from error
    return _Root(argument, system, os.path.normpath(path) if _is_local(system) else path)


def _listed(root: _Root) -> Iterator[_File]:
    """Every file of an argument by its full name, as fsspec opens it."""
    local = _is_local(root.system)
    try:
        for file in _files(root):
            yield file if local else file._replace(name=root.system.unstrip_protocol(file.name))
    except OSError as error:
        raise DocumentError(
            f"{root.argument}: cannot be listed ({error.strerror or error})", hint="Check its permissions."
        ) from error


def _files(root: _Root) -> Iterator[_File]:
    if root.system.isdir(root.path):
        yield from _within(root.system, root.path)
    elif root.system.exists(root.path):
        yield _File(root.path)
    elif _MAGIC & set(root.path):
        for path in sorted(root.system.glob(root.path)):
            yield from _files(_Root(root.argument, root.system, path))


def _within(system: Any, folder: str) -> Iterator[_File]:
    """The files in a folder and in those inside it that are not hidden, one folder in memory at a time."""
    for inner, folders, files in system.walk(folder, on_error="raise"):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield _File(f"{inner.rstrip('/')}/{name}", name.lower().endswith((*SUFFIXES, PARQUET)))


def _is_local(system: Any) -> bool:
    return "file" in ((system.protocol,) if isinstance(system.protocol, str) else system.protocol)


# --- tables ------------------------------------------------------------------------------------------


def _rows(system: Any, url: str, column: str | None) -> Iterator[Place]:
    """A place for every row; a file that is no table is a document that cannot be read, and says so when it is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with system.open(url, "rb") as file, pq.ParquetFile(file) as table:
            schema, metadata = table.schema_arrow, table.metadata
    except (OSError, pa.ArrowException):
        yield Place(url, url)
        return
    column, number = _column(url, schema, column), 0
    for group in range(metadata.num_row_groups):
        for row in range(metadata.row_group(group).num_rows):
            yield Place(f"{url}#{number}", url, column, group, row)
            number += 1


def _column(url: str, schema: Any, wanted: str | None) -> str:
    """The column wanted, or the only one of text or bytes."""
    fitting = [field.name for field in schema if _is_readable(field.type)]
    if wanted in fitting:
        return str(wanted)
    if wanted is None and len(fitting) == 1:
        return str(fitting[0])
    named = f"no column {wanted!r} of text or bytes" if wanted else "not one column of text or bytes"
    raise DocumentError(
        f"{url}: {named}", hint=f"Name one with --column; it has {', '.join(fitting) or 'none of the kind'}."
    )


def _is_readable(kind: Any) -> bool:
    from pyarrow import types

    checks = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(check(kind) for check in checks)
