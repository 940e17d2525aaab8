"""Tables that were prepared on all cases before the split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.audit.tables import batch_p_values, filled_with, harmonised, imputed, selected, standardised
from benchmark.checks.numbers import numbers
from benchmark.cohort import Block, Cohort
from benchmark.recipe import StepChoice
from benchmark.steps.combat import ComBat
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort

K = 40


def cohort_of(change: Callable[[pd.DataFrame, Cohort], pd.DataFrame]) -> Cohort:
    """One image block of K raw features with batch effects, changed as a whole."""
    cohort = small_cohort()
    rng = np.random.default_rng(5)
    place = pd.factorize(cohort.batch)[0]
    y = (rng.uniform(size=72) < np.array([0.2, 0.5, 0.8])[place]).astype(int)
    cohort = replace(cohort, outcome=pd.Series(y.astype(str), index=cohort.cases))
    values = 5 + rng.normal(size=(72, K)) + rng.normal(size=(3, K))[place]
    values[:, :4] += y[:, None]
    table = change(pd.DataFrame(values, index=cohort.cases, columns=[f"f{k}" for k in range(K)]), cohort)
    return replace(cohort, blocks={"HRF": Block("HRF", "HRF", table)})


def raw(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return table


def scaled(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return (table - table.mean()) / table.std(ddof=0)


def combat(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    frame = replace(cohort, blocks={"HRF": Block("HRF", "HRF", table)}).frame(["HRF"])
    return ComBat().fit(frame).transform(frame)[[f"HRF::{name}" for name in table]].set_axis(table.columns, axis=1)


def combat_with_outcome(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    outcome = np.stack([cohort.codes.to_numpy() == code for code in (0, 1)], axis=1).astype(float)
    batch = pd.get_dummies(cohort.batch).to_numpy(float)
    design = np.hstack([outcome, batch[:, 1:]])
    effect = np.linalg.lstsq(design, table.to_numpy(), rcond=None)[0][2:]
    return table - batch[:, 1:] @ effect


def mean_imputed(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    table = table.mask(np.random.default_rng(1).uniform(size=table.shape) < 0.05)
    return table.fillna(table.mean())


def median_imputed(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    table = table.mask(np.random.default_rng(1).uniform(size=table.shape) < 0.05)
    return table.fillna(table.median())


def chosen(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    noise = np.random.default_rng(1).normal(size=(72, 400))
    y = cohort.codes.to_numpy()
    p = stats.mannwhitneyu(noise[y == 1], noise[y == 0]).pvalue
    return pd.DataFrame(noise[:, p < 0.05], index=table.index).add_prefix("f")


CHECKS = (standardised, harmonised, imputed, selected)


@pytest.mark.parametrize(
    ("change", "code", "verdict"),
    [
        (raw, "", ""),
        (scaled, "LA601", "LEAK"),
        (combat, "LA602", "LEAK"),
        (combat_with_outcome, "LA602", "LEAK"),
        (mean_imputed, "LA603", "LEAK"),
        (median_imputed, "LA603", "LEAK"),
        (chosen, "LA604", "WARNING"),
    ],
)
def test_what_was_done_on_all_cases(
    change: Callable[[pd.DataFrame, Cohort], pd.DataFrame], code: str, verdict: str, subject_of: SubjectOf
) -> None:
    subject = subject_of(cohort_of(change))
    found = {one.code: one for check in CHECKS for one in check(subject)}
    expected = dict.fromkeys(("LA601", "LA602", "LA603", "LA604"), "OK") | ({code: verdict} if code else {})
    assert {one.code: one.verdict for one in found.values()} == expected
    assert ("it was a covariate" in found["LA602"].message) == (change is combat_with_outcome)


def test_scaling_again_in_the_folds_undoes_it(subject_of: SubjectOf) -> None:
    assert next(standardised(subject_of(cohort_of(scaled), StepChoice("standardize")))).verdict == "NOTE"
    elsewhere = StepChoice("standardize", families=())
    assert next(standardised(subject_of(cohort_of(scaled), elsewhere))).verdict == "LEAK"


def test_batch_test_is_the_anova_of_scipy() -> None:
    cohort = cohort_of(raw)
    part = next(numbers(cohort))
    groups = [part.values[(cohort.batch == one).to_numpy()] for one in "ABC"]
    np.testing.assert_allclose(
        batch_p_values(part, cohort, given_outcome=False), stats.f_oneway(*groups).pvalue, rtol=1e-8
    )


def test_batch_test_given_the_outcome_is_that_of_two_regressions() -> None:
    cohort = cohort_of(raw)
    part = next(numbers(cohort))
    y, batch = cohort.codes.to_numpy(float), pd.get_dummies(cohort.batch).to_numpy(float)
    small, large = np.column_stack([np.ones(72), y]), np.column_stack([batch, y])
    rest = [np.linalg.lstsq(design, part.values[:, 0], rcond=None)[1][0] for design in (small, large)]
    expected = stats.f.sf((rest[0] - rest[1]) / 2 / (rest[1] / 68), 2, 68)
    assert batch_p_values(part, cohort, given_outcome=True)[0] == pytest.approx(expected, rel=1e-8)


def test_values_in_the_middle_by_chance_are_no_imputation() -> None:
    rng = np.random.default_rng(0)
    for values in (rng.normal(size=101), rng.integers(0, 9, 100).astype(float), np.round(rng.normal(size=100), 1)):
        assert filled_with(values) == ""
    values = rng.normal(size=100)
    values[:3] = values[3:].mean()
    assert filled_with(values) == "3 values sit on the mean"


def test_no_batch_is_not_checked(subject_of: SubjectOf) -> None:
    assert next(harmonised(subject_of(replace(cohort_of(raw), batch=None)))).verdict == "NOT CHECKED"
