from html.parser import HTMLParser

from finscribe.reports import page

EVIL = "<script>alert('1')</script> & \"more\""


class Words(HTMLParser):
    """The tags of a page and what is written on it."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)

    def handle_data(self, data):
        self.words.append(data)


def test_whatever_stands_on_a_page_is_escaped_and_can_be_read():
    body = page.column(
        page.header(EVIL, EVIL, EVIL),
        page.notes([EVIL]),
        page.tiles([(EVIL, EVIL, "one")]),
        page.table([EVIL], [[EVIL]], numbers=[EVIL]),
        page.legend(("one", EVIL)),
        page.section(EVIL, EVIL, ""),
    )
    found = Words(page.render(EVIL, body))
    assert "script" not in found.tags
    title, header, notes, tiles, table, legend, section = 1, 2, 1, 2, 2, 1, 2
    assert found.words.count(EVIL) == title + header + notes + tiles + table + legend + section
    assert found.words.count(f"{EVIL} ") == 1


def test_a_page_is_one_file_that_loads_nothing_and_knows_the_dark():
    text = page.render("Dataset", "")
    assert {"html", "head", "style", "main"} <= set(Words(text).tags)
    assert not {"script", "link", "img"} & set(Words(text).tags)
    assert "http" not in text
    assert "prefers-color-scheme: dark" in text


def test_without_notes_there_is_no_box_for_them():
    assert page.notes([]) == ""


def test_a_table_has_its_numbers_to_the_right_and_its_names_to_the_left():
    text = page.table(("vendor", "records"), [("ACME", "5")], numbers=("records",))
    assert '<td class="name">ACME</td><td class="number">5</td>' in text


def test_a_table_without_rows_has_its_head():
    assert Words(page.table(("vendor",), [])).words == ["vendor"]


def test_a_tile_without_a_colour_has_no_mark():
    assert "<i" not in page.tiles([("records", "5", "")])
    assert '<i class="one"></i>' in page.tiles([("train", "5", "one")])
