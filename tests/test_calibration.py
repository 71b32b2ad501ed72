"""From a model's own probability to a confidence that can be believed."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from finscribe.calibration import FILE, NAMES, Features, fit_calibration, read_calibration
from finscribe.errors import ModelBroken
from finscribe.metrics.confidence import expected_calibration_error
from tests.calibrations import make_calibration

PLAIN = Features(
    0.9,
    places=1,
    pieces=1,
    inferred=False,
    doubted=False,
    contradicted=False,
    any_doubted=False,
    any_contradicted=False,
    neighbours=2.0,
    others=2.0,
)


def drawn(count: int, seed: int) -> tuple[list[Features], list[bool]]:
    """Values of an overconfident model: as sure of those that do not add up, half of which are wrong."""
    rng = random.Random(seed)
    features = [
        replace(PLAIN, probability=rng.uniform(0.5, 1.0), contradicted=rng.random() < 0.3)
        for _ in range(count)
    ]
    chances = [each.probability * (0.5 if each.contradicted else 0.9) for each in features]
    return features, [rng.random() < chance for chance in chances]


def test_a_fitted_confidence_is_as_high_as_values_are_right() -> None:
    fitted = fit_calibration(*drawn(4000, 1))
    assert fitted is not None
    features, right = drawn(4000, 2)
    own = np.array([each.probability for each in features])
    confidence = np.array([fitted.confidence(each) for each in features])
    before = expected_calibration_error(own, np.array(right))
    after = expected_calibration_error(confidence, np.array(right))
    assert before is not None
    assert after is not None
    assert before > 0.15
    assert after < 0.04


def test_what_contradicts_itself_is_believed_less() -> None:
    fitted = fit_calibration(*drawn(4000, 3))
    assert fitted is not None
    assert fitted.confidence(replace(PLAIN, contradicted=True)) < fitted.confidence(PLAIN) - 0.2


@pytest.mark.parametrize(
    ("sure", "unsure"),
    [
        ({"others": 4.0}, {"others": 1.0}),
        ({"neighbours": 4.0}, {"neighbours": 1.0}),
        ({}, {"any_doubted": True}),
        ({}, {"any_contradicted": True}),
    ],
)
def test_where_what_is_around_it_is_unsure_a_value_is_believed_less(
    sure: dict[str, Any], unsure: dict[str, Any]
) -> None:
    rng = random.Random(5)
    known = [rng.random() < 0.5 for _ in range(4000)]
    features = [replace(PLAIN, **(sure if each else unsure)) for each in known]
    fitted = fit_calibration(features, [rng.random() < (0.9 if each else 0.6) for each in known])
    assert fitted is not None
    assert fitted.confidence(replace(PLAIN, **sure)) == pytest.approx(0.9, abs=0.03)
    assert fitted.confidence(replace(PLAIN, **unsure)) == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(
    "right", [[True] * 150 + [False] * 49, [True] * 391 + [False] * 9, [False] * 400, []]
)
def test_too_few_values_or_all_of_one_kind_fit_nothing(right: list[bool]) -> None:
    assert fit_calibration([PLAIN] * len(right), right) is None


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certainty_is_no_more_than_nearly_certain(probability: float) -> None:
    calibration = make_calibration(log_odds=100.0)
    assert 0 < calibration.confidence(replace(PLAIN, probability=probability)) < 1


def test_a_calibration_lies_beside_the_weights(tmp_path: Path) -> None:
    written = make_calibration(intercept=0.5, log_odds=1.0, places=-0.25, contradicted=-2.0, any_doubted=0.3)
    written.write(tmp_path)
    assert read_calibration(tmp_path) == written
    assert json.loads((tmp_path / FILE).read_text())["weights"] == dict(
        zip(NAMES, written.weights, strict=True)
    )
    (tmp_path / FILE).unlink()
    assert read_calibration(tmp_path) is None


def test_a_calibration_from_before_the_rest_of_the_document_counted_holds_as_it_was(tmp_path: Path) -> None:
    written = make_calibration(intercept=0.5, log_odds=1.0, contradicted=-2.0)
    written.write(tmp_path)
    said = json.loads((tmp_path / FILE).read_text())
    for name in ("others", "neighbours", "any_doubted", "any_contradicted"):
        del said["weights"][name]
    (tmp_path / FILE).write_text(json.dumps(said))
    assert read_calibration(tmp_path) == written


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", '{"weights": {"intercept": 1}, "values": 3}', '{"weights": 3}']
)
def test_a_damaged_calibration_is_named(tmp_path: Path, said: str) -> None:
    (tmp_path / FILE).write_text(said)
    with pytest.raises(ModelBroken, match=FILE):
        read_calibration(tmp_path)
