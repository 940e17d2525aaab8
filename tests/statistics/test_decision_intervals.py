"""Intervals of likelihood ratios and kappa against their textbook formulas, statsmodels, and their invariants."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from benchmark.metrics import METRICS
from benchmark.metrics.confusion import confusion
from benchmark.statistics.bootstrap import bootstrap, outcome_strata, percentile_interval
from benchmark.statistics.decision_intervals import DELTA_METHOD
from benchmark.statistics.decisions import decision_draws, decision_metrics


def table_of(tp: int, fp: int, tn: int, fn: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y = np.repeat([1, 0, 0, 1], [tp, fp, tn, fn])
    decisions = np.repeat([1.0, 1, 0, 0], [tp, fp, tn, fn])[:, None, None]
    return y, decisions, np.zeros((len(y), 1), int)


def simulated(n: int = 80, repeats: int = 3, k: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = (np.arange(n) % 3 == 0).astype(int)
    decisions = (rng.random((n, repeats, k)) < 0.3 + 0.4 * y[:, None, None]).astype(float)
    return y, decisions, rng.integers(0, 4, (n, repeats))


def test_likelihood_ratios_equal_the_formula_of_simel() -> None:
    tp, fp, tn, fn = 26, 14, 58, 15  # aSAH, S100b > 0.205
    found = decision_metrics(*table_of(tp, fp, tn, fn), level=0.9)
    z = 1.6448536269514722
    for name, part, other in (("lr_positive", tp, fp), ("lr_negative", fn, tn)):
        value = (part / (tp + fn)) / (other / (fp + tn))
        margin = z * np.sqrt(1 / part - 1 / (tp + fn) + 1 / other - 1 / (fp + tn))
        assert found[name].estimate[0] == pytest.approx(value, rel=1e-12)
        limits = [value * np.exp(-margin), value * np.exp(margin)]
        assert [found[name].low[0], found[name].high[0]] == pytest.approx(limits, rel=1e-10)


@pytest.mark.parametrize("counts", [(26, 14, 58, 15), (3, 20, 4, 30), (40, 1, 2, 7)])
def test_kappa_equals_statsmodels(counts: tuple[int, int, int, int]) -> None:
    tp, fp, tn, fn = counts
    found = decision_metrics(*table_of(*counts))["kappa"]
    expected = cohens_kappa(np.array([[tp, fn], [fp, tn]]))
    assert found.estimate[0] == pytest.approx(expected.kappa, rel=1e-12)
    assert [found.low[0], found.high[0]] == pytest.approx([expected.kappa_low, expected.kappa_upp], rel=1e-9)


@pytest.mark.parametrize("name", DELTA_METHOD)
def test_repeats_and_copies_of_a_patient_add_nothing(name: str) -> None:
    y, decisions, fold = simulated(repeats=1)
    once = decision_metrics(y, decisions, fold)[name]
    many = decision_metrics(y, np.repeat(decisions, 9, axis=1), np.repeat(fold, 9, axis=1))[name]
    twice = np.repeat(np.arange(len(y)), 2)
    clustered = decision_metrics(y[twice], decisions[twice], fold[twice], patient=twice)[name]
    naive = decision_metrics(y[twice], decisions[twice], fold[twice])[name]
    for same in (many, clustered):
        assert same.low == pytest.approx(once.low, rel=1e-10) and same.high == pytest.approx(once.high, rel=1e-10)
    assert (naive.high - naive.low < 0.75 * (once.high - once.low)).all()


@pytest.mark.parametrize("name", DELTA_METHOD)
def test_is_near_the_patient_bootstrap(name: str) -> None:
    y, decisions, fold = simulated(n=600)
    delta = decision_metrics(y, decisions, fold)[name]
    statistic = partial(decision_draws, y, decisions, fold, names=[name])
    found = bootstrap(statistic, len(y), seed=0, strata=outcome_strata(y), influence=False)
    low, high = percentile_interval(found)
    assert found.estimate[0] == pytest.approx(delta.estimate, rel=1e-12)
    width = delta.high - delta.low
    assert low[0] == pytest.approx(delta.low, abs=0.08 * width.max())
    assert high[0] == pytest.approx(delta.high, abs=0.08 * width.max())


def test_draws_are_the_metrics_of_repeated_rows() -> None:
    y, decisions, fold = simulated()
    names = [name for name, metric in METRICS.items() if metric.needs == "decisions"]
    counts = np.random.default_rng(1).integers(0, 3, (5, len(y)))
    found = decision_draws(y, decisions, fold, counts.astype(float), names=names)
    assert found.shape == (5, len(names), 2)
    for draw in range(5):
        rows = np.repeat(np.arange(len(y)), counts[draw])
        for place, name in enumerate(names):
            whole = METRICS[name].function(confusion(y[rows], decisions[rows])).mean(0)
            assert found[draw, place] == pytest.approx(whole, rel=1e-12)


def test_ends_have_no_interval_of_a_ratio_and_perfect_agreement_is_a_point() -> None:
    found = decision_metrics(*table_of(5, 0, 7, 0))
    assert found["lr_positive"].estimate[0] == np.inf and found["lr_negative"].estimate[0] == 0
    assert np.isnan([found[name].low[0] for name in ("lr_positive", "lr_negative")]).all()
    assert (found["kappa"].low[0], found["kappa"].high[0]) == (1, 1)


def test_undefined() -> None:
    y, decisions, fold = simulated(repeats=2)
    for outcome in (np.ones_like(y), np.zeros_like(y)):
        found = decision_metrics(outcome, decisions, fold)
        assert np.isnan([found["lr_positive"].low, found["lr_negative"].high]).all()
    nobody = decision_metrics(np.zeros_like(y), np.zeros_like(decisions), fold)["kappa"]
    assert np.isnan([nobody.estimate, nobody.low, nobody.high]).all()
    decisions[0, 1, 0] = np.nan
    for name in DELTA_METHOD:
        assert np.isnan(decision_metrics(y, decisions, fold)[name].low).tolist() == [True, False]
