"""Harrell's and Uno's C against their definitions in loops, draws with repeated cases, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.statistics.aucs import compare
from benchmark.statistics.delong import delong
from benchmark.statistics.survival import concordance as module
from benchmark.statistics.survival.concordance import concordance, concordance_draws, count_pairs
from tests.statistics.survival.remission import simulated


def censoring_before(time: np.ndarray, event: np.ndarray, at: float) -> float:
    """G(t-): the chance not to be censored before ``at``; who has the event at a time has left it."""
    left = 1.0
    for t in np.unique(time[time < at]):
        at_risk = np.sum(time >= t) - np.sum((time == t) & (event == 1))
        if at_risk:
            left *= 1 - np.sum((time == t) & (event == 0)) / at_risk
    return left


def by_loops(time: np.ndarray, event: np.ndarray, score: np.ndarray, *, uno: bool, tau: float = np.inf) -> float:
    agreed = usable = 0.0
    for i in range(len(time)):
        if event[i] == 1 and time[i] <= tau:
            weight = 1 / censoring_before(time, event, time[i]) ** 2 if uno else 1.0
            for j in range(len(time)):
                if time[j] > time[i] or (time[j] == time[i] and event[j] == 0):
                    usable += weight
                    agreed += weight * (1.0 if score[i] > score[j] else 0.5 if score[i] == score[j] else 0.0)
    return agreed / usable if usable else np.nan


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 25), st.sampled_from([3.0, np.inf]))
def test_definition_in_loops(seed: int, n: int, tau: float) -> None:
    time, event, scores = simulated(seed, n)
    for weighting in ("harrell", "uno"):
        found = concordance(time, event, scores, weighting=weighting, tau=tau).estimate
        expected = [by_loops(time, event, score, uno=weighting == "uno", tau=tau) for score in scores.T]
        assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("weighting", ["harrell", "uno"])
def test_a_draw_is_the_table_with_repeated_cases(weighting: module.Weighting) -> None:
    time, event, scores = simulated(3, 30)
    weights = np.random.default_rng(0).integers(0, 4, (5, 30)).astype(float)
    found = concordance_draws(time, event, scores, weights, weighting=weighting)
    for draw, row in zip(found, weights.astype(int), strict=True):
        taken = np.repeat(np.arange(30), row)
        whole = concordance(time[taken], event[taken], scores[taken], weighting=weighting).estimate
        assert draw == pytest.approx(whole, rel=1e-12)


def test_influence_is_the_derivative_by_the_weights() -> None:
    time, event, scores = simulated(4, 40)
    found = concordance(time, event, scores)
    step = 1e-6
    nudged = concordance_draws(time, event, scores, 1 + step * np.eye(40))
    assert found.contributions == pytest.approx((nudged - found.estimate) / step, abs=1e-6)
    patient = np.arange(40) // 2
    clustered = concordance(time, event, scores, patient=patient)
    sums = found.contributions.reshape(20, 2, 2).sum(1)
    assert clustered.covariance == pytest.approx(sums.T @ sums)


def test_one_time_of_event_is_the_auc() -> None:
    """Everybody with the event at 1, everybody else followed beyond: C is the AUC, and so is its variance nearly."""
    y = np.arange(200) % 3 == 0
    scores = np.random.default_rng(1).normal(size=(200, 2)) + y[:, None]
    found, auc = concordance(np.where(y, 1.0, 2.0), y.astype(int), scores), delong(y.astype(int), scores)
    assert found.estimate == pytest.approx(auc.estimate)
    assert found.covariance == pytest.approx(auc.covariance, rel=0.05)


def test_without_censoring_uno_is_harrell() -> None:
    time, _, scores = simulated(5)
    each = [concordance(time, np.ones(60, int), scores, weighting=w).estimate for w in ("harrell", "uno")]
    assert each[0] == pytest.approx(each[1])


def test_turned_scores_and_other_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    time, event, scores = simulated(6)
    found = concordance(time, event, scores, weighting="uno")
    assert concordance(time, event, -scores, weighting="uno").estimate == pytest.approx(1 - found.estimate)
    monkeypatch.setattr(module, "BLOCK", 200)
    again = concordance(time, event, scores, weighting="uno")
    assert again.contributions == pytest.approx(found.contributions)
    counts = count_pairs(time, event, scores[:, 0])
    total = counts.concordant + counts.discordant + counts.tied_score
    expected = (counts.concordant + counts.tied_score / 2) / total
    assert concordance(time, event, scores).estimate[0] == pytest.approx(expected)
    events = time[event == 1]
    assert counts.tied_time + counts.tied_both == sum(
        n * (n - 1) // 2 for n in np.unique(events, return_counts=True)[1]
    )


def test_equal_models_do_not_differ_and_constant_scores_are_chance() -> None:
    time, event, scores = simulated(7)
    found = concordance(time, event, np.column_stack([scores[:, 0], np.exp(scores[:, 0]), np.ones(60)]))
    test = compare(found, np.array([0]), np.array([1]))
    assert (test.difference[0], test.statistic[0], test.p[0]) == (0, 0, 1)
    assert found.estimate[2] == 0.5 and found.variance[2] == 0


def test_undefined(recwarn: pytest.WarningsRecorder) -> None:
    time, event, scores = simulated(8, 20)
    scores[3, 1] = np.nan
    found = concordance(time, event, scores)
    assert np.isnan(found.estimate).tolist() == np.isnan(found.variance).tolist() == [False, True]
    assert np.isnan(concordance_draws(time, event, scores, np.ones((2, 20)))).all(0).tolist() == [False, True]
    for weighting in ("harrell", "uno"):
        nobody = concordance(time, np.zeros(20, int), scores, weighting=weighting)
        assert np.isnan(nobody.estimate).all() and np.isnan(nobody.variance).all()
        weights = np.zeros((1, 20))
        assert np.isnan(concordance_draws(time, event, scores, weights, weighting=weighting)).all()
    assert not recwarn.list
