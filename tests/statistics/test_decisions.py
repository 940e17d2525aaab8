"""Decisions of models at their own thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.metrics import METRICS
from benchmark.metrics.confusion import confusion
from benchmark.statistics.decision_intervals import DELTA_METHOD
from benchmark.statistics.decisions import decide, decision_metrics
from benchmark.statistics.wilson import wilson

PROPORTIONS = ["accuracy", "sensitivity", "specificity", "ppv", "npv"]


def simulated(n: int = 60, repeats: int = 3, k: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = (np.arange(n) % 3 == 0).astype(int)
    decisions = (rng.random((n, repeats, k)) < 0.3 + 0.4 * y[:, None, None]).astype(float)
    return y, decisions, rng.integers(0, 4, (n, repeats))


def test_each_fold_has_its_own_threshold() -> None:
    scores = np.array([0.2, 0.5, 0.8, 0.5])[:, None, None]
    fold = np.array([0, 0, 1, 1])[:, None]
    thresholds = np.array([0.5, 0.9])[None, :, None]
    assert decide(scores, fold, thresholds)[:, 0, 0].tolist() == [0, 1, 0, 0]


def test_what_is_missing_is_no_decision() -> None:
    scores = np.array([0.2, np.nan, 0.8, 0.5])[:, None, None]
    fold = np.array([0, 0, 1, -1])[:, None]
    thresholds = np.array([-np.inf, np.nan])[None, :, None]
    assert np.isnan(decide(scores, fold, thresholds)[:, 0, 0]).tolist() == [False, True, True, True]


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.needs == "decisions"])
def test_is_the_mean_over_repeats_of_the_pooled_folds(name: str) -> None:
    y, decisions, fold = simulated()
    found = decision_metrics(y, decisions, fold)[name]
    expected = [
        np.mean([float(METRICS[name].function(confusion(y, decisions[:, r, k]))) for r in range(3)]) for k in range(2)
    ]
    assert found.estimate == pytest.approx(expected)
    assert np.isnan(found.low).all() == (name not in {*PROPORTIONS, *DELTA_METHOD})


def test_interval_counts_cases_not_repeats() -> None:
    y, decisions, fold = simulated(repeats=1)
    once = decision_metrics(y, decisions, fold)
    many = decision_metrics(y, np.repeat(decisions, 10, axis=1), np.repeat(fold, 10, axis=1))
    for name in PROPORTIONS:
        assert many[name].low == pytest.approx(once[name].low)
    sensitivity = once["sensitivity"]
    low, high = wilson(sensitivity.estimate, np.full(2, y.sum()))
    assert sensitivity.low == pytest.approx(low) and sensitivity.high == pytest.approx(high)


def test_copies_of_a_patient_add_nothing() -> None:
    y, decisions, fold = simulated(repeats=1)
    twice = np.repeat(np.arange(len(y)), 2)
    alone = decision_metrics(y, decisions, fold)
    clustered = decision_metrics(y[twice], decisions[twice], fold[twice], patient=twice)
    naive = decision_metrics(y[twice], decisions[twice], fold[twice])
    for name in PROPORTIONS:
        assert clustered[name].estimate == pytest.approx(alone[name].estimate)
        assert clustered[name].low == pytest.approx(alone[name].low)
        assert (naive[name].low > alone[name].low).all()


def test_cases_that_are_not_held_out_do_not_count_and_missing_ones_ruin() -> None:
    y, decisions, fold = simulated(repeats=1)
    whole = decision_metrics(y, decisions, fold)
    extra = np.concatenate([fold, np.full_like(fold, -1)])
    padded = np.concatenate([decisions, np.full_like(decisions, np.nan)])
    found = decision_metrics(np.concatenate([y, y]), padded, extra)
    for name, interval in found.items():
        assert interval.estimate == pytest.approx(whole[name].estimate)
        assert interval.low == pytest.approx(whole[name].low, nan_ok=True)
    decisions[0, 0, 1] = np.nan
    for name, interval in decision_metrics(y, decisions, fold).items():
        assert interval.estimate[0] == whole[name].estimate[0]
        assert np.isnan(interval.estimate[1])


def test_nobody_called_positive_has_no_ppv() -> None:
    y, decisions, fold = simulated(repeats=2)
    decisions[:, 1, 0] = 0
    found = decision_metrics(y, decisions, fold)
    assert np.isnan(found["ppv"].estimate).tolist() == [True, False]
    assert found["specificity"].estimate[0] > 0.5
