"""LA401, LA402, LA406 to LA408: cases and patients by name, in the splits and in the cohort."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from benchmark.audit.finding import Finding, examples, judged, not_checked, ok
from benchmark.audit.sides import name_of
from benchmark.audit.subject import Subject
from benchmark.cohort import Cohort
from benchmark.splits import Split

SUFFIX = re.compile(
    r"^(.+?)[\s_./-]*(?:[LR]|left|right|pre|post|[a-d]|[_./ -](?:t|v|s|lesion|visit|scan)?\d{1,2})$", re.IGNORECASE
)
"""What names several cases of one patient: a side, a time point, a lesion's number."""


def cases(subject: Subject) -> Iterator[Finding]:
    """LA401: by the names in the splits, outer and inner."""
    found = []
    for split in subject.splits:
        for where, train, test in _pairs(split):
            both = train.intersection(test)
            found += [(where, f"{examples(list(both))} cases on both sides")] if len(both) else []
    yield judged("LA401", "LEAK", found, f"{len(subject.splits)} splits and their inner folds")


def patients(subject: Subject) -> Iterator[Finding]:
    """LA402: by the declared patient, outer and inner."""
    cohort = subject.cohort
    found = [one for split in subject.splits for one in _shared(split, cohort.patient)]
    told = f"{cohort.patient.nunique()} patients in {len(subject.splits)} splits and their inner folds"
    yield judged("LA402", "LEAK", found, told)


def places(subject: Subject) -> Iterator[Finding]:
    """LA406: patients with cases in several centres or roles."""
    cohort = subject.cohort
    told = []
    for what, column in (("centres", cohort.batch), ("roles", cohort.role)):
        if column is not None:
            several = column.groupby(cohort.patient).nunique()
            shared = list(several.index[several > 1])
            told += [f"{examples(shared)} patients in several {what}"] if shared else []
    if cohort.batch is None and cohort.role is None:
        yield not_checked("LA406", "the cohort declares no batch and no role")
    elif told:
        parted = any(True for split in subject.splits for _ in _shared(split, cohort.patient))
        kept = "on both sides of splits, see LA402" if parted else "never on both sides of a split"
        yield Finding("LA406", "NOTE", "cohort", f"{'; '.join(told)}: {kept}")
    else:
        yield ok("LA406", "no patient in two")


def outcomes(subject: Subject) -> Iterator[Finding]:
    """LA407: patients whose cases have different outcomes."""
    cohort = subject.cohort
    if not cohort.grouped:
        yield not_checked("LA407", "no patient owns several cases")
        return
    several = cohort.outcome.groupby(cohort.patient).nunique()
    mixed = list(several.index[several > 1])
    found = [("cohort", f"{examples(mixed)} patients have cases of different outcomes")] if mixed else []
    yield judged("LA407", "WARNING", found, "all cases of a patient have the same")


def undeclared(subject: Subject) -> Iterator[Finding]:
    """LA408: case names that look like several of one patient, although every case is its own patient."""
    cohort = subject.cohort
    if cohort.grouped:
        yield ok("LA408", "patients are declared")
        return
    owners = stems(cohort)
    shared = owners[owners.duplicated(keep=False)]
    groups = [f"{stem}: {', '.join(map(str, group.index[:3]))}" for stem, group in shared.groupby(shared)]
    found = [("cohort", f"{examples(groups)} groups of cases look like one patient each, and no patient is declared")]
    yield judged("LA408", "WARNING", found if groups else [], "case names tell of none")


def refused(message: str) -> Finding:
    """LA402, if the splits could not be made because a patient would be on both sides."""
    return Finding("LA402", "LEAK", "splits", message)


def stems(cohort: Cohort) -> pd.Series:
    """The patient that each case's name tells of; the case itself where it tells of none. A stem that names more than
    a tenth of the cohort is a study, not a patient."""
    names = cohort.cases.to_series().astype(str)
    stem = names.str.extract(SUFFIX, expand=False).fillna(names)
    size = stem.map(stem.value_counts())
    return stem.where((size >= 2) & (size <= max(2, 0.1 * len(names))), names)


def _shared(split: Split, patient: pd.Series) -> Iterator[tuple[str, str]]:
    """Where a patient is on both sides, and who."""
    for where, train, test in _pairs(split):
        both = _owners(patient, train) & _owners(patient, test)
        if both:
            yield where, f"{examples(sorted(both))} patients on both sides"


def _pairs(split: Split) -> Iterator[tuple[str, pd.Index, pd.Index]]:
    """Who trains and who is tested, outer and inner; and the inner cases against the outer test side."""
    yield name_of(split), split.train, split.test
    for number, (train, valid) in enumerate(split.inner, start=1):
        where = f"{name_of(split)}, inner fold {number}"
        yield where, train, valid
        yield where, train.union(valid), split.test


def _owners(patient: pd.Series, cases: pd.Index) -> set[str]:
    return set(patient.reindex(cases).dropna())
