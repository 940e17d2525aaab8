"""Shares of blocks, cases explained alone, and scores of cases, against loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import ATTRIBUTION_SHARES, CASE_SCORES, EXPLAINED_CASES
from benchmark.predictions import APPARENT, ATTRIBUTIONS, PREDICTIONS, SCORES
from benchmark.statistics.attribution_shares import attribution_shares
from benchmark.statistics.attribution_summary import attribution_summary
from benchmark.statistics.case_scores import case_scores
from benchmark.statistics.explained_cases import explained_cases

PLACE = ("cv", "HRF + clinical", "p", "lr")
CASES = [f"c{number}" for number in range(7)]
FAMILIES = {"CT": "HRF", "PET": "HRF", "clinical": "clinical"}


def attributions() -> pd.DataFrame:
    """Two repeats of two folds; the second repeat has no feature of PET, and case 6 is tested in the first alone."""
    rng, rows = np.random.default_rng(0), []
    for repeat, case in [(1, case) for case in CASES] + [(2, case) for case in CASES[:-1]]:
        for block, feature in [("CT", "a"), ("clinical", "age"), ("PET", "b")][: 3 if repeat == 1 else 2]:
            rows.append((*PLACE, repeat, str(int(case[1:]) % 2), case, "1", block, feature, rng.normal(), 61.0,
                         rng.normal(), 0.1 * repeat, "log-odds"))  # fmt: skip
    return pd.DataFrame(rows, columns=ATTRIBUTIONS)


def predictions(probability: list[float]) -> pd.DataFrame:
    rows = [
        (*PLACE, repeat, "0", "out-of-fold", case, case, str(number % 2), 1 - p, p)
        for repeat, shift in ((1, 0.02), (2, -0.02))
        for number, (case, p) in enumerate(zip(CASES, np.array(probability) + shift, strict=True))
    ]
    return pd.DataFrame(rows, columns=[*PREDICTIONS, "score_0", "score_1"])


def test_shares_are_sums_over_the_features_of_a_block() -> None:
    summary = attribution_summary(attributions())
    found = attribution_shares(summary, FAMILIES)
    assert list(found.columns) == ATTRIBUTION_SHARES
    for row in found.itertuples():
        assert row.size == pytest.approx(summary.loc[summary["block"] == row.block, "mean_abs"].sum())
    assert found["share"].sum() == pytest.approx(1)
    assert dict(zip(found["block"], found["family"], strict=True)) == FAMILIES
    joint = attribution_shares(summary.assign(block="CT+clinical"), FAMILIES)
    assert joint["family"].tolist() == ["HRF + clinical"]
    assert attribution_shares(summary.iloc[:0], FAMILIES).empty


def test_a_case_counts_by_the_models_that_tested_it_and_spread_is_over_models() -> None:
    rows = attributions()
    found = attribution_summary(rows).set_index("feature")
    of_b = rows[rows["feature"] == "b"].set_index("case")["shap"]
    sizes = [abs(of_b[case]) / (1 if case == "c6" else 2) for case in CASES]
    assert found.loc["b", "mean_abs"] == pytest.approx(np.mean(sizes))
    models = []
    for repeat, fold in ((1, "0"), (1, "1"), (2, "0"), (2, "1")):
        own = rows[(rows["repeat"] == repeat) & (rows["fold"] == fold) & (rows["feature"] == "b")]["shap"]
        models.append(own.abs().mean() if len(own) else 0.0)
    assert found.loc["b", "sd"] == pytest.approx(np.std(models, ddof=1))
    one = attribution_summary(rows[(rows["repeat"] == 1) & (rows["fold"] == "0")])
    assert one["sd"].isna().all()


def test_picked_by_rule_and_adding_up() -> None:
    rows = attributions()
    found = explained_cases(rows, predictions([0.3, 0.6, 0.5, 0.2, 0.8, 0.7, 0.4]))
    assert list(found.columns) == EXPLAINED_CASES
    picks = found.drop_duplicates("pick").set_index("pick")["case"].to_dict()
    # truths 0 1 0 1 0 1 0: c4 is the highest, and like c3 wrong by 0.8, so the first of the two is the worst
    assert picks == {"highest": "c4", "median": "c2", "lowest": "c3", "worst error": "c3"}
    for (pick, case), part in found.groupby(["pick", "case"]):
        own = rows[rows["case"] == case]
        base = own.drop_duplicates(["repeat", "fold"])["base"].mean()
        assert part["base"].iloc[0] == pytest.approx(base)
        assert part["output"].iloc[0] == pytest.approx(base + part["shap"].sum())
        for row in part.itertuples():
            assert row.shap == pytest.approx(own.loc[own["feature"] == row.feature, "shap"].sum() / 2)
        assert part["shap"].abs().is_monotonic_decreasing
        assert pick in picks
    assert found["probability"].between(0.2, 0.8).all()  # means of both repeats


def test_results_of_an_earlier_version_have_no_values_in_tables() -> None:
    found = explained_cases(attributions().drop(columns="original"), predictions([0.3, 0.6, 0.5, 0.2, 0.8, 0.7, 0.4]))
    assert found["original"].isna().all()
    assert explained_cases(None, predictions([0.5] * 7)).empty
    assert explained_cases(attributions(), predictions([0.5] * 7).iloc[:0]).empty


def test_scores_of_tested_cases_are_means_over_models() -> None:
    rows = [
        ("cv", "HRF", "p", repeat, fold, side, case, case, "1", "HRF", "score", score)
        for repeat, fold, side, case, score in (
            (1, "1", "test", "a", 1.0), (2, "1", "test", "a", 2.0), (1, "2", "train", "a", 9.0),
            (1, "2", "test", "b", -1.0), (0, APPARENT, "test", "b", 9.0),
        )
    ]  # fmt: skip
    found = case_scores(pd.DataFrame(rows, columns=SCORES))
    assert list(found.columns) == CASE_SCORES
    assert found[["case", "score", "n_models"]].to_numpy().tolist() == [["a", 1.5, 2], ["b", -1.0, 1]]
    earlier = case_scores(pd.DataFrame(rows, columns=SCORES).drop(columns="name"))
    assert earlier["name"].tolist() == ["score", "score"]
    assert case_scores(None).empty
