"""Log loss and Brier score of several classes against scikit-learn, loops, and the scores of two classes."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss as sk_log_loss

from benchmark.metrics.brier import brier, scaled_brier
from benchmark.metrics.log_loss import log_loss
from benchmark.statistics.class_scores import CLASS_SCORES, class_brier, class_log_loss, class_scaled_brier


def predicted(seed: int, n: int = 40, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.permutation(np.arange(n) % classes), rng.dirichlet(np.ones(classes), (n, 2))


def test_log_loss_equals_scikit_learn_and_brier_its_definition() -> None:
    y, scores = predicted(0)
    once = np.ones((1, len(y)))
    expected = [sum((scores[i, 0, c] - (y[i] == c)) ** 2 for i in range(40) for c in range(3)) / 40]
    assert class_log_loss(y, scores, once)[0, 0] == pytest.approx(sk_log_loss(y, scores[:, 0]), rel=1e-12)
    assert class_brier(y, scores, once)[0, :1] == pytest.approx(expected, rel=1e-12)


def test_with_two_classes_the_brier_score_is_twice_the_usual_one() -> None:
    y, scores = predicted(1, classes=2)
    once, one = np.ones((1, len(y))), scores[:, 0, 1]
    assert class_brier(y, scores, once)[0, 0] == pytest.approx(2 * brier(y, one), rel=1e-12)
    assert class_scaled_brier(y, scores, once)[0, 0] == pytest.approx(scaled_brier(y, one), rel=1e-12)
    assert class_log_loss(y, scores, once)[0, 0] == pytest.approx(log_loss(y, one), rel=1e-12)


def test_the_shares_have_a_scaled_brier_score_of_0_and_certainty_of_1() -> None:
    y = np.array([0, 0, 0, 1, 1, 2])
    shares, certain = np.tile([1 / 2, 1 / 3, 1 / 6], (6, 1)), np.eye(3)[y]
    found = class_scaled_brier(y, np.stack([shares, certain], axis=1), np.ones((1, 6)))
    assert found[0] == pytest.approx([0, 1], abs=1e-12)


@pytest.mark.parametrize("name", CLASS_SCORES)
def test_weights_are_repeated_rows_and_nan_stays(name: str) -> None:
    y, scores = predicted(2)
    scores[3, 1, 0] = np.nan
    weights = np.random.default_rng(0).integers(0, 3, (2, len(y)))
    found = CLASS_SCORES[name](y, scores, weights)
    for draw in range(2):
        rows = np.repeat(np.arange(len(y)), weights[draw])
        assert found[draw, 0] == pytest.approx(CLASS_SCORES[name](y[rows], scores[rows], np.ones((1, len(rows))))[0, 0])
    assert np.isnan(found[:, 1]).all()


def test_one_class_has_no_scaled_brier_score_and_an_impossible_case_costs_36() -> None:
    y, scores = np.zeros(3, int), np.tile([0.0, 1.0], (3, 1))[:, None]
    assert np.isnan(class_scaled_brier(y, scores, np.ones((1, 3)))).all()
    assert class_log_loss(y, scores, np.ones((1, 3)))[0, 0] == pytest.approx(36.04, abs=0.01)
