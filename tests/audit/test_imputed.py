"""Values that were filled in before the split."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.imputed import filled_with, imputed
from benchmark.cohort import Cohort
from tests.audit.conftest import SubjectOf
from tests.raw_tables import Change, raw, raw_cohort


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    return table.mask(np.random.default_rng(1).uniform(size=table.shape) < 0.05)


def with_mean(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return gaps(table).fillna(gaps(table).mean())


def with_median(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return gaps(table).fillna(gaps(table).median())


def with_mean_of_class(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return gaps(table).fillna(gaps(table).groupby(cohort.outcome).transform("mean"))


def left_alone(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return gaps(table)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (with_mean, "values sit on the mean of 'f"),
        (with_median, "values sit on the median of 'f"),
        (with_mean_of_class, "sit on the mean of their class of 'f"),
        (raw, ""),
        (left_alone, ""),
    ],
)
def test_imputation_before_the_split(change: Change, told: str, subject_of: SubjectOf) -> None:
    finding = next(imputed(subject_of(raw_cohort(change))))
    assert finding.verdict == ("LEAK" if told else "OK")
    assert told in finding.message


def test_values_in_the_middle_by_chance_are_no_imputation() -> None:
    rng = np.random.default_rng(0)
    for values in (rng.normal(size=101), rng.integers(0, 9, 100).astype(float), np.round(rng.normal(size=100), 1)):
        assert filled_with(values) == ""
    values = rng.normal(size=100)
    values[:3] = values[3:].mean()
    assert filled_with(values) == "3 values sit on the mean"
