"""Tests of counts: SciPy's numbers, exact where few are expected, drawn tables against an enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from benchmark.statistics.contingency import count_test


def test_chi_square_and_fisher_are_scipys() -> None:
    large, small = np.array([[30, 20], [10, 80]]), np.array([[3, 1], [1, 8]])
    found = count_test(large)
    expected = stats.chi2_contingency(large, correction=False)
    assert (found.test, found.df) == ("chi-square", 1)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.v == pytest.approx(stats.contingency.association(large, method="cramer"))
    exact = count_test(small)
    assert exact.test == "Fisher"
    assert exact.p == pytest.approx(stats.fisher_exact(small).pvalue)


def test_drawn_tables_give_the_enumerated_p() -> None:
    counts = np.array([[3, 1, 4], [1, 8, 2]])
    columns, (first, _) = counts.sum(axis=0), counts.sum(axis=1)
    rows = [row for row in product(*(range(n + 1) for n in columns)) if sum(row) == first]
    log = np.array([-(gammaln(np.array(row) + 1) + gammaln(columns - row + 1)).sum() for row in rows])
    share = np.exp(log - log.max()) / np.exp(log - log.max()).sum()
    mine = share[rows.index(tuple(counts[0]))]
    exact = share[share <= mine * (1 + 1e-7)].sum()
    found = count_test(counts, seed=1)
    assert found.p == pytest.approx(exact, abs=4 * np.sqrt(exact / 20_000))
    assert found == count_test(counts, seed=1)
    assert count_test(counts.T, seed=1).p == pytest.approx(exact, abs=0.01)


def test_empty_levels_do_not_count_and_one_level_has_no_test() -> None:
    assert count_test(np.array([[3, 0, 1], [0, 0, 0], [1, 0, 8]])) == count_test(np.array([[3, 1], [1, 8]]))
    assert np.isnan(count_test(np.array([[3, 4]])).p)
    assert np.isnan(count_test(np.zeros((2, 2), int)).p)
