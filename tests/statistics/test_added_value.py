"""The table of what a family adds: which pairs, which numbers, which verdicts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.errors import ConfigError, DataError
from benchmark.statistics.added_value import (
    ADDED_VALUE,
    added_value,
)
from benchmark.statistics.aucs import Aucs
from benchmark.statistics.delong import delong
from benchmark.statistics.multiplicity import adjust

PARTS = {
    "HRF": ["HRF"],
    "DRF": ["DRF"],
    "HRF + DRF": ["HRF", "DRF"],
    "clinical": ["clinical"],
    "all": ["HRF", "DRF", "clinical"],
}
RECIPES = [(name, "raw", classifier) for name in PARTS for classifier in ("lr", "rf")]


def simulate(*, n: int = 200, seed: int = 0, gain: float = 0.6) -> Aucs:
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    common = y + rng.normal(0, 1, n)
    scores = [common + gain * len(PARTS[name]) * y + rng.normal(0, 0.6, n) for name, _, _ in RECIPES]
    return delong(y, np.column_stack(scores))


AUCS = simulate()


def test_pairs_are_a_feature_set_and_one_that_contains_it() -> None:
    found = added_value(AUCS, RECIPES, PARTS, margin=0.02)
    assert list(found.columns) == ADDED_VALUE
    asked = {tuple(row) for row in found[["base", "added", "together"]].itertuples(index=False)}
    assert asked == {
        ("HRF", "DRF", "HRF + DRF"),
        ("DRF", "HRF", "HRF + DRF"),
        ("HRF", "DRF + clinical", "all"),
        ("DRF", "HRF + clinical", "all"),
        ("clinical", "HRF + DRF", "all"),
        ("HRF + DRF", "clinical", "all"),
    }
    assert len(found) == 12 and set(found["classifier"]) == {"lr", "rf"}
    assert found["together"].tolist()[:4] == ["HRF + DRF"] * 4  # the smallest questions first


def test_numbers_are_those_of_the_joint_covariance() -> None:
    found = added_value(AUCS, RECIPES, PARTS, margin=0.03, level=0.9, adjustment="bh")
    for row in found.itertuples():
        i, j = (RECIPES.index((name, row.preprocessing, row.classifier)) for name in (row.together, row.base))
        c = AUCS.covariance
        d, se = AUCS.estimate[i] - AUCS.estimate[j], np.sqrt(c[i, i] + c[j, j] - 2 * c[i, j])
        assert (row.auc_together, row.auc_base) == (AUCS.estimate[i], AUCS.estimate[j])
        assert (row.difference, row.statistic) == pytest.approx((d, d / se))
        assert (row.low, row.high) == pytest.approx((d - 1.6448536 * se, d + 1.6448536 * se), abs=1e-7)
        assert row.p == pytest.approx(2 * stats.norm.sf(abs(d / se)))
        tost = max(stats.norm.sf((d + 0.03) / se), stats.norm.sf((0.03 - d) / se))
        assert row.p_equivalence == pytest.approx(tost)
        assert row.p_non_inferiority == pytest.approx(stats.norm.sf((d + 0.03) / se))
    assert found["p_adjusted"].to_numpy() == pytest.approx(adjust(found["p"].to_numpy(), "bh"))
    assert found["p_equivalence_adjusted"].to_numpy() == pytest.approx(adjust(found["p_equivalence"].to_numpy(), "bh"))


def test_verdicts() -> None:
    aucs = Aucs(np.array([0.70, 0.80, 0.71, 0.60]), np.diag([1.0, 1, 1, 1]) * 0.01, "made")
    parts = {"a": "a", "b": "ab", "c": "ac", "d": "ad"}
    recipes = [(name, "raw", "lr") for name in parts]
    found = added_value(aucs, recipes, parts, margin=0.06)
    assert found["verdict"].tolist() == ["better", "equivalent", "worse"]
    unsure = Aucs(aucs.estimate, aucs.contributions * 8, "made")
    assert set(added_value(unsure, recipes, parts, margin=0.06)["verdict"]) == {"open"}
    # p of equivalence 0.034 is not enough as the best of three
    wider = Aucs(aucs.estimate, aucs.contributions * 1.94, "made")
    alone = added_value(wider, recipes, parts, margin=0.06, adjustment="none")
    assert alone["p_equivalence"][1] == pytest.approx(0.034, abs=0.001) and alone["verdict"][1] == "equivalent"
    assert added_value(wider, recipes, parts, margin=0.06)["verdict"][1] == "open"
    # the larger the margin, the easier to be equivalent
    tight = added_value(aucs, recipes, parts, margin=0.02)
    assert (tight["p_equivalence"] >= found["p_equivalence"]).all() and tight["verdict"][1] == "open"


def test_no_variance(recwarn: pytest.WarningsRecorder) -> None:
    """A fusion that ranks all cases as its base does is equivalent; a constant one cannot be tested."""
    y = np.arange(40) % 2
    score = y + np.random.default_rng(1).normal(0, 1, 40)
    recipes = [("HRF", "raw", "lr"), ("HRF + DRF", "raw", "lr")]
    found = added_value(delong(y, np.column_stack([score, 2 * score])), recipes, PARTS, margin=0.02).iloc[0]
    assert (found["difference"], found["p"], found["p_equivalence"], found["verdict"]) == (0, 1, 0, "equivalent")
    constant = Aucs(np.array([0.5, 1.0]), np.zeros((40, 2)), "made")
    found = added_value(constant, recipes, PARTS, margin=0.02).iloc[0]
    assert np.isnan([found["p"], found["low"], found["p_equivalence"]]).all() and found["verdict"] == "open"
    undefined = Aucs(np.array([0.5, np.nan]), np.full((40, 2), np.nan), "made")
    assert np.isnan(added_value(undefined, recipes, PARTS, margin=0.02)["p_adjusted"][0])
    assert not recwarn.list


def test_nothing_contains_another() -> None:
    recipes = [("HRF", "raw", "lr"), ("DRF", "raw", "lr")]
    aucs = Aucs(np.array([0.6, 0.7]), np.eye(2), "made")
    found = added_value(aucs, recipes, PARTS, margin=0.02)
    assert found.empty and list(found.columns) == ADDED_VALUE
    twice = {"HRF": ["CT"], "DRF": ["CT"]}
    assert added_value(aucs, recipes, twice, margin=0.02).empty  # the same parts add nothing


def test_wrong_input() -> None:
    with pytest.raises(ConfigError, match=r"unknown feature set 'HRF'.*Did you mean 'HRFs'"):
        added_value(AUCS, RECIPES, {"HRFs": ["HRF"]}, margin=0.02)
    with pytest.raises(DataError, match="1 recipes for 10 AUCs"):
        added_value(AUCS, RECIPES[:1], PARTS, margin=0.02)
    with pytest.raises(ConfigError, match="margin"):
        added_value(AUCS, RECIPES, PARTS, margin=0.0)
