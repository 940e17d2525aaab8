"""Feature sets compared over the arms that all of them have."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.statistics.discrimination import discriminate
from benchmark.statistics.feature_sets import compare_feature_sets
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.settings import settings_of

CLASSES = ["no", "yes"]


def compare(held: HeldOut) -> tuple[dict[str, dict], list[dict]]:
    tests, pairs = compare_feature_sets(held, discriminate(held), settings_of({}))
    return {row["test"]: row for row in tests}, pairs


def test_joint_test_of_two_feature_sets_with_one_classifier_is_the_paired_test(make_run) -> None:
    held = arrange(make_run(sets=("HRF", "DRF"), classifiers=("lr",)).predictions, CLASSES)[0]
    aucs = discriminate(held).by_measure["auc"]
    tests, _ = compare(held)
    z = (aucs.estimate[0] - aucs.estimate[1]) / np.sqrt(
        aucs.covariance[0, 0] + aucs.covariance[1, 1] - 2 * aucs.covariance[0, 1]
    )
    assert tests["joint Wald over patients"]["statistic"] == pytest.approx(z**2)
    assert tests["joint Wald over patients"]["df1"] == 1


def test_only_common_arms_count(make_run) -> None:
    run = make_run(sets=("HRF", "DRF"), classifiers=("lr", "rf", "knn"))
    both = run.predictions[run.predictions["classifier"] != "knn"]
    rows = run.predictions
    skipped = rows[~((rows["feature_set"] == "HRF") & (rows["classifier"] == "knn"))]
    expected, expected_pairs = compare(arrange(both, CLASSES)[0])
    tests, pairs = compare(arrange(skipped, CLASSES)[0])
    assert "mean of 2 of 3 classifiers" in tests["Welch"]["note"]
    for name, row in expected.items():
        assert tests[name]["statistic"] == pytest.approx(row["statistic"])
    for row, other in zip(pairs, expected_pairs, strict=True):
        assert row["difference"] == pytest.approx(other["difference"])


def test_chosen_inside_is_left_out_where_there_are_others(make_run) -> None:
    run = make_run(classifiers=("lr", CHOSEN_INSIDE))
    rows = run.predictions
    expected, _ = compare(arrange(rows[rows["classifier"] == "lr"], CLASSES)[0])
    tests, _ = compare(arrange(rows, CLASSES)[0])
    assert tests["one-way"]["statistic"] == pytest.approx(expected["one-way"]["statistic"])
    alone, _ = compare(arrange(rows[rows["classifier"] == CHOSEN_INSIDE], CLASSES)[0])
    assert not np.isnan(alone["one-way"]["statistic"])


def test_no_common_arm_is_said(make_run) -> None:
    rows = make_run(sets=("HRF", "DRF")).predictions
    apart = rows[(rows["feature_set"] == "HRF") == (rows["classifier"] == "lr")]
    tests, pairs = compare(arrange(apart, CLASSES)[0])
    assert list(tests) == ["none"] and not pairs
    assert tests["none"]["note"] == "2 feature sets, mean of 0 of 2 classifiers x preprocessings"
    assert np.isnan(tests["none"]["p"])


def test_a_feature_set_that_failed_everywhere_does_not_stop_the_others(make_run) -> None:
    rows = make_run().predictions
    broken = rows[~((rows["feature_set"] == "DRF") & (rows["fold"] == 1))]
    tests, pairs = compare(arrange(broken, CLASSES)[0])
    assert "left out, no complete model: DRF" in tests["one-way"]["note"]
    assert tests["joint Wald over patients"]["df1"] == 1 and len(pairs) == 4
