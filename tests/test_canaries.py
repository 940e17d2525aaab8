"""Canaries: what is held out cannot change a fit. They run over every step and every classifier on the menus.

Each changes one thing that a model of a fold must not have seen, runs the whole unit again, and asks for the same bits:
the perturbations of the leak audit, on a small cohort.
"""

from __future__ import annotations

import pytest

from benchmark.audit.holdings import held_rows, marks_of
from benchmark.audit.perturb import PERTURBATIONS
from benchmark.audit.seen import outside
from benchmark.audit.spot import Spot, difference_when, run_spot
from benchmark.classifiers import CLASSIFIERS
from benchmark.plan import Tuning
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, StepChoice
from benchmark.splits import Design, make_splits
from benchmark.steps import STEPS
from tests.cohorts import QUICK, small_cohort

BLOCKS = ("HRF", "DRF", "clinical")
DESIGN = Design("kfold", "kfold", folds=3, inner_folds=2)


def steps_with(name: str) -> tuple[StepChoice, ...]:
    """A preprocessing in which the step stands where it can."""
    base = (StepChoice("impute"), StepChoice("encode"))
    return base if name in ("impute", "encode") else (*base, StepChoice(name, QUICK.get(name, {})))


def check_canaries(steps: tuple[StepChoice, ...], classifier: str, rows_per_patient: int = 1) -> None:
    """Every perturbation in turn; and nobody who is held out among the rows of any fit, or in what a step holds."""
    cohort = small_cohort(rows_per_patient=rows_per_patient)
    split = make_splits(cohort, DESIGN, seed=5)[0]
    choices = (ClassifierChoice(classifier),)
    spot = Spot(split, FeatureSet("all", BLOCKS), Preprocessing("p", steps), choices, Tuning(2, 2), seed=5)
    whole = run_spot(cohort, spot)
    assert whole.failure == ""
    assert [record.failure for record in whole.models.values()] == [""]
    assert {fit.kind for fit in whole.fits} == {"step", "classifier"}
    assert [outside(fit, split.test) for fit in whole.fits] == [[]] * len(whole.fits)
    marks = marks_of(cohort, split.test)
    assert {held_rows(fit.estimator, marks) for fit in whole.fits if fit.kind == "step"} == {""}
    assert {fit.files for fit in whole.fits} == {()}
    for code in PERTURBATIONS:
        assert difference_when(code, cohort, spot, whole) == "", code


@pytest.mark.parametrize("name", STEPS)
def test_step_learns_from_training_rows_only(name: str) -> None:
    check_canaries(steps_with(name), "logistic_l2")


@pytest.mark.parametrize("name", STEPS)
def test_step_learns_from_training_patients_only(name: str) -> None:
    check_canaries(steps_with(name), "logistic_l2", rows_per_patient=2)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifier_learns_from_training_rows_only(name: str) -> None:
    check_canaries((StepChoice("impute"), StepChoice("encode"), StepChoice("standardize")), name)
