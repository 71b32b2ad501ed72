from prometheus_client import REGISTRY
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import metrics


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"finscribe_{name}", labels) or 0.0


def test_confidences_fall_into_steps() -> None:
    low, all_of_them = (value("value_confidence_bucket", le=step) for step in ("0.5", "+Inf"))
    metrics.extracted({}, [0.2, 0.45, 0.97])
    assert value("value_confidence_bucket", le="0.5") == low + 2
    assert value("value_confidence_bucket", le="+Inf") == all_of_them + 3


def test_corrections_count_when_they_are_saved_and_once() -> None:
    engine, before = create_engine("sqlite://"), value("corrections_total", field="due_date")
    with Session(engine) as session:
        metrics.corrected(session, ["due_date"])
        session.rollback()
    assert value("corrections_total", field="due_date") == before
    with Session(engine) as session:
        metrics.corrected(session, ["due_date"])
        session.commit()
        session.commit()
    assert value("corrections_total", field="due_date") == before + 1
    engine.dispose()
