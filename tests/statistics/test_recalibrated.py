"""Recalibrated probabilities in the results: calibration and net benefit, no AUC, learnt from training rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.analysis import analyse
from benchmark.statistics.calibration import calibration
from benchmark.statistics.held_out import arrange
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.recalibration import recalibrate


def asked(run, **more):
    return replace(run, run={**run.run, "statistics": {**run.run["statistics"], "tests": [], **more}})


@pytest.fixture(scope="module")
def run(make_run):
    return make_run(sets=("clinical", "HRF"), classifiers=("lr",))


@pytest.fixture(scope="module")
def found(run):
    return analyse(*asked(run, recalibrate=["platt", "isotonic"]).arguments())


def test_rows_are_those_of_the_recalibrated_predictions(run, found) -> None:
    again = recalibrate(run.training_predictions, run.predictions, "platt")
    held = arrange(again, ["no", "yes"])[0]
    expected = calibration(held.y, average_over_repeats(held.scores[..., 0], held.fold)[:, 1])
    table = found["recalibrated"]
    own = table[(table["recalibration"] == "platt") & (table["feature_set"] == held.recipes[1][0])].set_index("measure")
    assert own.loc["calibration_slope", ["estimate", "low", "high"]].tolist() == pytest.approx(list(expected.slope))
    assert set(table["recalibration"]) == {"platt", "isotonic"}
    assert {"brier", "ici", "ece", "hosmer_lemeshow_p"} <= set(own.index)


def test_no_auc_is_told_or_compared_again(run, found) -> None:
    assert not found["recalibrated"]["measure"].str.contains("auc").any()
    assert set(found["recalibrated_curves"]["curve"]) == {
        "calibration", "distribution", "net benefit", "interventions avoided",
    }  # fmt: skip
    plain = analyse(*asked(run).arguments())
    for name in ("comparisons", "estimates", "best_set"):
        assert plain[name].equals(found[name]), name
    assert set(found["net_benefit"]["recalibration"]) == {"", "platt", "isotonic"}


def test_held_out_outcomes_do_not_move_the_recalibrated_scores(run) -> None:
    flipped = run.predictions.assign(y_true=run.predictions["y_true"].map({"no": "yes", "yes": "no"}))
    scores = [
        recalibrate(run.training_predictions, table, "platt")["score_yes"] for table in (run.predictions, flipped)
    ]
    assert np.array_equal(*scores)


def test_refused_without_training_rows(run) -> None:
    nothing = replace(asked(run, recalibrate=["platt"]), training_predictions=run.training_predictions.iloc[:0])
    with pytest.raises(ConfigError, match=r"recalibration \(platt\): there are no predictions of training rows"):
        analyse(*nothing.arguments())
    with pytest.raises(ConfigError, match=r"unknown recalibration 'plat'\. Did you mean 'platt'"):
        analyse(*asked(run, recalibrate=["plat"]).arguments())
