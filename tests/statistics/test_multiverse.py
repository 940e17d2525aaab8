"""The multiverse: specifications by definition, what touches nothing counts once, and the rest of the statistics is of
the arm chosen inside."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from benchmark.predictions import CHOSEN_INSIDE, RECIPE
from benchmark.statistics.analysis import analyse
from benchmark.statistics.multiverse import ALL_CHOICES, REST, beside, specified_pairs
from tests.statistics.conftest import MakeRun, Run

CHOICES = {
    f"many ({cut}, {selector})": {"cut": cut, "selector": selector}
    for cut, selector in product(("0.8", "0.95"), ("LASSO", "mRMR"))
}


@pytest.fixture(scope="module")
def run(make_run: MakeRun) -> Run:
    """The simulated run under each preprocessing of the choices, with other scores, and the arm chosen inside; no
    choice touches clinical, and the cut does not touch DRF."""
    plain = make_run(seed=1)
    told = {**plain.run, "choices": CHOICES, "choices_touching": {
        "clinical": [], "HRF": ["cut", "selector"], "DRF": ["selector"],
    }}  # fmt: skip
    tables = {name: _under_choices(getattr(plain, name)) for name in ("predictions", "training_predictions")}
    selections = pd.concat([plain.selections.assign(preprocessing=name) for name in CHOICES], ignore_index=True)
    return replace(plain, run=told, selections=selections, **tables)


def _under_choices(table: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    parts = []
    for name in CHOICES:
        moved = np.clip(table["score_yes"] + rng.normal(0, 0.1, len(table)), 0, 1)
        level = CHOICES[name]["selector"]
        first = next(iter(CHOICES))
        same = {"clinical": first, "DRF": next(one for one in CHOICES if CHOICES[one]["selector"] == level)}
        own = ~table["feature_set"].isin([part for part, other in same.items() if other != name])
        copied = [part for part, other in same.items() if other != name]
        parts.append(table.assign(preprocessing=name, score_yes=moved)[own])
        for part in copied:
            earlier = pd.concat(parts)
            rows = earlier[(earlier["feature_set"] == part) & (earlier["preprocessing"] == same[part])]
            parts.append(rows.assign(preprocessing=name))
    inside = parts[0][parts[0]["classifier"] == "lr"].assign(preprocessing=CHOSEN_INSIDE, classifier=CHOSEN_INSIDE)
    found = pd.concat([*parts, inside], ignore_index=True)
    return found.assign(score_no=1 - found["score_yes"])


@pytest.fixture(scope="module")
def results(run: Run) -> dict[str, pd.DataFrame]:
    return analyse(*run.arguments())


def by_loops(run: Run, recipe: tuple[str, str, str], repeat: int) -> float:
    rows = run.predictions[(run.predictions[RECIPE] == list(recipe)).all(axis=1)]
    folds = [
        roc_auc_score(part["y_true"] == "yes", part["score_yes"])
        for _, part in rows[rows["repeat"] == repeat].groupby("fold")
    ]
    return float(np.mean(folds))


def test_specifications_by_definition(run: Run, results: dict[str, pd.DataFrame]) -> None:
    found = results["specifications"]
    assert found.groupby("feature_set").size().to_dict() == {"clinical": 4, "DRF": 8, "HRF": 16}
    assert set(found["n_folds"]) == {3}
    for row in found.to_dict("records"):
        recipe = (row["feature_set"], row["preprocessing"], row["classifier"])
        assert row["auc"] == pytest.approx(by_loops(run, recipe, row["repeat"]))
        assert row["reference_auc"] == pytest.approx(by_loops(run, ("clinical", *recipe[1:]), row["repeat"]))


def test_summaries_by_definition(results: dict[str, pd.DataFrame]) -> None:
    every = results["specifications"]
    for row in results["multiverse"].to_dict("records"):
        part = every[every["feature_set"] == row["feature_set"]]
        assert row["median"] == pytest.approx(np.median(part["auc"]))
        assert (row["lowest"], row["highest"]) == pytest.approx((part["auc"].min(), part["auc"].max()))
        assert row["best_minus_median"] == pytest.approx(part["auc"].max() - np.median(part["auc"]))
        assert row["share_above_chance"] == pytest.approx(np.mean(part["auc"] > 0.5))
        above = np.mean(part["auc"] > part["reference_auc"])
        assert row["share_above_reference"] == pytest.approx(
            above if row["feature_set"] != "clinical" else np.nan, nan_ok=True
        )
        assert row["n_preprocessings"] * row["n_classifiers"] * row["n_repeats"] == row["n_specifications"]


def test_what_was_chosen_inside_is_its_mean_over_repeats(run: Run, results: dict[str, pd.DataFrame]) -> None:
    found = results["multiverse"].set_index("feature_set")["chosen_inside"]
    inside = [by_loops(run, ("HRF", CHOSEN_INSIDE, CHOSEN_INSIDE), repeat) for repeat in range(2)]
    assert found["HRF"] == pytest.approx(np.mean(inside))


def test_factors_are_those_that_touch_a_feature_set(results: dict[str, pd.DataFrame]) -> None:
    found = results["multiverse_factors"]
    factors = {name: list(dict.fromkeys(part["factor"])) for name, part in found.groupby("feature_set")}
    assert factors["clinical"] == ["classifier", "seed", REST]
    assert factors["DRF"] == ["selector", "classifier", "seed", REST]
    assert factors["HRF"] == ["cut", "selector", "classifier", "seed", REST]
    assert factors[""] == ["feature set", "cut", "selector", "classifier", "seed", REST]
    once = found.drop_duplicates(["feature_set", "factor"])
    assert once.groupby("feature_set")["share"].sum().to_numpy() == pytest.approx(1)


def test_the_level_of_a_factor_is_its_marginal_mean(results: dict[str, pd.DataFrame]) -> None:
    every, found = results["specifications"], results["multiverse_factors"]
    own = every[every["feature_set"] == "HRF"]
    means = own.groupby(own["preprocessing"].map(lambda name: CHOICES[name]["selector"]))["auc"].mean()
    rows = found[(found["feature_set"] == "HRF") & (found["factor"] == "selector")].set_index("level")
    assert rows["mean"].to_dict() == pytest.approx(means.to_dict())
    assert rows.loc["mRMR", "difference"] == pytest.approx(means["mRMR"] - means["LASSO"])


def test_all_else_is_of_the_arm_chosen_inside(results: dict[str, pd.DataFrame]) -> None:
    for name in ("estimates", "fold_scores", "curves", "confusion"):
        assert set(results[name]["preprocessing"]) <= {CHOSEN_INSIDE, ""}, name
    assert results["stability"].empty


def test_selected_features_are_counted_over_all_choices(run: Run, results: dict[str, pd.DataFrame]) -> None:
    found = results["frequencies"]
    assert set(found["preprocessing"]) == {ALL_CHOICES}
    for row in found.to_dict("records"):
        rows = run.selections[(run.selections["feature_set"] == row["feature_set"])]
        models = rows.groupby(["preprocessing", "repeat", "fold"])["feature"].agg(set)
        assert row["n_models"] == len(models)
        assert row["n_selected"] == sum(row["feature"] in features for features in models)


def test_without_choices_there_is_no_multiverse_and_nothing_is_left_out(run: Run, make_run: MakeRun) -> None:
    plain = make_run(seed=1)
    results = analyse(*plain.arguments())
    assert results["specifications"].empty
    assert set(results["estimates"]["preprocessing"]) == {"plain"}
    assert specified_pairs(plain.run, run.predictions) == frozenset()


def test_a_feature_set_without_an_arm_chosen_inside_keeps_its_rows(run: Run) -> None:
    gone = (run.predictions["feature_set"] == "DRF") & (run.predictions["preprocessing"] == CHOSEN_INSIDE)
    pairs = specified_pairs(run.run, run.predictions[~gone])
    assert {name for name, _ in pairs} == {"clinical", "HRF"}
    kept = beside(run.predictions[~gone], pairs)
    assert set(kept.loc[kept["feature_set"] == "DRF", "preprocessing"]) == set(CHOICES)


def test_a_failed_specification_is_counted_and_not_averaged(run: Run) -> None:
    first = next(iter(CHOICES))
    failed = (run.predictions[RECIPE] == ["HRF", first, "lr"]).all(axis=1)
    failures = pd.DataFrame([("cv", "HRF", first, "lr", 0, 0, "singular")],
                            columns=["design", *RECIPE, "repeat", "fold", "reason"])  # fmt: skip
    broken = replace(run, predictions=run.predictions[~failed].reset_index(drop=True), failures=failures)
    row = analyse(*broken.arguments())["multiverse"].set_index("feature_set").loc["HRF"]
    assert (row["n_specifications"], row["n_undefined"]) == (14, 2)


@pytest.mark.parametrize("reference", [None, f"clinical | {CHOSEN_INSIDE} | {CHOSEN_INSIDE}"])
def test_other_references(run: Run, reference: Any) -> None:
    told = {**run.run, "statistics": {**run.run["statistics"], "reference": reference}}
    found = analyse(*replace(run, run=told).arguments())["specifications"]
    if reference is None:
        assert found["reference_auc"].isna().all()
    else:
        inside = [by_loops(run, ("clinical", CHOSEN_INSIDE, CHOSEN_INSIDE), repeat) for repeat in range(2)]
        assert found["reference_auc"].to_numpy() == pytest.approx(np.array(inside)[found["repeat"].astype(int)])
