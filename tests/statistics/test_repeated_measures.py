"""Repeated measures against R, loops, pingouin and statsmodels; degenerate tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.anova import omnibus
from benchmark.statistics.effect_sizes import effect_sizes
from benchmark.statistics.repeated_measures import pairs_by_common_error, repeated_measures
from tests.statistics.r_numbers import FAMILIES, R

EXPECTED = R["family_auc_repeated_measures"]


def test_sums_of_squares_and_f_equal_r() -> None:
    found, expected = repeated_measures(FAMILIES), EXPECTED["anova_uncorrected"]
    plain = found.test.plain
    assert FAMILIES.shape == (EXPECTED["n_subjects"], EXPECTED["k"])
    assert plain.ss_effect == pytest.approx(expected["SS_effect"], rel=1e-9)
    assert plain.ss_error == pytest.approx(expected["SS_error"], rel=1e-9)
    assert found.ss_subjects == pytest.approx(expected["SS_subjects"], rel=1e-9)
    assert (plain.statistic, plain.p) == pytest.approx((expected["F"], expected["p"]), rel=1e-9)
    assert (plain.df1, plain.df2) == (expected["df1"], expected["df2"])


def test_sphericity_equals_r() -> None:
    found = repeated_measures(FAMILIES)
    expected = EXPECTED["greenhouse_geisser"]
    assert found.test.greenhouse_geisser == pytest.approx(expected["eps"], rel=1e-9)
    assert found.test.p_greenhouse_geisser == pytest.approx(expected["p"], rel=1e-9)
    expected = EXPECTED["huynh_feldt"]
    assert found.test.huynh_feldt == pytest.approx(expected["eps_not_cut_at_1"], rel=1e-9)
    assert found.test.p_huynh_feldt == pytest.approx(expected["p"], rel=1e-9)
    assert (found.mauchly_w, found.mauchly_p) == pytest.approx(tuple(EXPECTED["mauchly"].values()), rel=1e-9)


def test_effect_sizes_equal_r() -> None:
    found, expected = repeated_measures(FAMILIES), EXPECTED["effect"]
    assert found.partial_eta_squared == pytest.approx(expected["partial_eta2"], rel=1e-9)
    assert found.partial_eta_squared == pytest.approx(expected["partial_eta2_afex"], rel=1e-9)
    assert found.generalized_eta_squared == pytest.approx(expected["generalized_eta2_afex"], rel=1e-9)
    assert found.cohens_f == pytest.approx(expected["cohens_f_partial"], rel=1e-9)
    assert found.partial_omega_squared < 0  # effectsize cuts it
    theirs, plain = expected["partial_omega2_effectsize"], found.test.plain
    assert max(found.partial_omega_squared, 0) == theirs["estimate"]
    omega = effect_sizes(plain.statistic, plain.df1, plain.df2)[1]
    assert (omega.low, omega.high) == (theirs["ci_low"], theirs["ci_high"])


def test_mixed_model_equals_r() -> None:
    """lmer stops its search with 1e-8 of the last digit left."""
    found, expected = repeated_measures(FAMILIES), EXPECTED["mixed_model_random_intercept_REML"]
    assert found.variance_subjects == pytest.approx(expected["var_subject"], rel=1e-6)
    assert found.variance_residual == pytest.approx(expected["var_residual"], rel=1e-6)
    plain = found.test.plain
    assert (plain.statistic, plain.p) == pytest.approx((expected["F"], expected["p"]), rel=1e-7)
    assert (plain.df1, plain.df2) == pytest.approx((expected["df1"], expected["df2"]), rel=1e-7)
    pairs, table = pairs_by_common_error(FAMILIES), expected["emmeans_pairs_tukey"]
    assert [f"{row.first} - {row.second}" for row in pairs.itertuples()] == table["contrast"]
    assert pairs["difference"].to_numpy() == pytest.approx(table["estimate"], rel=1e-9)
    assert (pairs["difference"] / pairs["statistic"]).to_numpy() == pytest.approx(table["se"], rel=1e-7)
    assert pairs["df"].to_numpy() == pytest.approx(table["df"])
    assert pairs["p_adjusted"].to_numpy() == pytest.approx(table["p"], rel=1e-7)


def test_equals_pingouin() -> None:
    table = pd.DataFrame(
        np.random.default_rng(0).normal(size=(9, 4)) * [1, 2, 3, 1] + np.arange(4), columns=list("abcd")
    )
    found = repeated_measures(table)
    other = next(row for row in omnibus(table) if row["test"] == "repeated measures")
    assert found.test.plain.statistic == pytest.approx(other["statistic"], rel=1e-10)
    assert found.test.p_greenhouse_geisser == pytest.approx(other["p_corrected"], rel=1e-10)
    assert found.partial_eta_squared == pytest.approx(other["effect_size"], rel=1e-10)


def test_omega_squared_by_its_definition() -> None:
    values = np.random.default_rng(1).normal(size=(6, 3)) + np.array([0, 1, 3])
    found = repeated_measures(pd.DataFrame(values))
    effect = error = subjects = 0.0
    for row in values:
        subjects += 3 * (row.mean() - values.mean()) ** 2
        for j in range(3):
            effect += (values[:, j].mean() - values.mean()) ** 2
            error += (row[j] - row.mean() - values[:, j].mean() + values.mean()) ** 2
    ms_error, ms_subjects = error / 10, subjects / 5
    omega = 2 * (effect / 2 - ms_error) / (effect + error + subjects + ms_subjects)
    assert found.partial_omega_squared == pytest.approx(omega, rel=1e-10)


def test_two_conditions_are_a_paired_t_test() -> None:
    table = FAMILIES[["shape", "glcm"]]
    found, t = repeated_measures(table), stats.ttest_rel(table["shape"], table["glcm"])
    assert found.test.plain.statistic == pytest.approx(t.statistic**2, rel=1e-9)
    assert found.test.greenhouse_geisser == pytest.approx(1)
    assert found.test.p_greenhouse_geisser == pytest.approx(t.pvalue, rel=1e-9)
    assert found.mauchly_w == 1 and np.isnan(found.mauchly_p)
    assert pairs_by_common_error(table)["p_adjusted"][0] == pytest.approx(t.pvalue, rel=1e-8)


def test_what_subjects_have_in_common_changes_nothing() -> None:
    shift = np.random.default_rng(2).normal(size=(len(FAMILIES), 1)) * 5
    found, before = repeated_measures(FAMILIES + shift), repeated_measures(FAMILIES)
    assert found.test.p_greenhouse_geisser == pytest.approx(before.test.p_greenhouse_geisser)
    turned = repeated_measures(FAMILIES[FAMILIES.columns[::-1]])
    assert turned.mauchly_p == pytest.approx(before.mauchly_p)


def test_no_variance_is_undefined(recwarn: pytest.WarningsRecorder) -> None:
    base = np.random.default_rng(3).normal(size=8)
    shifted = pd.DataFrame({"a": base, "b": base + 0.1, "c": base})
    found = repeated_measures(shifted)
    assert np.isnan(
        [found.test.plain.p, found.test.p_greenhouse_geisser, found.partial_eta_squared, found.mauchly_w]
    ).all()
    pairs = pairs_by_common_error(shifted)
    assert pairs["p_adjusted"].isna().tolist() == [True, False, True] and pairs["p_adjusted"][1] == 1
    assert not recwarn.list


def test_few_subjects_have_no_test_of_sphericity() -> None:
    found = repeated_measures(FAMILIES.iloc[:4])
    assert np.isnan(found.mauchly_p) and 0 < found.test.p_greenhouse_geisser < 1


def test_missing_values() -> None:
    table = FAMILIES.copy()
    table.iloc[2, 1] = np.nan
    with pytest.raises(DataError, match="'Dong2022'"):
        repeated_measures(table)
    with pytest.raises(DataError, match="1 rows x 5 columns"):
        repeated_measures(FAMILIES.iloc[:1])
