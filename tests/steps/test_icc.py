"""The ICC filter: the published selection of DPHCC, training readings only, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from benchmark.errors import DataError
from benchmark.frame import column_of, feature_of
from benchmark.reliability import Readings, icc
from benchmark.steps.icc import IccFilter

CASES = pd.Index([f"case{number:02d}" for number in range(40)])
NOISE = {"good": 0.05, "fair": 0.6, "bad": 3.0}


def read_twice(seed: int = 0, cases: pd.Index = CASES, **options: Any) -> Readings:
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(len(cases), 1, len(NOISE)))
    return Readings(cases, tuple(NOISE), truth + rng.normal(size=(len(cases), 2, 3)) * list(NOISE.values()), **options)


def frame_of(readings: Readings, block: str = "CT-HRF") -> pd.DataFrame:
    return pd.DataFrame(
        readings.values[:, 0], index=readings.subjects, columns=[column_of(block, name) for name in readings.features]
    )


def kept(step: IccFilter, frame: pd.DataFrame) -> list[str]:
    return [feature_of(column) for column in step.fit(frame).transform(frame).columns]


def with_values(readings: Readings, values: np.ndarray) -> Readings:
    return Readings(readings.subjects, readings.features, values, readings.external)


@pytest.mark.shared
def test_dphcc_keeps_exactly_the_authors_features(shared: Path) -> None:
    folder = shared / "data" / "dphcc-two-readers"
    one, two = (
        pd.read_csv(folder / f"hrf_reader{n}.csv.gz", dtype={"patient_id": str}).set_index("patient_id") for n in (1, 2)
    )
    published = pd.read_csv(folder / "hrf_reader1_icc_selected_702.csv.gz", nrows=1).columns[1:]
    values = np.stack([one, two.loc[one.index, one.columns]], axis=1).astype(float)
    readings = {"HRF": Readings(one.index, tuple(one.columns), values)}
    frame = frame_of(readings["HRF"], "HRF")
    authors = IccFilter(form="ICC(2,1)", threshold=0.9, missing="drop_feature", readings=readings)
    assert sorted(kept(authors, frame)) == sorted(published)
    assert len(published) == 702
    assert len(kept(IccFilter(threshold=0.9, readings=readings), frame)) == 752
    assert len(kept(IccFilter(threshold=0.75, readings=readings), frame)) == 970


def test_keeps_what_is_above_the_threshold_on_the_estimate_or_the_lower_limit() -> None:
    readings = read_twice()
    table = icc(readings.values)
    between = float(table.loc[1, ["low", "estimate"]].mean())  # the fair feature passes by estimate only
    frame = frame_of(readings)
    assert kept(IccFilter(threshold=between, readings={"CT-HRF": readings}), frame) == ["good", "fair"]
    assert kept(IccFilter(threshold=between, bound="lower", readings={"CT-HRF": readings}), frame) == ["good"]
    exactly = float(table.loc[1, "estimate"]) + 1e-12
    assert kept(IccFilter(threshold=exactly, readings={"CT-HRF": readings}), frame) == ["good"]


def test_measures_the_readings_as_read_wherever_the_step_stands() -> None:
    readings = {"CT-HRF": read_twice()}
    frame = frame_of(readings["CT-HRF"])
    scrambled = frame.iloc[:, ::-1] * 1e-3 + np.random.default_rng(1).normal(size=frame.shape)
    assert set(kept(IccFilter(readings=readings), scrambled)) == set(kept(IccFilter(readings=readings), frame))
    assert kept(IccFilter(readings=readings), frame.iloc[:, [2, 0]]) == ["good"]


def test_only_readings_of_training_cases_count() -> None:
    readings = read_twice()
    train, test = CASES[:25], CASES[25:]
    ruined = readings.values.copy()
    ruined[CASES.isin(test), 1] = np.random.default_rng(3).normal(size=(15, 3)) * 100
    frame = frame_of(readings)
    clean, other = (
        IccFilter(readings={"CT-HRF": each}).fit(frame.loc[train]) for each in (readings, with_values(readings, ruined))
    )
    np.testing.assert_array_equal(clean.states_[0], other.states_[0])
    assert list(clean.transform(frame.loc[test]).columns) == ["CT-HRF::good"]
    # external subjects count wherever the rows come from
    external = with_values(readings, ruined)
    external = Readings(external.subjects, external.features, external.values, external=True)
    with pytest.raises(DataError, match=r"none of 3 features is left of CT-HRF"):
        IccFilter(readings={"CT-HRF": external}).fit(frame.loc[train])


def test_a_case_drawn_twice_is_one_subject() -> None:
    readings = {"CT-HRF": read_twice()}
    frame = frame_of(readings["CT-HRF"])
    once, twice = IccFilter(readings=readings), IccFilter(readings=readings)
    once.fit(frame.iloc[:20])
    twice.fit(frame.iloc[[*range(20), *[0] * 30]])
    np.testing.assert_array_equal(once.states_[0], twice.states_[0])


def test_missing_readings_drop_the_subject_or_the_feature() -> None:
    readings = read_twice()
    holed = readings.values.copy()
    holed[3, 1, 0] = np.nan
    frame = frame_of(readings)
    by_block = {"CT-HRF": with_values(readings, holed)}
    assert kept(IccFilter(readings=by_block), frame) == ["good"]
    assert kept(IccFilter(readings=by_block, threshold=0.5, missing="drop_feature"), frame) == ["fair"]
    # who was read once only is not a missing value of every feature
    holed = readings.values.copy()
    holed[10:, 1] = np.nan
    by_block = {"CT-HRF": with_values(readings, holed)}
    everybody_twice = {"CT-HRF": readings.of(CASES[:10])}
    for missing in ("drop_feature", "drop_subject"):
        once = IccFilter(readings=by_block, missing=missing)
        assert kept(once, frame) == kept(IccFilter(readings=everybody_twice), frame) == ["good", "fair"]


@pytest.mark.parametrize("when_empty", ["best", "error"])
def test_an_icc_that_cannot_be_computed_never_keeps(when_empty: Any) -> None:
    readings = read_twice()
    constant = readings.values.copy()
    constant[:, :, 0] = 0.1
    step = IccFilter(threshold=0.01, when_empty=when_empty, readings={"CT-HRF": with_values(readings, constant)})
    assert "good" not in kept(step, frame_of(readings))
    step = IccFilter(threshold=0.99, when_empty="best", readings={"CT-HRF": with_values(readings, constant)})
    assert kept(step, frame_of(readings)) == ["fair"]
    constant[:] = 0.1
    step = IccFilter(when_empty=when_empty, readings={"CT-HRF": with_values(readings, constant)})
    with pytest.raises(DataError, match=r"the ICC\(2,1\) of none of 3 features of CT-HRF can be computed"):
        step.fit(frame_of(readings))


def test_several_blocks_together_or_apart() -> None:
    readings = {"CT-HRF": read_twice(0), "PET-HRF": read_twice(1)}
    frame = pd.concat([frame_of(each, name) for name, each in readings.items()], axis=1)
    frame["CT-DRF::deep"] = 1.0
    expected = ["CT-HRF::good", "PET-HRF::good", "CT-DRF::deep"]
    for per_block in (True, False):
        step = IccFilter(blocks=("CT-HRF", "PET-HRF"), per_block=per_block, readings=readings)
        assert list(clone(step).fit_transform(frame).columns) == expected


def test_refuses_a_block_without_readings() -> None:
    readings = {"CT-HRF": read_twice()}
    frame = frame_of(readings["CT-HRF"]).assign(**{"CT-DRF::deep": 1.0})
    with pytest.raises(DataError, match=r"ICC filter: block 'CT-DRF' has no repeated readings.*families: \[CT-HRF\]"):
        IccFilter(readings={**readings, "CT-DRF": None}).fit(frame)
    with pytest.raises(DataError, match=r"block 'CT-HRF' has no repeated readings.*none has readings"):
        IccFilter().fit(frame[["CT-HRF::good"]])


def test_refuses_readings_that_lack_a_feature_or_subjects() -> None:
    readings = {"CT-HRF": read_twice()}
    frame = frame_of(readings["CT-HRF"])
    with pytest.raises(DataError, match=r"readings of block 'CT-HRF' lack 1 \(first: 'new'\) of its 4 features"):
        IccFilter(readings=readings).fit(frame.assign(**{"CT-HRF::new": 1.0}))
    few = {"CT-HRF": readings["CT-HRF"].of(CASES[:3])}
    with pytest.raises(
        DataError,
        match=r"block 'CT-HRF' has 1 of 38 training cases with all 2 readings \(3 subjects have readings at all\)",
    ):
        IccFilter(readings=few).fit(frame.iloc[2:])
