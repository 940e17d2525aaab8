"""The simulated cohort: its truth is what a large sample shows, and it is ready to run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.checks import check_cohort
from benchmark.errors import ConfigError
from benchmark.experiment import read_experiment
from benchmark.readers.load import load_cohort
from benchmark.readers.simulated import Simulated, simulate, write
from benchmark.reliability import icc


@pytest.fixture(scope="module")
def large() -> Simulated:
    return simulate(n_cases=9000, n_reread=9000, n_hrf=40, n_drf=20, seed=3)


def table(simulated: Simulated, name: str) -> pd.DataFrame:
    return simulated.tables[name].set_index("patient_id")


def truth(simulated: Simulated, block: str) -> pd.DataFrame:
    return simulated.truth[simulated.truth["block"] == block].set_index("feature")


def within_centres(simulated: Simulated, name: str) -> pd.DataFrame:
    """The features with the centres' true shifts and scales taken out."""
    values, told = table(simulated, name), truth(simulated, name.upper())
    centres = table(simulated, "study")["centre"]
    return values.groupby(centres).transform(lambda one: (one - one.mean()) / one.std())[told.index]


def test_same_seed_same_cohort_and_other_seed_another() -> None:
    first, again, other = simulate(seed=5), simulate(seed=5), simulate(seed=6)
    for name in first.tables:
        pd.testing.assert_frame_equal(first.tables[name], again.tables[name])
    assert not first.tables["hrf"].equals(other.tables["hrf"])


def test_more_features_of_one_block_change_no_other() -> None:
    few, many = simulate(n_hrf=20), simulate(n_hrf=50)
    for name in ("drf", "clinical", "study"):
        pd.testing.assert_frame_equal(few.tables[name], many.tables[name])


def test_true_icc(large: Simulated) -> None:
    told = truth(large, "HRF")
    values = np.stack([table(large, "hrf"), table(large, "hrf_reader2")], axis=1)
    np.testing.assert_allclose(icc(values)["estimate"], told["icc_all"], atol=0.03)
    one = (table(large, "study")["centre"] == "centre B").to_numpy()
    np.testing.assert_allclose(icc(values[one])["estimate"], told["icc"], atol=0.05)


def test_true_effects(large: Simulated) -> None:
    outcome = table(large, "study")["outcome"] == 1
    told = truth(large, "DRF")
    values = within_centres(large, "drf")
    difference = values[outcome].mean() - values[~outcome].mean()
    np.testing.assert_allclose(difference, told["effect"], atol=0.09)
    assert told["informative"].sum() == 4  # 20 features are four groups
    assert truth(large, "HRF")["informative"].sum() == 6


def test_true_centres(large: Simulated) -> None:
    told = truth(large, "HRF")
    values = table(large, "hrf").groupby(table(large, "study")["centre"])
    # The unit of a feature is not told, so ratios: of the centres' spreads, and of the distances of their means.
    np.testing.assert_allclose(
        values.std().loc["centre A"] / values.std().loc["centre B"],
        told["scale centre A"] / told["scale centre B"],
        rtol=0.07,
    )
    spread = values.std().loc["centre A"] / told["scale centre A"] * np.sqrt(told["icc"])
    found = (values.mean().loc["centre A"] - values.mean().loc["centre B"]) / spread
    np.testing.assert_allclose(found, told["shift centre A"] - told["shift centre B"], atol=0.15)


def test_true_auc(large: Simulated) -> None:
    y = table(large, "study")["outcome"].to_numpy()
    for blocks in (["hrf"], ["drf"], ["hrf", "drf"]):
        x = np.hstack([within_centres(large, name).to_numpy() for name in blocks])
        direction = np.linalg.solve(np.cov(x.T), x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))
        score = x @ direction
        auc = (score[y == 1][:, None] > score[y == 0][None]).mean()
        assert auc == pytest.approx(large.auc[" + ".join(blocks).upper()], abs=0.015)


def test_batch_and_outcome_are_not_confounded() -> None:
    study = simulate(n_cases=200, n_centres=4, prevalence=0.3).tables["study"]
    assert (study.groupby("centre")["outcome"].mean() == 0.3).all()
    assert study.groupby("centre")["role"].unique().map(list).to_list() == [["train"]] * 3 + [["external"]]


def test_one_centre() -> None:
    assert set(simulate(n_centres=1).tables["study"]["role"]) == {"train"}


def test_written_experiment_is_ready(tmp_path: Path) -> None:
    simulated = simulate()
    path = write(simulated, tmp_path / "demo")
    experiment = read_experiment(path)
    cohort = load_cohort(experiment.cohort, path.parent)
    assert cohort.families == {"HRF": ("HRF",), "DRF": ("DRF",), "clinical": ("clinical",)}
    assert len(cohort.cases) == 240
    assert cohort.dropped == ()
    readings = cohort.block("HRF").readings
    assert readings is not None and readings.values.shape == (60, 2, 120)
    np.testing.assert_array_equal(cohort.block("DRF").table, table(simulated, "drf"))
    assert {finding.code for finding in check_cohort(cohort)} == {"RB072"}  # the external centre
    assert len(pd.read_csv(path.parent / "truth.csv")) == 184


def test_wrong_parameters() -> None:
    with pytest.raises(ConfigError) as caught:
        simulate(prevalence=1.0)
    assert str(caught.value) == (
        "simulate: expected 0 < prevalence < 1, 0 <= correlation < 1 and 4 cases or more per centre"
    )
