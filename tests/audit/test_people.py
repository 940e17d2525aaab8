"""Cases and patients by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd
import pytest

from benchmark.audit import people
from benchmark.audit.finding import Finding
from benchmark.audit.subject import Subject
from benchmark.cohort import Cohort
from benchmark.splits import Split
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort


def only(check: Callable[[Subject], Iterator[Finding]], subject: Subject) -> Finding:
    (finding,) = check(subject)
    return finding


def with_splits(subject: Subject, change: Callable[[Split], Split]) -> Subject:
    """The subject with its second split changed."""
    splits = list(subject.splits)
    splits[1] = change(splits[1])
    return replace(subject, prepared=replace(subject.prepared, splits=tuple(splits)))


def leaked(split: Split) -> Split:
    return replace(split, train=split.train.append(split.test[:2]))


def leaked_inside(split: Split) -> Split:
    (train, valid), *others = split.inner
    return replace(split, inner=((train.append(valid[:1]), valid), *others))


def inside_tested(split: Split) -> Split:
    (train, valid), *others = split.inner
    return replace(split, inner=((train, valid.append(split.test[:1])), *others))


def named(names: dict[str, str], cohort: Cohort | None = None) -> Cohort:
    """A cohort with other case names."""
    cohort = cohort or small_cohort()
    new = pd.Index([names.get(case, case) for case in cohort.cases], name="case")
    order = new.argsort()

    def renamed(table: pd.DataFrame) -> pd.DataFrame:
        return table.set_axis(new, axis=0).iloc[order]

    def column(values: pd.Series | None) -> pd.Series | None:
        return None if values is None else values.set_axis(new).iloc[order]

    blocks = {name: replace(block, table=renamed(block.table), readings=None) for name, block in cohort.blocks.items()}
    outcome, role = column(cohort.outcome), column(cohort.role)
    return replace(
        cohort, blocks=blocks, outcome=outcome, patient=pd.Series(new[order], index=new[order]), role=role,
        batch=column(cohort.batch), covariates=renamed(cohort.covariates),
    )  # fmt: skip


def test_honest_splits(subject_of: SubjectOf) -> None:
    subject = subject_of(small_cohort(rows_per_patient=2))
    assert only(people.cases, subject).verdict == "OK"
    assert only(people.patients, subject).message == "36 patients in 6 splits and their inner folds"
    assert only(people.outcomes, subject).verdict == "OK"
    assert only(people.undeclared, subject).verdict == "OK"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (leaked, "kfold, repeat 1, fold 2"),
        (leaked_inside, "kfold, repeat 1, fold 2, inner fold 1"),
        (inside_tested, "kfold, repeat 1, fold 2, inner fold 1"),
    ],
)
def test_case_on_both_sides(change: Callable[[Split], Split], where: str, subject_of: SubjectOf) -> None:
    subject = with_splits(subject_of(), change)
    for check in (people.cases, people.patients):
        finding = only(check, subject)
        assert (finding.verdict, finding.where) == ("LEAK", where)
        assert "(first: 'case0" in finding.message or "(first: 'patient0" in finding.message


def test_patient_on_both_sides(subject_of: SubjectOf) -> None:
    subject = subject_of()
    split = subject.splits[1]
    patient = subject.cohort.patient.copy()
    patient[split.train[0]] = patient[split.test[0]]
    finding = only(people.patients, replace(subject, prepared=replace(subject.prepared, cohort=replace(
        subject.cohort, patient=patient))))  # fmt: skip
    assert finding.verdict == "LEAK"
    assert f"1 (first: '{patient[split.test[0]]}') patients on both sides" in finding.message


def test_patients_in_two_centres_and_roles(subject_of: SubjectOf) -> None:
    cohort = small_cohort(rows_per_patient=2)
    assert only(people.places, subject_of(cohort)).verdict == "OK"
    batch, role = cohort.batch.copy(), cohort.role.copy()  # type: ignore[union-attr]
    batch.iloc[0], role.iloc[0] = "another", "external"
    finding = only(people.places, subject_of(replace(cohort, batch=batch, role=role)))
    assert finding.verdict == "NOTE"
    assert finding.message == (
        "1 (first: 'patient000') patients in several centres; 1 (first: 'patient000') patients in several roles: "
        "never on both sides of a split"
    )
    assert only(people.places, subject_of(replace(cohort, batch=None, role=None))).verdict == "NOT CHECKED"


def test_patient_with_two_outcomes(subject_of: SubjectOf) -> None:
    cohort = small_cohort(rows_per_patient=2)
    outcome = cohort.outcome.copy()
    outcome.iloc[0] = "1"
    finding = only(people.outcomes, subject_of(replace(cohort, outcome=outcome)))
    assert finding.verdict == "WARNING"
    assert "1 (first: 'patient000') patients have cases of different outcomes" in finding.message
    assert only(people.outcomes, subject_of(small_cohort())).verdict == "NOT CHECKED"


@pytest.mark.parametrize(
    ("first", "second"), [("P7_1", "P7_2"), ("P7-L", "P7-R"), ("P7 post", "P7 pre"), ("P7a", "P7b")]
)
def test_names_that_tell_of_patients(first: str, second: str, subject_of: SubjectOf) -> None:
    finding = only(people.undeclared, subject_of(named({"case003": first, "case040": second})))
    assert finding.verdict == "WARNING"
    assert f"1 (first: 'P7: {first}, {second}') groups of cases" in finding.message


def test_names_of_a_study_are_no_patient(subject_of: SubjectOf) -> None:
    names = {f"case{number:03d}": f"HARV-{number}" for number in range(72)}
    assert only(people.undeclared, subject_of(named(names))).verdict == "OK"
