"""Loess and the distances from calibration under frequencies: those of the cases, and of the repeated cases."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from benchmark.statistics.loess import loess, vertices_of
from benchmark.statistics.smooth_calibration import calibration_indices
from benchmark.statistics.weighted_calibration import _quantiles, weighted_calibration_indices
from benchmark.statistics.weighted_loess import weighted_loess


def cohort(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    score = 1 / (1 + np.exp(-rng.normal(0, 1.5, n)))
    return (rng.random(n) < score).astype(int), score


@pytest.mark.parametrize("decimals", [9, 1, 0.3])
def test_weights_of_one_are_loess(decimals: float) -> None:
    y, score = cohort(0, 120)
    score = np.round(score * 4) / 4 if decimals < 1 else score.round(int(decimals))  # few distinct scores
    expected = loess(score, y.astype(float), score)
    assert weighted_loess(score, y.astype(float), np.ones((2, 120)))[1] == pytest.approx(expected, abs=1e-10)


def test_counts_are_the_repeated_cases_but_for_the_vertices() -> None:
    y, score = cohort(1, 300)
    counts = np.random.default_rng(2).multinomial(300, np.full(300, 1 / 300), 40)
    found = weighted_calibration_indices(y, score[:, None], counts.astype(float))[:, :, 0]
    repeated = [calibration_indices(np.repeat(y, each), np.repeat(score, each)) for each in counts]
    expected = np.array([[one.ici, one.e50, one.e90, one.emax] for one in repeated])
    apart = np.sqrt(np.mean((found - expected) ** 2, axis=0)) / found.std(0)
    assert (apart < [0.1, 0.2, 0.4, 0.6]).all() and abs(np.mean(found - expected, axis=0)[0]) < 0.05 * found[:, 0].std()


def test_direct_fit_at_a_vertex_by_definition() -> None:
    """At a vertex the interpolated fit is the local regression itself, here by least squares."""
    rng = np.random.default_rng(3)
    x, y = np.sort(rng.random(60)), rng.random(60)
    weights = rng.integers(0, 4, 60).astype(float)
    weights[0] = 1
    span = 0.75
    vertex = vertices_of(x, span)[1]  # a case of the sample
    place = int(np.flatnonzero(x == vertex)[0])
    apart = np.repeat(np.abs(x - vertex), weights.astype(int))
    radius = np.sort(apart)[int(np.floor(weights.sum() * span + 1e-5)) - 1]
    kernel = weights * (1 - np.minimum(np.abs(x - vertex) / radius, 1) ** 3) ** 3
    root = np.sqrt(kernel)[:, None]
    design = (x - vertex)[:, None] ** np.arange(3)
    expected = np.linalg.lstsq(root * design, root[:, 0] * y, rcond=None)[0][0]
    assert weighted_loess(x, y, weights[None])[0, place] == pytest.approx(expected, rel=1e-9)


def test_quantiles_are_those_of_the_repeated_values() -> None:
    rng = np.random.default_rng(4)
    values, weights = rng.random((3, 25)), rng.integers(0, 3, (3, 25)).astype(float)
    found = _quantiles(values, weights, weights.sum(1))
    for row in range(3):
        repeated = np.repeat(values[row], weights[row].astype(int))
        assert found[row] == pytest.approx([*np.quantile(repeated, [0.5, 0.9]), repeated.max()])


def test_undefined_is_nan_without_a_warning() -> None:
    y, score = cohort(5, 40)
    constant = np.column_stack([score, np.full(40, 0.3), np.where(np.arange(40) == 0, np.nan, score)])
    weights = np.array([np.ones(40), y == 1, np.zeros(40)], float)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = weighted_calibration_indices(y, constant, weights)
    assert not np.isnan(found[0, :, 0]).any()
    assert np.isnan(found[1:]).all() and np.isnan(found[:, :, 1:]).all()


def test_models_with_the_same_scores_are_computed_once_and_told_alike() -> None:
    y, score = cohort(6, 40)
    weights = np.random.default_rng(1).multinomial(40, np.full(40, 1 / 40), 4).astype(float)
    found = weighted_calibration_indices(y, np.column_stack([score, score**2, score]), weights)
    np.testing.assert_array_equal(found[:, :, 2], found[:, :, 0])
    np.testing.assert_array_equal(
        found[:, :, 1], weighted_calibration_indices(y, score[:, None] ** 2, weights)[:, :, 0]
    )
    assert not np.array_equal(found[:, :, 1], found[:, :, 0])
