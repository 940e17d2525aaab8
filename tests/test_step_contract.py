"""What every step on the menu promises. A new step is tested here without a new test."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from benchmark.cohort import Cohort
from benchmark.errors import DataError
from benchmark.frame import block_of, feature_columns, is_reserved
from benchmark.menu import parameters_of
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice, build_steps, touched_blocks
from benchmark.steps import STEPS
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import HARNESS_PARAMETERS, Reducer, Selector, Step
from tests.cohorts import QUICK, small_cohort

BLOCKS = ("HRF", "DRF", "clinical")
PREPARED = {"impute", "encode"}
IMAGES = ("HRF", "DRF")
SELECTORS = [name for name, kind in STEPS.items() if issubclass(kind, Selector)]
REDUCERS = [name for name, kind in STEPS.items() if issubclass(kind, Reducer)]
VARIANTS: list[tuple[str, dict[str, object]]] = [
    ("impute", {"numeric": "knn", "indicator": True}),
    ("impute", {"numeric": "iterative", "max_missing_features": 0.5}),
    ("encode", {"ordinal": {"stage": ("I", "II", "III")}, "undeclared": "median"}),
    ("encode", {"min_share": 0.35, "missing": "own"}),
    ("min_max_scale", {"clip": True}),
    ("winsorize", {"by": "mad"}),
    ("log", {"min_skewness": 0.0}),
    ("log", {"min_skewness": 0.0, "form": "signed"}),
    ("one_class_svm", {"machines": 3, "features": 0.5, "fitted_on": "positive"}),
    ("risk_groups", {"method": "gaussian_mixture"}),
    ("risk_groups", {"method": "hierarchical", "gives": "distances"}),
]
"""Other ways of steps that learn something else there."""


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return small_cohort()


def prepared(cohort: Cohort, name: str) -> tuple[pd.DataFrame, np.ndarray, Step]:
    """The frame as the step would meet it, class codes, and the unfitted step."""
    before = () if name in PREPARED else (StepChoice("impute"), StepChoice("encode"))
    choices = (*before, StepChoice(name, QUICK.get(name, {})))
    steps = build_steps(FeatureSet("all", BLOCKS), Preprocessing("p", choices), cohort, seed=3)
    frame, y = cohort.frame(BLOCKS, covariates=cohort.covariates.columns), cohort.codes.to_numpy()
    for _, earlier in steps.steps[: len(before)]:
        frame = earlier.fit_transform(frame, y)
    return frame, y, steps.steps[len(before)][1]


@pytest.mark.parametrize("name", STEPS)
def test_constructor_declares_every_parameter(name: str) -> None:
    kind = STEPS[name]
    assert kind.title
    fields = parameters_of(kind, HARNESS_PARAMETERS).model_fields
    assert all(field.annotation is not None and not field.is_required() for field in fields.values())
    step = kind()
    assert {"blocks", "per_block"} <= set(step.get_params())
    assert {key: step.get_params()[key] for key in fields} == {key: field.default for key, field in fields.items()}


@pytest.mark.parametrize("name", STEPS)
def test_clones_pickles_and_repeats_itself(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    first = step.fit(frame, y).transform(frame)
    again = clone(step).fit(frame, y).transform(frame)
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(first, pickle.loads(pickle.dumps(step)).transform(frame))


@pytest.mark.parametrize("name", STEPS)
def test_keeps_rows_reserved_columns_and_its_input(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    before = frame.copy(deep=True)
    after = step.fit(frame, y).transform(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert after.index.equals(frame.index)
    reserved = [column for column in frame.columns if is_reserved(column)]
    pd.testing.assert_frame_equal(after[reserved], frame[reserved])
    assert len(feature_columns(after)) > 0


@pytest.mark.parametrize("name", STEPS)
def test_touches_only_its_blocks(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    touched = set(touched_blocks(StepChoice(name), FeatureSet("all", BLOCKS), cohort))
    assert touched == set(step.blocks or ())
    after = step.fit(frame, y).transform(frame)
    others = [column for column in feature_columns(frame) if block_of(column) not in touched]
    pd.testing.assert_frame_equal(after[others], frame[others])


@pytest.mark.parametrize(("name", "params"), [*((name, {}) for name in STEPS), *VARIANTS])
def test_a_row_does_not_depend_on_the_rows_beside_it(name: str, params: dict[str, object], cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    step.set_params(**params).fit(frame.iloc[:48], y[:48])
    together = step.transform(frame.iloc[48:])
    alone = pd.concat([step.transform(frame.iloc[[row]]) for row in range(48, len(frame))])
    backwards = step.transform(frame.iloc[48:].iloc[::-1]).iloc[::-1]
    pd.testing.assert_frame_equal(together, alone)
    pd.testing.assert_frame_equal(together, backwards)


@pytest.mark.parametrize("name", [name for name, kind in STEPS.items() if not kind.supervised])
def test_unsupervised_step_does_not_read_the_outcome(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    told = clone(step).fit(frame, y).transform(frame)
    pd.testing.assert_frame_equal(told, clone(step).fit(frame).transform(frame))
    pd.testing.assert_frame_equal(told, clone(step).fit(frame, 1 - y).transform(frame))


@pytest.mark.parametrize("name", [name for name, kind in STEPS.items() if not issubclass(kind, Selector)])
def test_missing_feature_is_a_clear_error(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    step.fit(frame, y)
    column = "clinical::stage" if name == "encode" else "HRF::original_1"
    with pytest.raises(DataError, match=r"the rows have no feature '(original_1|stage)' that training had"):
        step.transform(frame.drop(columns=column))


@pytest.mark.parametrize("name", SELECTORS)
def test_selects_within_each_block_as_if_alone_and_never_elsewhere(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    blocks = ("HRF",) if STEPS[name].needs_readings else IMAGES
    apart = clone(step).set_params(blocks=blocks, per_block=True).fit(frame, y).transform(frame)
    for block in blocks:
        alone = clone(step).set_params(blocks=(block,), per_block=False).fit(frame, y).transform(frame)
        assert feature_columns(apart, (block,)) == feature_columns(alone, (block,))
        assert feature_columns(alone, (block,))
        others = [column for column in feature_columns(frame) if block_of(column) != block]
        assert [column for column in feature_columns(alone) if block_of(column) != block] == others
    assert feature_columns(apart, ("clinical",)) == feature_columns(frame, ("clinical",))


@pytest.mark.parametrize("name", REDUCERS)
def test_joint_features_belong_to_all_their_blocks(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    after = step.set_params(blocks=IMAGES, per_block=False).fit(frame, y).transform(frame)
    made = [column for column in after.columns if column not in frame.columns]
    assert made
    assert {block_of(column) for column in made} == {"HRF+DRF"}
    assert list(after.columns[: len(made)]) == made
    assert set(made) <= set(Standardize(blocks=IMAGES).fit(after).groups_[0])
    assert not set(made) & set(feature_columns(after, ("HRF",)))


@pytest.mark.parametrize("name", REDUCERS)
def test_features_made_block_by_block_belong_to_it(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    after = step.set_params(blocks=IMAGES, per_block=True).fit(frame, y).transform(frame)
    made = [column for column in after.columns if column not in frame.columns]
    assert {block_of(column) for column in made} == set(IMAGES)
    alone = clone(step).set_params(blocks=("DRF",)).fit(frame, y).transform(frame)
    of_block = [column for column in made if block_of(column) == "DRF"]
    pd.testing.assert_frame_equal(after[of_block], alone[of_block])


@pytest.mark.parametrize("name", [name for name in REDUCERS if "keep" in STEPS[name]().get_params()])
def test_touched_features_stay_only_with_keep(name: str, cohort: Cohort) -> None:
    frame, y, step = prepared(cohort, name)
    step.set_params(blocks=IMAGES)
    kept = clone(step).set_params(keep=True).fit(frame, y).transform(frame)
    alone = clone(step).set_params(keep=False).fit(frame, y).transform(frame)
    pd.testing.assert_frame_equal(kept[frame.columns], frame)
    touched = [column for column in feature_columns(frame) if block_of(column) in IMAGES]
    assert not set(touched) & set(alone.columns)
    made = [column for column in alone.columns if column not in frame.columns]
    pd.testing.assert_frame_equal(kept[made], alone[made])
