"""The patient bootstrap against scipy.stats.bootstrap on the same draws, loops, and its invariants."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from benchmark.errors import ConfigError, DataError
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics import bootstrap as module
from benchmark.statistics.bootstrap import (
    Bootstrap,
    bca_interval,
    bootstrap,
    contrasted,
    outcome_strata,
    percentile_interval,
    resampled,
)
from benchmark.statistics.delong import delong
from benchmark.statistics.weighted_auc import weighted_aucs


def simulated(seed: int = 0, n: int = 60, k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return y, (y[:, None] + rng.normal(0, 1, (n, 1)) + rng.normal(0, 1, (n, k))).round(1)


def weighted_mean(values: np.ndarray) -> module.Statistic:
    return lambda weights: (weights @ values / weights.sum(1))[:, None]


def weights_of(n_draws: int, seed: int = 0, **given: np.ndarray | int | None) -> np.ndarray:
    units = module._units(given["n"], given.get("patient"), given.get("strata"))
    return np.concatenate(list(resampled(units, n_draws, seed)))


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_intervals_of_one_sample_equal_scipy_on_the_same_draws(level: float) -> None:
    values = np.random.default_rng(1).exponential(1, 40)
    found = bootstrap(weighted_mean(values), 40, seed=3, n_draws=999)
    own = SimpleNamespace(bootstrap_distribution=found.draws[:, 0])
    for method, interval in (("percentile", percentile_interval), ("BCa", bca_interval)):
        expected = stats.bootstrap(
            (values,), np.mean, n_resamples=0, bootstrap_result=own, method=method, confidence_level=level
        ).confidence_interval
        assert np.ravel(interval(found, level=level)) == pytest.approx(expected, rel=1e-9)


def test_intervals_of_two_strata_equal_scipy_on_the_same_draws() -> None:
    y, scores = simulated(2, n=50, k=1)
    found = bootstrap(partial(weighted_aucs, y, scores), 50, seed=4, n_draws=999, strata=outcome_strata(y))
    own = SimpleNamespace(bootstrap_distribution=found.draws[:, 0])

    def auc(low: np.ndarray, high: np.ndarray) -> float:
        return roc_auc(np.repeat([0, 1], [len(low), len(high)]), np.concatenate([low, high]))

    expected = stats.bootstrap(
        (scores[y == 0, 0], scores[y == 1, 0]), auc, n_resamples=0, bootstrap_result=own, method="BCa", vectorized=False
    ).confidence_interval
    assert np.ravel(bca_interval(found)) == pytest.approx(expected, rel=1e-9)


def test_draws_are_the_statistic_of_repeated_rows() -> None:
    y, scores = simulated(3)
    found = bootstrap(partial(weighted_aucs, y, scores), len(y), seed=5, n_draws=30)
    counts = weights_of(30, 5, n=len(y))
    for draw in (0, 11, 29):
        rows = np.repeat(np.arange(len(y)), counts[draw].astype(int))
        assert found.draws[draw, 1] == roc_auc(y[rows], scores[rows, 1])
    assert found.estimate[2] == roc_auc(y, scores[:, 2])


def test_influence_is_that_of_leaving_out_patients_by_a_loop() -> None:
    y, scores = simulated(4, n=24)
    patient = np.arange(24) // 2
    found = bootstrap(partial(weighted_aucs, y, scores), 24, seed=0, n_draws=2, patient=patient)
    assert found.influence is not None
    without = [roc_auc(y[patient != g], scores[patient != g, 0]) for g in range(12)]
    assert found.influence[:, 0] == pytest.approx(11 / 12 * (np.mean(without) - np.array(without)), abs=1e-14)


def test_same_seed_same_draws_and_nothing_else_moves_them(monkeypatch: pytest.MonkeyPatch) -> None:
    y, scores = simulated(5)
    strata = outcome_strata(y)
    first = bootstrap(partial(weighted_aucs, y, scores), len(y), seed=1, n_draws=101, strata=strata)
    monkeypatch.setattr(module, "BLOCK", 17 * len(y))
    blocks = bootstrap(partial(weighted_aucs, y, scores), len(y), seed=1, n_draws=101, strata=strata)
    fewer = bootstrap(partial(weighted_aucs, y, scores[:, :1]), len(y), seed=1, n_draws=101, strata=strata)
    other = bootstrap(partial(weighted_aucs, y, scores), len(y), seed=2, n_draws=101, strata=strata)
    assert np.array_equal(first.draws, blocks.draws) and np.array_equal(first.influence, blocks.influence)
    assert np.array_equal(first.draws[:, 0], fewer.draws[:, 0])
    assert not np.array_equal(first.draws, other.draws)


def test_shuffling_the_rows_changes_nothing_when_patients_are_named() -> None:
    y, scores = simulated(6)
    patient, order = np.arange(len(y)) // 3, np.random.default_rng(0).permutation(len(y))
    found = [
        bootstrap(partial(weighted_aucs, y[rows], scores[rows]), len(y), seed=1, n_draws=50, patient=patient[rows])
        for rows in (np.arange(len(y)), order)
    ]
    assert np.array_equal(found[0].draws, found[1].draws)


def test_patients_come_whole_and_strata_keep_their_size() -> None:
    rng = np.random.default_rng(7)
    patient = rng.permutation(np.repeat(np.arange(20), 3))
    y = (patient < 8).astype(int)
    counts = weights_of(200, n=60, patient=patient, strata=outcome_strata(y, patient))
    for one in range(20):
        assert (np.ptp(counts[:, patient == one], axis=1) == 0).all()
    assert set(counts[:, y == 1].sum(1)) == {24} and set(counts[:, y == 0].sum(1)) == {36}
    free = weights_of(200, n=60, patient=patient)
    assert set(free.sum(1)) == {60} and len(set(free[:, y == 1].sum(1))) > 5
    assert free.mean() == pytest.approx(1) and free[:, 0].var() == pytest.approx(1, rel=0.4)


def test_strata_by_outcome() -> None:
    assert outcome_strata(np.array([2, 0, 2])).tolist() == [1, 0, 1]
    y, patient = np.array([1, 0, 1, 0, 1, 0]), np.array([5, 5, 6, 7, 8, 9])
    strata = outcome_strata(y, patient)
    assert strata[0] == strata[1] and strata[2] == strata[4] and strata[3] == strata[5]
    assert len(set(strata)) == 3


def test_differences_of_models_are_paired() -> None:
    y, scores = simulated(8)
    found = bootstrap(partial(weighted_aucs, y, scores), len(y), seed=0, n_draws=100)
    apart = contrasted(found, np.array([[1.0, -1, 0]]))
    assert np.array_equal(apart.draws[:, 0], found.draws[:, 0] - found.draws[:, 1])
    direct = bootstrap(
        lambda w: weighted_aucs(y, scores, w)[:, :1] - weighted_aucs(y, scores, w)[:, 1:2], len(y), seed=0, n_draws=100
    )
    for interval in (percentile_interval, bca_interval):
        assert np.ravel(interval(apart)) == pytest.approx(np.ravel(interval(direct)), abs=1e-12)


def test_standard_error_is_near_delong() -> None:
    y, scores = simulated(9, n=300)
    found = bootstrap(partial(weighted_aucs, y, scores), 300, seed=0, strata=outcome_strata(y), influence=False)
    assert found.standard_error == pytest.approx(np.sqrt(delong(y, scores).variance), rel=0.08)


def test_any_shape_of_statistic() -> None:
    values = np.random.default_rng(10).normal(size=(30, 2, 3))
    found = bootstrap(lambda w: np.einsum("bi,irs->brs", w, values) / 30, 30, seed=0, n_draws=200)
    low, high = bca_interval(found)
    assert low.shape == high.shape == (2, 3)
    alone = bootstrap(lambda w: w @ values[:, 1, 2] / 30, 30, seed=0, n_draws=200)
    assert bca_interval(alone)[0] == pytest.approx(low[1, 2])


def test_perfect_scores_give_a_point_and_one_sided_draws_nothing() -> None:
    y, _ = simulated(11)
    found = bootstrap(
        partial(weighted_aucs, y, y[:, None] * 1.0), len(y), seed=0, n_draws=100, strata=outcome_strata(y)
    )
    assert np.ravel(percentile_interval(found)).tolist() == [1, 1]
    assert np.ravel(bca_interval(found)).tolist() == [1, 1]
    beside = Bootstrap(np.array([2.0]), np.linspace(0, 1, 50)[:, None], np.ones((4, 1)))
    assert np.isnan(bca_interval(beside)).all() and not np.isnan(percentile_interval(beside)).any()


def test_undefined_draws_are_counted_and_leave_no_interval() -> None:
    y = np.array([1, 1, 0, 0, 0, 0])
    scores = np.random.default_rng(0).random((6, 1))
    found = bootstrap(partial(weighted_aucs, y, scores), 6, seed=0, n_draws=500)
    assert 20 < found.undefined[0] < 80  # (4/6)^6 + (2/6)^6 = 9 %
    assert np.isnan([*percentile_interval(found), *bca_interval(found), found.standard_error]).all()
    kept = bootstrap(partial(weighted_aucs, y, scores), 6, seed=0, n_draws=500, strata=outcome_strata(y))
    assert kept.undefined[0] == 0 and not np.isnan(percentile_interval(kept)).any()


def test_a_model_with_a_missing_score_leaves_the_others_alone() -> None:
    y, scores = simulated(12)
    scores[0, 1] = np.nan
    found = bootstrap(partial(weighted_aucs, y, scores), len(y), seed=0, n_draws=40, strata=outcome_strata(y))
    for interval in (percentile_interval, bca_interval):
        assert np.isnan(interval(found)[0]).tolist() == [False, True, False]


def test_without_influence_there_is_no_bca() -> None:
    found = bootstrap(weighted_mean(np.arange(9.0)), 9, seed=0, n_draws=20, influence=False)
    assert np.isnan(bca_interval(found)).all()
    assert contrasted(found, np.ones((1, 1))).influence is None


def test_wrong_input_is_told() -> None:
    with pytest.raises(ConfigError, match="0 draws"):
        bootstrap(weighted_mean(np.arange(3.0)), 3, seed=0, n_draws=0)
    with pytest.raises(DataError, match="no case"):
        bootstrap(weighted_mean(np.empty(0)), 0, seed=0)
    with pytest.raises(DataError, match=r"two strata.*1 \(first: '4'\)"):
        bootstrap(weighted_mean(np.arange(3.0)), 3, seed=0, patient=np.array([4, 4, 5]), strata=np.array([0, 1, 1]))


def test_intervals_cover_at_about_their_level() -> None:
    rng, runs, hits = np.random.default_rng(13), 150, np.zeros(2)
    for _ in range(runs):
        values = rng.exponential(1, 60)
        found = bootstrap(weighted_mean(values), 60, seed=int(rng.integers(1e9)), n_draws=400)
        for place, interval in enumerate((percentile_interval, bca_interval)):
            low, high = interval(found)
            hits[place] += low[0] <= 1 <= high[0]
    assert (hits / runs > 0.88).all() and (hits / runs < 0.995).all()
