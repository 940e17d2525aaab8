"""The points of the ROC curve and the best of them against pROC's ``coords``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.metrics.confusion import confusion
from benchmark.statistics.roc_coordinates import best_points, roc_coordinates

MARKERS = ["wfns", "s100b", "ndka"]


@pytest.mark.shared
@pytest.mark.parametrize("marker", MARKERS)
def test_equals_proc(shared: Path, marker: str) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]["coords"][marker]
    table = pd.read_csv(folder / "aSAH.csv")
    found = roc_coordinates((table["outcome"] == "Poor").to_numpy(int), table[marker].to_numpy())
    points = expected["roc_points_threshold_is_midpoint_between_neighbours"]
    assert found.threshold == pytest.approx([float(value) for value in points["threshold"]], rel=1e-14)
    assert found.sensitivity == pytest.approx(points["sensitivity"], rel=1e-14)
    assert found.specificity == pytest.approx(points["specificity"], rel=1e-14)
    for name in ("tp", "fp", "tn", "fn"):
        assert getattr(found.counts, name) == pytest.approx(points[name])
    for criterion in ("youden", "closest_topleft"):
        best, point = best_points(found, criterion), expected[f"best_{criterion}"]
        assert found.threshold[best] == pytest.approx(point["threshold"], rel=1e-14)
        sensitivity, specificity = found.sensitivity[best], found.specificity[best]
        assert sensitivity == pytest.approx(point["sensitivity"]) and specificity == pytest.approx(point["specificity"])
    assert (sensitivity[0] - 1) ** 2 + (specificity[0] - 1) ** 2 == pytest.approx(point["closest.topleft"][0])


@pytest.mark.parametrize("digits", [0, 1, 15])
def test_counts_are_those_of_calling_at_or_above_the_threshold(digits: int) -> None:
    rng = np.random.default_rng(digits)
    y, score = rng.permutation(np.arange(40) % 3 == 0).astype(int), rng.random(40).round(digits)
    found = roc_coordinates(y, score)
    assert len(found.threshold) == len(np.unique(score)) + 1
    assert (np.diff(found.threshold) > 0).all()
    again = confusion(y, score[:, None] >= found.threshold[None, :])
    for name in ("tp", "fp", "tn", "fn"):
        assert getattr(found.counts, name).tolist() == getattr(again, name).tolist()


def test_neighbouring_doubles_are_kept_apart() -> None:
    low = 0.1
    high = np.nextafter(low, 1)
    found = roc_coordinates(np.array([0, 1]), np.array([low, high]))
    assert found.threshold[1] == high and found.counts.tp[1] == 1 and found.counts.fp[1] == 0


def test_all_equally_good_points_are_given() -> None:
    y, score = np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4])
    found = roc_coordinates(y, score)
    assert found.threshold[best_points(found, "youden")] == pytest.approx([0.15, 0.35])
    assert found.threshold[best_points(found, "closest_topleft")] == pytest.approx([0.15, 0.35])


def test_without_points() -> None:
    y, score = np.array([0, 1, 1]), np.array([0.1, np.nan, 0.3])
    for found in (roc_coordinates(y, score), roc_coordinates(np.ones(3, int), y), roc_coordinates(np.zeros(3, int), y)):
        assert len(found.threshold) == len(found.sensitivity) == len(best_points(found, "youden")) == 0
