"""Broken and odd files, line by line."""

import gzip
import io
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from finscribe.training.reading import lines
from finscribe.training.reading.lines import Raw, may_hold, read_entries, read_lines
from finscribe.training.records import Reject

Reader = Callable[[io.BufferedReader, str], Iterator[Raw | Reject]]


def stream(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type,unused-ignore]


def seen(data: bytes, read: Reader = read_lines) -> list[tuple[int, str]]:
    """Line and content of each record, line and reason of each reject."""
    return [
        (each.origin.line, each.content if isinstance(each, Raw) else each.reason)
        for each in read(stream(data), "a.jsonl")
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": "\xc3\xa9"}\n\n  \n{"b": 1}\n',
        b'\xef\xbb\xbf{"a": "\xc3\xa9"}\r\n\r\n\r\n{"b": 1}',
        '{"a": "é"}\n\n\n{"b": 1}\n'.encode("utf-16"),
        b"\xfe\xff" + '{"a": "é"}\n\n\n{"b": 1}\n'.encode("utf-16-be"),
        gzip.compress(b'{"a": "\xc3\xa9"}\n\n\n{"b": 1}\n'),
    ],
    ids=["utf-8", "byte order mark", "utf-16 le", "utf-16 be", "gzip"],
)
def test_lines_are_read_in_any_encoding_and_blank_ones_skipped(data: bytes) -> None:
    assert seen(data) == [(1, '{"a": "é"}'), (4, '{"b": 1}')]


def test_a_line_that_is_not_utf_8_is_rejected_alone() -> None:
    found = list(read_lines(stream(b'{"a": 1}\n{"a": "M\xfcller"}\n{"b": 1}\n'), "a.jsonl"))
    assert [each.origin.line for each in found] == [1, 2, 3]
    assert isinstance(found[1], Reject)
    assert found[1].reason == "encoding"
    assert found[1].original == '{"a": "M\\xfcller"}'


def test_a_broken_line_of_utf_16_is_rejected_alone() -> None:
    data = b"\xff\xfe" + "a\n".encode("utf-16-le") + b"\x00\xd8" + "\nb\n".encode("utf-16-le")
    assert seen(data) == [(1, "a"), (2, "encoding"), (3, "b")]


def test_utf_16_that_ends_within_a_character_ends_with_a_reject() -> None:
    assert seen("a\nb\n".encode("utf-16") + b"\x00") == [(1, "a"), (2, "b"), (3, "encoding")]


def test_what_comes_before_a_cut_in_a_gzip_file_is_kept() -> None:
    rows = b"".join(b'{"row": %d, "noise": "%d"}\n' % (row, row * 7919**3) for row in range(5000))
    packed = gzip.compress(rows)
    found = seen(packed[: len(packed) // 2])
    assert len(found) > 100
    assert found[-1] == (len(found), "truncated")
    assert all(content.endswith("}") for _, content in found[:-1])


def test_a_damaged_gzip_file_ends_with_a_reject() -> None:
    packed = bytearray(gzip.compress(b'{"a": 1}\n' * 1000))
    packed[-6] ^= 255
    assert seen(bytes(packed))[-1][1] == "truncated"


def test_a_line_of_50_mb_is_passed_over_in_bounded_memory() -> None:
    line = b'{"input": "' + b"x" * 50_000_000 + b'"}\n'
    source = stream(line + b'{"b": 1}\n')
    del line
    tracemalloc.start()
    found = list(read_lines(source, "a.jsonl"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [each.origin.line for each in found] == [1, 2]
    assert isinstance(found[0], Reject)
    assert found[0].reason == "too-large"
    assert len(found[0].original) == 2000
    assert peak < 3 * lines.MOST_LINE_BYTES


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": 1}', [(1, '{"a": 1}')]),
        (b'[{"a": 1}, {"b": [2]}]', [(1, '{"a": 1}'), (2, '{"b": [2]}')]),
        (b'[\n  {\n    "a": 1\n  }\n]\n', [(1, '{\n    "a": 1\n  }')]),
        (b'{"a": 1}\n{"b": 2}\n', [(1, '{"a": 1}'), (2, '{"b": 2}')]),
        (b'{"a": 1}{"b": 2}', [(1, '{"a": 1}'), (2, '{"b": 2}')]),
        ('[{"a": 1}]'.encode("utf-16"), [(1, '{"a": 1}')]),
        (b'\xef\xbb\xbf[{"a": 1}]', [(1, '{"a": 1}')]),
        (gzip.compress(b'[{"a": 1}]', mtime=0), [(1, '{"a": 1}')]),
        (b'[{"a": 1}, 7]', [(1, '{"a": 1}'), (2, "7")]),
        (b"", []),
        (b"[]", []),
        (b'[{"a": 1}, {"b": ', [(1, '{"a": 1}'), (2, "not-json")]),
        (b'{"a": 1}\n{"b": \n{"c": 3}\n', [(1, '{"a": 1}'), (2, "not-json"), (3, '{"c": 3}')]),
        (
            b'[\n  {\n    "a": 1\n  },\n  {\n    "b": x,\n    "c": [\n      {}\n    ]\n  },\n  {\n    "d": 4\n  }\n]',
            [(1, '{\n    "a": 1\n  }'), (2, "not-json"), (3, '{\n    "d": 4\n  }')],
        ),
        (b'[{\n  "a": x\n}, {\n  "b": 2\n}]', [(1, "not-json"), (2, '{\n  "b": 2\n}')]),
        (b"\xff", [(1, "encoding")]),
        (b'{"a": ' + b"[" * 200_000, [(1, "too-deep")]),
        (gzip.compress(b'[{"a": 1}]', mtime=0)[:-9], [(1, "truncated")]),
    ],
)
def test_the_entries_of_a_json_file_are_found(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert seen(data, read_entries) == expected


def test_a_mark_is_found_wherever_it_stands_and_may_always_stand_in_packed_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_CHUNK", 8)
    path = tmp_path / "a.jsonl"
    for before in range(17):
        path.write_bytes(b"." * before + b"needle" + b"." * before)
        assert may_hold(path, "needle")
    for content, expected in (
        (b"needl\ne", False),
        (b"", False),
        (gzip.compress(b""), True),
        (b"\xff\xfe", True),
    ):
        path.write_bytes(content)
        assert may_hold(path, "needle") is expected
    assert not may_hold(tmp_path / "missing", "needle")


def test_a_json_file_over_the_limit_is_one_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_JSON_BYTES", 10)
    found = list(read_entries(stream(b'[{"a": 1}, {"a": 2}]'), "a.json"))
    assert isinstance(found[0], Reject)
    assert (len(found), found[0].reason) == (1, "too-large")
    assert ".jsonl" in found[0].message
