"""Families over cohorts: against the parts it is put together from, and against sums by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.estimates import COHORT_META, OVER_COHORTS
from benchmark.statistics.delong import delong
from benchmark.statistics.meta_analysis import random_effects
from benchmark.statistics.over_cohorts import (
    LARGEST,
    auc_table,
    cohort_meta,
    over_cohorts,
    questions,
    rank_results,
    rankings,
    with_largest_fusion,
)
from benchmark.statistics.scored_set import ScoredSet

PARTS = {"HRF": ["HRF"], "DRF": ["DRF"], "HRF + DRF": ["HRF", "DRF"]}


def cohort(seed: int, models: tuple[str, ...] = tuple(PARTS), n: int = 80) -> ScoredSet:
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    base = y + rng.normal(0, 1.2, n)
    scores = np.column_stack([base + rng.normal(0, 1 / len(model), n) for model in models])
    return ScoredSet(f"cohort {seed}", models, delong(y, scores))


COHORTS = [cohort(seed) for seed in range(4)]
META = cohort_meta(COHORTS, PARTS, level=0.95)


def judged(cohorts: list[ScoredSet], meta: pd.DataFrame) -> pd.DataFrame:
    return over_cohorts(cohorts, PARTS, meta, margin=0.05, level=0.95, adjustment="holm")


def test_questions_in_order() -> None:
    assert questions(COHORTS, PARTS) == [
        ("adding", "HRF", "HRF + DRF"),
        ("adding", "DRF", "HRF + DRF"),
        ("families", "DRF", "HRF"),
    ]
    assert questions([COHORTS[0], cohort(9, ("HRF",))], PARTS) == []


def test_a_difference_is_the_meta_analysis_of_the_paired_differences() -> None:
    y, v = np.empty(4), np.empty(4)
    for place, one in enumerate(COHORTS):
        auc, covariance = one.aucs.estimate, one.aucs.covariance
        y[place] = auc[2] - auc[0]
        v[place] = covariance[2, 2] + covariance[0, 0] - 2 * covariance[2, 0]
    expected = random_effects(y, v, at_least_wald=True)
    found = judged(COHORTS, META)
    assert list(META.columns) == COHORT_META and list(found.columns) == OVER_COHORTS
    row = found[(found["base"] == "HRF") & (found["together"] == "HRF + DRF")].iloc[0]
    assert (row["difference"], row["low"], row["high"], row["p"]) == pytest.approx(
        (expected.estimate, expected.low, expected.high, expected.p)
    )
    assert (row["prediction_low"], row["statistic"]) == pytest.approx((expected.prediction_low, expected.statistic))
    assert (row["added"], row["n_cohorts"], row["n_higher"]) == ("DRF", 4, int((y > 0).sum()))
    assert row["p_paired_t"] == pytest.approx(stats.ttest_1samp(y, 0).pvalue)
    assert row["p_signed_rank"] == pytest.approx(stats.wilcoxon(y).pvalue)
    upper = stats.t.sf((row["difference"] + 0.05) / expected.se, 3)
    lower = stats.t.cdf((row["difference"] - 0.05) / expected.se, 3)
    assert row["p_equivalence"] == pytest.approx(max(upper, lower))


def test_p_is_adjusted_within_a_question() -> None:
    found = judged(COHORTS, META)
    adding = found[found["question"] == "adding"]
    assert adding["p_adjusted"].max() <= 1 and (adding["p_adjusted"] >= adding["p"]).all()
    family = found[found["question"] == "families"]
    assert family["p_adjusted"].to_numpy() == pytest.approx(family["p"].to_numpy())


def test_the_order_of_cohorts_does_not_matter() -> None:
    turned = COHORTS[::-1]
    numbers = ["difference", "low", "high", "p", "prediction_high", "tau2"]
    other = judged(turned, cohort_meta(turned, PARTS, level=0.95))
    assert judged(COHORTS, META)[numbers].to_numpy() == pytest.approx(other[numbers].to_numpy())


def test_ranks_need_three_cohorts_and_no_gaps() -> None:
    usable, refused = rankings(auc_table(COHORTS, list(PARTS)))
    assert list(usable) == ["all cohorts"] and not refused
    gaps = [*COHORTS[:3], cohort(7, ("HRF", "DRF")), cohort(8, ("HRF", "DRF"))]
    usable, refused = rankings(auc_table(gaps, list(PARTS)))
    assert {name: table.shape for name, table in usable.items()} == {
        "families that all cohorts have": (5, 2),
        "cohorts that have all families": (3, 3),
    }
    usable, refused = rankings(auc_table(COHORTS[:2], list(PARTS)))
    assert not usable and "2 of 2 cohorts, expected at least 3" in refused[0]
    usable, refused = rankings(auc_table([*COHORTS[:2], cohort(8, ("CNN",))], [*PARTS, "CNN"]))
    assert not usable and len(refused) == 2
    wider = [*COHORTS[:3], cohort(7, ("HRF", "HRF + DRF")), cohort(8, ("DRF",)), cohort(9, ("CNN",))]
    usable, _ = rankings(auc_table(wider, [*PARTS, "CNN"]))
    assert {name: table.shape for name, table in usable.items()} == {"cohorts that have HRF, DRF, HRF + DRF": (3, 3)}


def test_the_largest_fusion_of_each_cohort_against_a_family() -> None:
    parts = {**PARTS, "clinical": ["clinical"], "HRF + clinical": ["HRF", "clinical"]}
    sets = [*COHORTS[:2], cohort(5, ("HRF", "clinical", "HRF + clinical")), cohort(6, ("HRF",)), cohort(7, ("DRF",))]
    assert questions(sets, parts)[0] == ("fusion", "HRF", LARGEST)
    assert [asked[0] for asked in questions(sets, parts)].count("fusion") == 1  # of DRF it is the same everywhere
    chosen = with_largest_fusion(sets, parts, "HRF")
    assert [one.name for one in chosen] == ["cohort 0", "cohort 1", "cohort 5"]
    assert chosen[2].models == ("HRF", "clinical", LARGEST)
    meta = cohort_meta(sets, parts, level=0.95)
    row = over_cohorts(sets, parts, meta, margin=0.05, level=0.95, adjustment="holm").iloc[0]
    apart = [one.difference(largest, "HRF") for one, largest in zip(
        (sets[0], sets[1], sets[2]), ("HRF + DRF", "HRF + DRF", "HRF + clinical"), strict=True)]  # fmt: skip
    expected = random_effects(*np.array(apart).T, at_least_wald=True)
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(
        (expected.estimate, expected.low, expected.high)
    )
    assert row["p_paired_t"] == pytest.approx(stats.ttest_1samp([one for one, _ in apart], 0).pvalue)


def test_rank_results_agree_with_scipy() -> None:
    aucs = auc_table(COHORTS, list(PARTS))
    found = rank_results({"all cohorts": aucs}, level=0.95, adjustment="holm")
    expected = stats.friedmanchisquare(*aucs.to_numpy().T)
    friedman = found["rank_tests"].set_index("test").loc["Friedman"]
    assert (friedman["statistic"], friedman["p"]) == pytest.approx((expected.statistic, expected.pvalue))
    assert set(found["rank_pairs"]["test"]) == {"Nemenyi", "Wilcoxon signed rank", "paired t"}
    empty = rank_results({}, level=0.95, adjustment="holm")
    assert all(table.empty for table in empty.values())


def test_a_pair_without_variance_has_no_mean() -> None:
    perfect = np.column_stack([np.arange(20.0), np.arange(20.0)])
    sets = [ScoredSet(name, ("HRF", "DRF"), delong(np.arange(20) // 10, perfect)) for name in "ab"]
    meta = cohort_meta(sets, {"HRF": ["HRF"], "DRF": ["DRF"]}, level=0.95)
    assert set(meta["kind"]) == {"cohort"}
    assert over_cohorts(sets, PARTS, meta, margin=0.05, level=0.95, adjustment="holm").empty
