"""AUC against the pairs one by one, scikit-learn and its own invariants."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from benchmark.metrics.roc_auc import placements, roc_auc, roc_aucs


def by_pairs(y: np.ndarray, score: np.ndarray) -> float:
    wins = [
        1.0 if x > z else 0.5 if x == z else 0.0 for x in score[y == 1] for z in score[y == 0]
    ]  # fmt: skip
    return sum(wins) / len(wins)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_is_the_share_of_rightly_ordered_pairs(rows: list[tuple[bool, int]]) -> None:
    y, score = np.array([row[0] for row in rows], int), np.array([row[1] for row in rows], float)
    if y.min() == y.max():
        assert np.isnan(roc_auc(y, score))
        return
    assert roc_auc(y, score) == pytest.approx(by_pairs(y, score), abs=1e-15)
    placed = placements(y, score[:, None])[:, 0]
    for i in range(len(y)):
        other = score[y != y[i]]
        above = np.sign(score[i] - other) if y[i] else np.sign(other - score[i])
        assert placed[i] == pytest.approx(np.mean((above + 1) / 2), abs=1e-15)


def test_equals_scikit_learn_exactly() -> None:
    rng = np.random.default_rng(0)
    for n in (20, 100, 501):
        for digits in (1, 2, 15):
            y, score = np.arange(n) % 4 == 0, rng.random(n).round(digits)
            assert abs(roc_auc(y, score) - roc_auc_score(y, score)) < 2e-16


def test_columns_are_independent_and_nan_stays_in_its_own() -> None:
    rng = np.random.default_rng(1)
    y, scores = np.arange(50) % 2, rng.random((50, 3))
    scores[4, 1] = np.nan
    aucs = roc_aucs(y, scores)
    assert np.isnan(aucs).tolist() == [False, True, False]
    assert aucs[2] == roc_auc(y, scores[:, 2])
    placed = placements(y, scores)
    assert np.isnan(placed).all(0).tolist() == [False, True, False]
    assert placed[y == 1].mean(0)[[0, 2]] == pytest.approx(aucs[[0, 2]], abs=1e-15)
    assert placed[y == 0].mean(0)[[0, 2]] == pytest.approx(aucs[[0, 2]], abs=1e-15)


def test_rising_transformations_change_nothing_and_inverting_mirrors() -> None:
    rng = np.random.default_rng(2)
    y, score = np.arange(80) % 3 == 0, rng.random(80).round(2)
    assert roc_auc(y, np.exp(9 * score)) == roc_auc(y, score)
    assert roc_auc(y, -score) == pytest.approx(1 - roc_auc(y, score), abs=1e-15)
    assert roc_auc(~y, score) == pytest.approx(1 - roc_auc(y, score), abs=1e-15)


def test_constant_scores_are_one_half_and_infinite_ones_are_ordered() -> None:
    y = np.array([0, 0, 1, 1, 1])
    assert roc_auc(y, np.full(5, 0.3)) == 0.5
    assert roc_auc(y, np.array([-np.inf, 0.0, 0.0, 1.0, np.inf])) == pytest.approx(5.5 / 6)


def test_input_is_not_changed_and_integers_and_booleans_do() -> None:
    y, score = [False, True, True], [3, 1, 4]
    array = np.array([0.3, 0.1, 0.4])
    assert roc_auc(np.array(y), np.array(score)) == 0.5
    roc_auc(np.array(y), array)
    assert array.tolist() == [0.3, 0.1, 0.4]


def test_is_fast_enough_for_tuning() -> None:
    y, score = np.arange(100) % 2, np.random.default_rng(3).random(100)
    best = np.inf
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(100):
            roc_auc(y, score)
        best = min(best, (time.perf_counter() - start) / 100)
    assert best < 60e-6
