"""Nomograms of a run: which models are drawn, that reading one is its model, and that drawing changes nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.cohort import Cohort
from benchmark.plan import Explain, Plan, Tuning, make_plan
from benchmark.predictions import ALL_CASES, NOMOGRAMS
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, make_splits, shown_splits, whole_split
from benchmark.statistics.nomogram import nomogram_of, read
from benchmark.store import Store
from benchmark.waist import Waist, collect
from tests.cohorts import small_cohort

COHORT = small_cohort()
STEPS = (StepChoice("impute"), StepChoice("encode"), StepChoice("standardize"))
DESIGNS = (
    Design("cv", "kfold", folds=2, inner_folds=2),
    Design("once", "holdout", inner_folds=2),
    Design("drawn", "bootstrap", repeats=1, inner_folds=2),
)


def planned(
    *asked: str, cohort: Cohort = COHORT, designs: tuple[Design, ...] = DESIGNS, steps: tuple[StepChoice, ...] = STEPS
) -> Plan:
    splits = [split for design in designs for split in make_splits(cohort, design, seed=1)]
    return make_plan(
        cohort,
        splits,
        [FeatureSet("both", ("HRF", "clinical"))],
        [Preprocessing("p", steps)],
        [ClassifierChoice("logistic_l2"), ClassifierChoice("naive_bayes")],
        tuning=Tuning(2, 2),
        seed=1,
        explain=Explain((), 20, asked),
        whole=whole_split(cohort, designs[0], seed=1) if asked else None,
    )


def ran(plan: Plan, folder: Path) -> Waist:
    run(plan, folder, workers=1)
    return collect(plan, Store(folder))


@pytest.fixture(scope="module")
def waist(tmp_path_factory: pytest.TempPathFactory) -> Waist:
    return ran(planned("logistic_l2"), tmp_path_factory.mktemp("drawn"))


def test_the_only_model_of_a_design_and_that_of_all_cases_are_drawn(waist: Waist) -> None:
    found = waist.nomograms
    assert list(found.columns) == NOMOGRAMS
    assert set(found["classifier"]) == {"logistic_l2"}
    sizes = found.groupby("design")["n_cases"].first().to_dict()
    assert set(sizes) == {"once", "drawn", ALL_CASES}
    assert sizes[ALL_CASES] == sizes["drawn"] == len(COHORT.cases) > sizes["once"]
    shown = shown_splits([split for design in DESIGNS for split in make_splits(COHORT, design, seed=1)])
    assert [(split.design, split.fold) for split in shown] == [("once", "1"), ("drawn", "apparent")]


def test_reading_it_is_the_prediction_of_its_model(waist: Waist) -> None:
    rows = waist.nomograms[waist.nomograms["design"] == "once"]
    nomogram = nomogram_of(rows)
    held = waist.predictions.query("design == 'once' and classifier == 'logistic_l2'").set_index("case")["score_1"]
    tables = {name: COHORT.block(name).table for name in ("HRF", "clinical")}
    checked = 0
    for case, said in held.items():
        values = {(one.block, one.name): tables[one.block].at[case, one.name] for one in nomogram.features}
        if not pd.isna(list(values.values())).any():
            assert read(nomogram, values) == pytest.approx(said, abs=1e-9)
            checked += 1
    assert checked > 10


def test_of_one_class_against_another_it_is_their_share_in_a_model_of_three(tmp_path: Path) -> None:
    outcome = pd.Series(np.array(["a", "b", "c"])[np.arange(72) // 2 % 3], index=COHORT.cases)
    cohort = replace(COHORT, outcome=outcome, classes=("a", "b", "c"))
    plan = planned("logistic_l2", cohort=cohort, designs=DESIGNS[1:2])
    found = ran(replace(plan, explain=replace(plan.explain, sides=("c", "a"))), tmp_path)
    assert set(found.nomograms["class"]) == {"a against c"}
    nomogram = nomogram_of(found.nomograms[found.nomograms["design"] == "once"])
    held = found.predictions.query("classifier == 'logistic_l2'").set_index("case")
    checked = 0
    for case, (a, c) in held[["score_a", "score_c"]].iterrows():
        values = {(one.block, one.name): cohort.block(one.block).table.at[case, one.name] for one in nomogram.features}
        if not pd.isna(list(values.values())).any():
            assert read(nomogram, values) == pytest.approx(a / (a + c), abs=1e-9)
            checked += 1
    assert checked > 10


def test_the_model_of_all_cases_is_no_part_of_any_result(waist: Waist, tmp_path: Path) -> None:
    plain = ran(planned(), tmp_path)
    assert plain.nomograms.empty
    for name in ("predictions", "training_predictions", "selections", "coefficients", "failures"):
        pd.testing.assert_frame_equal(getattr(waist, name), getattr(plain, name))
    np.testing.assert_array_equal(waist.trials["score"], plain.trials["score"])
    for name in ("fits", "policies", "scores", "fusions"):
        assert ALL_CASES not in set(getattr(waist, name)["design"])
    assert ALL_CASES in set(waist.timings["design"])
    assert len(planned("logistic_l2").work) == len(planned().units) + 1


def test_too_many_features_are_not_drawn_and_it_is_said(tmp_path: Path) -> None:
    wide = small_cohort(n_hrf=24)
    found = ran(planned("logistic_l2", cohort=wide, designs=DESIGNS[1:2]), tmp_path)
    assert found.nomograms.empty
    (remark,) = {text for step, text in found.remarks[["step", "remark"]].to_numpy() if step.startswith("nomogram")}
    assert "26 features" in remark
    assert "step score" in remark


def test_a_score_has_an_axis(tmp_path: Path) -> None:
    steps = (*STEPS[:2], StepChoice("score", {"folds": 3, "n_lambdas": 20}))
    found = ran(planned("logistic_l2", designs=DESIGNS[1:2], steps=steps), tmp_path).nomograms
    score = found[(found["feature"] == "score") & (found["design"] == "once")].iloc[0]
    assert (score["block"], score["unit"], score["slope"]) == ("HRF", "score", pytest.approx(1.0))
