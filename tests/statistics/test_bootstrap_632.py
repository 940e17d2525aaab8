"""The .632+ bootstrap against its definition written out, and its limits."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.bootstrap_632 import bootstrap_632, combine_632


def by_definition(apparent: float, out_of_bag: float) -> float:
    """Efron and Tibshirani (1997), eq. 27 to 32, written for error = 1 - AUC with the no-information error 1/2."""
    error, err1 = 1 - apparent, 1 - out_of_bag
    err1 = min(err1, 0.5)
    relative = (err1 - error) / (0.5 - error) if err1 > error and error < 0.5 else 0.0
    err632 = 0.368 * error + 0.632 * err1
    return 1 - (err632 + (err1 - error) * 0.368 * 0.632 * relative / (1 - 0.368 * relative))


@pytest.mark.parametrize(("apparent", "out_of_bag"), [(1.0, 0.7), (0.9, 0.6), (0.8, 0.4), (0.7, 0.75), (0.5, 0.5)])
def test_equals_the_published_form(apparent: float, out_of_bag: float) -> None:
    found, weight = combine_632(np.array([apparent]), np.array([out_of_bag]))
    assert found[0] == pytest.approx(by_definition(apparent, out_of_bag), abs=1e-12)
    assert 0.632 - 1e-12 <= weight[0] <= 1 + 1e-12


def test_total_overfitting_gives_the_out_of_bag_auc_and_none_the_632_mean() -> None:
    found, weight = combine_632(np.array([1.0, 0.8]), np.array([0.5, 0.8]))
    np.testing.assert_allclose(weight, [1.0, 0.632])
    np.testing.assert_allclose(found, [0.5, 0.8])


def draws(n: int = 80, r: int = 30, k: int = 2, seed: int = 1) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    out = np.stack([~np.isin(np.arange(n), rng.integers(0, n, n)) for _ in range(r)], axis=1)
    scores = np.where(out[:, :, None], rng.normal(size=(n, r, k)) + y[:, None, None], np.nan)
    return y, scores, out, rng.normal(size=(n, k)) + 2 * y[:, None]


def test_mean_and_covariance_over_draws() -> None:
    y, scores, out, apparent = draws()
    found = bootstrap_632(y, scores, out, apparent)
    per_draw = np.array([[roc_auc(y[out[:, r]], scores[out[:, r], r, k]) for k in range(2)] for r in range(30)])
    np.testing.assert_allclose(found.out_of_bag, per_draw)
    np.testing.assert_allclose(found.aucs.covariance, np.cov(per_draw, rowvar=False), atol=1e-15)
    expected = combine_632(found.apparent, per_draw.mean(axis=0))[0]
    np.testing.assert_allclose(found.aucs.estimate, expected)


def test_a_draw_of_one_class_is_passed_over_and_a_gap_is_nan() -> None:
    y, scores, out, apparent = draws()
    out[y == 1, 0] = False
    apparent[3, 1] = np.nan
    found = bootstrap_632(y, scores, out, apparent)
    assert len(found.out_of_bag) == 29
    assert np.isfinite(found.aucs.estimate[0])
    assert np.isnan(found.aucs.estimate[1])
