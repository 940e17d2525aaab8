"""Repeats averaged per case."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.pooling import average_over_repeats


def test_mean_over_the_repeats_that_hold_the_case_out() -> None:
    fold = np.array([[0, 1], [1, -1], [-1, 0]])
    scores = np.array([[[0.2], [0.4]], [[0.6], [np.nan]], [[0.9], [0.1]]])
    assert average_over_repeats(scores, fold)[:, 0] == pytest.approx([0.3, 0.6, 0.1])


def test_a_score_that_should_be_there_makes_the_case_nan() -> None:
    fold = np.zeros((2, 2), int)
    scores = np.array([[[0.2, 0.5], [np.nan, 0.5]], [[0.1, 0.5], [0.1, 0.5]]])
    assert np.isnan(average_over_repeats(scores, fold)).tolist() == [[True, False], [False, False]]


def test_keeps_the_axes_of_models_and_classes() -> None:
    scores = np.random.default_rng(0).random((6, 3, 4, 2))
    assert average_over_repeats(scores, np.zeros((6, 3), int)) == pytest.approx(scores.mean(1))
