"""How well batches are told: scikit-learn's numbers, and what chance gives."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from benchmark.statistics.batch_prediction import BATCH_PREDICTION, batch_prediction


def scored(strength: float, seed: int = 0, n: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    scores = rng.normal(size=(n, 3)).round(1) + strength * np.eye(3)[truth]
    return truth, np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), np.arange(n) % 4


def test_scikit_learn_fold_by_fold() -> None:
    truth, scores, fold = scored(1.0)
    found = batch_prediction(truth, scores, fold, permutations=19, seed=1)
    assert list(found) == BATCH_PREDICTION
    aucs = [roc_auc_score(truth[fold == f], scores[fold == f], multi_class="ovr") for f in range(4)]
    assert found["macro_auc"] == pytest.approx(np.mean(aucs), rel=1e-10)
    assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(truth, scores.argmax(axis=1)))
    assert found["n_cases"] == 120 and found["n_levels"] == 3


def test_chance_is_a_half_and_one_over_the_number_of_batches() -> None:
    found = batch_prediction(*scored(1.5), permutations=499, seed=1)
    assert found["auc_chance"] == pytest.approx(0.5, abs=0.01)
    assert found["accuracy_chance"] == pytest.approx(1 / 3, abs=0.02)
    assert found["auc_p"] == found["accuracy_p"] == 1 / 500
    assert found["auc_chance"] < found["auc_chance_high"] < found["macro_auc"]


def test_p_is_uniform_without_a_batch_effect() -> None:
    p = np.array([batch_prediction(*scored(0.0, seed), permutations=99, seed=seed)["auc_p"] for seed in range(120)])
    assert (p <= 0.1).mean() == pytest.approx(0.1, abs=0.08)
    assert p.mean() == pytest.approx(0.5, abs=0.1)


def test_same_seed_same_numbers_and_a_batch_missing_in_a_fold() -> None:
    truth, scores, fold = scored(0.5)
    assert batch_prediction(truth, scores, fold, permutations=70, seed=3) == batch_prediction(
        truth, scores, fold, permutations=70, seed=3
    )
    truth[(fold == 2) & (truth == 1)] = 0
    assert np.isfinite(batch_prediction(truth, scores, fold, permutations=19, seed=3)["macro_auc"])
