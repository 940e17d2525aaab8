"""Each feature alone: scikit-learn's AUC, DeLong's and Obuchowski's intervals, SciPy's tests, gaps, several classes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from benchmark.statistics.aucs import intervals
from benchmark.statistics.block_values import BlockValues
from benchmark.statistics.delong import delong
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.obuchowski import obuchowski
from benchmark.statistics.univariate_roc import OTHERS, univariate_roc

RNG = np.random.default_rng(2)
Y = np.arange(80) % 2
X = RNG.normal(size=(80, 5)) + Y[:, None] * [1.5, -1, 0, 0.5, 0]
X[3, 1] = X[4, 1] = np.nan
X[:, 4] = 7.0
BLOCK = BlockValues("HRF", tuple("abcde"), tuple("abcde"), X)


def test_two_classes() -> None:
    found = univariate_roc([BLOCK], Y, ["no", "yes"]).set_index("feature")
    for place, name in enumerate("abcd"):
        known = np.isfinite(X[:, place])
        y, x, row = Y[known], X[known, place], found.loc[name]
        auc = roc_auc_score(y, x)
        assert row["auc"] == pytest.approx(max(auc, 1 - auc))
        assert row["higher_in"] == ("yes" if auc >= 0.5 else "no")
        assert (row["n_cases"], row["n_class"]) == (known.sum(), y.sum())
        low, high = intervals(delong(y, (x if auc >= 0.5 else -x)[:, None]))
        assert (row["low"], row["high"]) == pytest.approx((low[0], high[0]))
        one, other = x[y == 1], x[y == 0]
        assert row["p_ranks"] == pytest.approx(stats.mannwhitneyu(one, other, method="asymptotic").pvalue)
        assert row["p_means"] == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue)
    np.testing.assert_allclose(found["p_ranks_adjusted"], adjust(found["p_ranks"].to_numpy(), "bh"))
    assert found.loc["e", "auc"] == 0.5
    assert np.isnan(found.loc["e", "p_ranks"])


def test_patients_with_several_cases() -> None:
    patient = np.repeat(np.arange(20), 4)
    found = univariate_roc([BLOCK], Y, ["no", "yes"], patient=patient, level=0.9)
    low, high = intervals(obuchowski(Y, X[:, :1], patient), level=0.9)
    assert (found["low"].iloc[0], found["high"].iloc[0]) == pytest.approx((low[0], high[0]))
    assert found["method"].iloc[0].startswith("Obuchowski")


def test_several_classes_and_several_blocks() -> None:
    y = np.arange(80) % 3
    other = BlockValues("DRF", ("a",), ("a",), X[:, :1] + y[:, None])
    found = univariate_roc([BLOCK, other], y, ["A", "B", "C"])
    assert len(found) == 6 * 3
    first = found[(found["block"] == "DRF") & (found["class"] == "C")].iloc[0]
    auc = roc_auc_score(y == 2, other.numbers[:, 0])
    assert first["auc"] == pytest.approx(max(auc, 1 - auc))
    assert first["higher_in"] in ("C", OTHERS)
    parts = [other.numbers[y == code, 0] for code in range(3)]
    assert first["p_ranks"] == pytest.approx(stats.kruskal(*parts).pvalue)
    assert first["p_means"] == pytest.approx(stats.f_oneway(*parts).pvalue)
    once = found.drop_duplicates(["block", "feature"])
    np.testing.assert_allclose(once["p_ranks_adjusted"], adjust(once["p_ranks"].to_numpy(), "bh"))


def test_a_class_that_no_known_case_has() -> None:
    x = np.where(Y == 1, np.nan, X[:, 0])[:, None]
    found = univariate_roc([BlockValues("HRF", ("a",), ("a",), x)], Y, ["no", "yes"])
    assert found[["auc", "low", "p_ranks", "p_means"]].isna().all(axis=None)
    assert univariate_roc([BlockValues("text", ("a",))], Y, ["no", "yes"]).empty
