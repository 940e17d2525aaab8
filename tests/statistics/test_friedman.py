"""Friedman and its pairs against R, scipy and enumeration; ties."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.friedman import conover, exact, friedman, nemenyi, ranks_within, siegel_castellan
from tests.statistics.r_numbers import FAMILIES, R, in_order_of

EXPECTED = R["family_auc_repeated_measures"]


def test_equals_r() -> None:
    found, expected = friedman(FAMILIES), EXPECTED["friedman"]
    assert found.statistic == pytest.approx(expected["chi2_tie_corrected"], rel=1e-10)
    assert (found.df, found.p) == pytest.approx((expected["df"], expected["p"]), rel=1e-10)
    assert found.kendalls_w == pytest.approx(expected["kendalls_W"], rel=1e-10)
    f = found.iman_davenport
    theirs = expected["iman_davenport_from_tie_corrected_chi2"]
    assert (f.statistic, f.df1, f.df2, f.p) == pytest.approx(tuple(theirs.values()), rel=1e-10)
    theirs = expected["iman_davenport_scmamp"]
    assert (f.statistic, f.p) == pytest.approx((theirs["F"], theirs["p"]), rel=1e-10)
    assert ranks_within(FAMILIES).mean().to_dict() == pytest.approx(expected["mean_ranks_1_is_highest_value"])


def test_nemenyi_equals_r() -> None:
    found = nemenyi(FAMILIES)
    assert found["p_adjusted"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["nemenyi_p"]), rel=1e-8)
    q = in_order_of(found, EXPECTED["nemenyi_q"], "statistic")
    assert abs(found["statistic"].to_numpy()) == pytest.approx(q, rel=1e-9)


@pytest.mark.parametrize(
    ("adjustment", "key"), [("none", "none"), ("holm", "holm"), ("bh", "BH"), ("tukey", "single_step_tukey")]
)
def test_conover_equals_r(adjustment: str, key: str) -> None:
    found = conover(FAMILIES, adjustment=adjustment)
    assert found["p_adjusted"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["conover_p"][key]), rel=1e-8)
    t = in_order_of(found, EXPECTED["conover_t"], "statistic")
    assert abs(found["statistic"].to_numpy()) == pytest.approx(abs(t), rel=1e-9)


def test_exact_and_normal_pairs_equal_r() -> None:
    found = exact(FAMILIES, adjustment="none")
    assert found["p"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["exact_p_eisinga"]), rel=1e-9)
    found = siegel_castellan(FAMILIES, adjustment="none")
    assert found["p"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["siegel_castellan_p_none"]), rel=1e-9)


def test_exact_by_enumeration() -> None:
    table = pd.DataFrame([[0.9, 0.7, 0.1], [0.8, 0.4, 0.5], [0.7, 0.2, 0.6]], columns=list("abc"))
    sums = ranks_within(table).sum()
    orders = list(permutations((1, 2, 3)))
    for row in exact(table).itertuples():
        distance = abs(sums[row.first] - sums[row.second])
        every = [abs(sum(order[0] - order[1] for order in rows)) for rows in product(orders, repeat=3)]
        assert row.p == pytest.approx(np.mean([each >= distance for each in every]))


def test_ties_equal_scipy() -> None:
    table = pd.DataFrame(np.random.default_rng(0).integers(0, 4, (12, 4)), columns=list("abcd"))
    expected = stats.friedmanchisquare(*(table[name] for name in table))
    found = friedman(table)
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10)
    assert exact(table)["p"].isna().all()
    assert nemenyi(table)["p_adjusted"].notna().all()


def test_only_the_order_within_rows_counts() -> None:
    moved = np.exp(3 * FAMILIES).add(np.arange(len(FAMILIES)), axis=0)
    assert friedman(moved) == friedman(FAMILIES)


def test_iman_davenport_is_the_f_test_of_the_ranks() -> None:
    """With ties too: the F of a two-way analysis of variance of the ranks."""
    table = pd.DataFrame(np.random.default_rng(4).integers(0, 5, (10, 3)))
    ranks = ranks_within(table).to_numpy()
    columns = 10 * np.sum((ranks.mean(0) - 2) ** 2)
    left = np.sum((ranks - 2) ** 2) - columns
    f = friedman(table).iman_davenport
    assert f.statistic == pytest.approx((columns / 2) / (left / 18))


def test_the_same_order_everywhere(recwarn: pytest.WarningsRecorder) -> None:
    table = pd.DataFrame([[3.0, 2, 1]] * 5, columns=list("abc"))
    found = friedman(table)
    assert found.kendalls_w == pytest.approx(1)
    assert np.isinf(found.iman_davenport.statistic) and found.iman_davenport.p == 0
    assert np.isnan(conover(table)["p"]).all()
    equal = pd.DataFrame(np.ones((5, 3)), columns=list("abc"))
    assert np.isnan([friedman(equal).p, friedman(equal).kendalls_w, friedman(equal).iman_davenport.p]).all()
    assert (nemenyi(equal)["p_adjusted"] == 1).all() and (conover(equal)["p_adjusted"] == 1).all()
    assert not recwarn.list


def test_missing_values() -> None:
    with pytest.raises(DataError, match="without a value in all columns: 1 "):
        friedman(FAMILIES.mask(FAMILIES < 0.32))
