"""Blocks that were scaled or decomposed on all cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmark.audit.scaled import components, scaled
from benchmark.cohort import Cohort
from benchmark.recipe import StepChoice
from tests.audit.conftest import SubjectOf
from tests.raw_tables import Change, raw, raw_cohort


def standard(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return (table - table.mean()) / table.std()


def from_0_to_1(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return (table - table.min()) / (table.max() - table.min())


def robust(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return (table - table.median()) / (table.quantile(0.75) - table.quantile(0.25))


def ranked(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return pd.DataFrame(norm.ppf((table.rank() - 0.5) / len(table)), index=table.index, columns=table.columns)


def decomposed(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    left, roots, _ = np.linalg.svd(table - table.mean(), full_matrices=False)
    return pd.DataFrame(left[:, :12] * roots[:12], index=table.index, columns=list(table.columns[:12]))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (standard, "mean 0 and SD 1"),
        (from_0_to_1, "smallest value 0 and largest 1"),
        (robust, "median 0 and interquartile range 1"),
        (ranked, ""),
    ],
)
def test_scaling_before_the_split(change: Change, told: str, subject_of: SubjectOf) -> None:
    cohort = raw_cohort(change)
    finding = next(scaled(subject_of(cohort)))
    assert finding.verdict == "LEAK"
    assert finding.message.startswith(told)
    again = next(scaled(subject_of(cohort, StepChoice("standardize"))))
    assert (again.verdict, again.message.endswith("scales again inside its folds, which undoes it")) == ("NOTE", True)
    elsewhere = StepChoice("standardize", families=())
    assert next(scaled(subject_of(cohort, elsewhere))).verdict == "LEAK"


def test_components_of_all_cases(subject_of: SubjectOf) -> None:
    assert next(components(subject_of(raw_cohort(decomposed)))).verdict == "LEAK"
    fewer = raw_cohort(lambda table, cohort: decomposed(table, cohort).iloc[:60].reindex(table.index).fillna(0.5))
    assert next(components(subject_of(fewer))).verdict == "OK"


def test_signs_that_are_0_or_1_are_no_scaling(subject_of: SubjectOf) -> None:
    cohort = raw_cohort(lambda table, _: (table > table.median()).astype(float))
    assert next(scaled(subject_of(cohort))).verdict == "OK"


def test_raw_table(subject_of: SubjectOf) -> None:
    subject = subject_of(raw_cohort(raw))
    assert {next(check(subject)).verdict for check in (scaled, components)} == {"OK"}
