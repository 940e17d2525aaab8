"""Tests of what an analysis of variance assumes, against R."""

from __future__ import annotations

import pytest

from benchmark.errors import DataError
from benchmark.statistics.assumptions import ASSUMPTIONS, assumptions
from tests.statistics.r_numbers import PLANTS, R

EXPECTED = R["PlantGrowth"]


def test_equal_r() -> None:
    found = assumptions(PLANTS["y"], PLANTS["g"]).set_index("test")
    for test, key, statistic in (
        ("Levene", "levene_mean", "F"),
        ("Brown-Forsythe", "brown_forsythe_levene_median", "F"),
        ("Bartlett", "bartlett", "K2"),
        ("Fligner-Killeen", "fligner", "chi2"),
        ("Shapiro-Wilk", "shapiro_residuals", "W"),
    ):
        # the normal scores of Shapiro's W are rational approximations, and R has those of another order
        rel = 1e-6 if test == "Shapiro-Wilk" else 1e-9
        assert found.loc[test, "statistic"] == pytest.approx(EXPECTED[key][statistic], rel=rel)
        assert found.loc[test, "p"] == pytest.approx(EXPECTED[key]["p"], rel=rel)
    assert tuple(found.loc["Levene", ["df1", "df2"]]) == (2, 27)


def test_constant_groups_are_undefined(recwarn: pytest.WarningsRecorder) -> None:
    found = assumptions([1.0] * 4 + [2.0] * 4, list("aaaabbbb"))
    assert list(found.columns) == ASSUMPTIONS
    assert found[["statistic", "p"]].isna().all(axis=None)
    one = assumptions([1.0] * 4 + [2.0, 3, 1, 5], list("aaaabbbb")).set_index("test")
    assert one.loc["Bartlett", "p"] != one.loc["Bartlett", "p"] and one.loc["Levene", "p"] > 0
    assert not recwarn.list


def test_too_few_values() -> None:
    with pytest.raises(DataError, match="'b': at least 2"):
        assumptions([1, 2, 3], list("aab"))
