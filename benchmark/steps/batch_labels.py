"""Which batch each row belongs to, by any of the variables that travel with it.

``batch`` is the cohort's batch; every other name is a covariate of the cohort, so that a second batch variable (the
scanner inside a centre) is declared there.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.cohort import Cohort
from benchmark.errors import DataError, first_of, unknown
from benchmark.steps.step import Rows

BATCH_OF_COHORT = "batch"


def batch_labels(rows: Rows, variable: str, title: str) -> np.ndarray:
    """(n_cases,) batches as text; ``DataError`` if there are none or one is missing."""
    values = rows.batch if variable == BATCH_OF_COHORT else _covariate(rows.covariates, variable, title)
    if values is None:
        raise DataError(f"{title}: the rows have no batch. Name the column of the scanner or centre: cohort.batch")
    missing = pd.isna(values)
    if missing.any():
        kind = "batch" if variable == BATCH_OF_COHORT else f"'{variable}'"
        raise DataError(f"{title}: {first_of(rows.cases[missing])} of {len(missing)} rows have no {kind}")
    return as_labels(values)


def batch_of(cohort: Cohort, variable: str) -> pd.Series | None:
    """A batch variable of a cohort, None if it has no such one."""
    if variable == BATCH_OF_COHORT:
        return cohort.batch
    return cohort.covariates[variable] if variable in cohort.covariates.columns else None


def as_labels(values: np.ndarray) -> np.ndarray:
    """Text of text or numbers, as their author wrote them: ``3`` and not ``3.0``."""
    if values.dtype.kind == "f":
        return np.array([f"{value:.12g}" for value in values])
    return values.astype(str)


def _covariate(covariates: pd.DataFrame, variable: str, title: str) -> np.ndarray:
    if variable not in covariates.columns:
        raise DataError(f"{title}: {unknown('batch variable', variable, [BATCH_OF_COHORT, *covariates.columns])}")
    column = covariates[variable]
    return column.to_numpy() if column.dtype.kind == "f" else column.to_numpy(object)
