"""What an answer says so far."""

from finscribe.decoding.trail import Trail

FINISHED = (
    ("vendor.name", '"ACME"'),
    ("line_items[0].desc", '"Pen"'),
    ("line_items[0].qty", "2"),
    ("line_items[1].desc", '"Ink"'),
    ("line_items[1].qty", "1"),
    ("line_items[2].desc", '"Pen"'),
)
PLACES = {'"ACME"': 0, '"Pen"': 7, '"Ink"': 9}


def trail(finished: tuple[tuple[str, str], ...] = FINISHED) -> Trail:
    made = Trail()
    made.follow(finished, lambda _path, written: PLACES.get(written))
    return made


def test_a_trail_knows_what_was_written_and_where_it_stands() -> None:
    assert trail().written("line_items[0].qty") == ["2"]
    assert trail().written("line_items[2].qty") == []
    assert trail().place_of("vendor.name") == 0
    assert trail().place_of("line_items[0].qty") is None
    assert trail().cells(1) == {"desc": '"Ink"', "qty": "1"}


def test_the_latest_line_is_the_one_under_way() -> None:
    assert trail().latest_row() == 2
    assert trail(FINISHED[:5]).latest_row() == 1
    assert trail(FINISHED[:5]).latest_place() == 9
    assert (trail(FINISHED[:1]).latest_row(), trail(FINISHED[:1]).latest_place()) == (None, 0)


def test_a_line_with_the_description_of_an_earlier_one_repeats_it() -> None:
    assert trail().same_as(2) == 0
    assert trail().same_as(1) is None


def test_what_was_guessed_wrong_is_taken_back_and_nothing_else_is_located_again() -> None:
    made, asked = trail(), []
    made.follow((*FINISHED[:3], ("line_items[1].desc", '"Paper"')), lambda path, _: asked.append(path))
    assert asked == ["line_items[1].desc"]
    assert made.latest_row() == 1
    assert made.written("line_items[1].desc") == ['"Paper"']
    assert made.place_of("line_items[0].desc") == 7
