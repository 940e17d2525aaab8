"""Contrasts of AUCs against pROC, against pairwise tests, and their invariants."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.errors import ConfigError
from benchmark.statistics.aucs import Aucs, compare
from benchmark.statistics.contrasts import (
    COLUMNS,
    Contrasts,
    against_reference,
    all_pairs,
    contrast_tests,
    contrasts_of,
    joint_test,
    mean_against_mean,
)
from benchmark.statistics.delong import delong
from benchmark.statistics.multiplicity import adjust

LABELS = ["HRF lr", "HRF rf", "DRF lr", "DRF rf"]
INTERVAL_AND_P = ["low", "high", "p", "low_simultaneous", "p_simultaneous"]


def simulated(seed: int = 0, n: int = 90) -> Aucs:
    rng = np.random.default_rng(seed)
    y = (np.arange(n) % 3 == 0).astype(int)
    shared = rng.normal(size=n)
    return delong(y, np.column_stack([y * shift + shared + rng.normal(size=n) for shift in (0.5, 0.8, 1.0, 1.5)]))


@pytest.mark.shared
def test_equality_of_three_markers_equals_proc(shared: Path) -> None:
    folder = shared / "oracles" / "01_auc"
    table = pd.read_csv(folder / "aSAH.csv")
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]
    markers = expected["covariance"]["names"]
    aucs = delong((table["outcome"] == "Poor").to_numpy(int), table[markers].to_numpy(float))
    for contrasts in (all_pairs(markers), against_reference(markers, "ndka")):
        test = joint_test(aucs, contrasts)
        assert test.df == expected["global_equality_test"]["df"]
        assert test.statistic == pytest.approx(expected["global_equality_test"]["chi2"], rel=1e-9)
        assert test.p == pytest.approx(expected["global_equality_test"]["p"], rel=1e-9)
    rows = contrast_tests(aucs, all_pairs(markers)).set_index("contrast")
    for first, second in combinations(markers, 2):
        pair, row = expected["paired"][f"{first}_{second}"], rows.loc[f"{first} - {second}"]
        assert row["estimate"] == pytest.approx(pair["diff"], rel=1e-10)
        assert row["statistic"] == pytest.approx(pair["statistic"], rel=1e-9)
        assert row["p"] == pytest.approx(pair["p_two_sided"], rel=1e-9)
        assert [row["low"], row["high"]] == pytest.approx(pair["ci95_diff_wald"], rel=1e-8)


def test_definition() -> None:
    aucs = simulated()
    weights = mean_against_mean(LABELS[2:], LABELS[:2])
    contrasts = contrasts_of(LABELS, {"DRF - HRF": weights})
    row = contrast_tests(aucs, contrasts, level=0.9).iloc[0]
    L = np.array([-0.5, -0.5, 0.5, 0.5])
    se = np.sqrt(L @ aucs.covariance @ L)
    z = (L @ aucs.estimate) / se
    assert (row["estimate"], row["se"], row["statistic"]) == pytest.approx((L @ aucs.estimate, se, z))
    assert row["p"] == pytest.approx(2 * stats.norm.sf(abs(z)))
    assert row["high"] - row["low"] == pytest.approx(2 * stats.norm.ppf(0.95) * se)
    joint = joint_test(aucs, contrasts)
    assert (joint.statistic, joint.df, joint.p) == (pytest.approx(z**2), 1, pytest.approx(row["p"]))


def test_joint_test_of_two_contrasts_is_the_quadratic_form() -> None:
    aucs = simulated(1)
    weights = {"a": {"HRF lr": 1, "DRF lr": -1}, "b": mean_against_mean(LABELS[:2], LABELS[2:])}
    contrasts = contrasts_of(LABELS, weights)
    L = contrasts.matrix
    value = L @ aucs.estimate
    expected = value @ np.linalg.solve(L @ aucs.covariance @ L.T, value)
    found = joint_test(aucs, contrasts)
    assert (found.statistic, found.df) == (pytest.approx(expected), 2)


def test_pairs_are_the_paired_tests() -> None:
    aucs = simulated(2)
    first, second = np.triu_indices(4, 1)
    tests, rows = compare(aucs, first, second), contrast_tests(aucs, all_pairs(LABELS))
    assert list(rows.columns) == COLUMNS
    assert rows["statistic"].to_numpy() == pytest.approx(tests.statistic)
    assert rows["low"].to_numpy() == pytest.approx(tests.low)


def test_simultaneous_lies_between_single_and_bonferroni() -> None:
    rows = contrast_tests(simulated(3), all_pairs(LABELS))
    p, together = rows["p"].to_numpy(), rows["p_simultaneous"].to_numpy()
    assert (together >= p).all() and (together <= adjust(p, "bonferroni") + 5e-3).all()
    assert (rows["low_simultaneous"] < rows["low"]).all() and (rows["high_simultaneous"] > rows["high"]).all()
    clear = np.abs(together - 0.05) > 0.005
    outside = (rows["low_simultaneous"] > 0) | (rows["high_simultaneous"] < 0)
    assert ((together < 0.05) == outside)[clear].all()


def test_one_contrast_is_simultaneous_with_itself() -> None:
    row = contrast_tests(simulated(4), contrasts_of(LABELS, {"one": {"HRF lr": 1, "DRF rf": -1}})).iloc[0]
    assert row["p_simultaneous"] == pytest.approx(row["p"], rel=1e-9)
    assert row["low_simultaneous"] == pytest.approx(row["low"], abs=1e-9)


def test_an_undefined_model_ruins_only_its_own_contrasts() -> None:
    aucs = simulated(5)
    estimate, contributions = aucs.estimate.copy(), aucs.contributions.copy()
    estimate[3], contributions[:, 3] = np.nan, np.nan
    broken = Aucs(estimate, contributions, aucs.method)
    pairs = all_pairs(LABELS)
    rows, touched = contrast_tests(broken, pairs), pairs.matrix[:, 3] != 0
    assert rows.loc[touched, INTERVAL_AND_P].isna().all(axis=None)
    clean = contrast_tests(Aucs(aucs.estimate[:3], aucs.contributions[:, :3], aucs.method), all_pairs(LABELS[:3]))
    assert rows.loc[~touched, INTERVAL_AND_P].to_numpy() == pytest.approx(clean[INTERVAL_AND_P].to_numpy())
    assert np.isnan(joint_test(broken, pairs).p)
    defined = contrasts_of(LABELS, {"HRF": {"HRF lr": 1, "HRF rf": -1}})
    assert joint_test(broken, defined).p == pytest.approx(joint_test(aucs, defined).p)


def test_identical_models_and_differences_without_variance() -> None:
    y = (np.arange(30) % 2).astype(int)
    noise = y + np.random.default_rng(6).normal(size=30)
    aucs = delong(y, np.column_stack([noise, np.exp(noise), y, np.full(30, 0.5)]))
    rows = contrast_tests(aucs, all_pairs(["a", "copy", "perfect", "constant"])).set_index("contrast")
    same, apart = rows.loc["a - copy"], rows.loc["perfect - constant"]
    assert (same["statistic"], same["p"], same["p_simultaneous"], same["low_simultaneous"]) == (0, 1, 1, 0)
    assert apart["estimate"] == 0.5 and apart[INTERVAL_AND_P].isna().all()
    assert np.isfinite(rows.loc["a - perfect", "p_simultaneous"])


def test_wrong_contrasts() -> None:
    with pytest.raises(ConfigError, match=r"contrast 'x': unknown model 'HRF lt'\. Did you mean 'HRF lr'"):
        contrasts_of(LABELS, {"x": {"HRF lt": 1, "DRF lr": -1}})
    with pytest.raises(ConfigError, match="its weights sum to 1, expected 0"):
        contrasts_of(LABELS, {"x": {"HRF lr": 1}})
    with pytest.raises(ConfigError, match="not all of them 0"):
        contrasts_of(LABELS, {"x": {"HRF lr": 0}})
    with pytest.raises(ConfigError, match="nan"):
        contrasts_of(LABELS, {"x": {"HRF lr": np.nan, "DRF lr": 1}})
    with pytest.raises(ConfigError, match="2 names for 1 rows"):
        Contrasts(("a", "b"), np.array([[1.0, -1, 0, 0]]))
    with pytest.raises(ConfigError, match="one side has no model"):
        mean_against_mean([], LABELS)
    with pytest.raises(ConfigError, match="unknown model 'nobody'"):
        against_reference(LABELS, "nobody")
