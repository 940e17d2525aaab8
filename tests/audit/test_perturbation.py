"""Every textbook leak that follows its cohort moves a bit; an honest recipe moves none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.perturb import flip_outcomes, forget_rows, ruin_rows
from benchmark.audit.perturbation import perturbed, shuffled, shuffled_cohort
from benchmark.audit.subject import Subject
from benchmark.conduct import Prepared
from benchmark.recipe import StepChoice
from benchmark.steps import STEPS
from benchmark.steps.moments import Moments
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Rows
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort
from tests.leaks import LEAKS, plant


def verdicts(subject: Subject) -> dict[str, str]:
    return {finding.code: finding.verdict for finding in perturbed(subject)}


def test_honest_steps_move_no_bit(subject_of: SubjectOf) -> None:
    steps = [StepChoice(name) for name in ("combat", "icc", "standardize", "univariate")]
    subject = subject_of(None, *steps)
    assert verdicts(subject) == {"LA201": "OK", "LA202": "OK", "LA203": "OK"}


@pytest.mark.parametrize("name", ["selection", "combat", "scaling", "imputation", "icc"])
def test_textbook_leak_is_seen(name: str, monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    leak = plant(monkeypatch, LEAKS[name])
    subject = subject_of(None, replace(leak, families=("HRF",)))
    if name == "imputation":  # the planted step has to come before the honest one
        asked = subject.prepared.experiment
        steps = (leak, *asked.preprocessings[0].steps)
        experiment = replace(asked, preprocessings=(replace(asked.preprocessings[0], steps=steps),))
        subject = replace(subject, prepared=replace(subject.prepared, experiment=experiment))
    found = {finding.code: finding for finding in perturbed(subject)}
    assert found["LA202"].verdict == "LEAK"
    assert f"step {LEAKS[name].title}" in found["LA202"].message
    assert (found["LA201"].verdict == "LEAK") == (name == "selection")


def test_steps_that_fail_are_told(subject_of: SubjectOf) -> None:
    subject = subject_of(None, StepChoice("univariate", {"when_empty": "error", "alpha": 1e-12}))
    findings = list(perturbed(subject))
    assert {finding.verdict for finding in findings} == {"NOT CHECKED"}
    assert "none of" in findings[0].message


def test_files_may_be_shuffled(prepared: Prepared, subject_of: SubjectOf) -> None:
    subject = replace(subject_of(), prepared=prepared)
    assert [str(one)[:8] for one in shuffled(subject)] == ["LA204 OK"]
    again = shuffled_cohort(prepared.experiment)
    assert again.fingerprint(again.blocks) == prepared.cohort.fingerprint(prepared.cohort.blocks)


def test_order_of_files_matters_where_it_does(prepared: Prepared, subject_of: SubjectOf) -> None:
    other = flip_outcomes(prepared.cohort, prepared.cohort.cases[:3])
    finding = next(shuffled(replace(subject_of(), prepared=replace(prepared, cohort=other))))
    assert (finding.verdict, finding.message) == ("LEAK", "the cohort depends on the order of rows in the files")


def test_files_that_are_gone_are_told(prepared: Prepared, subject_of: SubjectOf, tmp_path: Path) -> None:
    file = replace(prepared.experiment.file, path=tmp_path / "experiment.yaml")
    experiment = replace(prepared.experiment, file=file)
    finding = next(shuffled(replace(subject_of(), prepared=replace(prepared, experiment=experiment))))
    assert (finding.verdict, finding.where) == ("WARNING", "files")


@pytest.mark.parametrize("change", [flip_outcomes, ruin_rows, forget_rows])
def test_nothing_else_changes(change: object) -> None:
    cohort = small_cohort()
    cases, others = cohort.cases[::5], cohort.cases.difference(cohort.cases[::5])
    after = change(cohort, cases)  # type: ignore[operator]
    assert after.fingerprint([]) != cohort.fingerprint([]) or change is ruin_rows
    pd.testing.assert_series_equal(after.outcome[others], cohort.outcome[others])
    pd.testing.assert_frame_equal(after.covariates.loc[others], cohort.covariates.loc[others], check_dtype=False)
    for name, block in cohort.blocks.items():
        pd.testing.assert_frame_equal(after.blocks[name].table.loc[others], block.table.loc[others])
        if block.readings is not None:
            readings = after.blocks[name].readings
            np.testing.assert_array_equal(readings.of(others).values, block.readings.of(others).values)


def test_ruined_rows_differ_everywhere() -> None:
    cohort = small_cohort()
    cases = cohort.cases[:7]
    after = ruin_rows(cohort, cases)
    for name, block in cohort.blocks.items():
        assert (after.blocks[name].table.loc[cases].astype(object) != block.table.loc[cases].astype(object)).all(
            axis=None
        )
    assert flip_outcomes(cohort, cases).outcome[cases].tolist() == [
        {"0": "1", "1": "0"}[y] for y in cohort.outcome[cases]
    ]
    assert len(forget_rows(cohort, cases).cases) == len(cohort.cases) - 7


def test_declared_transduction_is_a_note_and_no_leak(subject_of: SubjectOf) -> None:
    """Held-out rows of an unseen batch may depend on one another's features, the fits on nothing held out."""
    subject = subject_of(None, StepChoice("combat", {"unseen": "own_rows"}))
    here = subject.cohort.batch == "A"  # type: ignore[operator]
    split = subject.splits[0]
    cases = subject.cohort.cases
    train = cases[~here.to_numpy()]
    inner = ((train[::2], train[1::2]), (train[1::2], train[::2]))
    left_out = replace(split, train=train, test=cases[here.to_numpy()], roles=("out-of-fold",) * 24, inner=inner)
    subject = replace(subject, prepared=replace(subject.prepared, splits=(left_out,)))
    found = {finding.code: finding for finding in perturbed(subject)}
    assert {code: one.verdict for code, one in found.items()} == {"LA201": "OK", "LA202": "NOTE", "LA203": "NOTE"}
    assert "combat (unseen: own_rows), which lets held-out rows depend on one another's" in found["LA202"].message


class ScaleOnTheRowsBeside(Standardize):
    """A transductive step that does not say so."""

    def apply(self, state: Moments, values: np.ndarray, rows: Rows) -> np.ndarray:
        return values - values.mean(axis=0)


def test_transduction_that_is_not_declared_is_a_leak(monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    monkeypatch.setitem(STEPS, "leak", ScaleOnTheRowsBeside)
    found = {finding.code: finding for finding in perturbed(subject_of(None, StepChoice("leak")))}
    assert {code: one.verdict for code, one in found.items()} == {"LA201": "OK", "LA202": "LEAK", "LA203": "LEAK"}
    assert "the prediction of an untouched case moved by" in found["LA202"].message
