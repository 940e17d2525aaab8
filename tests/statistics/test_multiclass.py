"""AUCs of several classes against pROC, HandTill2001 and scikit-learn; their variance against jackknife, bootstrap."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.aucs import compare
from benchmark.statistics.bootstrap import bootstrap
from benchmark.statistics.delong import delong
from benchmark.statistics.multiclass import (
    hand_till,
    hand_till_draws,
    macro_auc,
    one_vs_rest,
    one_vs_rest_draws,
    ordered_classes_auc,
    pairwise_aucs,
)

IRIS = json.loads((Path(__file__).parents[1] / "data" / "auc_iris.json").read_text())


def simulated(seed: int = 0, n: int = 90, k: int = 2, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.minimum(rng.geometric(0.45, n) - 1, classes - 1))
    power = 1.5 * np.eye(classes)[y][:, None, :] + rng.normal(0, 1, (n, k, classes))
    scores = np.exp(power)
    return y, scores / scores.sum(2, keepdims=True)


def test_iris_equals_proc_and_handtill2001() -> None:
    y, expected = np.array(IRIS["input"]["y"]), IRIS["expected"]
    scores = np.column_stack([IRIS["input"][name] for name in ("c0", "c1", "c2")])[:, None, :]
    for package in ("hand_till_pROC", "hand_till_HandTill2001"):
        assert hand_till(y, scores).estimate[0] == pytest.approx(expected[package], rel=1e-12)
    each = [aucs.estimate[0] for aucs in one_vs_rest(y, scores)]
    assert each == pytest.approx(expected["one_vs_rest_auc"], rel=1e-12)
    assert macro_auc(y, scores).estimate[0] == pytest.approx(expected["one_vs_rest_macro"], rel=1e-12)
    weighted = macro_auc(y, scores, by_prevalence=True).estimate[0]
    assert weighted == pytest.approx(expected["one_vs_rest_prevalence_weighted"], rel=1e-12)
    pairs = pairwise_aucs(y, scores)
    for names, values in expected["pairwise_A_ij_A_ji"].items():
        i, j = map(int, names.split("/"))
        assert [pairs[i, j, 0], pairs[j, i, 0]] == pytest.approx(values, rel=1e-12)
    found = ordered_classes_auc(y, np.array(IRIS["input"]["x1"]))
    assert found == pytest.approx(expected["univariate_x1_pROC_direction_lt"], rel=1e-12)


@pytest.mark.parametrize(
    ("multi", "average", "ours"),
    [
        ("ovr", "macro", macro_auc),
        ("ovr", "weighted", partial(macro_auc, by_prevalence=True)),
        ("ovo", "macro", hand_till),
    ],
)
def test_equals_scikit_learn(multi: str, average: str, ours: object) -> None:
    y, scores = simulated()
    found = ours(y, scores).estimate  # type: ignore[operator]
    for model in range(2):
        expected = roc_auc_score(y, scores[:, model], multi_class=multi, average=average)
        assert found[model] == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("measure", [macro_auc, hand_till])
def test_two_classes_are_delong(measure: object) -> None:
    y, scores = simulated(1, classes=2)
    found = measure(y, scores)  # type: ignore[operator]
    expected = delong(y, scores[:, :, 1])
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-14)
    assert found.covariance == pytest.approx(expected.covariance, rel=1e-10)


@pytest.mark.parametrize("measure", [macro_auc, hand_till])
def test_covariance_is_near_the_jackknife_and_the_bootstrap(measure: object) -> None:
    y, scores = simulated(2, n=400, classes=3)
    found = measure(y, scores)  # type: ignore[operator]
    draws = {
        macro_auc: lambda weights: one_vs_rest_draws(y, scores, weights).mean(1),
        hand_till: partial(hand_till_draws, y, scores),
    }[measure]
    resampled = bootstrap(draws, len(y), seed=0, n_draws=3000)
    assert resampled.estimate == pytest.approx(found.estimate, abs=1e-14)
    assert np.cov(resampled.draws.T) == pytest.approx(found.covariance, rel=0.15)
    jackknife = resampled.influence
    assert jackknife is not None
    assert jackknife.T @ jackknife == pytest.approx(found.covariance, rel=0.03)


def test_hand_till_ignores_the_shares_of_the_classes() -> None:
    y, scores = simulated(3)
    again = np.concatenate([np.arange(len(y)), *[np.flatnonzero(y == 1)] * 3])
    assert hand_till(y[again], scores[again]).estimate == pytest.approx(hand_till(y, scores).estimate, abs=1e-14)
    assert abs(macro_auc(y[again], scores[again]).estimate - macro_auc(y, scores).estimate).max() > 1e-3


@pytest.mark.parametrize("measure", [macro_auc, hand_till])
def test_copies_of_a_patient_add_nothing(measure: object) -> None:
    y, scores = simulated(4, n=300, classes=3)
    twice = np.repeat(np.arange(len(y)), 2)
    once = measure(y, scores)  # type: ignore[operator]
    again = measure(y[twice], scores[twice], patient=twice)  # type: ignore[operator]
    assert again.covariance == pytest.approx(once.covariance, rel=0.05)
    assert again.method.endswith("clustered by patient") and "clustered" not in once.method


def test_models_are_compared_as_any_auc() -> None:
    y, scores = simulated(5, classes=3)
    same = np.concatenate([scores, scores[:, :1]], axis=1)
    tests = compare(hand_till(y, same), np.array([0, 0]), np.array([2, 1]))
    assert tests.p[0] == 1 and 0 < tests.p[1] < 1


def test_draws_are_those_of_repeated_rows() -> None:
    y, scores = simulated(6)
    counts = 1 + np.random.default_rng(0).integers(0, 3, (4, len(y)))
    pairs, rest = hand_till_draws(y, scores, counts), one_vs_rest_draws(y, scores, counts)
    for draw in range(4):
        rows = np.repeat(np.arange(len(y)), counts[draw])
        assert pairs[draw] == pytest.approx(hand_till(y[rows], scores[rows]).estimate, abs=1e-14)
        assert rest[draw, 2, 1] == roc_auc(y[rows] == 2, scores[rows, 1, 2])


def test_undefined() -> None:
    y, scores = simulated(7, classes=3)
    y[y == 2] = 1
    for measure in (macro_auc, hand_till):
        assert np.isnan(measure(y, scores).estimate).all()
    assert [np.isnan(aucs.estimate[0]) for aucs in one_vs_rest(y, scores)] == [False, False, True]
    y[0] = 2
    alone = hand_till(y, scores)
    assert not np.isnan(alone.estimate).any() and np.isnan(alone.variance).all()
    scores[1, 0, 0] = np.nan
    for measure in (macro_auc, hand_till):
        assert np.isnan(measure(y, scores).estimate).tolist() == [True, False]
    assert np.isnan(ordered_classes_auc(np.zeros(4, int), np.arange(4.0)))
    assert np.isnan(ordered_classes_auc(np.array([0, 1, 2]), np.array([0, np.nan, 1.0])))
