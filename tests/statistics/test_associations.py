"""Blocks against blocks: each kind of pair has its test, and p is adjusted over all of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.estimates import ASSOCIATIONS
from benchmark.statistics.associations import associations
from benchmark.statistics.block_values import BlockValues, Categories
from benchmark.statistics.contingency import count_test
from benchmark.statistics.group_tests import group_tests
from benchmark.statistics.multiplicity import adjust

RNG = np.random.default_rng(0)
HRF = BlockValues("HRF", ("a", "b"), ("a", "b"), RNG.normal(size=(60, 2)))
SEX, STAGE = (
    Categories(np.arange(60) % 2, ("f", "m")),
    Categories(np.arange(60) % 3 - (np.arange(60) == 5), ("I", "II", "III")),
)
CLINICAL = BlockValues("clinical", ("age", "sex", "stage"), ("age", "stage"),
                       np.column_stack([RNG.normal(60, 9, 60), STAGE.codes.astype(float)]),
                       {"sex": SEX, "stage": STAGE})  # fmt: skip
GENES = BlockValues("genes", ("TP53",), ("TP53",), (np.arange(60) % 4 == 0).astype(float)[:, None])


def test_by_kind() -> None:
    found = associations([HRF], [CLINICAL], method="by_kind").set_index(["feature", "other_feature"])
    assert len(found) == 6
    assert found.loc[("a", "age"), "estimate"] == pytest.approx(
        stats.spearmanr(HRF.numbers[:, 0], CLINICAL.numbers[:, 0]).statistic
    )
    assert found.loc[("a", "stage"), "measure"] == "Spearman's rho"  # ordered: by rank
    row, expected = found.loc[("b", "sex")], group_tests(HRF.numbers[:, 1:], SEX.codes)
    assert (row["p"], row["estimate"]) == pytest.approx((expected["p"][0], expected["effect"][0]))
    assert row["contrast"] == "m minus f"
    np.testing.assert_allclose(found["p_adjusted"], adjust(found["p"].to_numpy(), "bh"))


def test_both_sides_may_have_categories() -> None:
    other = BlockValues("text", ("site",), categories={"site": Categories(np.arange(60) // 20, ("x", "y", "z"))})
    found = associations([CLINICAL], [other], method="by_kind", adjustment="none")
    pairs = found.set_index(["feature", "other_feature"])
    counts = np.array([[np.sum((SEX.codes == i) & (np.arange(60) // 20 == j)) for j in range(3)] for i in range(2)])
    assert pairs.loc[("sex", "site"), "p"] == pytest.approx(count_test(counts).p)
    assert pairs.loc[("sex", "site"), "measure"] == "Cramer's V"
    assert pairs.loc[("age", "site"), "test"] in ("ANOVA", "Welch ANOVA", "Kruskal-Wallis")
    assert pairs["p"].equals(pairs["p_adjusted"])


def test_groups_take_values_for_groups() -> None:
    found = associations([HRF], [GENES], method="groups")
    expected = group_tests(HRF.numbers, GENES.numbers[:, 0].astype(int))
    np.testing.assert_allclose(found["p"], expected["p"])
    assert set(found["contrast"]) == {"1 minus 0"}
    assert found.columns.tolist() == ASSOCIATIONS


def test_gaps_go_pair_by_pair() -> None:
    gaps = BlockValues("HRF", ("a", "b"), ("a", "b"), np.where(np.arange(120).reshape(60, 2) == 8, np.nan, HRF.numbers))
    found = associations([gaps], [CLINICAL], method="by_kind").set_index(["feature", "other_feature"])
    assert found.loc[("a", "age"), "n_cases"] == 59
    assert found.loc[("a", "sex"), "n_cases"] == 59
    assert found.loc[("b", "sex"), "n_cases"] == 60
    assert found.loc[("a", "stage"), "n_cases"] == 59
