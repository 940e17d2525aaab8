"""One-way tests and their pairs from summary statistics, against R, and degenerate groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.group_pairs import games_howell, pooled_t, tukey_kramer, welch_t
from benchmark.statistics.groups import Groups, groups_of
from benchmark.statistics.one_way import ONE_WAY, one_way, one_way_table, welch
from tests.statistics.r_numbers import PLANTS, R, in_order_of

EXPECTED = R["PlantGrowth"]
SUMMARY = R["from_summary"]["PlantGrowth_exact"]
RAW = groups_of(PLANTS["y"], PLANTS["g"])
PRINTED = Groups(("ctrl", "trt1", "trt2"), SUMMARY["n"], SUMMARY["mean"], SUMMARY["sd"])
BOTH = pytest.mark.parametrize("groups", [RAW, PRINTED], ids=["raw", "summary"])


def test_summary_of_the_values() -> None:
    assert (RAW.total, RAW.k) == (EXPECTED["n"], EXPECTED["k"])
    assert dict(zip(RAW.names, RAW.n, strict=True)) == EXPECTED["group_n"]
    for name, mean, sd in zip(RAW.names, RAW.mean, RAW.sd, strict=True):
        assert mean == pytest.approx(EXPECTED["group_mean"][name], rel=1e-12)
        assert sd == pytest.approx(EXPECTED["group_sd"][name], rel=1e-12)


@BOTH
def test_one_way_equals_r(groups: Groups) -> None:
    found = one_way(groups)
    for expected in (EXPECTED["anova"], SUMMARY):
        assert found.ss_effect == pytest.approx(expected["SS_between"], rel=1e-10)
        assert found.ss_error == pytest.approx(expected["SS_within"], rel=1e-10)
        assert found.statistic == pytest.approx(expected["F"], rel=1e-10)
        assert (found.df1, found.df2) == (expected["df1"], expected["df2"])
        assert found.p == pytest.approx(expected["p"], rel=1e-10)
    rounded = SUMMARY["rpsychi"]
    assert found.statistic == pytest.approx(rounded["F"], abs=5e-4)
    assert found.ss_effect == pytest.approx(rounded["SS_between"], abs=5e-4)


@BOTH
def test_welch_equals_r(groups: Groups) -> None:
    found = welch(groups)
    for expected in (EXPECTED["welch"], SUMMARY["welch"]):
        assert (found.statistic, found.df1, found.df2, found.p) == pytest.approx(
            (expected["F"], expected["df1"], expected["df2"], expected["p"]), rel=1e-10
        )


@BOTH
def test_tukey_equals_r(groups: Groups) -> None:
    found, expected = tukey_kramer(groups), EXPECTED["tukey_hsd"]  # R: second minus first
    assert -found["difference"].to_numpy() == pytest.approx(expected["diff"], rel=1e-10)
    assert -found["high"].to_numpy() == pytest.approx(expected["ci95_low"], rel=1e-8)
    assert -found["low"].to_numpy() == pytest.approx(expected["ci95_high"], rel=1e-8)
    assert found["p_adjusted"].to_numpy() == pytest.approx(expected["p_adj"], rel=1e-8)
    assert found["p_adjusted"].to_numpy() == pytest.approx(SUMMARY["tukey_kramer_p"], rel=1e-8)
    assert found["df"].tolist() == [27.0] * 3 and found["p"].isna().all()


@BOTH
def test_games_howell_equals_r(groups: Groups) -> None:
    found, expected = games_howell(groups), EXPECTED["games_howell"]
    assert found["p_adjusted"].to_numpy() == pytest.approx(in_order_of(found, expected["PMCMRplus_p"]), rel=1e-8)
    assert found["p_adjusted"].to_numpy() == pytest.approx(SUMMARY["games_howell_p"], rel=1e-8)
    q = in_order_of(found, expected["PMCMRplus_q"], "statistic")
    assert -np.sqrt(2) * found["statistic"].to_numpy() == pytest.approx(q, rel=1e-10)
    other = expected["rstatix"]
    assert list(zip(found["first"], found["second"], strict=True)) == list(
        zip(other["group1"], other["group2"], strict=True)
    )
    assert -found["difference"].to_numpy() == pytest.approx(other["estimate_group2_minus_group1"], rel=1e-10)
    # R's qtukey stops its secant steps early
    assert -found["high"].to_numpy() == pytest.approx(other["ci95_low"], abs=3e-8)
    assert -found["low"].to_numpy() == pytest.approx(other["ci95_high"], abs=3e-8)
    assert found["p_adjusted"].to_numpy() == pytest.approx(other["p_adj"], abs=5e-4)


@BOTH
def test_t_tests_equal_r(groups: Groups) -> None:
    for pairs, key in ((pooled_t(groups), "pairwise_t_pooled_holm_p"), (welch_t(groups), "pairwise_t_welch_holm_p")):
        assert pairs["p_adjusted"].to_numpy() == pytest.approx(in_order_of(pairs, EXPECTED[key]), rel=1e-9)


def test_unequal_sizes_equal_scipy() -> None:
    rng = np.random.default_rng(0)
    parts = [rng.normal(mean, sd, n) for mean, sd, n in ((0, 1, 5), (1, 3, 9), (0.5, 0.4, 21), (2, 2, 4))]
    groups = groups_of(np.concatenate(parts), np.repeat(list("abcd"), [len(part) for part in parts]))
    assert one_way(groups).p == pytest.approx(stats.f_oneway(*parts).pvalue, rel=1e-10)
    expected = stats.tukey_hsd(*parts)
    limits = expected.confidence_interval(0.95)
    for pairs, theirs in (
        (tukey_kramer(groups), expected),
        (games_howell(groups), stats.tukey_hsd(*parts, equal_var=False)),
    ):
        upper = np.triu_indices(4, 1)
        assert pairs["p_adjusted"].to_numpy() == pytest.approx(theirs.pvalue[upper], abs=1e-8)
    assert tukey_kramer(groups)["low"].to_numpy() == pytest.approx(limits.low[np.triu_indices(4, 1)], rel=1e-6)
    for row in welch_t(groups).itertuples():
        one, two = (parts["abcd".index(name)] for name in (row.first, row.second))
        test = stats.ttest_ind(one, two, equal_var=False)
        assert (row.statistic, row.p) == pytest.approx((test.statistic, test.pvalue), rel=1e-10)
        assert row.low == pytest.approx(test.confidence_interval().low, rel=1e-9)


def test_two_groups_are_a_t_test() -> None:
    groups = Groups(("a", "b"), [7, 12], [1.0, 1.4], [0.5, 0.9])
    t = stats.ttest_ind_from_stats(1.0, 0.5, 7, 1.4, 0.9, 12)
    assert one_way(groups).statistic == pytest.approx(t.statistic**2)
    assert tukey_kramer(groups)["p_adjusted"][0] == pytest.approx(t.pvalue, rel=1e-9)
    unequal = stats.ttest_ind_from_stats(1.0, 0.5, 7, 1.4, 0.9, 12, equal_var=False)
    assert welch(groups).p == pytest.approx(unequal.pvalue)
    assert games_howell(groups)["p_adjusted"][0] == pytest.approx(unequal.pvalue, rel=1e-9)


def test_shift_and_scale_change_nothing() -> None:
    moved = groups_of(100 + 7 * PLANTS["y"], PLANTS["g"])
    assert one_way(moved).p == pytest.approx(one_way(RAW).p)
    assert welch(moved).p == pytest.approx(welch(RAW).p)
    assert games_howell(moved)["p_adjusted"].tolist() == pytest.approx(games_howell(RAW)["p_adjusted"].tolist())
    assert tukey_kramer(moved)["effect_size"].tolist() == pytest.approx(tukey_kramer(RAW)["effect_size"].tolist())


def test_groups_without_variance(recwarn: pytest.WarningsRecorder) -> None:
    constant = Groups(("a", "b", "c"), [5, 5, 5], [0.7, 0.7, 0.9], [0, 0, 0])
    assert np.isnan([one_way(constant).p, one_way(constant).statistic, welch(constant).p]).all()
    for pairs in (tukey_kramer(constant), games_howell(constant), pooled_t(constant), welch_t(constant)):
        assert pairs["p_adjusted"][0] == 1 and pairs["p_adjusted"][1:].isna().all()
        assert pairs[["low", "high"]].isna().all(axis=None)
    one = Groups(("a", "b", "c"), [5, 5, 5], [0.7, 0.8, 0.9], [0, 0.1, 0.1])
    assert np.isnan(welch(one).p) and one_way(one).p < 0.05
    assert games_howell(one)["p_adjusted"].notna().all()
    assert not recwarn.list


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((("a",), [5], [1], [1]), "found 1, expected at least 2"),
        ((("a", "a"), [5, 5], [1, 1], [1, 1]), "occurs twice"),
        ((("a", "b"), [5, 1], [1, 1], [1, 1]), "'b': at least 2"),
        ((("a", "b"), [5, 5], [1, np.nan], [1, 1]), "'b': n, mean and sd should be finite"),
        ((("a", "b"), [5, 5], [1, 1], [-1, 1]), "'a': a standard deviation cannot be negative"),
        ((("a", "b"), [5, 5], [1, 1, 1], [1, 1]), "different lengths"),
    ],
)
def test_wrong_summaries(arguments: tuple, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Groups(*arguments)


def test_wrong_values() -> None:
    with pytest.raises(DataError, match="value 2 of 'a' is nan"):
        groups_of([1, np.nan, 2, 3], list("aabb"))
    with pytest.raises(DataError, match="3 values for 2 names"):
        groups_of([1, 2, 3], list("ab"))
    with pytest.raises(DataError, match="'b': at least 2"):
        groups_of([1, 2, 3], list("aab"))


def test_tables_have_the_columns_of_post_hoc_pairs() -> None:
    tables = [tukey_kramer(RAW), games_howell(RAW), pooled_t(RAW), welch_t(RAW)]
    assert len({tuple(table.columns) for table in tables}) == 1
    assert pd.concat(tables)["test"].nunique() == 4


def test_one_table_of_both_tests_and_the_effect_sizes() -> None:
    found = one_way_table(PRINTED, level=0.95)
    assert list(found.columns) == ONE_WAY and len(found) == 5
    classic, effects = found[found["test"] == "one-way"], EXPECTED["effect"]
    assert classic["p"].to_numpy() == pytest.approx(EXPECTED["anova"]["p"])
    by_name = classic.set_index("effect_size_name")
    assert by_name.loc["eta squared", "effect_size"] == pytest.approx(effects["eta2"])
    assert by_name.loc["Cohen's f", "high"] == pytest.approx(effects["effectsize_cohens_f"]["ci_high"], rel=1e-5)
    assert found["p"].iloc[-1] == pytest.approx(EXPECTED["welch"]["p"]) and found["effect_size"].isna().iloc[-1]
