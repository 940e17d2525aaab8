"""Resamplers in an experiment: the last item of a preprocessing, on training rows alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.experiment import preprocessings_of
from benchmark.plan import Tuning, make_plan
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, Recipe, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, make_splits
from benchmark.store import Store
from benchmark.waist import collect
from tests.cohorts import small_cohort

STEPS = (StepChoice("impute"), StepChoice("standardize"))


def test_stands_last_in_a_preprocessing() -> None:
    (found,) = preprocessings_of({"p": ["impute", {"smote": {"neighbours": 3}}]})
    assert [step.name for step in found.steps] == ["impute"]
    assert found.resampler == StepChoice("smote", {"neighbours": 3})
    assert found.words() == ["impute", "smote (neighbours=3)"]
    with pytest.raises(ConfigError, match="smote must be the last item: steps after it would learn from rows"):
        preprocessings_of({"p": ["impute", "smote", "standardize"]})
    with pytest.raises(ConfigError, match=r"unknown key 'neighbors'\. Did you mean 'neighbours'"):
        preprocessings_of({"p": ["impute", {"smote": {"neighbors": 3}}]})


def test_changes_the_fit_and_never_what_is_predicted(tmp_path: Path) -> None:
    cohort = small_cohort()
    keep = cohort.cases[(cohort.codes == 0) | (np.arange(72) % 6 == 1)]  # twelve positive cases of 48
    outcome = cohort.outcome.where(cohort.outcome.index.isin(keep), "0")
    cohort = replace(cohort, outcome=outcome)
    splits = make_splits(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), seed=1)
    plain, balanced = Preprocessing("plain", STEPS), Preprocessing("smote", STEPS, StepChoice("smote"))
    plan = make_plan(
        cohort, splits, [FeatureSet("HRF", ("HRF",))], [plain, balanced], [ClassifierChoice("logistic_l2")],
        tuning=Tuning(2, 2), seed=1,
    )  # fmt: skip
    run(plan, tmp_path, workers=1)
    rows = collect(plan, Store(tmp_path)).predictions
    rows = rows[rows["preprocessing"] != "chosen inside"]
    assert rows.groupby("preprocessing").size().to_dict() == {"plain": 72, "smote": 72}
    means = rows.groupby("preprocessing")["score_1"].mean()
    assert means["smote"] > means["plain"] + 0.1  # classes are balanced where it was fitted
    recipe = Recipe(plan.units[-1].feature_set, balanced, ClassifierChoice("logistic_l2"))
    frame, y = cohort.frame(["HRF"]), cohort.codes.to_numpy()
    assert recipe.build(cohort, seed=1).fit(frame, y).predict_proba(frame).shape == (72, 2)
