"""From finished work to the tables: complete recipes only, failures with their reason, arms chosen inside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.cohort import FollowUp
from benchmark.errors import DataError
from benchmark.folder import CSV, PARQUET, read_waist, write_waist
from benchmark.plan import Plan, Tuning, make_plan
from benchmark.predictions import CENTRE, CHOSEN_INSIDE, PREDICTIONS, TRAINING_PREDICTIONS, check_predictions
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, make_splits
from benchmark.store import Record, Store
from benchmark.waist import Waist, collect
from tests.cohorts import small_cohort

PLAIN = Preprocessing("plain", (StepChoice("impute"), StepChoice("encode"), StepChoice("standardize")))
HARMONIZED = Preprocessing("harmonized", (*PLAIN.steps[:2], StepChoice("combat"), PLAIN.steps[2]))


@pytest.fixture(scope="module")
def plan() -> Plan:
    cohort = small_cohort()
    splits = make_splits(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), seed=1)
    sets = [FeatureSet("HRF", ("HRF",)), FeatureSet("clinical", ("clinical",))]
    choices = [ClassifierChoice(name) for name in ("logistic_l2", "naive_bayes")]
    return make_plan(cohort, splits, sets, [PLAIN, HARMONIZED], choices, tuning=Tuning(2, 2), seed=1)


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    run(plan, folder, workers=1)
    return folder


def test_tables_hold_every_recipe_and_arm(plan: Plan, folder: Path) -> None:
    waist: Waist = collect(plan, Store(folder))
    check_predictions(waist.predictions)
    assert list(waist.predictions.columns) == [*PREDICTIONS, CENTRE, "score_0", "score_1"]
    assert list(waist.training_predictions.columns) == [*TRAINING_PREDICTIONS, "score_0", "score_1"]
    assert set(waist.training_predictions["side"]) == {"inner", "train"}
    recipes = waist.predictions[["preprocessing", "classifier"]].drop_duplicates()
    assert set(recipes.itertuples(index=False, name=None)) == {
        *((name, classifier) for name in ("plain", "harmonized") for classifier in ("logistic_l2", "naive_bayes")),
        ("plain", CHOSEN_INSIDE), ("harmonized", CHOSEN_INSIDE), (CHOSEN_INSIDE, CHOSEN_INSIDE),
    }  # fmt: skip
    assert len(waist.predictions) == 2 * 7 * len(plan.cohort.cases)
    assert waist.trials.groupby(["feature_set", "preprocessing", "classifier", "fold"])["chosen"].sum().eq(1).all()
    assert waist.unfinished == 0


def test_a_step_that_touches_nothing_is_no_extra_work(plan: Plan, folder: Path) -> None:
    clinical = [unit for unit in plan.units if unit.feature_set.name == "clinical"]
    by_split = {(unit.split.fold, unit.preprocessing.name): unit.records for unit in clinical}
    assert by_split["1", "plain"] == by_split["1", "harmonized"]
    names = {name for unit in plan.units for name in (unit.steps_record, *unit.records)}
    assert {path.stem for path in folder.glob("*.npz")} == names


def test_a_failed_fold_takes_its_recipe_out_and_says_why(plan: Plan, folder: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    for path in folder.glob("*.npz"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = next(unit for unit in plan.units if unit.feature_set.name == "HRF" and unit.preprocessing is PLAIN)
    store.write(broken.records[0], Record(failure="singular"))
    waist = collect(plan, store)
    assert waist.failures[["feature_set", "preprocessing", "classifier", "reason"]].to_numpy().tolist() == [
        ["HRF", "plain", "logistic_l2", "singular"]
    ]
    left = waist.predictions.query("feature_set == 'HRF' and preprocessing == 'plain'")
    assert set(left["classifier"]) == {"naive_bayes"}  # one candidate is no choice


def test_unfinished_work_is_counted(plan: Plan, folder: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert collect(plan, store).unfinished == sum(len(unit.records) for unit in plan.units)
    assert collect(plan, store).predictions.empty


def test_a_step_that_fails_is_a_row_for_each_classifier(tmp_path: Path) -> None:
    cohort = small_cohort()
    splits = make_splits(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), seed=1)
    impossible = Preprocessing("p", (StepChoice("impute"), StepChoice("icc", {"threshold": 0.9999})))
    choices = [ClassifierChoice(name) for name in ("logistic_l2", "naive_bayes")]
    plan = make_plan(cohort, splits, [FeatureSet("HRF", ("HRF",))], [impossible], choices, tuning=Tuning(2, 2), seed=1)
    run(plan, tmp_path, workers=1)
    waist = collect(plan, Store(tmp_path))
    assert len(waist.failures) == 4
    assert set(waist.failures["reason"]) == {"steps: ICC filter: none of 12 features is left of HRF"}
    assert waist.predictions.empty


def test_promises_of_the_predictions(plan: Plan, folder: Path) -> None:
    good = collect(plan, Store(folder)).predictions
    cases = {
        "no column 'patient'": good.drop(columns="patient"),
        r"scores outside \[0, 1\] for cases: 1 \(first: 'case000'\)": good.assign(
            score_1=good["score_1"].where(good.index != good.index[good["case"] == "case000"][0], 1.5)
        ),
        "predicted twice by one model": pd.concat([good, good.head(2)]),
        "two outcomes for cases": good.assign(y_true=good["y_true"].where(good.index != 0, "2")),
        "predict different cases": good.drop(index=0),
    }
    for message, table in cases.items():
        with pytest.raises(DataError, match=message):
            check_predictions(table)


def test_remarks_of_a_classifier_are_kept_with_its_name(tmp_path: Path) -> None:
    cohort = small_cohort(n_cases=40, n_hrf=30)
    splits = make_splits(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), seed=1)
    resampled = Preprocessing("resampled", PLAIN.steps, StepChoice("random_oversample"))
    choices = [ClassifierChoice("logistic", class_weight="balanced"), ClassifierChoice("rules")]
    plan = make_plan(
        cohort, splits, [FeatureSet("HRF", ("HRF",))], [PLAIN, resampled], choices, tuning=Tuning(1, 2), seed=1
    )
    run(plan, tmp_path, workers=1)
    told = collect(plan, Store(tmp_path)).remarks
    assert set(told["step"]) == {"logistic"} and set(told["preprocessing"]) == {"plain", "resampled"}
    assert told["remark"].str.contains("separated").sum() == 4


def test_what_is_told_of_the_cases_comes_back_as_it_went(plan: Plan, folder: Path, tmp_path: Path) -> None:
    cases = plan.cohort.cases
    time = pd.DataFrame({"time": 2.5, "event": 1.0}, index=cases)
    time.iloc[0] = np.nan
    levels = pd.DataFrame({"site": pd.Categorical(["NA", "007"] * (len(cases) // 2))}, index=cases)
    told = replace(plan, cohort=replace(plan.cohort, follow_up=FollowUp(time, "1"), subgroups=levels))
    waist, plain = collect(told, Store(folder)), collect(plan, Store(folder))
    pd.testing.assert_frame_equal(waist.predictions, plain.predictions)
    assert waist.follow_up.to_dict("list") == {
        "case": list(cases[1:]), "time": [2.5] * (len(cases) - 1), "event": [1] * (len(cases) - 1)
    }  # fmt: skip
    assert len(plain.follow_up) == len(plain.subgroups) == 0
    write_waist(tmp_path, {name: getattr(waist, name) for name in (*PARQUET, *CSV)}, {})
    tables, _ = read_waist(tmp_path)
    for name in ("follow_up", "subgroups"):
        pd.testing.assert_frame_equal(tables[name], getattr(waist, name), check_dtype=False)
    for name in ("follow_up", "subgroups"):
        (tmp_path / f"{name}.csv").unlink()
    assert {"follow_up", "subgroups"}.isdisjoint(read_waist(tmp_path)[0])
