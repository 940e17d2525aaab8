"""What is sampled: every design, every block under every preprocessing, and no split that tests its training cases."""

from __future__ import annotations

from dataclasses import replace

from benchmark.audit import Budget, Subject
from benchmark.conduct import Prepared
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice
from benchmark.splits import Design, make_splits
from tests.audit.conftest import SubjectOf


def test_covers_blocks_with_fast_classifier(subject_of: SubjectOf, prepared: Prepared) -> None:
    sets = (FeatureSet("one", ("HRF",)), FeatureSet("two", ("HRF", "DRF")), FeatureSet("three", ("clinical",)))
    subject = Subject(replace(prepared, sets=sets), subject_of().aucs, Budget(folds=2))
    assert [recipe[0].name for recipe in subject.recipes] == ["two", "three"]
    assert [choice.name for choice in subject.choices] == ["logistic_l2"]
    assert [(split.repeat, split.fold) for split in subject.sampled] == [(1, "1"), (2, "1")]
    assert len(subject.spots) == 4
    assert subject.tuning.trials == 2


def test_preprocessings_that_add_no_step_are_left_out(subject_of: SubjectOf, prepared: Prepared) -> None:
    scale, combat, lasso = StepChoice("standardize"), StepChoice("combat"), StepChoice("lasso")
    other = StepChoice("lasso", {"folds": 3})
    lists = {"a": (scale, lasso), "b": (combat, scale, lasso), "c": (combat, lasso), "d": (combat, other)}
    experiment = replace(
        prepared.experiment, preprocessings=tuple(Preprocessing(name, steps) for name, steps in lists.items())
    )
    subject = Subject(replace(prepared, experiment=experiment), subject_of().aucs)
    assert list(dict.fromkeys(recipe[1].name for recipe in subject.recipes)) == ["a", "b", "d"]


def test_full_is_everything(subject_of: SubjectOf, prepared: Prepared) -> None:
    subject = Subject(prepared, subject_of().aucs, Budget(folds=None, recipes=True, trials=9))
    assert len(subject.sampled) == 6
    assert len(subject.recipes) == len(prepared.sets)
    assert [choice.name for choice in subject.choices] == ["random_forest", "logistic_l2"]
    assert subject.tuning.trials == 3


def test_apparent_performance_is_no_leak(subject_of: SubjectOf, prepared: Prepared) -> None:
    splits = make_splits(prepared.cohort, Design("b", "bootstrap", repeats=2, inner_folds=2), seed=1)
    subject = Subject(replace(prepared, splits=tuple(splits)), subject_of().aucs)
    assert [split.repeat for split in subject.splits] == [1, 2]
