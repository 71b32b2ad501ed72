"""The words of a page in lines and cells."""

from finscribe.decoding import Printed
from finscribe.decoding.layout import Layout


def test_the_layout_knows_lines_and_cells() -> None:
    layout = Layout(Printed("a b  c:\nd  e"))
    words = [word.text for word in layout.printed.words]
    assert [words[place] for place in layout.lines] == ["a", "d"]
    assert [words[place] for place in layout.printed.flow.cells] == ["a", "c", "d", "e"]
    assert words[layout.cell_end(2) - 1] == "c"
    assert layout.below(words.index("c")) == words.index("e")
    assert layout.below(words.index("e")) is None
    assert layout.find("b c") == 1
    assert layout.find("x") is None


def test_below_a_cell_is_the_one_of_its_column_or_the_only_one() -> None:
    layout = Layout(Printed("name  qty\nGreen tea  2\nThank you"))
    words = [word.text for word in layout.printed.words]
    assert layout.below(words.index("qty")) == words.index("2")
    assert layout.below(words.index("2")) == words.index("Thank")
    assert layout.below(words.index("qty"), 2) == words.index("Thank")
