"""Areas under the precision-recall curve against scikit-learn and the definition; PRROC in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate
from sklearn import metrics as reference

from benchmark.metrics.pr_auc import pr_auc
from benchmark.statistics.precision_recall import (
    average_precisions,
    davis_goadrich_auprc,
    integral_auprc,
    precision_recall_curve,
)


def simulated(seed: int, digits: int = 1, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return y, (0.3 * y + rng.random(n)).round(digits)


@pytest.mark.parametrize("digits", [0, 1, 12])
def test_integral_is_that_of_the_interpolated_curve(digits: int) -> None:
    y, score = simulated(1, digits)
    cuts = sorted(set(score), reverse=True)
    true = np.array([0, *(np.sum((score >= cut) & (y == 1)) for cut in cuts)])
    false = np.array([0, *(np.sum((score >= cut) & (y == 0)) for cut in cuts)])
    total, steps = 0.0, 0.0
    for i in range(len(cuts)):
        if true[i + 1] > true[i]:
            h = (false[i + 1] - false[i]) / (true[i + 1] - true[i])

            def precision(t: float, h: float = h, i: int = i) -> float:
                return t / (t + false[i] + h * (t - true[i])) if t + false[i] else 1 / (1 + h)

            total += integrate.quad(precision, true[i], true[i + 1], epsabs=1e-12)[0]
            steps += sum((precision(t) + precision(t + 1)) / 2 for t in range(true[i], true[i + 1]))
    assert integral_auprc(y, score) == pytest.approx(total / y.sum(), abs=1e-10)
    assert davis_goadrich_auprc(y, score) == pytest.approx(steps / y.sum(), abs=1e-13)


def test_perfect_and_constant_scores() -> None:
    y, _ = simulated(2)
    for area in (pr_auc, integral_auprc, davis_goadrich_auprc):
        assert area(y, y * 1.0) == pytest.approx(1)
        assert area(y, np.full(len(y), 0.4)) == pytest.approx(y.mean())


def test_curve_equals_scikit_learn() -> None:
    y, score = simulated(3)
    recall, precision = precision_recall_curve(y, score)
    expected = reference.precision_recall_curve(y, score)
    assert recall == pytest.approx(expected[1][-2::-1]) and precision == pytest.approx(expected[0][-2::-1])


@pytest.mark.parametrize("digits", [1, 12])
def test_weights_are_repeated_rows(digits: int) -> None:
    y, score = simulated(4, digits)
    counts = np.random.default_rng(0).integers(0, 3, (8, len(y)))
    counts[:, :20] = 0
    found = average_precisions(y, score[:, None], counts)
    for draw in range(8):
        rows = np.repeat(np.arange(len(y)), counts[draw])
        assert found[draw, 0] == pytest.approx(pr_auc(y[rows], score[rows]), abs=1e-14)
    assert average_precisions(y, score[:, None], np.ones((1, len(y))))[0, 0] == pytest.approx(pr_auc(y, score))


def test_undefined() -> None:
    y, score = simulated(5)
    gone = np.where(y == 1, np.nan, score)
    for area in (integral_auprc, davis_goadrich_auprc):
        assert np.isnan(area(np.zeros_like(y), score)) and np.isnan(area(y, gone))
        assert area(np.ones_like(y), score) == pytest.approx(1)
    assert [len(part) for part in precision_recall_curve(np.zeros_like(y), score)] == [0, 0]
    weights = np.ones((2, len(y)))
    weights[1, y == 1] = 0
    found = average_precisions(y, np.column_stack([score, gone]), weights)
    assert np.isnan(found).tolist() == [[False, True], [True, True]]
