"""The mean over internal and external cases, with the variance of independent sets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from benchmark.estimates import SET_MEANS
from benchmark.statistics.analysis import analyse
from benchmark.statistics.delong import delong
from benchmark.statistics.interval import Interval
from benchmark.statistics.set_means import mean_of_sets


@pytest.fixture(scope="module")
def run(make_run):
    whole = make_run(external=40, n=160, sets=("HRF",), classifiers=("lr", "rf"))
    run = whole.with_predictions(whole.predictions[whole.predictions["design"] == "roles"])
    return replace(run, run={**run.run, "statistics": {**run.run["statistics"], "reference": "HRF"}})


@pytest.fixture(scope="module")
def found(run):
    return analyse(*run.arguments())


def test_auc_is_the_mean_with_the_sum_of_the_variances(run, found) -> None:
    told = found["set_means"]
    assert list(told.columns) == SET_MEANS and len(told) == 4
    row = told[(told["classifier"] == "rf") & (told["measure"] == "auc")].squeeze()
    sets = []
    for role in ("internal", "external"):
        rows = run.predictions[(run.predictions["role"] == role) & (run.predictions["classifier"] == "rf")]
        sets.append(delong((rows["y_true"] == "yes").to_numpy(int), rows[["score_yes"]].to_numpy()))
    mean = np.mean([one.estimate[0] for one in sets])
    margin = norm.ppf(0.975) * np.sqrt(sum(one.variance[0] for one in sets)) / 2
    assert row[["estimate", "low", "high"]].tolist() == pytest.approx([mean, mean - margin, min(1, mean + margin)])
    assert row["sets"] == "internal, external" and row["design"] == "roles"


def test_accuracy_is_the_mean_of_the_sets(found) -> None:
    estimates = found["estimates"]
    of_sets = estimates[(estimates["measure"] == "accuracy") & (estimates["classifier"] == "lr")]
    told = found["set_means"]
    row = told[(told["classifier"] == "lr") & (told["measure"] == "accuracy")].squeeze()
    assert row["estimate"] == pytest.approx(of_sets["estimate"].mean())
    below = np.sqrt(((of_sets["estimate"] - of_sets["low"]) ** 2).sum()) / 2
    above = np.sqrt(((of_sets["high"] - of_sets["estimate"]) ** 2).sum()) / 2
    assert row[["low", "high"]].tolist() == pytest.approx([row["estimate"] - below, row["estimate"] + above])


def test_equal_sets_have_the_interval_of_twice_the_cases() -> None:
    one = Interval(np.array([0.7]), np.array([0.6]), np.array([0.8]))
    mean = mean_of_sets([one, one])
    assert [mean.estimate[0], mean.low[0], mean.high[0]] == pytest.approx(
        [0.7, 0.7 - 0.1 / np.sqrt(2), 0.7 + 0.1 / np.sqrt(2)]
    )
    gone = mean_of_sets([one, Interval(*np.full((3, 1), np.nan))])
    assert np.isnan([gone.estimate, gone.low, gone.high]).all()


def test_sets_with_a_patient_in_common_have_no_interval(run) -> None:
    table = run.predictions.copy()
    name = table.loc[table["role"] == "internal", "patient"].iloc[0]
    case = table.loc[table["role"] == "external", "case"].iloc[0]
    table.loc[(table["role"] == "external") & (table["case"] == case), "patient"] = name
    told = analyse(*run.with_predictions(table).arguments())["set_means"]
    assert told[["low", "high"]].isna().all(axis=None) and told["estimate"].notna().all()
    assert set(told["method"]) == {"no interval, patients in several sets: 1"}


def test_one_set_and_cross_validation_have_no_mean(make_run) -> None:
    assert analyse(*make_run(sets=("HRF", "clinical"), classifiers=("lr",)).arguments())["set_means"].empty
