"""Cox's model against the remission data, statsmodels, and the likelihood in loops; the test of proportionality."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special
from statsmodels.duration.hazard_regression import PHReg

from benchmark.statistics.survival.cox import cox, hazard_ratios
from benchmark.statistics.survival.kaplan_meier import kaplan_meier
from benchmark.statistics.survival.log_rank import log_rank
from benchmark.statistics.survival.proportional_hazards import proportional_hazards
from tests.statistics.survival.remission import EVENT, ON_PLACEBO, TIME, simulated


def log_likelihood(time: np.ndarray, event: np.ndarray, eta: np.ndarray, *, efron: bool) -> float:
    """``eta`` (n_cases,), or (n_cases, n_times) if it changes at the distinct times of events."""
    total = 0.0
    for place, t in enumerate(np.unique(time[event == 1])):
        now = eta if eta.ndim == 1 else eta[:, place]
        risk, deaths = np.exp(now), (time == t) & (event == 1)
        for number in range(deaths.sum()):
            share = number / deaths.sum() if efron else 0.0
            total -= np.log(risk[time >= t].sum() - share * risk[deaths].sum())
        total += now[deaths].sum()
    return float(total)


def test_published_fits_of_the_remission_data() -> None:
    X = ON_PLACEBO[:, None].astype(float)
    by_breslow, by_efron = cox(TIME, EVENT, X, ties="breslow"), cox(TIME, EVENT, X)
    # Kleinbaum and Klein (2012), Survival Analysis, chapter 3: 1.509 (0.410), hazard ratio 4.523 (2.027 to 10.094)
    assert (by_breslow.coefficients[0], by_breslow.se[0]) == pytest.approx((1.509, 0.410), abs=5e-4)
    found = hazard_ratios(by_breslow)
    assert (found.estimate[0], found.low[0], found.high[0]) == pytest.approx((4.523, 2.027, 10.094), abs=5e-4)
    # Therneau and Grambsch (2000), Modeling Survival Data: Efron's ties
    assert (by_efron.coefficients[0], by_efron.se[0]) == pytest.approx((1.572, 0.412), abs=5e-4)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_equals_statsmodels(ties: str) -> None:
    time, event, X = simulated(1, 80)
    found, theirs = cox(time, event, X, ties=ties), PHReg(time, X, status=event, ties=ties).fit()
    assert found.coefficients == pytest.approx(theirs.params, rel=1e-6)
    assert found.se == pytest.approx(theirs.bse, rel=1e-6)
    assert found.p == pytest.approx(theirs.pvalues, rel=1e-5)
    assert found.log_likelihood == pytest.approx(theirs.llf, rel=1e-9)


@pytest.mark.parametrize("efron", [True, False])
def test_maximum_of_the_likelihood_in_loops(efron: bool) -> None:
    time, event, X = simulated(2, 30)
    found = cox(time, event, X, ties="efron" if efron else "breslow")
    best = optimize.minimize(lambda b: -log_likelihood(time, event, X @ b, efron=efron), np.zeros(2), tol=1e-10)
    assert found.coefficients == pytest.approx(best.x, abs=1e-4)
    assert found.log_likelihood == pytest.approx(log_likelihood(time, event, X @ found.coefficients, efron=efron))
    assert found.null_log_likelihood == pytest.approx(log_likelihood(time, event, np.zeros(30), efron=efron))
    assert found.likelihood_ratio.p == pytest.approx(special.chdtrc(2, 2 * (-best.fun - found.null_log_likelihood)))


def test_score_test_of_two_groups_without_ties_is_the_log_rank_test() -> None:
    time = np.random.default_rng(3).permutation(42) + 1.0
    found = cox(time, EVENT, ON_PLACEBO[:, None].astype(float)).score
    assert (found.statistic, found.df) == pytest.approx((log_rank(time, EVENT, ON_PLACEBO).chi2, 1))


def test_units_do_not_matter() -> None:
    time, event, X = simulated(4)
    found, scaled = cox(time, event, X), cox(time, event, 1e6 * X + 5)
    assert 1e6 * scaled.coefficients == pytest.approx(found.coefficients, rel=1e-8)
    assert scaled.wald.p == pytest.approx(found.wald.p, rel=1e-8)
    assert cox(np.exp(time / 100), event, X).coefficients == pytest.approx(found.coefficients)


def test_proportionality_by_the_likelihood_with_a_coefficient_that_changes() -> None:
    """chi2 = U' I^-1 U with U and I by differences of the log-likelihood of b x + c g(t) x."""
    time, event, X = simulated(5, 40)
    x = X[:, [0]]
    fit = cox(time, event, x)
    times = np.unique(time[event == 1])
    curve = kaplan_meier(time, event)
    g = 1 - np.concatenate([[1.0], curve.survival])[np.searchsorted(curve.time, times)]
    n_events = [np.sum((time == t) & (event == 1)) for t in times]
    g = g - np.average(g, weights=n_events)

    def at(shift: np.ndarray) -> float:
        eta = (fit.coefficients[0] + shift[0] + shift[1] * g) * x
        return log_likelihood(time, event, eta, efron=True)

    h = 1e-3
    steps = h * np.eye(2)
    slope = np.array([(at(e) - at(-e)) / (2 * h) for e in steps])
    bend = np.array([[(at(a + b) - at(a - b) - at(b - a) + at(-a - b)) / (4 * h**2) for a in steps] for b in steps])
    each, together = proportional_hazards(time, event, x, fit)
    assert each[0].statistic == pytest.approx(-slope @ np.linalg.solve(bend, slope), rel=1e-3)
    assert together == each[0]


def test_undefined(recwarn: pytest.WarningsRecorder) -> None:
    time, event, X = simulated(6, 30)
    parted = np.column_stack([np.arange(30.0)[::-1], X[:, 0]])
    holed = X.copy()
    holed[2, 0] = np.nan
    for t, e, x in (
        (time, np.zeros(30, int), X),
        (time, event, np.column_stack([X[:, 0], np.ones(30)])),
        (time, event, np.column_stack([X[:, 0], 2 * X[:, 0]])),
        (np.arange(30.0), np.ones(30, int), parted),  # who comes first has the highest value, always
        (time, event, holed),
        (time[:0], event[:0], X[:0]),
    ):
        fit = cox(t, e, x)
        assert np.isnan([*fit.coefficients, *fit.se, fit.log_likelihood, fit.wald.p, fit.score.p]).all()
        assert np.isnan(hazard_ratios(fit).estimate).all()
        each, together = proportional_hazards(t, e, x, fit)
        assert np.isnan([together.p, *(test.p for test in each)]).all()
    assert not recwarn.list
