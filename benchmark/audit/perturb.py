"""Other cohorts in which held-out cases have changed, and nothing else has.

What is held out cannot change a fit: a model of these cohorts is the same to the last bit, or it has seen them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmark.cohort import Block, Cohort

SEED = 9
FAR = 1e3
"""Mean and SD of the numbers that stand where held-out ones stood."""


def flip_outcomes(cohort: Cohort, cases: pd.Index) -> Cohort:
    """These cases have another class: the next one, and the last has the first."""
    other = dict(zip(cohort.classes, (*cohort.classes[1:], cohort.classes[0]), strict=True))
    outcome = cohort.outcome.copy()
    outcome[cases] = outcome[cases].map(other)
    return replace(cohort, outcome=outcome)


def ruin_rows(cohort: Cohort, cases: pd.Index) -> Cohort:
    """Other values in every block, reading and covariate of these cases."""
    rng = np.random.default_rng(SEED)
    blocks = {name: _ruined(block, cases, rng) for name, block in cohort.blocks.items()}
    covariates = cohort.covariates.copy()
    for column in covariates.columns:
        told = covariates.loc[cases, column].to_numpy()
        numeric = pd.api.types.is_numeric_dtype(covariates[column].dtype)
        covariates.loc[cases, column] = 999.0 if numeric else rng.permutation(told)
    return replace(cohort, blocks=blocks, covariates=covariates)


def forget_rows(cohort: Cohort, cases: pd.Index) -> Cohort:
    """The cohort as if these cases had never been measured."""
    keep = cohort.cases.difference(cases)
    return replace(
        cohort, blocks={name: _forgotten(block, keep, cases) for name, block in cohort.blocks.items()},
        outcome=cohort.outcome[keep], patient=cohort.patient[keep], covariates=cohort.covariates.loc[keep],
        batch=None if cohort.batch is None else cohort.batch[keep],
        role=None if cohort.role is None else cohort.role[keep],
    )  # fmt: skip


PERTURBATIONS: dict[str, Callable[[Cohort, pd.Index], Cohort]] = {
    "LA201": flip_outcomes,
    "LA202": ruin_rows,
    "LA203": forget_rows,
}
"""By the code of the check."""


def _ruined(block: Block, cases: pd.Index, rng: np.random.Generator) -> Block:
    table, readings = block.table.copy(), block.readings
    for column in table.columns:
        text = not pd.api.types.is_numeric_dtype(table[column].dtype)
        table.loc[cases, column] = "another level" if text else rng.normal(FAR, FAR, len(cases))
    if readings is not None and not readings.external:
        values, hit = readings.values.copy(), readings.subjects.isin(cases)
        values[hit] = rng.normal(size=(int(hit.sum()), *values.shape[1:]))
        readings = replace(readings, values=values)
    return replace(block, table=table, readings=readings)


def _forgotten(block: Block, keep: pd.Index, cases: pd.Index) -> Block:
    readings = block.readings
    if readings is not None and not readings.external:
        left = ~readings.subjects.isin(cases)
        readings = replace(readings, subjects=readings.subjects[left], values=readings.values[left])
    return replace(block, table=block.table.loc[keep], readings=readings)
