from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store import inbox
from app.store.database import Database
from app.store.inbox import Filter, NoSuchDocument, Order, Place, shown_name
from app.store.tables import State
from tests.app.store import steps


def listed(database: Database, order: Order = Order.OLDEST, **chosen: object) -> list[str]:
    with database.reading() as session:
        found, total = inbox.list_documents(session, Filter(**chosen), order, limit=100, offset=0)  # type: ignore[arg-type]
        assert total == len(found)
        return [document.id for document in found]


def test_the_same_bytes_are_the_same_document_whoever_comes_first(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(lambda number: steps.add(database, f"{number}.pdf", "same"), range(16)))
    assert len(ids) == 1
    assert listed(database) == list(ids)


@pytest.mark.parametrize("order", list(Order))
def test_a_list_goes_on_behind_a_place_in_it(database: Database, order: Order) -> None:
    for name in "ABCD":  # two of each worth
        steps.to_review(
            database, steps.of_vendor(name, findings=()) if name in "AB" else steps.of_vendor(name)
        )
    whole = listed(database, order)
    with database.reading() as session:
        for number, document_id in enumerate(whole, start=1):
            place = Place.of(inbox.get(session, document_id), order)
            found, total = inbox.list_documents(session, Filter(), order, limit=2, after=place)
            assert [each.id for each in found] == whole[number:][:2]
            assert total == len(whole)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\März 7.pdf", "März 7.pdf"),
        ("a\n\x00\u202eb.pdf\ud800", "ab.pdf"),
        ("x" * 300, "x" * 255),
        (" / ", "document"),
        ("", "document"),
    ],
)
def test_a_name_is_shown_without_folders_and_what_cannot_be_seen(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_list_is_filtered_by_state_and_by_what_one_types(database: Database) -> None:
    waiting, read = steps.add(database, "Rechnung_100%.pdf"), steps.to_review(database)
    assert listed(database) == [waiting, read]
    assert listed(database, states=[State.QUEUED]) == [waiting]
    assert listed(database, states=[State.QUEUED, State.NEEDS_REVIEW]) == [waiting, read]
    assert listed(database, text="techcorp") == [read]
    assert listed(database, text="inv-001") == [read]
    assert listed(database, text="G_1") == [waiting]
    assert listed(database, text="%") == [waiting]
    assert listed(database, text="10.00") == [read]
    assert listed(database, new_vendor=True) == [read]


def test_what_is_worth_most_comes_first(database: Database) -> None:
    ids = [steps.to_review(database, steps.of_vendor(name, findings=())) for name in ("A", "B")]
    sure = {path: each for path, each in steps.EXTRACTION.evidence.items() if path == "vendor.name"}
    ids.append(steps.to_review(database, steps.of_vendor("C", evidence=sure)))
    by_worth = listed(database, Order.WORTH)
    assert by_worth[-1] == ids[-1]
    assert set(by_worth[:2]) == set(ids[:2])
    assert listed(database, Order.NEWEST) == ids[::-1]


def test_a_list_comes_in_parts_and_says_how_many_there_are(database: Database) -> None:
    ids = [steps.add(database) for _ in range(5)]
    with database.reading() as session:
        found, total = inbox.list_documents(session, Filter(), Order.OLDEST, limit=2, offset=3)
        assert ([each.id for each in found], total) == (ids[3:], 5)
        assert inbox.counts(session)[State.QUEUED] == inbox.waiting(session) == 5
        assert inbox.counts(session).keys() == set(State)


def test_an_id_that_nobody_has_is_an_error(database: Database) -> None:
    with database.reading() as session, pytest.raises(NoSuchDocument, match="'nothing'"):
        inbox.get(session, "nothing")
