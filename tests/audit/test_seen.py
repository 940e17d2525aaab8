"""Whoever a fitted object saw is known, whatever the object says of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.finding import Finding
from benchmark.audit.seen import outside, seen
from benchmark.audit.subject import Subject
from benchmark.audit.watch import watching
from benchmark.classifiers import CLASSIFIERS, build
from benchmark.recipe import Finish, StepChoice
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Step
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort
from tests.leaks import LEAKS, plant


def findings(subject: Subject) -> dict[str, Finding]:
    return {finding.code: finding for finding in seen(subject)}


def test_honest_fits(subject_of: SubjectOf) -> None:
    found = findings(subject_of(small_cohort(rows_per_patient=2), StepChoice("icc", {"threshold": 0.1})))
    assert {code: one.verdict for code, one in found.items()} == dict.fromkeys(
        ["LA101", "LA102", "LA103", "LA104", "LA105"], "OK"
    )
    # three steps, once on the outer training rows and once on each of two inner folds
    assert found["LA101"].message == "9 fits of steps in 1 folds"
    assert found["LA104"].message == "5 fits of classifiers"  # two trials on two inner folds, and the last fit
    assert found["LA105"].message == "3 fits used repeated readings"


@pytest.mark.parametrize("name", ["selection", "combat", "scaling", "fit"])
def test_step_that_takes_every_case(name: str, monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    cohort = small_cohort(rows_per_patient=2)
    leak = plant(monkeypatch, LEAKS[name], whole=cohort)
    found = findings(subject_of(cohort, replace(leak, families=("HRF", "DRF"))))
    verdicts = {code: one.verdict for code, one in found.items()}
    assert verdicts == {"LA101": "LEAK", "LA102": "LEAK", "LA103": "LEAK", "LA104": "OK", "LA105": "OK"}
    told = f"{LEAKS[name].title} was fitted on 72 cases, of which are held out 24 (first: 'case"
    assert found["LA101"].message.startswith(told)
    assert "12 (first: 'patient" in found["LA102"].message


def test_readings_of_test_patients(monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    leak = plant(monkeypatch, LEAKS["icc"], whole=small_cohort())
    found = findings(subject_of(None, replace(leak, params={"threshold": 0.1})))
    assert found["LA105"].verdict == "LEAK"
    assert "ICC filter used the readings of 24 (first: 'case" in found["LA105"].message


class OncePerOuterFold(Standardize):
    """A step that is fitted on the outer training rows and not again in the inner folds."""

    outer: ClassVar[list[pd.DataFrame]] = []

    def fit(self, X: pd.DataFrame, y: object = None) -> OncePerOuterFold:
        self.outer.append(X)
        return super().fit(self.outer[0], y)


def test_inner_folds_that_share_a_fit(monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    leak = plant(monkeypatch, OncePerOuterFold, whole=small_cohort())
    monkeypatch.setattr(OncePerOuterFold, "outer", [])
    found = findings(subject_of(None, leak))
    assert (found["LA101"].verdict, found["LA103"].verdict) == ("OK", "LEAK")
    assert found["LA103"].where.endswith("inner fold 1")
    assert "no fit of standardize is without the validation cases" in found["LA103"].message


def frame_of(names: list[str]) -> pd.DataFrame:
    values = np.random.default_rng(len(names)).normal(size=(len(names), 3))
    return pd.DataFrame(values, index=names, columns=["HRF::a", "HRF::b", "HRF::c"])


def test_classifier_knows_its_rows_by_their_bytes() -> None:
    frame, y = frame_of(list("abcdefgh")), np.arange(8) % 2
    with watching() as fits:
        rows = Finish().fit(frame).transform(frame)
        build("lda", seed=0).fit(np.vstack([rows[:6], rows[:1] + 1]), np.append(y[:6], 0))
    assert [(fit.kind, list(fit.cases), fit.unknown) for fit in fits] == [("classifier", list("abcdef"), 1)]
    assert outside(fits[0], pd.Index(["b", "x"])) == ["b"]


def test_equal_rows_of_training_and_test_are_no_evidence() -> None:
    frame, y = frame_of(list("abcd")), np.array([0, 1, 0, 1])
    frame.loc["d"] = frame.loc["a"].to_numpy()
    with watching() as fits:
        rows = Finish().fit(frame).transform(frame)
        build("naive_bayes", seed=0).fit(rows[:3], y[:3])
    assert outside(fits[0], pd.Index(["d"])) == []
    assert outside(fits[0], pd.Index(["a", "d"])) == ["a"]


def test_watching_leaves_everything_as_it_was() -> None:
    before, entries = {kind: dict(vars(kind)) for kind in (Step, Standardize)}, dict(CLASSIFIERS)
    with pytest.raises(KeyError), watching():
        assert vars(Step)["fit"] is not before[Step]["fit"]
        raise KeyError
    assert {kind: dict(vars(kind)) for kind in (Step, Standardize)} == before
    assert entries == CLASSIFIERS
