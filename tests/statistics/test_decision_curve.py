"""Net benefit against loops, and what must hold; dcurves (R) in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.decision_curve import (
    interventions_avoided,
    net_benefit,
    net_benefit_difference,
    percent_thresholds,
    treated_rates,
)


def test_thresholds_are_quotients_of_whole_numbers() -> None:
    assert percent_thresholds(0.05, 0.6).tolist() == [k / 100 for k in range(5, 61)]
    assert percent_thresholds(0.29, 0.29).tolist() == [0.29]
    assert percent_thresholds(0.055, 0.074).tolist() == [0.06, 0.07]


@pytest.mark.parametrize(("low", "high"), [(0, 0.5), (0.5, 1.0), (0.6, 0.4), (0.051, 0.059), (-1, 2)])
def test_wrong_ranges(low: float, high: float) -> None:
    with pytest.raises(ConfigError, match="expected a rising pair within") as error:
        percent_thresholds(low, high)
    assert error.value.path == ("statistics", "decision_range")


def test_risk_equal_to_the_threshold_is_treated() -> None:
    y, risk = np.array([1, 0, 0, 1]), np.array([0.29, 0.29, 0.28, 0.9])[:, None]
    assert net_benefit(y, risk, np.array([29 / 100])).estimate[0, 0] == pytest.approx(0.5 - 0.25 * 29 / 71)


def test_interval_is_that_of_a_mean() -> None:
    rng = np.random.default_rng(0)
    y, risk = (rng.random(200) < 0.3).astype(int), rng.random((200, 1))
    found = net_benefit(y, risk, np.array([0.2]), level=0.9)
    gain = np.array([(1.0 if y[i] else -0.25) if risk[i, 0] >= 0.2 else 0.0 for i in range(200)])
    error = gain.std() / np.sqrt(200)
    assert found.estimate[0, 0] == pytest.approx(gain.mean())
    assert found.low[0, 0] == pytest.approx(gain.mean() - 1.6448536269514722 * error)
    twice = np.repeat(np.arange(200), 2)
    clustered = net_benefit(y[twice], risk[twice], np.array([0.2]), patient=twice, level=0.9)
    assert clustered.low == pytest.approx(found.low)


def test_missing_scores_and_treat_none() -> None:
    y = np.array([0, 1, 1])
    scores = np.array([[0.2, np.nan, 0.0], [0.8, 0.5, 0.0], [0.7, 0.5, 0.0]])
    found = net_benefit(y, scores, np.array([0.1, 0.5]))
    assert np.isnan(found.estimate[:, 1]).all() and np.isnan(found.low[:, 1]).all()
    assert (found.estimate[:, 2] == 0).all() and (found.high[:, 2] == 0).all()
    assert found.estimate[1, 0] == pytest.approx(2 / 3)


def simulated(seed: int = 0, n: int = 200, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.beta(2, 4, n)
    y = (rng.random(n) < truth).astype(int)
    return y, np.clip(truth[:, None] + rng.normal(0, 0.15, (n, k)), 0, 1).round(2)


def test_difference_is_paired() -> None:
    y, scores = simulated(1)
    thresholds = np.array([0.1, 0.3, 0.5])
    found = net_benefit_difference(y, scores[:, :1], scores[:, 1:], thresholds)
    each = net_benefit(y, scores, thresholds)
    assert found.estimate[:, 0] == pytest.approx(each.estimate[:, 0] - each.estimate[:, 1])
    for row, t in enumerate(thresholds):
        change = [
            (float(a >= t) - float(b >= t)) * (1.0 if o else -t / (1 - t)) for o, (a, b) in zip(y, scores, strict=True)
        ]
        margin = 1.959963984540054 * np.std(change) / np.sqrt(len(y))
        assert found.high[row, 0] - found.estimate[row, 0] == pytest.approx(margin)
    unpaired = np.hypot(*(each.high - each.estimate).T)
    assert ((found.high - found.estimate)[:, 0] < unpaired).all()
    back = net_benefit_difference(y, scores[:, 1:], scores[:, :1], thresholds)
    assert back.estimate == pytest.approx(-found.estimate) and back.low == pytest.approx(-found.high)
    same = net_benefit_difference(y, scores, scores, thresholds)
    assert (same.low == 0).all() and (same.high == 0).all()


def test_avoided_interventions_are_the_difference_to_treating_all() -> None:
    y, scores = simulated(2)
    thresholds = np.array([0.05, 0.2, 0.4])
    every = np.ones_like(scores)
    found = interventions_avoided(y, scores, thresholds)
    for row, t in enumerate(thresholds):
        not_treated = scores < t
        spared = not_treated[y == 0].sum(0) - not_treated[y == 1].sum(0) * (1 - t) / t
        assert found.estimate[row] == pytest.approx(100 * spared / len(y))
        gain = net_benefit_difference(y, scores, every, np.array([t]))
        assert found.low[row] == pytest.approx(100 * gain.low[0] * (1 - t) / t)
    assert (interventions_avoided(y, every, thresholds).high == 0).all()


def test_prevalence_of_the_cases_changes_the_interval_alone() -> None:
    y, scores = simulated(3)
    thresholds = np.array([0.1, 0.3])
    own, given = (net_benefit(y, scores, thresholds, prevalence=share) for share in (None, float(y.mean())))
    assert given.estimate == pytest.approx(own.estimate)
    assert (given.high - given.low < own.high - own.low).all()  # the share of events does not vary any more


def test_prevalence_undoes_the_sampling_of_a_case_control_study() -> None:
    rng = np.random.default_rng(4)
    y, scores = simulated(4, n=60_000, k=1)
    thresholds = np.array([0.1, 0.3, 0.5])
    drawn = np.concatenate([rng.choice(np.flatnonzero(y == label), 4_000, replace=False) for label in (0, 1)])
    whole = net_benefit(y, scores, thresholds)
    found = net_benefit(y[drawn], scores[drawn], thresholds, prevalence=float(y.mean()))
    naive = net_benefit(y[drawn], scores[drawn], thresholds)
    assert np.abs(found.estimate - whole.estimate).max() < 0.01
    assert np.abs(naive.estimate - whole.estimate).max() > 0.1
    rates = treated_rates(y[drawn], scores[drawn], thresholds, prevalence=float(y.mean()))
    exchange = (thresholds / (1 - thresholds))[:, None]
    assert rates.true_positive - exchange * rates.false_positive == pytest.approx(found.estimate)
    everybody = net_benefit(y[drawn], np.ones((len(drawn), 1)), thresholds, prevalence=0.2)
    assert everybody.estimate == pytest.approx(0.2 - exchange * 0.8)
    assert everybody.low == pytest.approx(everybody.estimate, abs=1e-15)


def test_interval_with_prevalence_is_that_of_two_proportions() -> None:
    y, scores = simulated(5, k=1)
    found = net_benefit(y, scores, np.array([0.3]), prevalence=0.1)
    treated = scores[:, 0] >= 0.3
    tpr, fpr = treated[y == 1].mean(), treated[y == 0].mean()
    weight = 3 / 7
    assert found.estimate[0, 0] == pytest.approx(0.1 * tpr - 0.9 * weight * fpr)
    variance = 0.01 * tpr * (1 - tpr) / y.sum() + (0.9 * weight) ** 2 * fpr * (1 - fpr) / (1 - y).sum()
    assert found.high[0, 0] - found.estimate[0, 0] == pytest.approx(1.959963984540054 * np.sqrt(variance))


def test_intervals_cover() -> None:
    thresholds = np.array([0.2, 0.4])
    truth = net_benefit(*simulated(99, n=400_000), thresholds).estimate
    covered = []
    for seed in range(300):
        found = net_benefit(*simulated(seed), thresholds)
        covered.append((found.low <= truth) & (truth <= found.high))
    assert 0.92 < np.mean(covered) < 0.975


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -0.1, 12.0])
def test_wrong_prevalence(prevalence: float) -> None:
    y, scores = simulated(6)
    with pytest.raises(ConfigError, match="expected a share within") as error:
        net_benefit(y, scores, np.array([0.3]), prevalence=prevalence)
    assert error.value.path == ("statistics", "prevalence")


def test_one_class() -> None:
    y, scores = simulated(7)
    nobody = np.zeros_like(y)
    found = net_benefit(nobody, scores, np.array([0.2]))
    assert found.estimate[0] == pytest.approx(-0.25 * (scores >= 0.2).mean(0))
    given = net_benefit(nobody, scores, np.array([0.2]), prevalence=0.3)
    assert np.isnan([given.estimate, given.low, given.high]).all()
    assert np.isnan(treated_rates(nobody, scores, np.array([0.2]), prevalence=0.3).true_positive).all()
