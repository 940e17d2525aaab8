"""ANOVA and post hoc tests against R, and degenerate tables."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.statistics.anova import omnibus, post_hoc

PLANTS = json.loads((Path(__file__).parents[1] / "data" / "anova_plant_growth.json").read_text())


def by_test(table: pd.DataFrame) -> dict[str, dict]:
    return {row["test"]: row for row in omnibus(table)}


def pairs_of(table: pd.DataFrame, test: str) -> dict[tuple[str, str], dict]:
    return {(row["first"], row["second"]): row for row in post_hoc(table) if row["test"] == test}


@pytest.fixture(scope="module")
def plants() -> pd.DataFrame:
    return pd.DataFrame(PLANTS["groups"])


def test_one_way_equals_r(plants: pd.DataFrame) -> None:
    found, expected = by_test(plants)["one-way"], PLANTS["anova"]
    assert found["statistic"] == pytest.approx(expected["F"], rel=1e-9)
    assert (found["df1"], found["df2"]) == (expected["df1"], expected["df2"])
    assert found["p"] == pytest.approx(expected["p"], rel=1e-9)
    assert found["effect_size"] == pytest.approx(PLANTS["eta2"], rel=1e-9)
    assert found["effect_size_name"] == "eta squared" and found["undefined"] == ""


def test_welch_equals_r(plants: pd.DataFrame) -> None:
    found, expected = by_test(plants)["Welch"], PLANTS["welch"]
    for ours, theirs in (("statistic", "F"), ("df1", "df1"), ("df2", "df2"), ("p", "p")):
        assert found[ours] == pytest.approx(expected[theirs], rel=1e-9)


def test_tukey_equals_r(plants: pd.DataFrame) -> None:
    expected, found = PLANTS["tukey_hsd"], pairs_of(plants, "Tukey HSD")
    for place, name in enumerate(expected["comparison_is_row_name_first_minus_second"]):
        second, first = name.split("-")
        row = found[first, second]  # ours is the other way round
        assert row["difference"] == pytest.approx(-expected["diff"][place], rel=1e-9)
        assert row["low"] == pytest.approx(-expected["ci95_high"][place], rel=1e-8)
        assert row["high"] == pytest.approx(-expected["ci95_low"][place], rel=1e-8)
        assert row["p_adjusted"] == pytest.approx(expected["p_adj"][place], rel=1e-8)
        assert np.isnan(row["p"]) and row["df"] == 27 and row["effect_size_name"] == "Hedges g"


def test_games_howell_equals_r(plants: pd.DataFrame) -> None:
    expected, found = PLANTS["games_howell"]["rstatix"], pairs_of(plants, "Games-Howell")
    table = PLANTS["games_howell"]["PMCMRplus_p"]
    for place, (first, second) in enumerate(zip(expected["group1"], expected["group2"], strict=True)):
        row = found[first, second]
        assert row["difference"] == pytest.approx(-expected["estimate_group2_minus_group1"][place], rel=1e-9)
        # R's qtukey stops at a change of 1e-4 per step, and its limits are right to about 1e-7
        assert row["low"] == pytest.approx(-expected["ci95_high"][place], abs=1e-7)
        assert row["high"] == pytest.approx(-expected["ci95_low"][place], abs=1e-7)
        p = table["p"][table["rows"].index(second)][table["cols"].index(first)]
        assert row["p_adjusted"] == pytest.approx(p, rel=1e-8)


@pytest.mark.shared
def test_repeated_measures_equal_r(shared: Path) -> None:
    folder = shared / "oracles" / "06_anova"
    expected = json.loads((folder / "expected.json").read_text())["family_auc_repeated_measures"]
    table = pd.read_csv(folder / "family_auc_wide.csv", index_col="dataset")
    found = by_test(table)["repeated measures"]
    plain = expected["anova_uncorrected"]
    assert found["statistic"] == pytest.approx(plain["F"], rel=1e-9)
    assert (found["df1"], found["df2"]) == (plain["df1"], plain["df2"])
    assert found["p"] == pytest.approx(plain["p"], rel=1e-9)
    assert found["p_corrected"] == pytest.approx(expected["greenhouse_geisser"]["p"], rel=1e-9)
    assert found["effect_size"] == pytest.approx(expected["effect"]["partial_eta2"], rel=1e-9)
    pairs, by_pair = expected["pairwise"], pairs_of(table, "paired t")
    for place, pair in enumerate(zip(pairs["pair_first"], pairs["pair_second"], strict=True)):
        assert by_pair[pair]["p"] == pytest.approx(pairs["paired_t_p"][place], rel=1e-9)
        assert by_pair[pair]["p_adjusted"] == pytest.approx(pairs["paired_t_holm"][place], rel=1e-9)


def test_repeated_measures_by_their_sums_of_squares() -> None:
    values = np.random.default_rng(0).normal(size=(12, 4)) + np.arange(4) * 0.3
    found = by_test(pd.DataFrame(values, columns=list("abcd")))["repeated measures"]
    grand, rows, columns = values.mean(), values.mean(1, keepdims=True), values.mean(0)
    effect = 12 * np.sum((columns - grand) ** 2)
    error = np.sum((values - rows - columns + grand) ** 2)
    assert found["statistic"] == pytest.approx((effect / 3) / (error / 33))
    assert found["effect_size"] == pytest.approx(effect / (effect + error))
    assert found["p_corrected"] >= found["p"] or found["statistic"] < 1


def test_paired_t_equals_scipy() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.normal([0, 0.5], 1, size=(15, 2)), columns=["a", "b"])
    row = pairs_of(table, "paired t")["a", "b"]
    expected = stats.ttest_rel(table["a"], table["b"])
    limits = expected.confidence_interval(0.95)
    assert (row["statistic"], row["p"], row["df"]) == pytest.approx((expected.statistic, expected.pvalue, 14))
    assert (row["low"], row["high"]) == pytest.approx((limits.low, limits.high))
    difference = table["a"] - table["b"]
    assert row["effect_size"] == pytest.approx(difference.mean() / difference.std())


def test_two_feature_sets_are_spherical_and_f_is_the_square_of_t() -> None:
    table = pd.DataFrame(np.random.default_rng(2).normal(size=(10, 2)), columns=["a", "b"])
    found = by_test(table)["repeated measures"]
    assert found["p_corrected"] == found["p"]
    assert found["statistic"] == pytest.approx(pairs_of(table, "paired t")["a", "b"]["statistic"] ** 2)


def test_constant_tables_are_undefined_with_a_reason() -> None:
    constant = pd.DataFrame({"a": [0.5] * 6, "b": [0.5] * 6, "c": [0.5] * 6})
    for row in omnibus(constant):
        assert np.isnan(row["p"]) and row["undefined"]
    for row in post_hoc(constant):
        assert (row["difference"], row["statistic"], row["p_adjusted"]) == (0, 0, 1)
    apart = constant.assign(c=0.9)
    for row in post_hoc(apart):
        assert row["p_adjusted"] == 1 if row["difference"] == 0 else np.isnan(row["p_adjusted"])


def test_a_constant_feature_set_is_no_case_for_welch_only() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"a": rng.normal(size=8), "b": rng.normal(size=8), "c": [1.0] * 8})
    found = by_test(table)
    assert found["Welch"]["undefined"] == "a feature set without variance"
    assert not np.isnan([found["one-way"]["p"], found["repeated measures"]["p"]]).any()
    rows = {row["test"]: row for row in post_hoc(table)}
    assert np.isnan(rows["Games-Howell"]["p_adjusted"]) and not np.isnan(rows["Tukey HSD"]["p_adjusted"])


def test_a_shift_that_is_equal_in_all_folds_has_no_variance_of_its_own() -> None:
    base = np.random.default_rng(4).normal(size=8)
    table = pd.DataFrame({"a": base, "b": base + 0.1, "c": base - 0.2})
    found = by_test(table)["repeated measures"]
    assert np.isnan(found["p"]) and found["undefined"] == "no variance besides that of folds and feature sets"


def test_no_warnings(recwarn: pytest.WarningsRecorder, plants: pd.DataFrame) -> None:
    omnibus(plants)
    post_hoc(plants)
    assert not recwarn.list


def test_two_rows_of_three_columns_have_no_repeated_measures() -> None:
    rows = omnibus(pd.DataFrame([[0.6, 0.7, 0.65], [0.5, 0.72, 0.61]]))
    repeated = next(row for row in rows if row["test"] == "repeated measures")
    assert np.isnan(repeated["p"]) and repeated["undefined"] == "two folds, which say nothing of sphericity"
    assert all(row["p"] > 0 for row in rows if row is not repeated)
