"""Effect sizes against R's effectsize, rpsychi, and the definition of their limits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.statistics.effect_sizes import effect_sizes, noncentrality
from tests.statistics.r_numbers import R

ANOVA, EXPECTED = R["PlantGrowth"]["anova"], R["PlantGrowth"]["effect"]
SUMMARY = R["from_summary"]["PlantGrowth_exact"]
NAMES = {"eta squared": "eta2", "omega squared": "omega2", "epsilon squared": "epsilon2", "Cohen's f": "cohens_f"}


def test_equal_effectsize() -> None:
    for size in effect_sizes(ANOVA["F"], ANOVA["df1"], ANOVA["df2"]):
        key = NAMES[size.name]
        assert size.estimate == pytest.approx(EXPECTED[key], rel=1e-9)
        if key in SUMMARY:
            assert size.estimate == pytest.approx(SUMMARY[key], rel=1e-9)
        theirs = EXPECTED[f"effectsize_{key}"]
        assert size.estimate == pytest.approx(theirs["estimate"], rel=1e-9)
        # their limits come from a numerical optimiser that stops at 1e-8 of its own criterion
        assert (size.low, size.high) == pytest.approx((theirs["ci_low"], theirs["ci_high"]), rel=1e-5)


def test_rpsychi_divides_by_the_number_of_values() -> None:
    low, high = noncentrality(SUMMARY["F"], 2, 27)
    eta, *limits = SUMMARY["rpsychi"]["omega_or_eta"]
    assert [low / (low + 30), high / (high + 30)] == pytest.approx(limits, abs=5e-4)
    assert effect_sizes(SUMMARY["F"], 2, 27)[0].estimate == pytest.approx(eta, abs=5e-4)


@pytest.mark.parametrize("statistic", [0.3, 1.0, 4.8, 90.0])
def test_limits_are_the_effects_that_make_the_statistic_extreme(statistic: float) -> None:
    low, high = noncentrality(statistic, 3, 40, level=0.9)
    assert stats.ncf.cdf(statistic, 3, 40, high) == pytest.approx(0.05) or high == 0
    assert low == 0 or stats.ncf.cdf(statistic, 3, 40, low) == pytest.approx(0.95)
    assert low <= high


def test_omega_is_negative_for_a_small_statistic_and_limits_are_0_then() -> None:
    eta, omega, epsilon, f = effect_sizes(0.5, 4, 80)
    assert omega.estimate < 0 and epsilon.estimate < 0
    assert (omega.low, omega.high, epsilon.low, epsilon.high) == (0, 0, 0, 0)
    assert f.estimate**2 == pytest.approx(eta.estimate / (1 - eta.estimate))


def test_undefined() -> None:
    for size in effect_sizes(np.nan, 2, 27):
        assert np.isnan([size.estimate, size.low, size.high]).all()
