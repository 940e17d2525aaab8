"""What all harmonizations share: several batch variables in order, and what is refused before any work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.cohort import Cohort
from benchmark.errors import ConfigError, DataError
from benchmark.frame import BATCH, COVARIATE
from benchmark.menu import check_parameters
from benchmark.steps.batch_labels import as_labels
from benchmark.steps.batch_zscore import BatchZScore
from benchmark.steps.combat import ComBat
from benchmark.steps.harmonizer import Harmonizer
from benchmark.steps.limma import Limma
from benchmark.steps.step import HARNESS_PARAMETERS
from tests.cohorts import small_cohort
from tests.steps.test_combat import features, frame

KINDS: list[type[Harmonizer]] = [ComBat, Limma, BatchZScore]


def nested(seed: int = 0) -> pd.DataFrame:
    """Two scanners inside each of the centres A, B, C, with an effect of their own."""
    rng = np.random.default_rng(seed)
    table = frame()
    scanner = table[BATCH] + rng.integers(1, 3, len(table)).astype(str)
    table.loc[scanner.str.endswith("2"), table.columns[:12]] += rng.normal(2, 1, 12)
    return table.assign(**{COVARIATE + "scanner": scanner.astype(object)})


@pytest.mark.parametrize("kind", KINDS)
def test_several_batch_variables_are_one_after_the_other(kind: Any) -> None:
    table = nested()
    found = kind(batch=("batch", "scanner")).fit_transform(table)
    first = kind().fit_transform(table)
    second = kind(batch=("scanner",)).fit_transform(first)
    np.testing.assert_array_equal(features(found), features(second))
    other_way = kind(batch=("scanner", "batch")).fit_transform(table)
    assert np.abs(features(found) - features(first)).max() > 0.1
    means = found.groupby(COVARIATE + "scanner")[list(table.columns[:12])].mean()
    spread = table.groupby(COVARIATE + "scanner")[list(table.columns[:12])].mean().std()
    assert (means.std() / spread).max() < 0.6  # ComBat's prior leaves a part
    assert features(other_way).shape == features(found).shape


def test_a_held_out_row_goes_through_the_same_sequence() -> None:
    table = nested()
    step = ComBat(batch=("batch", "scanner")).fit(table.iloc[:70])
    together = features(step.transform(table.iloc[70:]))
    alone = np.vstack([features(step.transform(table.iloc[[row]])) for row in range(70, 90)])
    np.testing.assert_allclose(alone, together, rtol=1e-12)


def test_policies_of_each_batch_variable() -> None:
    table = nested()
    train = table[table[COVARIATE + "scanner"] != "C2"]
    step = Limma(batch=("batch", "scanner"), unseen="skip").fit(train)
    counts = step.policy_counts(table).set_index("batch")
    assert counts.loc["C", "policy"] == "harmonised"
    assert counts.loc["scanner: C2", "policy"] == "unseen: skip"
    assert counts["rows"].sum() == 2 * len(table)
    assert (step.policies(table, "scanner") == "unseen: skip").sum() == counts.loc["scanner: C2", "rows"]


def test_reference_is_of_the_first_variable() -> None:
    step = BatchZScore(batch=("batch", "scanner"), reference="A").fit(nested())
    assert step.states_[0][0].policy["A"] == "reference"
    assert set(step.states_[0][1].policy.values()) == {"harmonised"}


def test_a_number_may_be_a_batch() -> None:
    assert as_labels(np.array([3.0, 2.5, 3.000001])).tolist() == ["3", "2.5", "3.000001"]
    assert as_labels(np.array(["x", "02"], object)).tolist() == ["x", "02"]
    table = frame()
    table[COVARIATE + "spacing"] = np.where(np.arange(90) % 2, 2.5, 3.0)
    assert set(ComBat(batch=("spacing",)).fit(table).states_[0][0].policy) == {"2.5", "3"}


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_batch_variables(kind: Any) -> None:
    table = nested()
    with pytest.raises(DataError, match=r"unknown batch variable 'scaner'. Did you mean 'scanner'\? Known: batch, age"):
        kind(batch=("scaner",)).fit(table)
    with pytest.raises(DataError, match=r"1 \(first: 'case\d+'\) of 90 rows have no 'scanner'"):
        holed = table.copy()
        holed.iloc[4, holed.columns.get_loc(COVARIATE + "scanner")] = None
        kind(batch=("scanner",)).fit(holed)
    with pytest.raises(ConfigError, match=r"the batch variable 'batch' is named twice"):
        kind(batch=("batch", "batch")).check()
    with pytest.raises(ConfigError, match=r"unseen: reference needs the reference batch"):
        kind(unseen="reference").check()


def test_one_name_is_a_list_of_one_in_the_yaml() -> None:
    for kind in KINDS:
        assert check_parameters(kind, {"batch": "scanner"}, leave_out=HARNESS_PARAMETERS) == {"batch": ("scanner",)}
        with pytest.raises(ConfigError, match=r"'batch'"):
            check_parameters(kind, {"batch": []}, leave_out=HARNESS_PARAMETERS)


def with_covariate(**columns: Any) -> Cohort:
    cohort = small_cohort()
    return replace(cohort, covariates=cohort.covariates.assign(**columns))


def refused(step: Harmonizer, cohort: Cohort, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        step.check_cohort(cohort)


def test_the_outcome_is_refused_before_any_work() -> None:
    outcome = small_cohort().outcome
    disguised = with_covariate(dead=outcome.map({"0": "no", "1": "yes"}))
    for kind in (ComBat, Limma):
        refused(kind(covariates=("age", "dead")), disguised, r"covariate 'dead' equals the outcome in all 72 cases")
        kind(covariates=("age", "sex")).check_cohort(disguised)
    grade = outcome.map({"0": "I", "1": "II"}).where(np.arange(72) % 3 > 0, outcome.map({"0": "I", "1": "III"}))
    refused(ComBat(covariates=("grade",)), with_covariate(grade=grade), r"covariate 'grade' equals the outcome")
    refused(
        BatchZScore(batch=("dead",)),
        disguised,
        r"the batch 'dead' tells the outcome of every case: removing it",
    )


def test_a_covariate_that_is_the_batch_is_refused_before_any_work() -> None:
    field = small_cohort().batch.map({"A": 1.5, "B": 3.0, "C": 1.5})
    cohort = with_covariate(field=field)
    for kind in (ComBat, Limma):
        refused(kind(covariates=("field",)), cohort, r"covariate 'field' is determined by the batch 'batch'")
        with pytest.raises(ConfigError, match=r"'field' is a batch and a covariate: its effect cannot be removed and"):
            kind(batch=("batch", "field"), covariates=("field",)).check()
        kind(batch=("batch", "field"), covariates=("sex",)).check_cohort(cohort)


def test_a_cohort_without_the_batch_is_refused_before_any_work() -> None:
    cohort = with_covariate(scanner=small_cohort().batch.to_numpy(object))
    nowhere = replace(cohort, batch=None)
    for kind in KINDS:
        refused(kind(), nowhere, r"needs a batch, and the cohort declares none: add cohort.batch")
        refused(kind(batch=("scaner",)), nowhere, r"unknown batch variable 'scaner'. Did you mean 'scanner'\?")
        kind(batch=("scanner",)).check_cohort(nowhere)
