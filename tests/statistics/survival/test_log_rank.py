"""The log-rank test against the remission data, statsmodels, a loop, and degenerate groups."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import survdiff

from benchmark.statistics.survival.log_rank import log_rank
from tests.statistics.survival.remission import EVENT, ON_PLACEBO, TIME, simulated


def test_published_test_of_the_remission_data() -> None:
    found = log_rank(TIME, EVENT, ON_PLACEBO)
    assert found.chi2 == pytest.approx(16.793, abs=5e-4)  # Kleinbaum and Klein (2012), Survival Analysis, chapter 2
    assert found.observed.tolist() == [9, 21]
    assert found.expected.round(2).tolist() == [19.25, 10.75]


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_equals_statsmodels(groups: int) -> None:
    time, event, _ = simulated(groups)
    group = np.arange(len(time)) % groups
    found, (chi2, p) = log_rank(time, event, group), survdiff(time, event, group)
    assert (found.chi2, found.p, found.df) == pytest.approx((chi2, p, groups - 1), rel=1e-9)


def test_two_groups_by_a_loop() -> None:
    apart = variance = 0.0
    for t in np.unique(TIME[EVENT == 1]):
        at_risk, d = t <= TIME, np.sum((t == TIME) & (EVENT == 1))
        n, first = at_risk.sum(), np.sum(at_risk & (ON_PLACEBO == 1))
        apart += np.sum((t == TIME) & (EVENT == 1) & (ON_PLACEBO == 1)) - d * first / n
        variance += d * first / n * (1 - first / n) * (n - d) / max(n - 1, 1)
    assert log_rank(TIME, EVENT, ON_PLACEBO).chi2 == pytest.approx(apart**2 / variance)


def test_only_the_order_of_times_counts() -> None:
    found, moved = (log_rank(t, EVENT, ON_PLACEBO) for t in (TIME, np.exp(TIME / 10)))
    assert moved.chi2 == pytest.approx(found.chi2)
    swapped = log_rank(TIME, EVENT, -ON_PLACEBO)
    assert swapped.chi2 == pytest.approx(found.chi2)
    assert swapped.expected[::-1] == pytest.approx(found.expected)


def test_undefined(recwarn: pytest.WarningsRecorder) -> None:
    for event, group in (
        (EVENT, np.zeros(42)),
        (np.zeros(42, int), ON_PLACEBO),
        ((TIME.max() == TIME).astype(int), ON_PLACEBO),  # nobody of the placebo group is left by then
    ):
        assert np.isnan([log_rank(TIME, event, group).chi2, log_rank(TIME, event, group).p]).all()
    assert not recwarn.list
