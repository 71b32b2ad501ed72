import tracemalloc

import numpy as np
import pytest

from finscribe.metrics.paired import Clusters, interval, mcnemar, ratio, two_sided_p


def test_names_become_clusters():
    clusters = Clusters.by_name(["b", "a", "b"])
    assert (clusters.count, clusters.of.tolist()) == (2, [1, 0, 1])


def test_a_long_name_takes_the_room_of_itself_alone():
    tracemalloc.start()
    assert Clusters.by_name(["x" * 40_000, *map(str, range(1_000))]).count == 1_001
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def test_whole_clusters_are_drawn():
    clusters = Clusters.by_name(["a", "a", "b"])
    drawn = clusters.resample(np.array([1.0, 1.0, 5.0]), samples=400).samples
    assert set(drawn.tolist()) == {4.0, 7.0, 10.0}
    assert drawn.mean() == pytest.approx(7.0, abs=0.5)


def test_two_systems_are_drawn_alike():
    clusters = Clusters.by_name([str(index) for index in range(9)])
    one = np.arange(9.0)
    drawn = clusters.resample(one, 300).samples
    assert np.array_equal(drawn * 2, clusters.resample(one * 2, 300).samples)
    assert not np.array_equal(drawn, clusters.resample(one, 300, seed=1).samples)


def share(sums):
    return ratio(sums[:, 0], sums[:, 1])


def test_nothing_can_be_said_of_others_where_one_cluster_says_something():
    counts = np.array([[1, 1], [0, 1], [0, 0]])
    for names in (["a", "a", "a"], ["a", "a", "b"]):
        drawn = Clusters.by_name(names).resample(counts)
        assert (drawn.telling(share), drawn.interval(share), drawn.p_value(share)) == (1, None, None)
    drawn = Clusters.by_name(["a", "b", "c"]).resample(counts)
    assert (drawn.telling(share), drawn.interval(share)) == (2, (0.0, 1.0))


def test_samples_that_say_nothing_count_nowhere():
    assert ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist() == [
        0.5,
        pytest.approx(np.nan, nan_ok=True),
    ]
    nothing = np.full(500, np.nan)
    assert interval(np.concatenate([np.full(500, 0.3), nothing])) == (0.3, 0.3)
    assert two_sided_p(np.concatenate([np.full(999, 0.3), nothing])) == pytest.approx(2 / 1000)


def test_an_interval_is_as_wide_as_the_theory_says():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(400, 1))
    drawn = Clusters.by_name([str(index) for index in range(400)]).resample(values).samples[:, 0] / 400
    low, high = interval(drawn)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_clusters_that_are_alike_widen_the_interval():
    values = np.repeat(np.random.default_rng(0).normal(size=40), 10)
    apart = Clusters.by_name([str(index) for index in range(400)]).resample(values).samples
    together = Clusters.by_name([str(index // 10) for index in range(400)]).resample(values).samples
    assert np.ptp(interval(together)) > 2 * np.ptp(interval(apart))


def test_p_values_of_resampled_differences():
    assert two_sided_p(np.full(999, 0.3)) == pytest.approx(2 / 1000)
    assert two_sided_p(np.zeros(999)) == 1.0
    assert two_sided_p(np.array([-1.0] * 25 + [1.0] * 974)) == pytest.approx(2 * 26 / 1000)


@pytest.mark.parametrize(
    ("only_one", "only_other", "expected"), [(0, 0, 1.0), (0, 5, 2 / 32), (1, 9, 22 / 1024), (4, 4, 1.0)]
)
def test_mcnemar_is_the_exact_binomial_test_of_what_differs(only_one, only_other, expected):
    assert mcnemar(only_one, only_other) == pytest.approx(expected)
    assert mcnemar(only_other, only_one) == pytest.approx(expected)
