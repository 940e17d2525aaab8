"""The points of the ROC curve and the best of them; pROC's ``coords`` in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.metrics.confusion import confusion
from benchmark.statistics.roc_coordinates import best_points, roc_coordinates


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
