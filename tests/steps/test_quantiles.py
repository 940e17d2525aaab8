"""Quantiles of the columns, gaps left out."""

import numpy as np
import pytest

from benchmark.steps.quantiles import quantiles


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_equal_to_numpy_on_what_is_there(n: int) -> None:
    rng = np.random.default_rng(n)
    values = rng.normal(size=(n, 6)) * 10.0 ** np.arange(-3, 3)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[0] = np.where(np.isnan(values[0]), 1.0, values[0])
    probabilities = (0.0, 0.01, 0.25, 0.5, 0.9, 1.0)
    expected = np.nanquantile(values, probabilities, axis=0)
    np.testing.assert_allclose(quantiles(values, probabilities), expected, rtol=1e-13)


def test_infinities_are_gaps_and_an_empty_column_has_none() -> None:
    values = np.array([[1.0, np.nan, 3.0], [np.inf, np.nan, 3.0], [3.0, np.inf, 3.0]])
    np.testing.assert_array_equal(quantiles(values, (0.5,)), [[2.0, np.nan, 3.0]])


def test_huge_values_do_not_overflow() -> None:
    assert quantiles(np.array([[-1.7e308], [1.7e308]]), (0.5,))[0, 0] == 0.0
