"""Contrasts of feature sets over patients: DeLong's covariance by hand, all pairs, and names that are wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.analysis import analyse
from benchmark.statistics.discrimination import discriminate
from benchmark.statistics.feature_sets import compare_feature_sets
from benchmark.statistics.held_out import arrange
from benchmark.statistics.settings import settings_of

CLASSES = ["no", "yes"]
FUSION = {
    "HRF against the mean of others": {"HRF": 1, "clinical": -0.5, "DRF": -0.5},
    "HRF - DRF": {"HRF": 1, "DRF": -1},
}


@pytest.fixture(scope="module")
def held(make_run):
    every = arrange(make_run(external=20, n=120).predictions, CLASSES)
    return next(one for one in every if one.role == "external")


def test_named_contrasts_by_hand(held) -> None:
    found = discriminate(held)
    tests, pairs = compare_feature_sets(held, found, settings_of({"contrasts": FUSION}))
    rows = {row["effect"]: row for row in tests}
    aucs = found.by_measure["auc"]
    weights = np.array([{"HRF": 1, "clinical": -0.5, "DRF": -0.5}[recipe[0]] / 2 for recipe in held.recipes])
    estimate, variance = weights @ aucs.estimate, weights @ aucs.covariance @ weights
    row = rows["HRF against the mean of others"]
    assert row["effect_size"] == pytest.approx(estimate)
    assert row["statistic"] == pytest.approx(estimate**2 / variance)
    assert row["effect_high"] - row["effect_size"] == pytest.approx(1.959964 * np.sqrt(variance), rel=1e-6)
    assert row["p_corrected"] >= row["p"]
    # both named contrasts span the differences of the three sets: the joint test is the omnibus test
    assert rows["all named contrasts"]["statistic"] == pytest.approx(tests[0]["statistic"])
    assert [(row["first"], row["second"]) for row in pairs] == [
        ("clinical", "HRF"),
        ("clinical", "DRF"),
        ("HRF", "DRF"),
    ]
    assert pairs[2]["difference"] == pytest.approx(rows["HRF - DRF"]["effect_size"])
    assert pairs[2]["p"] == pytest.approx(rows["HRF - DRF"]["p"]) and pairs[2]["p_adjusted"] >= pairs[2]["p"]


def test_a_feature_set_that_failed_leaves_its_contrasts_nan(make_run) -> None:
    rows = make_run().predictions
    held = arrange(rows[~((rows["feature_set"] == "DRF") & (rows["fold"] == 1))], CLASSES)[0]
    tests, _ = compare_feature_sets(held, discriminate(held), settings_of({"contrasts": FUSION}))
    row = next(row for row in tests if row["effect"] == "HRF - DRF")
    assert np.isnan(row["p"]) and "a feature set has no complete model" in row["note"]


@pytest.mark.parametrize(
    ("contrasts", "message"),
    [
        ({"x": {"HRFF": 1, "DRF": -1}}, "contrast 'x': unknown model 'HRFF'. Did you mean 'HRF'?"),
        ({"x": {"HRF": 1, "DRF": -0.5}}, "contrast 'x': its weights sum to 0.5, expected 0"),
    ],
)
def test_wrong_contrasts(make_run, contrasts, message) -> None:
    run = make_run(repeats=1)
    run = replace(run, run={**run.run, "statistics": {**run.run["statistics"], "contrasts": contrasts}})
    with pytest.raises(ConfigError) as error:
        analyse(*run.arguments())
    assert message in str(error.value) and error.value.path == ("statistics", "contrasts")
