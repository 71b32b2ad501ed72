"""What is counted and measured, for Prometheus: numbers and names of ours, nothing that documents say."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import event
from sqlalchemy.orm import Session

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 300)

# A time beside each series, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]

REQUESTS = Counter("finscribe_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "finscribe_request_seconds", "Seconds until a request was answered", ["route"], buckets=SECONDS
)
STAGES = Histogram(
    "finscribe_stage_seconds", "Seconds of each stage of a document", ["stage"], buckets=SECONDS
)
CONFIDENCE = Histogram(
    "finscribe_value_confidence",
    "Confidence of the values that a model read",
    buckets=[step / 10 for step in range(1, 10)] + [0.95, 0.99, 1],
)
CORRECTIONS = Counter("finscribe_corrections", "Values that reviewers changed", ["field"])
LOGINS = Counter("finscribe_logins", "Tries to log in", ["outcome"])

Gauges = Callable[[], Iterable[GaugeMetricFamily]]


class Now(Collector):
    """What is looked up when somebody asks."""

    def __init__(self, look: Gauges) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        """The gauges as they are now."""
        yield from self._look()


def exposition(look: Gauges) -> bytes:
    """All metrics in the text format of Prometheus, those of `look` besides."""
    registry = CollectorRegistry()
    registry.register(Now(look))
    return generate_latest(REGISTRY) + generate_latest(registry)


def gauge(name: str, meaning: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    """A gauge with a value for each value of its label."""
    family = GaugeMetricFamily(f"finscribe_{name}", meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def extracted(seconds: Mapping[str, float], confidences: Iterable[float]) -> None:
    """Notes what a model read, and how long each stage took."""
    for stage, duration in seconds.items():
        STAGES.labels(stage).observe(duration)
    for confidence in confidences:
        CONFIDENCE.observe(confidence)


def corrected(session: Session, changed: Iterable[str]) -> None:
    """Counts the fields that a review changed, once it is saved."""
    names = list(changed)

    def count(_session: Session) -> None:
        for name in names:
            CORRECTIONS.labels(name).inc()

    event.listen(session, "after_commit", count, once=True)
