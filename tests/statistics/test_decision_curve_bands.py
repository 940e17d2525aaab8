"""Bootstrap bands of decision curves: loops, the closed form, invariants, and their time."""

from __future__ import annotations

import time

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.decision_curve import net_benefit, net_benefit_difference, percent_thresholds
from benchmark.statistics.decision_curve_bands import bootstrap_net_benefit, difference_bands, net_benefit_bands

THRESHOLDS = percent_thresholds(0.05, 0.6)


def simulated(seed: int = 0, n: int = 400, k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.beta(2, 4, n)
    y = (rng.random(n) < truth).astype(int)
    return y, np.clip(truth[:, None] + rng.normal(0, 0.15, (n, k)), 0, 1).round(2)


@pytest.mark.parametrize("prevalence", [None, 0.15])
def test_bands_are_near_the_normal_intervals(prevalence: float | None) -> None:
    y, scores = simulated(1)
    thresholds = THRESHOLDS[:30]  # where many cases are treated
    found = bootstrap_net_benefit(y, scores, thresholds, seed=1, prevalence=prevalence, n_draws=4000)
    bands = net_benefit_bands(found)
    closed = net_benefit(y, scores, thresholds, prevalence=prevalence)
    assert bands.estimate == pytest.approx(closed.estimate, abs=1e-14)
    assert (bands.high - bands.low) / (closed.high - closed.low) == pytest.approx(1, abs=0.08)
    pairs = difference_bands(found, np.array([0, 1]), np.array([2, 2]))
    closed = net_benefit_difference(y, scores[:, :2], scores[:, [2, 2]], thresholds, prevalence=prevalence)
    assert pairs.estimate == pytest.approx(closed.estimate, abs=1e-14)
    assert np.mean((pairs.high - pairs.low) / (closed.high - closed.low)) == pytest.approx(1, abs=0.03)


def test_patients_are_drawn_whole() -> None:
    y, scores = simulated(2, n=150)
    twice = np.repeat(np.arange(150), 2)
    single = net_benefit_bands(bootstrap_net_benefit(y, scores, THRESHOLDS, seed=3))
    double = net_benefit_bands(bootstrap_net_benefit(y[twice], scores[twice], THRESHOLDS, seed=3, patient=twice))
    assert double.low == pytest.approx(single.low, abs=1e-14)
    naive = net_benefit_bands(bootstrap_net_benefit(y[twice], scores[twice], THRESHOLDS, seed=3))
    assert (naive.high - naive.low).mean() < 0.8 * (double.high - double.low).mean()


def test_seed_and_other_models_decide_nothing_else() -> None:
    y, scores = simulated(3)
    first, again = (bootstrap_net_benefit(y, scores, THRESHOLDS, seed=5, n_draws=200) for _ in range(2))
    alone = bootstrap_net_benefit(y, scores[:, :1], THRESHOLDS, seed=5, n_draws=200)
    other = bootstrap_net_benefit(y, scores, THRESHOLDS, seed=6, n_draws=200)
    assert (first.draws == again.draws).all()
    assert (first.draws[..., :1] == alone.draws).all()
    assert (first.draws != other.draws).any()


def test_level_and_sides() -> None:
    y, scores = simulated(4)
    found = bootstrap_net_benefit(y, scores, THRESHOLDS, seed=7)
    wide, narrow = net_benefit_bands(found, level=0.99), net_benefit_bands(found, level=0.8)
    assert (wide.low <= narrow.low).all() and (narrow.high <= wide.high).all()
    one, two = (difference_bands(found, np.array(pair[:1]), np.array(pair[1:])) for pair in ((0, 1), (1, 0)))
    assert one.low == pytest.approx(-two.high)
    nothing = difference_bands(found, np.array([0]), np.array([0]))
    assert (nothing.low == 0).all() and (nothing.high == 0).all()


def test_nobody_treated_and_missing_scores() -> None:
    y, scores = simulated(5)
    scores = np.column_stack([scores / 10, np.zeros(len(y))])
    scores[0, 1] = np.nan
    bands = net_benefit_bands(bootstrap_net_benefit(y, scores, THRESHOLDS, seed=1, n_draws=100))
    assert (bands.low[-1, [0, 2, 3]] == 0).all() and (bands.high[-1, [0, 2, 3]] == 0).all()
    assert np.isnan(bands.estimate[:, 1]).all() and np.isnan(bands.low[:, 1]).all()


def test_few_events_stay_in_every_draw_of_a_case_control_study() -> None:
    _, scores = simulated(6, n=60)
    y = (np.arange(60) < 2).astype(int)
    found = bootstrap_net_benefit(y, scores, THRESHOLDS, seed=1, prevalence=0.1, n_draws=300)
    assert not np.isnan(found.draws).any()
    with pytest.raises(ConfigError, match="expected a share within"):
        bootstrap_net_benefit(y, scores, THRESHOLDS, seed=1, prevalence=1.5)


def test_twenty_models_take_a_few_seconds_at_most() -> None:
    y, scores = simulated(7, n=500, k=20)
    start = time.process_time()
    net_benefit_bands(bootstrap_net_benefit(y, scores, THRESHOLDS, seed=1, n_draws=2000))
    assert time.process_time() - start < 3  # 0.3 s on one core
