"""Power before the study: variances against R and published numbers, all of it against simulation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from benchmark.errors import ConfigError
from benchmark.statistics.aucs import compare
from benchmark.statistics.delong import delong
from benchmark.statistics.power import (
    VARIANCES,
    Plan,
    binormal,
    correlation_of_aucs,
    hanley_mcneil,
    obuchowski,
    power_of,
    smallest_difference,
    standard_error,
)

DATA = Path(__file__).parents[1] / "data"


def scores_of(plan: Plan, second: float, runs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Normal scores of both models in many simulated studies: y (n,), scores (runs, n, 2)."""
    rng = np.random.default_rng(seed)
    y = np.repeat([1, 0], [plan.n_events, plan.n_nonevents])
    rho = plan.score_correlation
    shared = rng.normal(size=(runs, len(y), 1))
    noise = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.normal(size=(runs, len(y), 2))
    return y, noise + y[:, None] * np.sqrt(2) * special.ndtri([plan.auc, second])


def test_hanley_mcneil_equals_the_reference() -> None:
    """tests/data/auc_tiny.json: R 4.2.2."""
    case = json.loads((DATA / "auc_tiny.json").read_text())["tiny"]["ties"]
    assert hanley_mcneil(case["auc"], case["n_pos"], case["n_neg"]) == pytest.approx(
        case["var_hanley_mcneil_1982"], rel=1e-12
    )


def events_needed(auc: float, ratio: float, power: float, alpha: float) -> float:
    """Events for one AUC against 0.5: Obuchowski et al. (2004), with one-sided alpha."""
    null, at = 0.0792 * (1 + 1 / ratio), 1000 * obuchowski(auc, 1000, round(1000 * ratio))
    return float((stats.norm.isf(alpha) * np.sqrt(null) + stats.norm.ppf(power) * np.sqrt(at)) ** 2 / (auc - 0.5) ** 2)


def test_obuchowski_equals_published_sample_sizes() -> None:
    """pROC 1.19 (tests of power.roc.test): 29.29764 events for an AUC of 0.7313685636856369 with 1.7 non-events per
    event; and table 4 of Obuchowski et al. (2004): events for AUC 0.6 and 0.7, power 0.9, one-sided alpha 0.05."""
    assert events_needed(0.7313685636856369, 1.7, 0.95, 0.025) == pytest.approx(29.29764, abs=1e-4)
    table = {(0.6, 0.25): 334, (0.7, 0.25): 80, (0.6, 1): 135, (0.7, 1): 33, (0.8, 1): 14, (0.6, 4): 85, (0.7, 4): 21}
    for (auc, ratio), events in table.items():
        assert np.ceil(events_needed(auc, ratio, 0.9, 0.05)) == events, (auc, ratio)


def test_variance_of_normal_scores_is_exact() -> None:
    plan = Plan(30, 50, 0.8, score_correlation=0.5)
    y, scores = scores_of(plan, 0.7, 4000, 0)
    wins = scores[:, y == 1][:, :, None, :] > scores[:, y == 0][:, None, :, :]
    found = np.cov(wins.mean((1, 2)), rowvar=False)
    first, second = binormal(0.8, 30, 50), binormal(0.7, 30, 50)
    assert found[0, 0] == pytest.approx(first, rel=0.06) and found[1, 1] == pytest.approx(second, rel=0.06)
    r = correlation_of_aucs(0.8, 0.7, 0.5, 30, 50)
    assert found[0, 1] / np.sqrt(found[0, 0] * found[1, 1]) == pytest.approx(r, abs=0.03)


def test_null_variance_of_a_rank_statistic() -> None:
    """At an AUC of one half it is (m + n + 1) / (12 m n), whatever the scores."""
    for variance in (binormal, hanley_mcneil):
        assert variance(0.5, 30, 50) == pytest.approx(81 / (12 * 30 * 50), rel=1e-12)


def test_correlation_of_aucs() -> None:
    assert correlation_of_aucs(0.7, 0.8, 0.0, 40, 60) == 0
    rising = [correlation_of_aucs(0.7, 0.8, rho, 40, 60) for rho in (0.2, 0.5, 0.8, 0.95)]
    assert rising == sorted(rising) and rising[-1] < 0.95
    assert correlation_of_aucs(0.7, 0.7, 1 - 1e-12, 40, 60) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("variance", VARIANCES)
def test_smallest_difference_has_the_power_asked_for(variance: str) -> None:
    plan = Plan(60, 90, 0.7, variance=variance)
    found = smallest_difference(plan, power=0.8)
    assert 0.05 < found < 0.2
    assert power_of(plan, found) == pytest.approx(0.8, abs=1e-9)
    z = found / standard_error(plan, found)
    assert z == pytest.approx(stats.norm.ppf(0.975) + stats.norm.ppf(0.8), abs=1e-5)


def test_simulated_studies_have_the_power_promised() -> None:
    plan = Plan(80, 120, 0.70, score_correlation=0.5)
    gain = smallest_difference(plan, power=0.8)
    runs = 1500
    y, scores = scores_of(plan, plan.auc + gain, runs, 1)
    pairs = delong(y, scores.transpose(1, 0, 2).reshape(len(y), -1))
    tests = compare(pairs, 2 * np.arange(runs) + 1, 2 * np.arange(runs))
    assert np.mean(tests.difference) == pytest.approx(gain, abs=0.005)
    assert np.mean(tests.p < 0.05) == pytest.approx(0.8, abs=0.035)  # Monte Carlo error 0.01, and a normal limit


def test_what_makes_a_difference_easier_to_see() -> None:
    usual = smallest_difference(Plan(50, 100, 0.7))
    assert smallest_difference(Plan(100, 200, 0.7)) < usual
    assert smallest_difference(Plan(50, 100, 0.7, score_correlation=0.9)) < usual
    assert smallest_difference(Plan(50, 100, 0.7, alpha=0.10)) < usual
    assert smallest_difference(Plan(50, 100, 0.7), power=0.9) > usual
    assert smallest_difference(Plan(50, 100, 0.85)) < usual


def test_power_of_no_difference_is_alpha_and_of_impossible_ones_undefined() -> None:
    plan = Plan(50, 100, 0.7)
    assert power_of(plan, 0.0) == pytest.approx(0.05)
    assert power_of(plan, 0.1) > power_of(plan, 0.05) > 0.05
    assert np.isnan(power_of(plan, 0.3)) and np.isnan(power_of(plan, -0.8))


def test_a_cohort_too_small_for_the_question() -> None:
    assert np.isnan(smallest_difference(Plan(4, 4, 0.9)))
    assert np.isnan(smallest_difference(Plan(8, 30, 0.97)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n_events": 1}, "n_events is 1, expected 2 or more"),
        ({"n_nonevents": 0}, "n_nonevents is 0"),
        ({"auc": 1.0}, "auc is 1.0, expected at least 0.5 and less than 1"),
        ({"auc": float("nan")}, "auc is nan"),
        ({"score_correlation": 1.0}, "score_correlation is 1.0"),
        ({"alpha": 0.0}, "alpha is 0.0"),
        ({"variance": "hanley"}, r"unknown variance of an AUC 'hanley'\. Did you mean 'hanley-mcneil'"),
    ],
)
def test_wrong_plans(wrong: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Plan(**({"n_events": 30, "n_nonevents": 60, "auc": 0.7} | wrong))


def test_wrong_power() -> None:
    with pytest.raises(ConfigError, match=r"found 1\.2, expected between alpha"):
        smallest_difference(Plan(30, 60, 0.7), power=1.2)
