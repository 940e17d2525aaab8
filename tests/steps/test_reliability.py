"""Filters by CCC, cosine similarity and within-subject variation, and readings of unequal number or of other people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError, DataError
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.load import load_cohort
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice, build_steps
from benchmark.reliability import Readings, ccc, icc_unequal, repeatability
from benchmark.steps.icc import IccFilter
from benchmark.steps.reliability import ReliabilityFilter
from tests.steps.test_icc import CASES, frame_of, kept, read_twice, with_values


def by_block(readings: Readings) -> dict[str, Readings]:
    return {"CT-HRF": readings}


def positive(readings: Readings) -> Readings:
    return with_values(readings, readings.values + 20)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"measure": "ccc"}, ["good"]),
        ({"measure": "ccc", "threshold": 0.5}, ["good", "fair"]),
        ({"measure": "cosine"}, ["good", "fair", "bad"]),  # not centred: all means are large
        ({"measure": "wcv", "threshold": 0.05}, ["good", "fair"]),
        ({"measure": "wcv", "threshold": 0.01}, ["good"]),
        ({"measure": "wcv", "threshold": 0.03, "bound": "limit"}, ["good"]),
    ],
)
def test_keeps_what_is_on_the_right_side(parameters: dict[str, Any], expected: list[str]) -> None:
    readings = positive(read_twice())
    assert kept(ReliabilityFilter(**parameters, readings=by_block(readings)), frame_of(readings)) == expected


def test_bound_is_the_limit_on_the_side_of_poor_agreement() -> None:
    readings = positive(read_twice())
    concordance, spread = ccc(readings.values), repeatability(readings.values)
    for measure, table, estimate, limit in (
        ("ccc", concordance, "estimate", "low"),
        ("wcv", spread, "wcv", "wcv_high"),
    ):
        between = float(table.loc[1, [estimate, limit]].mean())
        step = ReliabilityFilter(measure=measure, threshold=between, readings=by_block(readings))
        assert "fair" in kept(step, frame_of(readings))
        assert "fair" not in kept(step.set_params(bound="limit"), frame_of(readings))


def test_what_cannot_be_computed_never_keeps() -> None:
    readings = read_twice()  # both signs
    with pytest.raises(DataError, match=r"reliability filter: the wcv of none of 3 features of CT-HRF can be computed"):
        ReliabilityFilter(measure="wcv", readings=by_block(readings)).fit(frame_of(readings))
    constant = readings.values.copy()
    constant[:, :, 0] = 0.1
    step = ReliabilityFilter(threshold=0.01, readings=by_block(with_values(readings, constant)))
    assert "good" not in kept(step, frame_of(readings))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"measure": "cosine", "bound": "limit"}, r"the cosine similarity has no interval. Set bound: estimate"),
        ({"measure": "ccc", "threshold": 90}, r"threshold is 90, and no ccc is above 1. Set it below 1"),
    ],
)
def test_parameters_that_contradict_each_other(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ReliabilityFilter(**parameters).check()


def test_only_training_readings_count() -> None:
    readings = read_twice()
    ruined = readings.values.copy()
    ruined[25:, 1] = 99.0
    frame = frame_of(readings).loc[CASES[:25]]
    for measure in ("ccc", "cosine"):
        states = [
            ReliabilityFilter(measure=measure, threshold=0.5, readings=by_block(one)).fit(frame).states_[0]
            for one in (readings, with_values(readings, ruined))
        ]
        np.testing.assert_array_equal(*states)


def unequal() -> Readings:
    """A third reading of half the subjects."""
    once = read_twice()
    third = once.values[:, :1] + np.random.default_rng(5).normal(size=(40, 1, 3)) * [0.05, 0.6, 3.0]
    third[::2] = np.nan
    return with_values(once, np.concatenate([once.values, third], axis=1))


def test_one_way_icc_of_unequal_readings() -> None:
    readings = unequal()
    step = IccFilter(form="ICC(1,1)", missing="use_all", readings=by_block(readings)).fit(frame_of(readings))
    score = icc_unequal(readings.values)["estimate"]
    np.testing.assert_array_equal(step.states_[0], score > 0.75)
    paired = IccFilter(form="ICC(1,1)", threshold=0.01, readings=by_block(readings)).fit(frame_of(readings))
    assert paired.states_[0].any()  # of the 20 subjects who have all three
    with pytest.raises(ConfigError, match=r"use_all is defined for ICC\(1,1\) and ICC\(1,k\), not for ICC\(2,1\)"):
        IccFilter(missing="use_all").check()


def test_needs_subjects_with_two_readings() -> None:
    readings = unequal()
    holed = readings.values.copy()
    holed[1:, 1:] = np.nan
    step = IccFilter(form="ICC(1,1)", missing="use_all", readings=by_block(with_values(readings, holed)))
    with pytest.raises(DataError, match=r"block 'CT-HRF' has 1 of 40 training cases with 2 or more readings"):
        step.fit(frame_of(readings))


@pytest.mark.shared
def test_a_separate_test_retest_study_chooses_the_features(shared: Path, tmp_path: Path) -> None:
    """Whole glands with a made-up outcome; their features are filtered by repeated scans of smaller regions, of which 6
    of 24 were scanned once."""
    file = str(shared / "data" / "qin-prostate-test-retest" / "t2w_norm_2d_bin15.csv.gz")
    regions = ["NormalROI_PZ_1", "TumorROI_PZ_1"]
    subjects = sorted(pd.read_csv(file)["subject_id"].unique())
    outcome = pd.DataFrame({"subject_id": subjects, "y": np.arange(len(subjects)) % 2})
    outcome.to_csv(tmp_path / "y.csv", index=False)
    retest = {"files": file, "case": ["subject_id", "segmentedStructure"], "reading": "timepoint",
              "only": {"segmentedStructure": regions}}  # fmt: skip
    block = {"file": file, "only": {"timepoint": 1, "segmentedStructure": "WholeGland"},
             "columns": ["original_*", "log-*"], "test_retest": retest}  # fmt: skip
    told = {"name": "prostate", "case": "subject_id", "blocks": {"HRF": block},
            "outcome": {"file": "y.csv", "column": "y", "positive": 1}}  # fmt: skip
    cohort = load_cohort(CohortDeclaration.model_validate(told), tmp_path)
    readings = cohort.block("HRF").readings
    assert readings is not None and readings.external
    assert readings.values.shape[:2] == (18, 2)
    steps = (
        StepChoice("icc", {"form": "ICC(1,1)", "missing": "use_all", "threshold": 0.85}),
        StepChoice("reliability", {"measure": "cosine", "threshold": 0.99}),
    )
    pipeline = build_steps(FeatureSet("HRF", ("HRF",)), Preprocessing("p", steps), cohort, seed=0)
    frame = cohort.frame(["HRF"])
    few, all_of_them = (pipeline.fit(frame.iloc[:n]).transform(frame).shape[1] for n in (6, 15))
    assert few == all_of_them  # whoever is trained on, the readings are of the other study
    assert 0 < few < len(readings.features)
