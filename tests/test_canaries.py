"""Canaries: what is held out cannot change a fit. They run over every step and every classifier on the menus.

Each ruins one thing that a model of a fold must not have seen, runs the whole unit again, and asks for the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.classifiers import CLASSIFIERS
from benchmark.cohort import Cohort
from benchmark.plan import Plan, Tuning, make_plan
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Design, Split, make_splits
from benchmark.steps import STEPS
from benchmark.store import Store
from tests.cohorts import small_cohort

BLOCKS = ("HRF", "DRF", "clinical")
DESIGN = Design("kfold", "kfold", folds=3, inner_folds=2)


def steps_with(name: str) -> tuple[StepChoice, ...]:
    """A preprocessing in which the step stands where it can."""
    base = (StepChoice("impute"), StepChoice("encode"))
    return base if name in ("impute", "encode") else (*base, StepChoice(name))


def one_fold(
    cohort: Cohort, split: Split, folder: Path, steps: tuple[StepChoice, ...], classifier: str
) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Test probabilities, selected features and inner probabilities of one outer fold."""
    plan: Plan = make_plan(
        cohort,
        [split],
        [FeatureSet("all", BLOCKS)],
        [Preprocessing("p", steps)],
        [ClassifierChoice(classifier)],
        tuning=Tuning(trials=2, inner_folds=2),
        seed=5,
    )
    run(plan, folder, workers=1)
    store, unit = Store(folder), plan.units[0]
    record, facts = store.read(unit.records[0]), store.read(unit.steps_record)
    assert record is not None and facts is not None
    assert record.failure == ""
    return record.arrays["test"], facts.facts["features"], record.arrays["inner"]


def flip_outcomes(cohort: Cohort, cases: pd.Index) -> Cohort:
    outcome = cohort.outcome.copy()
    outcome[cases] = outcome[cases].map({"0": "1", "1": "0"})
    return replace(cohort, outcome=outcome)


def ruin_rows(cohort: Cohort, cases: pd.Index) -> Cohort:
    """Other values in every block, reading and covariate of these cases."""
    rng = np.random.default_rng(9)
    blocks = {}
    for name, block in cohort.blocks.items():
        table, readings = block.table.copy(), block.readings
        for column in table.columns:
            text = not pd.api.types.is_numeric_dtype(table[column].dtype)
            table.loc[cases, column] = "IV" if text else rng.normal(1e3, 1e3, len(cases))
        if readings is not None:
            values = readings.values.copy()
            values[readings.subjects.isin(cases)] = rng.normal(size=(len(cases), *values.shape[1:]))
            readings = replace(readings, values=values)
        blocks[name] = replace(block, table=table, readings=readings)
    covariates = cohort.covariates.copy()
    covariates.loc[cases, "age"] = 999.0
    return replace(cohort, blocks=blocks, covariates=covariates)


def forget_rows(cohort: Cohort, cases: pd.Index) -> Cohort:
    """The cohort as if these cases had never been measured."""
    keep = cohort.cases.difference(cases)
    blocks = {name: replace(block, table=block.table.loc[keep]) for name, block in cohort.blocks.items()}
    return replace(
        cohort, blocks=blocks, outcome=cohort.outcome[keep], patient=cohort.patient[keep], batch=cohort.batch[keep],
        role=cohort.role[keep], covariates=cohort.covariates.loc[keep],
    )  # fmt: skip


RUINS: dict[str, Callable[[Cohort, pd.Index], Cohort]] = {
    "outcomes of held-out cases flipped": flip_outcomes,
    "other held-out rows ruined": ruin_rows,
    "other held-out rows forgotten": forget_rows,
}


def check_canaries(steps: tuple[StepChoice, ...], classifier: str, folder: Path, rows_per_patient: int = 1) -> None:
    """Every ruin in turn. The first held-out patient's rows are spared, and their predictions must not move."""
    cohort = small_cohort(rows_per_patient=rows_per_patient)
    split = make_splits(cohort, DESIGN, seed=5)[0]
    spared = split.test[cohort.patient[split.test] == cohort.patient[split.test[0]]]
    expected, features, inner = one_fold(cohort, split, folder / "whole", steps, classifier)
    for number, (what, ruin) in enumerate(RUINS.items()):
        ruined = ruin(cohort, split.test.difference(spared))
        if ruin is flip_outcomes:
            ruined = ruin(cohort, split.test)
        test = split.test if ruin is not forget_rows else spared
        again = replace(split, test=test, roles=split.roles[: len(test)])
        found, found_features, found_inner = one_fold(ruined, again, folder / str(number), steps, classifier)
        places = split.test.get_indexer(spared), test.get_indexer(spared)
        # a product of fewer rows may be summed in another order: that alone moves the last bit
        tolerance = 1e-12 if ruin is forget_rows else 0
        np.testing.assert_allclose(found[places[1]], expected[places[0]], rtol=tolerance, atol=0, err_msg=what)
        np.testing.assert_array_equal(found_inner, inner, err_msg=what)
        assert found_features == features, what


@pytest.mark.parametrize("name", STEPS)
def test_step_learns_from_training_rows_only(name: str, tmp_path: Path) -> None:
    check_canaries(steps_with(name), "logistic_l2", tmp_path)


@pytest.mark.parametrize("name", STEPS)
def test_step_learns_from_training_patients_only(name: str, tmp_path: Path) -> None:
    check_canaries(steps_with(name), "logistic_l2", tmp_path, rows_per_patient=2)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifier_learns_from_training_rows_only(name: str, tmp_path: Path) -> None:
    check_canaries((StepChoice("impute"), StepChoice("encode"), StepChoice("standardize")), name, tmp_path)
