"""Where nothing can be predicted, an honest design covers 0.5 and a selection before the folds does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmark.audit.control import _verdict, noise_cohort, permuted, permuted_cohort, random_features
from benchmark.recipe import StepChoice
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort
from tests.leaks import LEAKS, plant

WIDE = small_cohort(n_hrf=200)
SELECT = {"k": 5}


def test_honest_selection_covers_one_half(subject_of: SubjectOf) -> None:
    subject = subject_of(WIDE, StepChoice("univariate", SELECT))
    for check in (permuted, random_features):
        finding = next(check(subject))
        assert finding.verdict in ("OK", "NOTE"), finding
        assert "3 draws" in finding.message


def test_selection_before_the_folds_as_in_fae_is_red(monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    leak = replace(plant(monkeypatch, LEAKS["selection"]), params=SELECT, families=("HRF", "DRF"))
    subject = subject_of(WIDE, leak)
    for check in (permuted, random_features):
        finding = next(check(subject))
        assert finding.verdict == "LEAK", finding
        assert "should be 0.5" in finding.message


def test_none_without_draws_or_fits(subject_of: SubjectOf) -> None:
    assert next(permuted(subject_of(permutations=0))).verdict == "NOT CHECKED"
    impossible = StepChoice("univariate", {"when_empty": "error", "alpha": 1e-12})
    finding = next(permuted(subject_of(None, impossible)))
    assert finding.verdict == "NOT CHECKED"
    assert "none of" in finding.message


def test_verdict_is_bonferroni_over_arms_and_averages_draws() -> None:
    rows = [("kfold", "out-of-fold", model, auc, 0.04**2) for model in "ab" for auc in (0.6, 0.62, 0.64, 0.66)]
    table = pd.DataFrame(rows, columns=["design", "role", "model", "estimate", "variance"])
    z = norm.ppf(1 - 0.01 / 4)
    finding = _verdict("LA301", table, "x")
    assert f"AUC 0.630 (joint 99% interval {0.63 - z * 0.02:.3f} to {0.63 + z * 0.02:.3f}, 2 arms)" in finding.message
    assert finding.verdict == "LEAK"
    assert _verdict("LA301", table.assign(estimate=table["estimate"] - 0.13 + z * 0.0199), "x").verdict == "OK"
    assert _verdict("LA301", table.assign(estimate=table["estimate"] - 0.13 + z * 0.0201), "x").verdict == "LEAK"
    assert _verdict("LA301", table.assign(estimate=table["estimate"] - 0.13 - z * 0.0201), "x").verdict == "NOTE"


def test_outcomes_of_a_patient_go_together() -> None:
    cohort = small_cohort(rows_per_patient=2)
    after = permuted_cohort(cohort, seed=4)
    assert (after.outcome.groupby(after.patient).nunique() == 1).all()
    assert after.outcome.value_counts().to_dict() == cohort.outcome.value_counts().to_dict()
    assert not after.outcome.equals(cohort.outcome)
    assert after.outcome.equals(permuted_cohort(cohort, seed=4).outcome)


def test_patients_of_unequal_size_take_what_there_is() -> None:
    cohort = small_cohort()
    patient = cohort.patient.copy()
    patient.iloc[:5] = "first"
    after = permuted_cohort(replace(cohort, patient=patient), seed=1)
    assert set(after.outcome) == {"0", "1"}
    assert len(after.outcome) == 72


def test_within_centres_each_keeps_its_events() -> None:
    cohort = small_cohort()
    after = permuted_cohort(cohort, seed=2, within_centres=True)
    before = cohort.outcome.groupby(cohort.batch).value_counts().to_dict()
    assert after.outcome.groupby(after.batch).value_counts().to_dict() == before
    assert not after.outcome.equals(cohort.outcome)


def test_noise_has_the_shape_of_the_cohort() -> None:
    cohort = small_cohort()
    after = noise_cohort(cohort, seed=1)
    for name in ("HRF", "DRF"):
        new, old = after.blocks[name].table, cohort.blocks[name].table
        assert new.shape == old.shape
        assert (new.isna() == old.isna()).all(axis=None)
        assert np.corrcoef(new.fillna(0).to_numpy().ravel(), old.fillna(0).to_numpy().ravel())[0, 1] < 0.1
    assert after.blocks["clinical"] is cohort.blocks["clinical"]
    readings = after.blocks["HRF"].readings
    assert readings is not None
    filled = after.blocks["HRF"].table.notna().to_numpy()
    np.testing.assert_array_equal(readings.values[:, 0][filled], after.blocks["HRF"].table.to_numpy()[filled])
    assert 0.05 < np.std(readings.values[:, 1] - readings.values[:, 0]) < 0.15
    assert noise_cohort(cohort, seed=1, every=True).blocks["clinical"].table["age"].notna().all()


def test_arms_of_a_partial_cohort_have_the_cases_of_their_blocks(subject_of: SubjectOf) -> None:
    cohort = small_cohort()
    table = WIDE.blocks["DRF"].table.copy()
    table.iloc[::5] = np.nan
    blocks = {"DRF": replace(WIDE.blocks["DRF"], table=table), "HRF": cohort.blocks["HRF"]}
    subject = subject_of(replace(cohort, blocks=blocks, partial=True), permutations=1)
    for check in (permuted, random_features):
        assert next(check(subject)).verdict in ("OK", "NOTE")
