"""One image block of raw features with batch effects and a confounded outcome, changed as a whole before any split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmark.cohort import Block, Cohort
from tests.cohorts import small_cohort

K = 40

Change = Callable[[pd.DataFrame, Cohort], pd.DataFrame]


def raw(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return table


def raw_cohort(change: Change = raw) -> Cohort:
    """72 cases of three batches, K features of which four have an effect."""
    cohort = small_cohort()
    rng = np.random.default_rng(5)
    place = pd.factorize(cohort.batch)[0]
    y = (rng.uniform(size=72) < np.array([0.2, 0.5, 0.8])[place]).astype(int)
    cohort = replace(cohort, outcome=pd.Series(y.astype(str), index=cohort.cases))
    values = 5 + rng.normal(size=(72, K)) + rng.normal(size=(3, K))[place]
    values[:, :4] += y[:, None]
    table = change(pd.DataFrame(values, index=cohort.cases, columns=[f"f{k}" for k in range(K)]), cohort)
    return replace(cohort, blocks={"HRF": Block("HRF", "HRF", table)})
