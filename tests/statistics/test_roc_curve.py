"""The ROC curve against scikit-learn, pROC and the AUC."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.roc_curve import roc_curve


@pytest.mark.parametrize("digits", [1, 2, 12])
def test_equals_scikit_learn_and_the_auc(digits: int) -> None:
    rng = np.random.default_rng(digits)
    y = (np.arange(70) % 3 == 0).astype(int)
    score = (0.3 * y + rng.random(70)).round(digits)
    x, up = roc_curve(y, score)
    false, true, _ = reference.roc_curve(y, score, drop_intermediate=False)
    assert np.trapezoid(up, x) == pytest.approx(roc_auc(y, score), abs=1e-12)
    assert set(zip(x.round(12), up.round(12), strict=True)) <= set(zip(false.round(12), true.round(12), strict=True))
    assert (x[0], up[0], x[-1], up[-1]) == (0, 0, 1, 1)
    assert (np.diff(x) >= 0).all() and (np.diff(up) >= 0).all()
    slopes = np.arctan2(np.diff(up), np.diff(x))
    assert (np.abs(np.diff(slopes)) > 1e-9).all()  # nothing left that lies on a straight line


@pytest.mark.shared
def test_points_are_those_of_proc(shared: Path) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]["coords"]["s100b"]
    expected = expected["roc_points_threshold_is_midpoint_between_neighbours"]
    table = pd.read_csv(folder / "aSAH.csv")
    x, up = roc_curve((table["outcome"] == "Poor").to_numpy(int), table["s100b"].to_numpy())
    points = np.column_stack([1 - np.array(expected["specificity"]), expected["sensitivity"]])
    for point in zip(x, up, strict=True):
        assert np.abs(points - point).max(1).min() < 1e-12


def test_ends_and_undefined() -> None:
    y = np.array([0, 0, 1, 1])
    assert [part.tolist() for part in roc_curve(y, y.astype(float))] == [[0, 0, 1], [0, 1, 1]]
    assert [part.tolist() for part in roc_curve(y, np.full(4, 0.5))] == [[0, 1], [0, 1]]
    for outcome, score in ((np.ones(4, int), y * 1.0), (np.zeros(4, int), y * 1.0), (y, np.array([0, 1, np.nan, 2]))):
        assert [len(part) for part in roc_curve(outcome, score)] == [0, 0]
