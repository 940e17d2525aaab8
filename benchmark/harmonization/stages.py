"""The features before and after each harmonization: fitted on all cases, and fitted on the training cases of each fold.

A stage is ``before`` or the name of a method. Its held-out values are put together from the folds: each case has the
values that a harmonization gave it which never saw it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from benchmark.cohort import Cohort
from benchmark.errors import DataError
from benchmark.frame import feature_columns
from benchmark.harmonization.plan import BEFORE, Method
from benchmark.recipe import FeatureSet, Preprocessing, build_steps, touched_blocks

ALL, HELD_OUT = "all cases", "held-out cases"


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold of one stage: values of training and test cases as frames of the same columns, and the test cases."""

    stage: str
    number: int
    train: pd.DataFrame
    test: pd.DataFrame


def audited_blocks(methods: Sequence[Method], cohort: Cohort) -> tuple[str, ...]:
    """The blocks that some harmonizing step touches; ``DataError`` if none is."""
    everything = FeatureSet("", tuple(cohort.blocks))
    touched = {
        block for method in methods for step in method.after for block in touched_blocks(step, everything, cohort)
    }
    if not touched:
        raise DataError("no harmonizing step touches a block: image blocks are touched by default, others by families")
    return tuple(name for name in cohort.blocks if name in touched)


def on_all_cases(methods: Sequence[Method], cohort: Cohort, *, seed: int) -> dict[str, pd.DataFrame]:
    """The values of each stage, learned from all cases: index = cases, columns ``block::feature``."""
    return dict(_stages(methods, cohort, cohort.cases, cohort.cases, seed))


def folds_of(methods: Sequence[Method], cohort: Cohort, labels: pd.Series, *, folds: int, seed: int) -> Iterator[Fold]:
    """Every stage in every fold of the labelled cases, the patients kept together and the labels in proportion."""
    cases = labels.index
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    parts = splitter.split(cases, labels.to_numpy(), cohort.patient[cases].to_numpy())
    for number, (train, test) in enumerate(parts):
        trained = dict(_stages(methods, cohort, cases[train], cases[np.sort(np.concatenate([train, test]))], seed))
        for stage, values in trained.items():
            yield Fold(stage, number, values.loc[cases[train]], values.loc[cases[test]])


def _stages(
    methods: Sequence[Method], cohort: Cohort, train: pd.Index, cases: pd.Index, seed: int
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The values of ``cases`` at each stage, learned from ``train``."""
    blocks = audited_blocks(methods, cohort)
    frame = cohort.frame(blocks, covariates=cohort.covariates.columns)
    chosen = FeatureSet("audited", blocks)

    def fitted(name: str, method: Method, *, harmonized: bool) -> pd.DataFrame:
        steps = method.before + method.after if harmonized else method.before
        pipeline = build_steps(chosen, Preprocessing(name, steps), cohort, seed=seed)
        try:
            return _run(pipeline, frame.loc[train], frame.loc[cases])
        except DataError as error:
            raise DataError(f"{name}: {error}") from None

    yield BEFORE, fitted(BEFORE, methods[0], harmonized=False)
    for method in methods:
        yield method.name, fitted(method.name, method, harmonized=True)


def _run(pipeline: Pipeline, train: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The cases after all steps, still as a frame: the last one only checks that no value is missing."""
    for _, step in pipeline.steps[:-1]:
        train, cases = step.fit(train).transform(train), step.transform(cases)
    pipeline.steps[-1][1].fit(train)
    return cases[feature_columns(cases)]
