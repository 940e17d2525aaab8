"""Kaplan-Meier against the published curve of the remission data, statsmodels, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from benchmark.statistics.survival.kaplan_meier import (
    at_times,
    kaplan_meier,
    median,
    numbers_at_risk,
    restricted_mean,
    survival_interval,
)
from tests.statistics.survival.remission import EVENT, TIME, simulated

DRUG = kaplan_meier(TIME[:21], EVENT[:21])


def test_published_curve_of_the_remission_data() -> None:
    """Kalbfleisch and Prentice (2002), section 1.4; the same numbers are in many textbooks."""
    times = np.array([6, 7, 10, 13, 16, 22, 23])
    assert at_times(DRUG, DRUG.survival, times).round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    expected = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert at_times(DRUG, DRUG.se, times).round(4).tolist() == expected
    assert numbers_at_risk(DRUG, times).tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert median(DRUG) == 23
    assert median(kaplan_meier(TIME[21:], EVENT[21:])) == 8


@pytest.mark.parametrize("seed", [0, 1])
def test_equals_statsmodels(seed: int) -> None:
    time, event, _ = simulated(seed)
    found, theirs = kaplan_meier(time, event), SurvfuncRight(time, event)
    at = np.isin(found.time, theirs.surv_times)
    assert found.survival[at] == pytest.approx(theirs.surv_prob, rel=1e-12)
    known = found.survival[at] > 0
    assert found.se[at][known] == pytest.approx(theirs.surv_prob_se[known], rel=1e-10)
    assert found.n_risk[at].tolist() == theirs.n_risk.tolist()


def test_limits_by_their_formulas() -> None:
    s, sigma, z = DRUG.survival[0], np.sqrt(3 / (21 * 18)), 1.959963984540054
    found = survival_interval(DRUG)
    centre = np.log(-np.log(s))
    within = [np.exp(-np.exp(centre + sign * z * sigma / abs(np.log(s)))) for sign in (1, -1)]
    assert (found.low[0], found.high[0]) == pytest.approx(within, rel=1e-12)
    found = survival_interval(DRUG, scale="log", level=0.9)
    assert found.low[0] == pytest.approx(s * np.exp(-1.6448536269514722 * sigma), rel=1e-12)
    assert found.high[0] == pytest.approx(s * np.exp(1.6448536269514722 * sigma), rel=1e-12)
    few = kaplan_meier(np.array([1.0, 2, 3]), np.array([1, 0, 0]))
    assert survival_interval(few, scale="log").high[0] == 1


def test_without_censoring_it_is_the_share_that_is_left() -> None:
    time = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    found = kaplan_meier(time, np.ones(8))
    assert found.survival == pytest.approx([np.mean(time > t) for t in found.time])
    assert restricted_mean(found, 9) == pytest.approx(time.mean())
    assert restricted_mean(found, 4.5) == pytest.approx(np.minimum(time, 4.5).mean())
    s = found.survival[:-1]
    assert found.se[:-1] == pytest.approx(np.sqrt(s * (1 - s) / 8))


def test_median_where_one_half_is_held() -> None:
    assert median(kaplan_meier(np.array([1.0, 2, 5, 8]), np.ones(4))) == 3.5
    assert median(kaplan_meier(np.array([1.0, 2, 5, 8]), np.array([1, 1, 0, 0]))) == 5
    assert np.isnan(median(kaplan_meier(np.array([1.0, 2, 5, 8]), np.array([1, 0, 0, 0]))))


def test_the_ends(recwarn: pytest.WarningsRecorder) -> None:
    dead = kaplan_meier(np.array([1.0, 2]), np.array([1, 1]))
    assert np.isnan(dead.se[1]) and not np.isnan(dead.se[0])
    for scale in ("log", "log-log"):
        found = survival_interval(dead, scale=scale)
        assert np.isnan([found.low[1], found.high[1]]).all()
    quiet = kaplan_meier(np.array([1.0, 2]), np.zeros(2))
    assert (survival_interval(quiet).low == 1).all() and np.isnan(median(quiet))
    assert np.isnan(restricted_mean(quiet, 3)) and restricted_mean(quiet, 2) == 2
    nobody = kaplan_meier(np.empty(0), np.empty(0, int))
    assert len(nobody.time) == 0 and np.isnan(median(nobody)) and np.isnan(restricted_mean(nobody, 1))
    assert not recwarn.list
