"""Coefficients and SHAP values of a run reach the waist, case by case and class by class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.explanations import MOST, _refusal
from benchmark.plan import Explain, Tuning, make_plan
from benchmark.predictions import ATTRIBUTIONS, CHOSEN_INSIDE, COEFFICIENTS
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, make_splits
from benchmark.store import Store
from benchmark.waist import Waist, collect
from tests.cohorts import small_cohort

STEPS = (StepChoice("impute"), StepChoice("encode"), StepChoice("standardize"), StepChoice("lasso", {"folds": 3}))


@pytest.fixture(scope="module")
def waist(tmp_path_factory: pytest.TempPathFactory) -> Waist:
    folder = tmp_path_factory.mktemp("explained")
    cohort = small_cohort()
    plan = make_plan(
        cohort,
        make_splits(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), seed=1),
        [FeatureSet("both", ("HRF", "clinical"))],
        [Preprocessing("p", STEPS)],
        [ClassifierChoice("logistic_l2"), ClassifierChoice("decision_tree")],
        tuning=Tuning(2, 2),
        seed=1,
        explain=Explain(("logistic_l2",), 20),
    )
    run(plan, folder, workers=1)
    return collect(plan, Store(folder))


def test_coefficients_of_linear_models_and_of_the_arm_that_chose_them(waist: Waist) -> None:
    table = waist.coefficients
    assert list(table.columns) == COEFFICIENTS
    assert set(table["classifier"]) <= {"logistic_l2", CHOSEN_INSIDE}
    rows = table[table["classifier"] == "logistic_l2"]
    selected = waist.selections[["fold", "block", "feature"]]
    assert rows[["fold", "block", "feature"]].reset_index(drop=True).equals(selected.reset_index(drop=True))
    assert set(rows["class"]) == {"1"}


def test_values_of_every_tested_case_add_up(waist: Waist) -> None:
    table = waist.attributions
    assert list(table.columns) == ATTRIBUTIONS
    assert set(table["classifier"]) == {"logistic_l2"}
    total = table.groupby("case")["shap"].sum() + table.groupby("case")["base"].first()
    rows = waist.predictions.query("classifier == 'logistic_l2'").set_index("case")["score_1"]
    expected = np.log(rows / (1 - rows)).sort_index()
    pd.testing.assert_series_equal(total.sort_index(), expected, check_names=False)


def test_a_nomogram_is_drawn_of_features_that_vary_and_not_of_too_many() -> None:
    level = {"block": "CT", "feature": "score", "level": "0.1", "coefficient": 0.4}
    line = {"block": "CT", "feature": "F1", "level": "", "coefficient": 2.0, "offset": 1.0, "slope": 0.5}
    constant, varying = ({"low": 3.0, "high": high} for high in (3.0, 4.0))
    assert "varies" in _refusal([level, line | constant])
    assert _refusal([level, level | {"level": "0.2", "coefficient": -0.4}]) == ""
    assert _refusal([level, line | varying]) == ""
    many = [line | varying | {"feature": f"F{number}"} for number in range(MOST + 1)]
    assert f"more than {MOST}" in _refusal(many)
    assert _refusal([line | constant, *many[:MOST]]) == ""
