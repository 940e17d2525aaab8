"""Chi-square and Cramer's V against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association as cramer

from benchmark.statistics.association import association


def test_scipy() -> None:
    counts = np.array([[159, 134], [28, 76], [60, 151], [133, 50]])
    found, theirs = association(counts), chi2_contingency(counts, correction=False)
    assert (found.chi2, found.df, found.p) == pytest.approx((theirs.statistic, theirs.dof, theirs.pvalue), rel=1e-10)
    assert found.v == pytest.approx(cramer(counts), rel=1e-10)
    assert found.confounded


def test_empty_levels_do_not_count_and_one_level_is_undefined() -> None:
    counts = np.array([[30, 10, 0], [12, 28, 0], [0, 0, 0]])
    assert association(counts) == association(counts[:2, :2])
    alone = association(np.array([[5, 5]]))
    assert np.isnan([alone.chi2, alone.p, alone.v]).all() and not alone.confounded
    assert association(np.array([[20, 20], [20, 20]])).v == 0
