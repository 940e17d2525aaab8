"""Signed rank and paired t tests over data sets, against R and scipy."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.paired_tests import paired_t, signed_rank
from tests.statistics.r_numbers import FAMILIES, R

EXPECTED = R["family_auc_repeated_measures"]["pairwise"]
PAIRS = list(zip(EXPECTED["pair_first"], EXPECTED["pair_second"], strict=True))


def test_signed_rank_equals_r() -> None:
    found = signed_rank(FAMILIES)
    assert list(zip(found["first"], found["second"], strict=True)) == PAIRS
    assert found["statistic"].tolist() == EXPECTED["wilcoxon_V"]
    default = EXPECTED["wilcoxon_p_R_default_exact_when_no_ties_and_n_lt_50"]
    assert found["p"].to_numpy() == pytest.approx(default, rel=1e-10)
    assert found["p_adjusted"].to_numpy() == pytest.approx(EXPECTED["wilcoxon_default_holm"], rel=1e-10)
    by_bh = signed_rank(FAMILIES, adjustment="bh")
    assert by_bh["p_adjusted"].to_numpy() == pytest.approx(EXPECTED["wilcoxon_default_BH"], rel=1e-10)


def test_normal_approximation_equals_r() -> None:
    for continuity, key in ((True, "wilcoxon_p_normal_continuity"), (False, "wilcoxon_p_normal_no_continuity")):
        found = signed_rank(FAMILIES, method="normal", continuity=continuity)
        assert found["p"].to_numpy() == pytest.approx(EXPECTED[key], rel=1e-10)


def test_paired_t_equals_r() -> None:
    found = paired_t(FAMILIES)
    assert found["p"].to_numpy() == pytest.approx(EXPECTED["paired_t_p"], rel=1e-9)
    assert found["p_adjusted"].to_numpy() == pytest.approx(EXPECTED["paired_t_holm"], rel=1e-9)
    one = stats.ttest_rel(FAMILIES["shape"], FAMILIES["firstorder"])
    assert (found["low"][0], found["high"][0]) == pytest.approx(tuple(one.confidence_interval()), rel=1e-9)


def test_ties_and_zeros_equal_scipy() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.integers(0, 6, (25, 2)) / 10, columns=["a", "b"])
    found = signed_rank(table).iloc[0]
    d = np.round(table["a"] - table["b"], 10)
    table = pd.DataFrame({"a": d, "b": 0.0})
    found = signed_rank(table).iloc[0]
    expected = stats.wilcoxon(d, zero_method="wilcox", correction=True, method="asymptotic")
    assert found["p"] == pytest.approx(expected.pvalue, rel=1e-10)
    assert np.isnan(signed_rank(table, method="exact")["p"][0])


def test_exact_by_all_signs() -> None:
    d = np.array([0.3, -0.1, 0.5, 0.7, -0.2, 0.45])
    ranks = stats.rankdata(abs(d))
    v = ranks[d > 0].sum()
    every = np.array(
        [sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign) for signs in product([0, 1], repeat=6)]
    )
    found = signed_rank(pd.DataFrame({"a": d, "b": 0.0})).iloc[0]
    assert found["p"] == pytest.approx(min(1, 2 * min(np.mean(every >= v), np.mean(every <= v))))
    assert found["effect_size"] == pytest.approx((v - (21 - v)) / 21)
    assert found["difference"] == pytest.approx(np.median([(d[i] + d[j]) / 2 for i in range(6) for j in range(i, 6)]))


def test_swapping_a_pair() -> None:
    one, other = (signed_rank(FAMILIES[columns]).iloc[0] for columns in (["shape", "glcm"], ["glcm", "shape"]))
    assert one["p"] == pytest.approx(other["p"])
    assert one["difference"] == pytest.approx(-other["difference"])
    assert one["statistic"] + other["statistic"] == 21 * 22 / 2


def test_no_difference_and_no_variance(recwarn: pytest.WarningsRecorder) -> None:
    base = np.random.default_rng(1).normal(size=7)
    table = pd.DataFrame({"a": base, "b": base, "c": base + 0.5})
    assert signed_rank(table)["p"][0] == 1
    found = paired_t(table)
    assert found["p"][0] == 1 and found["statistic"][0] == 0
    assert found["p"][1:].isna().all() and found["low"].isna().all()
    assert not recwarn.list


def test_missing_values() -> None:
    for test in (signed_rank, paired_t):
        with pytest.raises(DataError, match="'HNSCC'"):
            test(FAMILIES.mask(FAMILIES.isin([FAMILIES.loc["HNSCC", "glszm"]])))
