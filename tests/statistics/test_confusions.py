"""Confusion matrices of two classes agree with the metrics at the same thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.estimates import CONFUSION
from benchmark.statistics.confusions import binary_confusion
from benchmark.statistics.decisions import decide, decision_metrics
from benchmark.statistics.held_out import arrange
from benchmark.statistics.performance import thresholds_of
from benchmark.statistics.settings import settings_of
from benchmark.statistics.training import NOTHING_TRAINED, trained_of

SETTINGS = settings_of({})


def test_counts_are_means_over_repeats_and_give_sensitivity_and_specificity(make_run) -> None:
    run = make_run()
    (held,) = arrange(run.predictions, ["no", "yes"])
    trained = trained_of(run.training_predictions, "yes", SETTINGS.rule)
    found = binary_confusion(held, trained, SETTINGS)
    assert found.columns.tolist() == CONFUSION
    decisions = decide(held.scores[..., 0], held.fold, thresholds_of(held, trained, SETTINGS))
    metrics = decision_metrics(held.y, decisions, held.fold)
    counts = found["cases"].to_numpy().reshape(len(held.recipes), 2, 2)
    shares = found["share"].to_numpy().reshape(len(held.recipes), 2, 2)
    assert counts.sum((1, 2)) == pytest.approx(len(held.y))
    assert shares[:, 1, 1] == pytest.approx(metrics["sensitivity"].estimate)
    assert shares[:, 0, 0] == pytest.approx(metrics["specificity"].estimate)
    assert found["method"].eq("Youden threshold from training rows, mean of 2 repeats").all()
    assert found["truth"].tolist()[:4] == ["no", "no", "yes", "yes"]


def test_without_a_threshold_there_is_no_matrix_and_a_reason(make_run) -> None:
    (held,) = arrange(make_run().predictions, ["no", "yes"])
    found = binary_confusion(held, NOTHING_TRAINED, SETTINGS)
    assert found["cases"].isna().all() and found["method"].str.endswith("; not estimated: no threshold").all()
    fixed = binary_confusion(held, NOTHING_TRAINED, settings_of({"threshold": {"value": 0.0}}))
    assert (fixed[fixed["called"] == "no"]["cases"] == 0).all()
    assert not np.isnan(fixed["share"]).any()
