"""Random-effects meta-analysis against metafor's published example, loops, statsmodels, and degenerate cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats

from benchmark.errors import DataError
from benchmark.statistics.meta_analysis import random_effects, random_effects_of_aucs, reml
from tests.statistics.r_numbers import DATA

BCG = pd.read_csv(DATA / "meta_bcg.csv")
TREATED, CONTROL = BCG["tpos"] + BCG["tneg"], BCG["cpos"] + BCG["cneg"]
Y = np.log(BCG["tpos"] / TREATED / (BCG["cpos"] / CONTROL)).to_numpy()
V = (1 / BCG["tpos"] - 1 / TREATED + 1 / BCG["cpos"] - 1 / CONTROL).to_numpy()


def test_equals_metafor() -> None:
    found = random_effects(Y, V, hartung_knapp=False)
    printed = (found.tau2, found.estimate, found.se, found.statistic, found.low, found.high)
    assert printed == pytest.approx((0.3132, -0.7145, 0.1798, -3.9744, -1.0669, -0.3622), abs=5.1e-5)
    assert (100 * found.i2, found.h2) == pytest.approx((92.22, 12.86), abs=5.1e-3)
    assert found.q == pytest.approx(152.2330, abs=5.1e-5)
    assert found.q_p < 1e-4 and found.p < 1e-4 and found.k == 13 and np.isinf(found.df)


def test_tau2_is_the_maximum_of_the_restricted_likelihood() -> None:
    def against(tau2: float) -> float:
        """-2 times the log-likelihood of the 12 contrasts with the mean taken out."""
        contrasts = np.linalg.qr(np.column_stack([np.ones(len(Y)), np.eye(len(Y))[:, 1:]]))[0][:, 1:]
        covariance = contrasts.T @ np.diag(V + tau2) @ contrasts
        z = contrasts.T @ Y
        return float(np.linalg.slogdet(covariance)[1] + z @ np.linalg.solve(covariance, z))

    best = optimize.minimize_scalar(against, bounds=(0, 3), method="bounded", options={"xatol": 1e-12})
    assert reml(Y, V) == pytest.approx(best.x, rel=1e-6)


def test_equal_variances_have_a_closed_form() -> None:
    y = np.array([0.01, 0.05, -0.02, 0.08, 0.03])
    found = random_effects(y, np.full(5, 0.0004))
    assert found.tau2 == pytest.approx(y.var(ddof=1) - 0.0004, rel=1e-10)
    t = stats.ttest_1samp(y, 0)
    assert (found.estimate, found.statistic, found.p) == pytest.approx((y.mean(), t.statistic, t.pvalue))
    assert (found.low, found.high) == pytest.approx(tuple(t.confidence_interval()))
    assert found.weight == pytest.approx(0.2)
    ahead = stats.t.ppf(0.975, 3) * np.sqrt(found.tau2 + y.var(ddof=1) / 5)
    assert (found.prediction_low, found.prediction_high) == pytest.approx((y.mean() - ahead, y.mean() + ahead))


def test_hartung_knapp_by_a_loop() -> None:
    found = random_effects(Y, V)
    w = [1 / (v + found.tau2) for v in V]
    mean = sum(a * b for a, b in zip(w, Y, strict=True)) / sum(w)
    q = sum(a * (b - mean) ** 2 for a, b in zip(w, Y, strict=True)) / 12
    assert found.se == pytest.approx(np.sqrt(q / sum(w)), rel=1e-12)
    assert found.low == pytest.approx(mean - stats.t.ppf(0.975, 12) * np.sqrt(q / sum(w)), rel=1e-10)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(mean) / np.sqrt(q / sum(w)), 12), rel=1e-9)


def test_fixed_effect_and_q_equal_statsmodels() -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    theirs = combine_effects(Y, V)
    found = random_effects(Y, V)
    assert found.q == pytest.approx(theirs.q, rel=1e-10)
    y, v = np.array([0.02, 0.021, 0.019, 0.0205]), np.array([0.01, 0.02, 0.005, 0.01])
    found, theirs = random_effects(y, v, hartung_knapp=False), combine_effects(y, v)
    assert found.tau2 == 0 and found.i2 == 0 and found.h2 == 1
    assert (found.estimate, found.se) == pytest.approx((theirs.mean_effect_fe, theirs.sd_eff_w_fe), rel=1e-10)
    narrow, wide = random_effects(y, v), random_effects(y, v, at_least_wald=True)
    assert narrow.se < wide.se == pytest.approx(found.se)
    assert wide.df == 3 and "not narrower" in wide.method


@pytest.mark.parametrize("seed", range(6))
def test_invariants(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 12))
    v = rng.uniform(0.0005, 0.01, k)
    y = rng.normal(0.05, 0.06, k) + rng.normal(0, np.sqrt(v))
    found, order = random_effects(y, v), rng.permutation(k)
    assert y.min() <= found.estimate <= y.max() and found.tau2 >= 0 and 0 <= found.i2 < 1
    mixed = random_effects(y[order], v[order])
    assert (mixed.estimate, mixed.se, mixed.tau2) == pytest.approx((found.estimate, found.se, found.tau2), rel=1e-8)
    moved = random_effects(3 * y + 1, 9 * v)
    assert (moved.estimate, moved.se, moved.tau2) == pytest.approx(
        (3 * found.estimate + 1, 3 * found.se, 9 * found.tau2), rel=1e-7, abs=1e-12
    )
    assert np.isnan(found.prediction_low) if k == 2 else found.prediction_low < found.low


def test_aucs_on_the_logit_scale() -> None:
    auc, v = np.array([0.7, 0.75, 0.66, 0.81]), np.array([0.002, 0.003, 0.001, 0.002])
    found = random_effects_of_aucs(auc, v)
    logit = random_effects(special.logit(auc), v / (auc * (1 - auc)) ** 2)
    assert found.estimate == pytest.approx(1 / (1 + np.exp(-logit.estimate)))
    assert (found.low, found.high) == pytest.approx(tuple(special.expit([logit.low, logit.high])))
    assert (found.se, found.tau2, found.p, found.scale) == (logit.se, logit.tau2, logit.p, "logit")
    assert 0 < found.prediction_low < found.low < found.high < found.prediction_high < 1
    plain = random_effects_of_aucs(auc, v, scale="plain")
    assert plain.estimate == random_effects(auc, v).estimate and plain.scale == "plain"


def test_equal_estimates_are_undefined_for_hartung_and_knapp(recwarn: pytest.WarningsRecorder) -> None:
    found = random_effects([0.02, 0.02, 0.02], [0.01, 0.02, 0.03])
    assert found.estimate == pytest.approx(0.02) and found.tau2 == 0
    assert np.isnan([found.se, found.low, found.p, found.prediction_high]).all()
    assert random_effects([0.02] * 3, [0.01, 0.02, 0.03], at_least_wald=True).se > 0
    assert not recwarn.list


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.1], [0.1]), "expected at least 2"),
        (([0.1, 0.2], [0.1]), "2 estimates and 1 variances"),
        (([0.1, np.nan], [0.1, 0.1]), "cohort 2 has the estimate nan"),
        (([0.1, 0.2], [0.1, 0.0]), "variance 0.0; expected"),
    ],
)
def test_wrong_input(arguments: tuple, message: str) -> None:
    with pytest.raises(DataError, match=message):
        random_effects(*arguments)


def test_auc_of_one_has_no_logit() -> None:
    with pytest.raises(DataError, match=r"cohort 2 has the AUC 1\.0"):
        random_effects_of_aucs([0.8, 1.0], [0.01, 0.01])
    with pytest.raises(DataError, match=r"cohort 1 has the AUC 1\.2, expected between 0 and 1$"):
        random_effects_of_aucs([1.2, 1.0], [0.01, 0.01], scale="plain")
