"""What crosses the waist: values as they were read, the sides of cases, pictures without an outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.described.asked import described_of
from benchmark.described.section import DescribeSection
from benchmark.described.tables import description_tables
from benchmark.predictions import DESCRIBED_CASES, PROJECTIONS, VALUES
from benchmark.recipe import FeatureSet
from benchmark.splits import Design, make_splits
from tests.cohorts import small_cohort

COHORT = small_cohort()
SETS = (FeatureSet("clinical", ("clinical",)), FeatureSet("HRF", ("HRF",)))
DESIGNS = (Design("folds", "kfold", folds=3), Design("half", "holdout", test_size=0.5), Design("roles", "roles"))


def tables(cohort: Any = COHORT, designs: tuple[Design, ...] = DESIGNS, **said: Any) -> dict[str, pd.DataFrame]:
    described = described_of(DescribeSection(**said), cohort, SETS)
    splits = [split for design in designs for split in make_splits(cohort, design, seed=1)]
    return description_tables(described, cohort, splits, {"clinical": {"grade": ["low", "high"]}}, seed=1)


def test_values_are_those_of_the_blocks() -> None:
    clinical = COHORT.block("clinical")
    graded = clinical.table.assign(grade=np.where(np.arange(72) % 2, 1.0, 0.0))
    cohort = replace(COHORT, blocks={**COHORT.blocks, "clinical": replace(clinical, table=graded)})
    found = tables(cohort)["values"]
    assert found.columns.tolist() == VALUES
    assert len(found) == 3 * 72
    wide = found.pivot(index="case", columns="feature", values="value")
    pd.testing.assert_series_equal(wide["age"], graded["age"], check_names=False)
    levels = found.pivot(index="case", columns="feature", values="level")
    assert (levels["stage"].fillna("") == graded["stage"].fillna("")).all()
    assert found.groupby("feature")["kind"].first().to_dict() == {
        "age": "numeric", "stage": "categorical", "grade": "ordinal",
    }  # fmt: skip
    assert levels["grade"].iloc[:2].tolist() == ["low", "high"]


def test_sides_of_designs_with_one_split() -> None:
    found = tables()["cases"]
    assert found.columns.tolist() == DESCRIBED_CASES
    assert found["design"].unique().tolist() == ["", "half", "roles"]
    roles = found[found["design"] == "roles"].set_index("case")
    assert roles["side"].equals(COHORT.role[roles.index].rename("side"))
    half = found[found["design"] == "half"]
    assert half["side"].value_counts().to_dict() == {"train": 36, "test": 36}
    assert (found["y_true"] == COHORT.outcome[found["case"]].to_numpy()).all()


def test_cases_on_which_hyperparameters_are_chosen_have_a_side() -> None:
    role = COHORT.role.where(np.arange(72) % 8 > 1, "tune")
    for refit in ("train", "train_and_tune"):
        design = Design("roles", "roles", refit=refit)
        found = tables(replace(COHORT, role=role), (design,))["cases"]
        sides = found[found["design"] == "roles"].set_index("case")["side"]
        assert sides.sort_index().equals(role.rename("side"))


def test_pictures_do_not_know_the_outcome() -> None:
    found = tables(projections=["pca", "tsne"])["projections"]
    assert found.columns.tolist() == PROJECTIONS
    assert found.groupby(["projection", "feature_set"]).size().tolist() == [72] * 4
    assert np.isfinite(found[["x", "y"]]).all(axis=None)
    flipped = COHORT.outcome.map({"0": "1", "1": "0"})
    again = tables(replace(COHORT, outcome=flipped), projections=["pca", "tsne"])["projections"]
    pd.testing.assert_frame_equal(found, again)


def test_nothing_asked_is_nothing_told() -> None:
    assert all(table.empty for table in tables(baseline=False).values())


@pytest.mark.parametrize("seed", [0, 1])
def test_partial_cohorts_show_the_cases_that_have_the_blocks(seed: int) -> None:
    hrf = COHORT.block("HRF")
    table = hrf.table.copy()
    table.iloc[: 10 + seed] = np.nan
    cohort = replace(COHORT, partial=True, blocks={**COHORT.blocks, "HRF": replace(hrf, table=table)})
    found = tables(cohort, projections=["pca"])["projections"]
    assert found["feature_set"].value_counts().to_dict() == {"clinical": 72, "HRF": 62 - seed}
