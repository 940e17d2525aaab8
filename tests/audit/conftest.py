"""A small experiment under audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmark.audit import Budget, Subject
from benchmark.cohort import Cohort
from benchmark.commands.audit import aucs
from benchmark.conduct import Prepared, prepare
from benchmark.experiment import read_experiment
from benchmark.readers.simulated import simulate, write
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice
from tests.cohorts import small_cohort

EXPERIMENT = """
preprocessings:
  p: [impute, encode, combat, icc: {threshold: 0.2}, standardize, lasso: {max_features: 5, folds: 3, families: [HRF]}]
classifiers: [random_forest, logistic_l2]
splits: {kind: kfold, folds: 3, repeats: 2}
tuning: {trials: 3, inner_folds: 2}
seed: 1
"""

SubjectOf = Callable[..., Subject]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The YAML of an honest experiment on a simulated cohort."""
    folder = tmp_path_factory.mktemp("audit")
    path = write(simulate(n_cases=90, n_centres=3, n_hrf=12, n_drf=6, seed=1), folder)
    path.write_text(path.read_text().partition("preprocessings:")[0] + EXPERIMENT.lstrip())
    return path


@pytest.fixture(scope="session")
def prepared(written: Path) -> Prepared:
    """The experiment, checked."""
    return prepare(read_experiment(written))


@pytest.fixture
def subject_of(prepared: Prepared) -> SubjectOf:
    """A subject with some other cohort and steps: ``small_cohort`` and imputation if nothing is said."""

    def make(cohort: Cohort | None = None, *steps: StepChoice, folder: Path | None = None, **budget: Any) -> Subject:
        from benchmark.splits import make_splits

        cohort = cohort or small_cohort()
        preprocessing = Preprocessing("p", (StepChoice("impute"), StepChoice("encode"), *steps))
        blocks = tuple(cohort.blocks)
        asked = replace(prepared.experiment, preprocessings=(preprocessing,))
        splits = [split for design in asked.designs for split in make_splits(cohort, design, seed=asked.seed)]
        changed = replace(
            prepared, experiment=asked, cohort=cohort, sets=(FeatureSet("all", blocks),), splits=tuple(splits)
        )
        return Subject(changed, aucs, Budget(**{"folds": 1, "permutations": 3, **budget}), folder)

    return make
