"""Canaries over every design and every rule of fusion: what is held out cannot change an arm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.perturb import flip_outcomes, ruin_rows
from benchmark.cohort import Cohort
from benchmark.fusions import RULES
from benchmark.plan import Arms, Tuning, make_plan
from benchmark.predictions import APPARENT
from benchmark.recipe import ClassifierChoice, FeatureSet, Fusion, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, Kind, Split, make_splits
from benchmark.store import Store
from benchmark.waist import Waist, collect
from tests.cohorts import small_cohort

STEPS = Preprocessing("p", (StepChoice("impute"), StepChoice("encode"), StepChoice("standardize"), StepChoice("score")))
SETS = [FeatureSet("HRF", ("HRF",)), FeatureSet("clinical", ("clinical",))]
CHOICES = [ClassifierChoice("logistic_l2"), ClassifierChoice("naive_bayes")]
ARMS = Arms(
    tuple(Fusion(f"fusion by {rule}", ("HRF", "clinical"), rule) for rule in RULES),
    tuple(Fusion(f"ensemble by {rule}", ("logistic_l2", "naive_bayes"), rule) for rule in RULES),
)


def arms_of(cohort: Cohort, split: Split, folder: Path) -> Waist:
    plan = make_plan(cohort, [split], SETS, [STEPS], CHOICES, tuning=Tuning(2, 2), seed=3, arms=ARMS)
    run(plan, folder, workers=1)
    return collect(plan, Store(folder))


def with_tuning_cases(cohort: Cohort) -> Cohort:
    """Half of the training patients are there for tuning."""
    role = cohort.role.copy()
    role[(role == "train").to_numpy() & (np.arange(len(role)) // 8 % 2 == 1)] = "tune"
    return replace(cohort, role=role)


def scores(table: pd.DataFrame, cases: pd.Index) -> pd.DataFrame:
    keys = ["feature_set", "classifier", *(["side"] if "side" in table.columns else []), "case"]
    return table[table["case"].isin(cases)].drop_duplicates(keys).set_index(keys)[["score_0", "score_1"]].sort_index()


@pytest.mark.parametrize("kind", get_args(Kind))
def test_no_arm_knows_what_its_design_holds_out(kind: Kind, tmp_path: Path) -> None:
    cohort = with_tuning_cases(small_cohort(n_cases=64, rows_per_patient=2))
    splits = make_splits(cohort, Design(kind, kind, folds=3, repeats=1, inner_folds=2), seed=3)
    split = next(split for split in splits if split.fold != APPARENT)
    spared = split.test[cohort.patient[split.test] == cohort.patient[split.test[0]]]
    whole = arms_of(cohort, split, tmp_path / "whole")
    names = set(whole.predictions["feature_set"]) | set(whole.predictions["classifier"])
    assert names >= {arm.name for arm in (*ARMS.fusions, *ARMS.ensembles)}
    changed = {"flipped": (flip_outcomes, split.test), "ruined": (ruin_rows, split.test.difference(spared))}
    for what, (change, cases) in changed.items():
        again = arms_of(change(cohort, cases), split, tmp_path / what)
        for table in ("predictions", "training_predictions"):
            kept = spared if table == "predictions" else split.train.union(split.validated)
            here, there = (scores(getattr(waist, table), kept) for waist in (whole, again))
            assert len(here) > 0
            pd.testing.assert_frame_equal(here, there, check_exact=True, obj=f"{what}: {table}")
        pd.testing.assert_frame_equal(again.fusions, whole.fusions, check_exact=True, obj=what)
