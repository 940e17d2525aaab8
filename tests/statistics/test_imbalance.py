"""Standardized mean differences: by their formulas, and what they must not depend on."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.contingency import count_test
from benchmark.statistics.imbalance import of_counts, of_numbers


def test_numbers_by_the_formula() -> None:
    found = of_numbers(np.array([60.0, 64.0]), np.array([10.0, 8.0]))
    assert found == pytest.approx(4 / np.sqrt((100 + 64) / 2))
    assert of_numbers(np.array([60.0, 64.0, 50.0]), np.array([10.0, 8.0, 9.0])) == pytest.approx(
        14 / np.sqrt((64 + 81) / 2)
    )


def test_two_levels_are_austins_and_more_are_yang_and_daltons() -> None:
    counts = np.array([[10, 30], [20, 20]])
    p, q = 20 / 30, 20 / 50
    assert of_counts(counts) == pytest.approx((p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2))
    three = np.array([[10, 20], [20, 20], [5, 9]])
    t, c = three[:, 0] / 35, three[:, 1] / 49
    s = np.empty((2, 2))
    for k in range(2):
        for m in range(2):
            s[k, m] = (
                (t[k + 1] * (1 - t[k + 1]) + c[k + 1] * (1 - c[k + 1])) / 2
                if k == m
                else -(t[k + 1] * t[m + 1] + c[k + 1] * c[m + 1]) / 2
            )
    apart = (t - c)[1:]
    assert of_counts(three) == pytest.approx(np.sqrt(apart @ np.linalg.inv(s) @ apart))


def test_does_not_depend_on_sizes_or_order_of_levels() -> None:
    counts = np.array([[10, 20], [20, 20], [5, 10]])
    assert of_counts(counts[[2, 0, 1]]) == pytest.approx(of_counts(counts))
    assert of_counts(counts * [1, 7]) == pytest.approx(of_counts(counts))
    assert of_counts(np.vstack([counts, [0, 0]])) == pytest.approx(of_counts(counts))


def test_edges() -> None:
    assert of_counts(np.array([[10, 20], [5, 10]])) == 0
    assert of_counts(np.array([[10, 0], [0, 20]])) == np.inf
    assert np.isnan(of_counts(np.array([[10, 0], [5, 0]])))
    assert of_numbers(np.array([1.0, 1.0]), np.zeros(2)) == 0
    assert of_numbers(np.array([1.0, 2.0]), np.zeros(2)) == np.inf
    assert np.isnan(of_numbers(np.array([1.0, np.nan]), np.array([1.0, np.nan])))


@pytest.mark.parametrize(
    ("counts", "smd", "p"),
    [
        ([[21, 15], [137, 139]], 0.111, None),
        ([[85, 67], [73, 87]], 0.207, None),
        ([[132, 131], [16, 13], [10, 10]], 0.058, 0.877),
        ([[12, 4], [35, 32], [56, 64], [55, 54]], 0.246, 0.201),
    ],
)
def test_the_table_of_the_pbc_trial(counts: list[list[int]], smd: float, p: float | None) -> None:
    """Sex, hepatomegaly, edema and stage by treatment, as the vignette of R's tableone prints them (its p of two levels
    have a continuity correction)."""
    assert of_counts(np.array(counts)) == pytest.approx(smd, abs=5e-4)
    if p is not None:
        assert count_test(np.array(counts)).p == pytest.approx(p, abs=5e-4)
