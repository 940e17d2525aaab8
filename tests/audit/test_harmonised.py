"""Batches that were harmonised on all cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.audit.harmonised import batch_p_values, harmonised
from benchmark.checks.numbers import numbers
from benchmark.cohort import Block, Cohort
from benchmark.steps.combat import ComBat
from tests.audit.conftest import SubjectOf
from tests.raw_tables import Change, raw, raw_cohort


def combat(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    frame = replace(cohort, blocks={"HRF": Block("HRF", "HRF", table)}).frame(["HRF"])
    return ComBat().fit(frame).transform(frame)[[f"HRF::{name}" for name in table]].set_axis(table.columns, axis=1)


def combat_with_outcome(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    outcome = np.stack([cohort.codes.to_numpy() == code for code in (0, 1)], axis=1).astype(float)
    batch = pd.get_dummies(cohort.batch).to_numpy(float)
    effect = np.linalg.lstsq(np.hstack([outcome, batch[:, 1:]]), table.to_numpy(), rcond=None)[0][2:]
    return table - batch[:, 1:] @ effect


@pytest.mark.parametrize(
    ("change", "verdict", "told"),
    [
        (raw, "OK", "median p of the difference of batches: HRF"),
        (combat, "LEAK", "batches agree better than random ones (median p 0."),
        (combat_with_outcome, "LEAK", "most of all given the outcome: it was a covariate"),
    ],
)
def test_combat_before_the_split(change: Change, verdict: str, told: str, subject_of: SubjectOf) -> None:
    finding = next(harmonised(subject_of(raw_cohort(change))))
    assert (finding.verdict, told in finding.message) == (verdict, True), finding


def test_batches_without_effects_are_no_leak(subject_of: SubjectOf) -> None:
    for seed in range(5):
        cohort = raw_cohort(
            lambda table, _, seed=seed: table * 0 + np.random.default_rng(seed).normal(size=table.shape)
        )
        assert next(harmonised(subject_of(cohort))).verdict == "OK"


def test_batch_test_is_the_anova_of_scipy() -> None:
    cohort = raw_cohort()
    part = next(numbers(cohort))
    groups = [part.values[(cohort.batch == one).to_numpy()] for one in "ABC"]
    found = batch_p_values(part, cohort, given_outcome=False)
    np.testing.assert_allclose(found, stats.f_oneway(*groups).pvalue, rtol=1e-8)


def test_batch_test_given_the_outcome_is_that_of_two_regressions() -> None:
    cohort = raw_cohort()
    part = next(numbers(cohort))
    y, batch = cohort.codes.to_numpy(float), pd.get_dummies(cohort.batch).to_numpy(float)
    small, large = np.column_stack([np.ones(72), y]), np.column_stack([batch, y])
    rest = [np.linalg.lstsq(design, part.values[:, 0], rcond=None)[1][0] for design in (small, large)]
    expected = stats.f.sf((rest[0] - rest[1]) / 2 / (rest[1] / 68), 2, 68)
    assert batch_p_values(part, cohort, given_outcome=True)[0] == pytest.approx(expected, rel=1e-8)


def test_no_batch_is_not_checked(subject_of: SubjectOf) -> None:
    assert next(harmonised(subject_of(replace(raw_cohort(), batch=None)))).verdict == "NOT CHECKED"
