"""Blocks of which somebody chose the features with all labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.audit.selected import mann_whitney, selected
from benchmark.cohort import Cohort
from tests.audit.conftest import SubjectOf
from tests.raw_tables import Change, raw, raw_cohort

RNG = np.random.default_rng(1)
NOISE = RNG.normal(size=(72, 1000))


def chosen_by_p(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    p = mann_whitney(NOISE, cohort.codes.to_numpy())
    return pd.DataFrame(NOISE[:, p < 0.05], index=table.index).add_prefix("f")


def chosen_twenty(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    best = np.argsort(mann_whitney(NOISE, cohort.codes.to_numpy()))[:20]
    return pd.DataFrame(NOISE[:, best], index=table.index).add_prefix("f")


def all_have_an_effect(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return table.iloc[:, :15] + 2.5 * cohort.codes.to_numpy()[:, None]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [(chosen_by_p, "LEAK"), (chosen_twenty, "LEAK"), (all_have_an_effect, "WARNING"), (raw, "OK")],
)
def test_selection_before_the_split(change: Change, verdict: str, subject_of: SubjectOf) -> None:
    finding = next(selected(subject_of(raw_cohort(change))))
    assert finding.verdict == verdict, finding


def test_p_is_the_asymptotic_one_of_scipy() -> None:
    codes = raw_cohort().codes.to_numpy()
    found = mann_whitney(NOISE[:, :9], codes)
    one, other = NOISE[codes == 1, :9], NOISE[codes == 0, :9]
    expected = stats.mannwhitneyu(one, other, method="asymptotic", use_continuity=False).pvalue
    np.testing.assert_allclose(found, expected, rtol=1e-9)
