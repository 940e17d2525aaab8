"""Arms made from fitted models: fusions, ensembles, imported predictions, and the cases that they are compared on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.cohort import Cohort
from benchmark.errors import DataError
from benchmark.plan import Arms, Plan, Tuning, make_plan
from benchmark.predictions import CHOSEN_INSIDE, check_predictions
from benchmark.recipe import ClassifierChoice, FeatureSet, Fusion, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, make_splits
from benchmark.store import Store
from benchmark.waist import Waist, collect
from tests.cohorts import small_cohort

PLAIN = Preprocessing("plain", (StepChoice("impute"), StepChoice("encode"), StepChoice("standardize")))
SETS = [FeatureSet("HRF", ("HRF",)), FeatureSet("DRF", ("DRF",)), FeatureSet("both", ("HRF", "DRF"))]
CHOICES = [ClassifierChoice("logistic_l2"), ClassifierChoice("naive_bayes")]
LATE = Fusion("late", ("HRF", "DRF"), "mean")
VOTE = Fusion("vote", ("logistic_l2", "naive_bayes"), "stacked")


def planned(cohort: Cohort, design: Design, arms: Arms) -> Plan:
    splits = make_splits(cohort, design, seed=1)
    return make_plan(cohort, splits, SETS, [PLAIN], CHOICES, tuning=Tuning(2, 2), seed=1, arms=arms)


def finished(plan: Plan, folder: Path) -> Waist:
    run(plan, folder, workers=1)
    return collect(plan, Store(folder))


def without_drf(cohort: Cohort, every: int = 4) -> Cohort:
    """Every fourth patient has no deep features."""
    table = cohort.block("DRF").table.copy()
    table.iloc[::every] = np.nan
    return replace(cohort, blocks={**cohort.blocks, "DRF": replace(cohort.block("DRF"), table=table)}, partial=True)


def scores(waist: Waist, feature_set: str, classifier: str) -> pd.Series:
    rows = waist.predictions.query("feature_set == @feature_set and classifier == @classifier")
    return rows.set_index(["repeat", "fold", "case"])["score_1"]


@pytest.fixture(scope="module")
def waist(tmp_path_factory: pytest.TempPathFactory) -> Waist:
    cohort = small_cohort()
    elsewhere = pd.DataFrame({"0": 0.25, "1": 0.75}, index=cohort.cases)
    arms = Arms((LATE, Fusion("stack", ("HRF", "DRF"), "stacked")), (VOTE,), {"CNN": elsewhere})
    plan = planned(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), arms)
    return finished(plan, tmp_path_factory.mktemp("arms"))


def test_a_fusion_is_an_arm_for_every_classifier_and_the_chosen_one(waist: Waist) -> None:
    check_predictions(waist.predictions)
    arms = waist.predictions[["feature_set", "classifier"]].drop_duplicates()
    for name in ("late", "stack"):
        found = set(arms.loc[arms["feature_set"] == name, "classifier"])
        assert found == {"logistic_l2", "naive_bayes", "vote", CHOSEN_INSIDE}
    assert set(arms.loc[arms["feature_set"] == "CNN", "classifier"]) == {""}


def test_late_mean_is_the_mean_of_its_parts(waist: Waist) -> None:
    for classifier in ("logistic_l2", CHOSEN_INSIDE):
        expected = (scores(waist, "HRF", classifier) + scores(waist, "DRF", classifier)) / 2
        pd.testing.assert_series_equal(scores(waist, "late", classifier), expected)


def test_fused_arms_have_training_predictions_and_weights(waist: Waist) -> None:
    training = waist.training_predictions.query("feature_set == 'stack' and classifier == 'logistic_l2'")
    assert training.groupby(["fold", "side"]).size().eq(36).all()
    weights = waist.fusions.query("feature_set == 'stack' and classifier == 'logistic_l2'")
    assert weights.groupby("fold")["part"].agg(list).tolist() == [["HRF", "DRF"]] * 2
    assert (weights["apparent_auc"] >= weights["inner_auc"] - 0.2).all()
    assert set(waist.fusions.query("classifier == 'vote' and feature_set == 'HRF'")["part"]) == set(VOTE.of)


def test_imported_predictions_stand_beside_the_others(waist: Waist) -> None:
    rows = waist.predictions.query("feature_set == 'CNN'")
    assert len(rows) == 72
    assert (rows["score_1"] == 0.75).all()
    assert "CNN" not in set(waist.training_predictions["feature_set"])


def test_missing_blocks_leave_the_case_to_the_other_models(tmp_path: Path) -> None:
    cohort = without_drf(small_cohort())
    plan = planned(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), Arms((LATE,)))
    waist = finished(plan, tmp_path)
    check_predictions(waist.predictions)
    of_role = waist.predictions.query("classifier == 'logistic_l2'").groupby("role")
    assert {role: sorted(set(rows["feature_set"])) for role, rows in of_role} == {
        "out-of-fold, complete cases": ["DRF", "HRF", "both", "late"],
        "out-of-fold, cases with HRF": ["HRF", "late"],
    }
    assert of_role["case"].nunique().to_dict() == {
        "out-of-fold, complete cases": 54, "out-of-fold, cases with HRF": 72,
    }  # fmt: skip
    late = waist.predictions.query("role == 'out-of-fold, cases with HRF' and classifier == 'logistic_l2'")
    absent = late[~late["case"].isin(cohort.cases_with(["DRF"]))].set_index(["case", "feature_set"])["score_1"]
    pd.testing.assert_series_equal(absent.xs("late", level=1), absent.xs("HRF", level=1), check_names=False)


def test_a_fold_without_a_block_is_told(tmp_path: Path) -> None:
    cohort = without_drf(small_cohort())
    table = cohort.block("DRF").table.copy()
    table[(cohort.batch == "B").to_numpy()] = np.nan
    cohort = replace(cohort, blocks={**cohort.blocks, "DRF": replace(cohort.block("DRF"), table=table)})
    message = "feature set 'DRF': leave_one_centre_out, repeat 1, fold B: no tested case has DRF"
    with pytest.raises(DataError, match=message):
        planned(cohort, Design("leave_one_centre_out", "leave_one_centre_out", inner_folds=2), Arms((LATE,)))


def test_a_tuning_set_chooses_and_gives_the_inner_predictions(tmp_path: Path) -> None:
    cohort = small_cohort()
    role = pd.Series(np.array(["train", "train", "tune", "external"])[np.arange(72) // 2 % 4], index=cohort.cases)
    for refit, n_train in (("train", 36), ("train_and_tune", 54)):
        plan = planned(replace(cohort, role=role), Design("roles", "roles", refit=refit), Arms((LATE,), (VOTE,)))
        waist = finished(plan, tmp_path / refit)
        assert len(plan.splits[0].train) == n_train
        sizes = waist.training_predictions.query("feature_set == 'late'").groupby(["classifier", "side"]).size()
        assert set(sizes.xs("inner", level=1)) == {18}
        assert set(sizes.xs("train", level=1)) == {n_train}


@pytest.mark.parametrize("kind", ["bootstrap", "leave_one_out", "shuffle_split"])
def test_every_design_gives_predictions(kind: str, tmp_path: Path) -> None:
    cohort = small_cohort(n_cases=24)
    plan = planned(cohort, Design(kind, kind, repeats=2, inner_folds=2), Arms((LATE,)))
    waist = finished(plan, tmp_path)
    check_predictions(waist.predictions)
    assert not len(waist.failures)
    assert set(waist.predictions["feature_set"]) == {"HRF", "DRF", "both", "late"}
