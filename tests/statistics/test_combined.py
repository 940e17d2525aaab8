"""Measures of several sets combined on their scale."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.estimates import META
from benchmark.statistics.combined import combine
from benchmark.statistics.meta_analysis import random_effects, random_effects_of_aucs

NAMES = list("abcd")
AUCS = np.array([0.71, 0.77, 0.68, 0.8])
V = np.array([0.0004, 0.0009, 0.0006, 0.0003])


def test_logit_is_the_meta_analysis_of_aucs() -> None:
    found, expected = combine(NAMES, AUCS, V, scale="logit"), random_effects_of_aucs(AUCS, V, at_least_wald=True)
    assert list(found.columns) == META
    mean, ahead = found[found["kind"] == "mean"].iloc[0], found[found["kind"] == "prediction"].iloc[0]
    assert tuple(mean[["estimate", "low", "high", "tau2", "i2"]]) == pytest.approx(
        (expected.estimate, expected.low, expected.high, expected.tau2, expected.i2)
    )
    assert tuple(ahead[["low", "high"]]) == pytest.approx((expected.prediction_low, expected.prediction_high))
    assert mean["method"].endswith(", logit scale")


def test_log_by_definition() -> None:
    ratio, variance = np.array([0.8, 1.3, 1.1]), np.array([0.01, 0.04, 0.02])
    found = combine(NAMES[:3], ratio, variance, scale="log")
    expected = random_effects(np.log(ratio), variance / ratio**2, at_least_wald=True)
    assert found.loc[3, "estimate"] == pytest.approx(np.exp(expected.estimate))
    assert found.loc[1, "high"] == pytest.approx(1.3 * np.exp(1.959963985 * 0.2 / 1.3))


def test_sets_that_cannot_be_combined_keep_their_row_without_weight() -> None:
    found = combine(NAMES, [0.7, 1.0, np.nan, 0.8], [0.001, 0.0, np.nan, 0.002], scale="logit")
    cohorts = found[found["kind"] == "cohort"].set_index("name")
    assert cohorts["weight"].notna().to_dict() == {"a": True, "d": True, "b": False, "c": False}
    assert cohorts.loc["b", "estimate"] == 1.0
    assert found.loc[found["kind"] == "mean", "n_cohorts"].iloc[0] == 2
    alone = combine(NAMES[:2], [0.7, np.nan], [0.001, 0.001])
    assert alone["kind"].tolist() == ["cohort", "cohort"] and alone["weight"].isna().all()
    assert alone.loc[0, "low"] == pytest.approx(0.7 - 1.959963985 * np.sqrt(0.001))


def test_sets_that_agree_better_than_chance_have_the_interval_of_wald() -> None:
    found = combine(NAMES, [0.01, 0.0, 0.01, 0.0], [0.01] * 4)
    mean = found[found["kind"] == "mean"].iloc[0]
    assert mean["high"] - mean["estimate"] == pytest.approx(3.182446305 * 0.1 / 2)
    assert mean["tau2"] == 0
