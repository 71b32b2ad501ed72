from app.api.export import Format
from app.store.inbox import Order
from app.store.tables import RunKind, RunState, State
from app.web import texts
from app.web.form import Level
from finscribe.invoice import CELLS, HEADER_FIELDS


def test_everything_that_is_shown_by_name_has_one() -> None:
    assert tuple(texts.FIELDS) == HEADER_FIELDS
    assert tuple(texts.CELLS) == CELLS
    assert texts.STATES.keys() == set(State)
    assert texts.ORDERS.keys() == set(Order)
    assert texts.RUN_STATES.keys() == set(RunState)
    assert texts.NO_RUNS.keys() == set(RunKind)
    assert {format.partition("&")[0] for format in texts.EXPORTS} == set(Format)
    assert texts.LEVELS.keys() == {str(level) for level in Level}
