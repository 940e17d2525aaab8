"""Axes say what the classifier saw: in the table's units where steps only scale, else in those after the last step that
does more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmark.cohort import Cohort
from benchmark.explain.axes import Axis, axes_of
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice, build_steps
from tests.cohorts import small_cohort

COHORT = small_cohort()
CODES = COHORT.codes.to_numpy()


def axes(
    *steps: StepChoice, blocks: tuple[str, ...] = ("HRF", "clinical"), cohort: Cohort = COHORT
) -> tuple[list[Axis], np.ndarray, list[str]]:
    """The axes, and what the classifier sees of the training rows."""
    fitted = build_steps(FeatureSet("f", blocks), Preprocessing("p", steps), cohort, seed=1)
    rows = cohort.frame(blocks, covariates=cohort.covariates.columns)
    fitted.fit(rows, CODES)
    return axes_of(fitted, rows), fitted.transform(rows), list(fitted[-1].columns_)


def contributions(found: list[Axis], columns: list[str], beta: np.ndarray, values: dict[str, pd.Series]) -> np.ndarray:
    """The log-odds less the intercept, by the axes: of each feature, or of the level that each case has."""
    weight, total = dict(zip(columns, beta, strict=True)), 0.0
    for axis in found:
        column = values[f"{axis.block}::{axis.feature}"]
        of_level = sum(weight[name] * z for name, z in zip(axis.columns, axis.offset, strict=True))
        if axis.level:
            total = total + (column.astype(str) == axis.level).to_numpy() * of_level
        else:
            total = total + of_level + weight[axis.columns[0]] * axis.slope[0] * column.to_numpy(float)
    return np.asarray(total)


def table(*blocks: str) -> dict[str, pd.Series]:
    """The features in their tables."""
    return {f"{name}::{feature}": column for name in blocks for feature, column in COHORT.block(name).table.items()}


def known(values: dict[str, pd.Series]) -> np.ndarray:
    return np.all([column.notna() for column in values.values()], axis=0)


def test_scaled_features_and_levels_are_read_in_the_units_of_their_tables() -> None:
    found, seen, columns = axes(StepChoice("impute"), StepChoice("encode"), StepChoice("standardize"))
    assert {axis.unit for axis in found} == {""}
    stage = [axis for axis in found if axis.feature == "stage"]
    assert [axis.level for axis in stage] == ["I", "II", "III"]
    assert len(stage[0].columns) == 3  # the indicators of one feature are one axis
    values, beta = table("HRF", "clinical"), np.random.default_rng(0).normal(size=len(columns))
    rows = known(values)
    np.testing.assert_allclose(contributions(found, columns, beta, values)[rows], (seen @ beta)[rows], atol=1e-9)
    age = next(axis for axis in found if axis.feature == "age")
    assert (age.low, age.high) == (values["clinical::age"].min(), values["clinical::age"].max())


@pytest.mark.parametrize("choice", ["robust_scale", "min_max_scale"])
def test_other_scales_are_lines_too(choice: str) -> None:
    found, seen, columns = axes(StepChoice("impute"), StepChoice(choice), blocks=("HRF",))
    assert {axis.unit for axis in found} == {""}
    values, beta = table("HRF"), np.ones(len(columns))
    np.testing.assert_allclose(
        contributions(found, columns, beta, values)[known(values)], seen.sum(axis=1)[known(values)], atol=1e-9
    )


def test_harmonized_features_have_the_units_after_it() -> None:
    found, *_ = axes(StepChoice("impute"), StepChoice("encode"), StepChoice("combat"), StepChoice("standardize"))
    units = {axis.block: axis.unit for axis in found}
    assert units == {"HRF": "ComBat", "clinical": ""}
    ranges = [axis.high - axis.low for axis in found if axis.block == "HRF"]
    raw = COHORT.block("HRF").table
    assert np.median(ranges) == pytest.approx(np.median(raw.max() - raw.min()), rel=0.5)  # not in SDs


def test_components_and_scores_are_read_as_their_step_made_them() -> None:
    found, *_ = axes(StepChoice("impute"), StepChoice("pca", {"components": 2}), blocks=("HRF",))
    assert {axis.unit for axis in found} == {"PCA"}
    found, seen, columns = axes(
        StepChoice("impute"), StepChoice("encode"), StepChoice("score", {"folds": 3}), StepChoice("standardize")
    )
    score = next(axis for axis in found if axis.feature == "score")
    assert (score.block, score.unit, score.level) == ("HRF", "score", "")
    place = columns.index("HRF::score")
    ends = score.offset[0] + score.slope[0] * np.array([score.low, score.high])
    np.testing.assert_allclose(ends, [seen[:, place].min(), seen[:, place].max()], atol=1e-9)


def test_a_curve_is_no_line_and_few_values_need_none() -> None:
    found, *_ = axes(StepChoice("impute"), StepChoice("yeo_johnson"), blocks=("HRF",))
    assert {axis.unit for axis in found} <= {"Yeo-Johnson", ""}
    assert any(axis.unit == "Yeo-Johnson" for axis in found)
    rows = COHORT.block("HRF").table.copy()
    rows["original_0"] = np.arange(len(rows)) % 3 * 10.0
    found, seen, _ = axes(StepChoice("impute"), StepChoice("yeo_johnson"), blocks=("HRF",), cohort=_with_hrf(rows))
    few = [axis for axis in found if axis.feature == "original_0"]
    assert [(axis.level, axis.unit) for axis in few] == [("0", ""), ("10", ""), ("20", "")]
    assert few[1].offset[0] == pytest.approx(seen[rows["original_0"].to_numpy() == 10.0, 0][0])


def _with_hrf(table: pd.DataFrame) -> Cohort:
    block = replace(COHORT.block("HRF"), table=table, readings=None)
    return replace(COHORT, blocks={**COHORT.blocks, "HRF": block})
