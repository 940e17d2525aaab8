"""The baseline table: counts and moments by definition, the tests of SciPy, gaps and empty groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.statistics.baseline import baseline
from benchmark.statistics.block_values import BlockValues, Categories

GROUP = np.array([-1, *np.arange(60) % 2])
AGE = np.array([500.0, *(60 + 9 * stats.norm.ppf((np.arange(60) + 0.5) / 60))])
AGE[7] = np.nan
SEX = np.array([0, *np.random.default_rng(0).integers(0, 2, 60)])
SEX[4] = -1
GRADE = np.array([0.0, *np.random.default_rng(1).integers(1, 4, 60)])
BLOCK = BlockValues(
    "clinical",
    ("age", "sex", "grade"),
    ("age", "grade"),
    np.column_stack([AGE, GRADE]),
    {"sex": Categories(SEX, ("f", "m"))},
)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return baseline([BLOCK], Categories(GROUP, ("no", "yes")))


def test_numbers_by_definition(table: pd.DataFrame) -> None:
    rows = table[table["feature"] == "age"].set_index("group")
    assert rows.index.tolist() == ["", "no", "yes"]  # the case without a group does not count
    assert rows["n_cases"].tolist() == [60, 30, 30]
    assert rows["n_missing"].tolist() == [1, 1, 0]
    for code, name in enumerate(("no", "yes")):
        known = AGE[(code == GROUP) & ~np.isnan(AGE)]
        expected = [known.mean(), known.std(ddof=1), *np.quantile(known, [0.25, 0.5, 0.75])]
        np.testing.assert_allclose(rows.loc[name, ["mean", "sd", "q1", "median", "q3"]].astype(float), expected)
    no, yes = (AGE[(code == GROUP) & ~np.isnan(AGE)] for code in (0, 1))
    assert set(rows["test"]) == {"Welch t"}
    assert rows["p"].iloc[0] == pytest.approx(stats.ttest_ind(yes, no, equal_var=False).pvalue)
    assert rows["smd"].iloc[0] == pytest.approx(
        abs(no.mean() - yes.mean()) / np.sqrt((no.var(ddof=1) + yes.var(ddof=1)) / 2)
    )


def test_categories_by_definition(table: pd.DataFrame) -> None:
    rows = table[table["feature"] == "sex"].set_index(["level", "group"])
    known = (SEX >= 0) & (GROUP >= 0)
    for code, name in enumerate(("no", "yes")):
        here = known & (code == GROUP)
        assert rows.loc[("m", name), "count"] == np.sum(SEX[here] == 1)
        assert rows.loc[("m", name), "share"] == pytest.approx(np.mean(SEX[here] == 1))
    assert rows.groupby("group")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    counts = pd.crosstab(SEX[known], GROUP[known]).to_numpy()
    assert rows["p"].iloc[0] == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue)


def test_few_whole_numbers_are_counted(table: pd.DataFrame) -> None:
    rows = table[table["feature"] == "grade"]
    assert rows["level"].unique().tolist() == ["0", "1", "2", "3"]
    assert rows.loc[(rows["level"] == "0") & (rows["group"] == ""), "count"].item() == 0  # of the case left out


def test_groups_without_values_and_features_without_variance() -> None:
    empty = np.where(GROUP == 1, np.nan, AGE)
    block = BlockValues("b", ("empty", "flat"), ("empty", "flat"), np.column_stack([empty, np.full(61, 0.5)]))
    found = baseline([block], Categories(GROUP, ("no", "yes"))).set_index(["feature", "group"])
    assert found.loc["empty", "p"].isna().all()
    assert np.isnan(found.loc[("empty", "yes"), "mean"])
    assert found.loc["flat", "p"].isna().all()
    assert found.loc[("flat", ""), "smd"] == 0
