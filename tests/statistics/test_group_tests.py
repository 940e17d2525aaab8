"""Tests of groups by their assumptions: SciPy's and pingouin's numbers, and which test is taken when."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from benchmark.statistics.group_tests import group_tests, is_normal, mann_whitney, welch_t


def values(n: int = 60) -> np.ndarray:
    """Normal (in every second and every third row too), skewed, tied, and constant columns."""
    normal = 5 + 2 * stats.norm.ppf((np.arange(n) + 0.5) / n) + 0.8 * (np.arange(n) % 3 == 2) + 0.5 * (np.arange(n) % 2)
    return np.column_stack([normal, np.exp(normal), np.round(normal), np.full(n, 0.3)])


CODES = np.arange(60) % 3


def test_two_groups_are_scipys() -> None:
    x, codes = values(), np.arange(60) % 2
    t, ranks = welch_t(x, codes), mann_whitney(x, codes)
    for place in range(3):
        one, other = x[codes == 1, place], x[codes == 0, place]
        expected = stats.ttest_ind(one, other, equal_var=False)
        assert t["statistic"][place] == pytest.approx(expected.statistic)
        assert t["df"][place] == pytest.approx(expected.df)
        assert t["p"][place] == pytest.approx(expected.pvalue)
        assert t["effect"][place] == pytest.approx(pingouin.compute_effsize(one, other, eftype="hedges"), rel=2e-4)
        u = stats.mannwhitneyu(one, other, method="asymptotic")
        assert ranks["statistic"][place] == u.statistic
        assert ranks["p"][place] == pytest.approx(u.pvalue)
        assert ranks["effect"][place] == pytest.approx(np.mean(np.sign(one[:, None] - other)))


def test_more_groups_are_scipys_and_pingouins() -> None:
    x = values()
    found = group_tests(x, CODES)
    parts = [[x[code == CODES, place] for code in range(3)] for place in range(3)]
    assert found["test"].tolist() == ["ANOVA", "Kruskal-Wallis", "ANOVA", "Kruskal-Wallis"]
    assert found["p"][0] == pytest.approx(stats.f_oneway(*parts[0]).pvalue)
    assert found["p"][1] == pytest.approx(stats.kruskal(*parts[1]).pvalue)
    assert found["effect"][1] == pytest.approx(stats.kruskal(*parts[1]).statistic / 59)
    table = pingouin.anova(pd.DataFrame({"y": x[:, 0], "g": CODES}), dv="y", between="g")
    assert found["effect"][0] == pytest.approx(table["np2"].iloc[0])
    x[CODES == 2, 0] = 5 + 8 * (x[CODES == 2, 0] - 5)
    unequal = group_tests(x, CODES)
    welch = pingouin.welch_anova(pd.DataFrame({"y": x[:, 0], "g": CODES}), dv="y", between="g")
    assert unequal["test"][0] == "Welch ANOVA"
    assert unequal["statistic"][0] == pytest.approx(welch["F"].iloc[0])
    assert unequal["df2"][0] == pytest.approx(welch["ddof2"].iloc[0])


def test_the_test_follows_the_assumptions() -> None:
    x, codes = values(), np.arange(60) % 2
    found = group_tests(x, codes + 7)  # any integers
    assert found["test"].tolist()[:2] == ["Welch t", "Mann-Whitney"]
    assert found["effect_name"].tolist()[:2] == ["Hedges' g", "rank-biserial correlation"]
    assert is_normal(x, codes).tolist()[:2] == [True, False]
    assert not is_normal(x[:5], np.array([0, 0, 0, 1, 1])).any()  # two values are no evidence


def test_undefined_is_nan_and_says_no_test_of_one_group() -> None:
    x = values()
    assert np.isnan(group_tests(x, np.arange(60) % 2)["p"][3])
    assert np.isnan(group_tests(x, CODES)["p"][3])
    one = group_tests(x, np.zeros(60, int))
    assert np.isnan(one["p"]).all()
    assert set(one["test"]) == {""}
    assert len(group_tests(x[:0], CODES[:0])["p"]) == 4
