"""The Bayesian correlated t test against Student's t, the probabilities printed by baycomp, and its invariants."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from benchmark.errors import ConfigError
from benchmark.statistics.corrected_resampled import corrected_resampled_test
from benchmark.statistics.correlated_bayes import correlated_bayes


def test_probabilities_are_the_areas_of_the_posterior() -> None:
    d = np.random.default_rng(0).normal(0.01, 0.03, 50)
    found = correlated_bayes(d, ratio=1 / 9, rope=0.01)
    scale = np.sqrt((1 / 50 + 0.1 / 0.9) * np.var(d, ddof=1))

    def density(mu: float) -> float:
        return float(stats.t.pdf((mu - d.mean()) / scale, 49) / scale)

    areas = [integrate.quad(density, a, b)[0] for a, b in ((-2, -0.01), (-0.01, 0.01), (0.01, 2))]
    assert [found.worse[0], found.equivalent[0], found.better[0]] == pytest.approx(areas, abs=1e-8)
    assert (found.df, found.scale[0]) == (49, pytest.approx(scale))


def test_statistics_as_in_baycomp() -> None:
    """baycomp 1.0.3, tests/test_single.py: variance of the mean for one run of 3 folds and two runs of 2."""
    one = correlated_bayes(np.array([1.0, 5, -3]), ratio=1 / 2, rope=0)
    assert (one.difference[0], one.scale[0] ** 2, one.df) == (1, pytest.approx(16 * (1 / 3 + 1 / 2)), 2)
    two = correlated_bayes(np.array([1.0, 5, -3, 1]), ratio=1, rope=0)
    assert (two.difference[0], two.scale[0] ** 2, two.df) == (1, pytest.approx(32 / 3 * (1 / 4 + 1)), 3)


def test_probabilities_printed_by_baycomp() -> None:
    """baycomp's documentation (functions.rst): 0.41451 and 0.58549 without a region, and 0.28584, 0.26915, 0.44500 with
    one of 0.5. Two of the five numbers fix the centre and scale of the t; the others must follow."""
    printed = {
        0.0: (0.4145119975061462, 0.0, 0.5854880024938538),
        0.5: (0.28584464173791002, 0.2691518716880249, 0.44500348657406508),
    }
    folds, ratio = 10, 1 / 9
    df = folds - 1
    at_0, at_half = stats.t.ppf([printed[0.0][0], printed[0.5][0]], df)
    scale = 0.5 / (at_0 - at_half)
    mean = -at_0 * scale
    d = stats.norm.ppf((np.arange(folds) + 0.5) / folds)
    d = mean + (d - d.mean()) / d.std(ddof=1) * scale / np.sqrt(1 / folds + ratio)
    for rope, expected in printed.items():
        found = correlated_bayes(d, ratio=ratio, rope=rope)
        assert [found.worse[0], found.equivalent[0], found.better[0]] == pytest.approx(expected, abs=1e-9)


def test_interval_is_that_of_the_corrected_test() -> None:
    d = np.random.default_rng(1).normal(0.1, 1, (20, 3))
    found, test = correlated_bayes(d, ratio=0.25, rope=0, level=0.9), corrected_resampled_test(d, ratio=0.25, level=0.9)
    assert found.low == pytest.approx(test.low) and found.high == pytest.approx(test.high)
    # without a region, the one-sided p value
    assert found.worse == pytest.approx(test.p_greater)


def test_probabilities_add_up_and_turn_around() -> None:
    d = np.random.default_rng(2).normal(0.2, 1, (30, 5))
    found, turned = correlated_bayes(d, ratio=0.1, rope=0.15), correlated_bayes(-d, ratio=0.1, rope=0.15)
    assert found.worse + found.equivalent + found.better == pytest.approx(np.ones(5))
    assert found.better == pytest.approx(turned.worse) and found.equivalent == pytest.approx(turned.equivalent)
    wider = correlated_bayes(d, ratio=0.1, rope=0.3)
    assert (wider.equivalent > found.equivalent).all()


def test_equal_differences_put_all_probability_on_their_value() -> None:
    d = np.tile([0.0, 0.01, -0.01, 0.02, -0.3], (6, 1))
    found = correlated_bayes(d, ratio=0.2, rope=0.01)
    assert found.equivalent.tolist() == [1, 1, 1, 0, 0]  # the border belongs to the region
    assert found.better.tolist() == [0, 0, 0, 1, 0] and found.worse.tolist() == [0, 0, 0, 0, 1]


def test_missing_folds_and_one_fold_are_undefined() -> None:
    for d in (np.array([0.1, np.nan, 0.2]), np.array([0.1]), np.array([])):
        found = correlated_bayes(d, ratio=0.2, rope=0.01)
        assert np.isnan([found.worse[0], found.equivalent[0], found.better[0], found.low[0]]).all()


@pytest.mark.parametrize("rope", [-0.01, np.nan, np.inf])
def test_wrong_region(rope: float) -> None:
    with pytest.raises(ConfigError, match="region of practical equivalence"):
        correlated_bayes(np.array([0.1, 0.2]), ratio=0.2, rope=rope)
