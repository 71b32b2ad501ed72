"""Following an answer while it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finscribe.decoding.cursor import Cursor, unescape
from finscribe.decoding.printed import Printed
from finscribe.invoice import ALL_FIELDS, in_order, write_json, write_value
from tests.decoding.documents import documents, some_answer
from tests.profiles import examples


@examples(60)
@given(documents, st.integers(0, 1000), st.integers(1, 9))
def test_every_value_is_seen_however_the_answer_is_cut_into_tokens(text: str, seed: int, size: int) -> None:
    answer = some_answer(Printed(text), seed)
    cursor, written = Cursor.of(ALL_FIELDS), answer.encode()
    for start in range(0, len(written), size):
        assert not cursor.done
        cursor.feed(written[start : start + size])
    assert cursor.done
    assert all(value in answer for _, value in cursor.finished)
    assert [path for path, _ in cursor.finished if not path.startswith("line_items")] == [
        path for path in ALL_FIELDS if not path.startswith("line_items")
    ]


@examples(60)
@given(st.lists(st.sampled_from(ALL_FIELDS), unique=True).map(in_order), st.integers(0, 3))
def test_every_request_is_followed_to_its_end(request: tuple[str, ...], rows: int) -> None:
    cursor = Cursor.of(request)
    answer, slots = write_json({}, [{}] * rows, request)
    cursor.feed(answer.encode())
    assert cursor.done
    assert [path for path, _ in cursor.finished] == [slot.path for slot in slots]


@pytest.mark.parametrize("value", ['a "b" c', "back\\", 'a\\"', "{}", "],", "null", "日本", "\\\\"])
def test_quotes_and_backslashes_do_not_end_a_text(value: str) -> None:
    cursor = Cursor.of(("vendor.name",))
    cursor.feed(f'{{"vendor":{{"name":{write_value(value)}}}}}'.encode())
    assert cursor.finished == (("vendor.name", write_value(value)),)
    assert cursor.done


def test_the_path_names_the_value_being_written() -> None:
    cursor = Cursor.of(("line_items.desc", "line_items.qty"))
    cursor.feed(b'{"line_items":[')
    assert cursor.choosing
    cursor.feed(b'{"desc":"A","qty":1},{"desc":"B","qty":')
    assert cursor.path == "line_items[1].qty"
    assert cursor.at_start
    cursor.feed(b"12")
    assert cursor.value == b"12"
    assert not cursor.at_start


def test_a_copy_goes_its_own_way() -> None:
    cursor = Cursor.of(("vendor.name",))
    cursor.feed(b'{"vendor":{"name":"A')
    copy = cursor.copy()
    copy.feed(b'B"}}')
    assert copy.done
    assert not cursor.done
    assert cursor.value == b'"A'


def test_what_does_not_follow_the_skeleton_leads_nowhere() -> None:
    cursor = Cursor.of(("vendor.name",))
    cursor.feed(b"Sorry, I cannot help with that. " * 9)
    assert cursor.finished == ()
    assert not cursor.done


def test_an_unfinished_text_is_unescaped() -> None:
    assert unescape(b'"a \\"b') == 'a "b'
    assert unescape(b'"a\\') is None
    assert unescape('"日'.encode()[:-1]) is None
