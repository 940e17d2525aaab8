"""Splits: whole patients, every case tested once, made once by names."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from benchmark.errors import ConfigError, DataError
from benchmark.splits import Design, make_splits, splits_table
from tests.cohorts import small_cohort

DESIGNS = [
    Design("kfold", "kfold", folds=4, repeats=2),
    Design("holdout", "holdout", test_size=0.25, repeats=3),
    Design("roles", "roles"),
    Design("centres", "leave_one_centre_out"),
]


@pytest.mark.parametrize("rows_per_patient", [1, 2])
@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.kind)
def test_sides_are_apart_and_patients_whole(design: Design, rows_per_patient: int) -> None:
    cohort = small_cohort(rows_per_patient=rows_per_patient)
    for split in make_splits(cohort, design, seed=3):
        assert not set(split.train) & set(split.test)
        assert not set(cohort.patient[split.train]) & set(cohort.patient[split.test])
        assert len(split.roles) == len(split.test)
        assert set(cohort.outcome[split.train]) == set(cohort.classes)
        valid = pd.Index([])
        for train, held in split.inner:
            assert set(train) | set(held) == set(split.train)
            assert not set(cohort.patient[train]) & set(cohort.patient[held])
            valid = valid.append(held)
        assert sorted(valid) == sorted(split.train)


def test_each_case_is_tested_once_per_repeat() -> None:
    cohort = small_cohort()
    table = splits_table(make_splits(cohort, DESIGNS[0], seed=3)).query("side == 'test'")
    assert (table.groupby(["repeat", "case"]).size() == 1).all()
    assert len(table) == 2 * len(cohort.cases)
    folds = table.merge(cohort.outcome.rename("y"), left_on="case", right_index=True)
    shares = folds.groupby(["repeat", "fold"])["y"].apply(lambda y: (y == "1").mean())
    assert shares.between(0.4, 0.6).all()


def test_roles_and_centres_are_the_declared_ones() -> None:
    cohort = small_cohort()
    (split,) = make_splits(cohort, DESIGNS[2], seed=3)
    assert set(cohort.role[split.train]) == {"train"}
    assert list(split.roles) == list(cohort.role[split.test])
    centres = make_splits(cohort, DESIGNS[3], seed=3)
    assert [split.fold for split in centres] == ["A", "B", "C"]
    for split in centres:
        assert set(cohort.batch[split.test]) == {split.fold}


def test_splits_depend_on_names_and_seed_only() -> None:
    cohort = small_cohort()
    first, again, other = (make_splits(cohort, DESIGNS[0], seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(splits_table(first), splits_table(again))
    assert not splits_table(first).equals(splits_table(other))


@pytest.mark.parametrize(
    ("design", "change", "message"),
    [
        (Design("a", "roles"), {"role": None},
         "splits of kind 'roles' need cohort.role (train, internal, external): none is declared"),
        (Design("a", "leave_one_centre_out"), {"batch": None},
         "splits of kind 'leave_one_centre_out' need cohort.batch (the centre): none is declared"),
        (Design("a", "kfold", folds=40), {},
         "folds of a: class '0' has 36 cases, fewer than the 40 folds. Set rare_classes: allow, fewer folds, or merge "
         "classes"),
        (Design("a", "kfold", folds=2, inner_folds=30), {},
         "a, fold 1: 18 training cases of class '0', fewer than the 30 inner folds"),
    ],
)  # fmt: skip
def test_what_cannot_be_split(design: Design, change: dict, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        make_splits(replace(small_cohort(), **change), design, seed=1)
    assert str(error.value) == message


def test_one_centre_and_roles_without_training_cases() -> None:
    cohort = small_cohort()
    one = replace(cohort, batch=pd.Series("A", index=cohort.cases))
    with pytest.raises(ConfigError, match="need two centres or more, found only 'A'"):
        make_splits(one, DESIGNS[3], seed=1)
    nobody = replace(cohort, role=pd.Series("internal", index=cohort.cases))
    with pytest.raises(ConfigError, match=r"no case has the role train\. Found: internal"):
        make_splits(nobody, DESIGNS[2], seed=1)


def test_patient_in_two_roles_is_refused() -> None:
    cohort = small_cohort(rows_per_patient=2)
    role = cohort.role.copy()
    role.iloc[0] = "external"
    cohort = replace(cohort, role=role)
    with pytest.raises(DataError, match=r"patients on both sides of roles: 1 \(first: 'patient000'\)"):
        make_splits(cohort, DESIGNS[2], seed=1)
    (split,) = make_splits(cohort, replace(DESIGNS[2], shared_patients="drop_training"), seed=1)
    assert "case000" in split.test
    assert "case001" not in split.train
    assert not set(cohort.patient[split.train]) & set(cohort.patient[split.test])
