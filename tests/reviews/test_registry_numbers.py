"""The registry of the project gives the figures that were worked out of it by hand, to the printed digit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from benchmark.reviews import families, within
from benchmark.reviews.pooling import pool
from benchmark.reviews.registry import read_registry
from benchmark.reviews.review import BASE, review
from benchmark.reviews.review_file import PoolingSection, ReviewFile
from benchmark.yaml_file import parse, read_yaml

FILE = Path(__file__).resolve().parents[2] / "experiments" / "reviews" / "families.yaml"
TOLD = parse(ReviewFile, read_yaml(FILE))
REGISTRY = read_registry(FILE.parent / "studies.csv")
HELD_OUT = TOLD.pools["held-out split stated"].over(TOLD.pooling)

POOLS = {"all": (TOLD.pooling, "auc"), "held-out": (HELD_OUT, "auc"), "accuracy": (TOLD.pooling, "accuracy")}
MEANS = {
    "all": {"HRF": (15, 0.858, 0.100), "DRF": (7, 0.839, 0.108), "DL": (5, 0.908, 0.065), "fusion": (15, 0.906, 0.062)},
    "held-out": {"HRF": (11, 0.859, 0.102), "DRF": (6, 0.818, 0.101), "DL": (1, 0.94, None),
                 "fusion": (12, 0.900, 0.064)},
    "accuracy": {"HRF": (2, 0.776, None), "DRF": (2, 0.793, None), "DL": (4, 0.866, 0.064),
                 "fusion": (7, 0.880, 0.110)},
}  # fmt: skip
TESTS = {"all": (0.23, 0.53), "held-out": (0.18, 0.30), "accuracy": (0.71, 0.69)}
"""p of the analysis of variance and of Kruskal-Wallis."""


def of(name: str) -> pd.DataFrame:
    return pool(REGISTRY, *POOLS[name])


def printed(found: float, value: float, digits: int) -> bool:
    """Whether a number rounds to the printed one (half of the last digit, and what floats need)."""
    return abs(found - value) <= 0.5 * 10**-digits + 1e-9


@pytest.mark.parametrize("name", POOLS)
def test_n_mean_and_sd_of_each_family(name: str) -> None:
    found = families.summary(of(name), level=0.95).set_index("group")
    assert list(found.index) == ["HRF", "DRF", "DL", "fusion"]
    for family, (n, mean, sd) in MEANS[name].items():
        assert found.loc[family, "n"] == n
        assert printed(found.loc[family, "mean"], mean, 3)
        assert sd is None or printed(found.loc[family, "sd"], sd, 3)


@pytest.mark.parametrize("name", POOLS)
def test_p_of_the_tests_across_families(name: str) -> None:
    found = families.omnibus(of(name), level=0.95, draws=100, seed=0).drop_duplicates("test").set_index("test")["p"]
    values = [part["value"].to_numpy(float) for _, part in families.tested(of(name))[0].groupby("group")]
    assert found["one-way"] == pytest.approx(stats.f_oneway(*values).pvalue, rel=1e-9)
    assert found["Kruskal-Wallis"] == pytest.approx(stats.kruskal(*values).pvalue, rel=1e-9)
    assert printed(found["one-way"], TESTS[name][0], 2) and printed(found["Kruskal-Wallis"], TESTS[name][1], 2)


def test_tukey_finds_no_pair() -> None:
    every = {name: families.pairs(of(name), level=0.95, adjustment="holm") for name in POOLS}
    assert all((found["p_tukey"] > 0.05).all() for found in every.values())
    lowest = every["held-out"].loc[every["held-out"]["p_tukey"].idxmin()]
    assert {lowest["first"], lowest["second"]} == {"fusion", "DRF"} and printed(lowest["p_tukey"], 0.17, 2)
    assert printed(every["all"]["p_tukey"].min(), 0.34, 2)


@pytest.mark.parametrize(
    ("first", "second", "n", "higher", "mean", "p"),
    [("fusion", "HRF", 5, 5, 0.084, 0.06), ("fusion", "DRF", 6, 6, 0.059, 0.03), ("DRF", "HRF", 6, 5, 0.028, 0.16)],
)
def test_comparison_inside_studies(first: str, second: str, n: int, higher: int, mean: float, p: float) -> None:
    found = within.within(of("all"), level=0.95).set_index(["first", "second"]).loc[(first, second)]
    assert (found["n"], found["n_higher"]) == (n, higher)
    assert printed(found["difference"], mean, 3) and printed(found["p"], p, 2)


def test_the_mixed_model_sees_what_the_unpaired_test_does_not() -> None:
    found = within.mixed(of("all"), level=0.95).set_index("first")
    assert found.loc["fusion", "low"] > 0 and found["p_all"].iloc[0] < 0.01
    assert found["n_shared"].iloc[0] == 10 and found["n_studies"].iloc[0] == 27


def test_counts_of_the_registry() -> None:
    assert (REGISTRY["study_id"].nunique(), len(REGISTRY), int(REGISTRY["value"].notna().sum())) == (56, 246, 215)
    assert REGISTRY.loc[REGISTRY["metric"] == "rqs2_fraction", "value"].describe()[["count", "max"]].tolist() == [
        18,
        0.4545,
    ]


def test_review_of_the_project_with_its_verdicts() -> None:
    found = review(FILE)
    verdicts = found.results["published"].set_index(["metric", "what"])["verdict"]
    assert verdicts.to_dict() == {
        ("accuracy", "mean of DRF"): "cannot be known",
        ("accuracy", "SD of DRF"): "cannot be known",
        ("accuracy", "DRF highest"): "cannot be known",
        ("auc", "mean of fusion"): "not reproduced",
        ("auc", "SD of fusion"): "reproduced",
        ("auc", "fusion highest"): "cannot be known",
        ("accuracy", "ANOVA p across families"): "cannot be known",
        ("auc", "ANOVA p across families"): "cannot be known",
        ("auc", "PET above SPECT"): "cannot be known",
    }
    rules = found.results["rules"]
    assert len(rules) == 2 * 4 * 2 * 3 * 2 * 2 and rules["declared"].sum() == 2
    assert (found.results["verdicts_of_rules"]["n_below"] == 0).all()
    declared = rules[rules["declared"] & (rules["metric"] == "auc")].iloc[0]
    omnibus = found.pools[BASE, "auc"]["omnibus"]
    assert declared["p_anova"] == omnibus.loc[omnibus["test"] == "one-way", "p"].iloc[0]


@pytest.mark.shared
def test_our_registry_is_the_shared_one(shared: Path) -> None:
    other = read_registry(shared / "reviews" / "studies.csv")
    for rule in (PoolingSection(), PoolingSection(take="any_split", model="mean", flagged="keep")):
        for metric in ("auc", "accuracy", "sensitivity"):
            pd.testing.assert_frame_equal(pool(REGISTRY, rule, metric), pool(other, rule, metric))
