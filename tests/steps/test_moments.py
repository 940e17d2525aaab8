"""Mean and SD of features, whatever their magnitude."""

import numpy as np
import pytest

from benchmark.steps.moments import moments


def test_equal_to_the_definition_with_loops() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(3, 2, (31, 5)) * [1, 10, 1e-8, 1e8, 1]
    values[3, 1] = values[4, 4] = np.nan
    values[5, 4] = np.inf
    mean, sd = moments(values)
    for column in range(5):
        found = [x for x in values[:, column] if np.isfinite(x)]
        expected = sum(found) / len(found)
        assert mean[column] == pytest.approx(expected, rel=1e-13)
        assert sd[column] == pytest.approx((sum((x - expected) ** 2 for x in found) / len(found)) ** 0.5, rel=1e-13)


def test_squares_neither_overflow_nor_vanish() -> None:
    base = np.array([[1.0], [2.0], [4.0]])
    mean, sd = moments(np.hstack([base * 1e300, base * 1e-300, base]))
    np.testing.assert_allclose(sd / [1e300, 1e-300, 1], sd[2], rtol=1e-14)
    np.testing.assert_allclose(mean / [1e300, 1e-300, 1], mean[2], rtol=1e-14)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e17 / 3, -7e-290])
def test_constant_up_to_rounding_has_sd_zero(constant: float) -> None:
    values = np.full((50, 1), constant)
    values[::2] = np.nextafter(constant, 2 * constant)
    assert moments(values).sd[0] == 0


def test_small_spread_beside_a_large_mean_is_not_constant() -> None:
    values = 1e9 + np.random.default_rng(1).normal(size=(40, 1))
    assert moments(values).sd[0] == pytest.approx(values.std(), rel=1e-6)


def test_no_finite_value_gives_nan() -> None:
    mean, sd = moments(np.array([[np.nan, 1.0], [np.inf, 2.0]]))
    assert np.isnan(mean[0])
    assert np.isnan(sd[0])
    assert mean[1] == 1.5


def test_missing_values_do_not_widen_a_constant() -> None:
    assert moments(np.array([[5.0], [np.nan], [5.0]])).sd[0] == 0
