"""Thresholds and AUCs of the models on their own training rows."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.errors import DataError
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.held_out import arrange
from benchmark.statistics.thresholds import Rule, choose_threshold
from benchmark.statistics.training import on_folds, trained_of


def test_each_model_by_its_own_rows(make_run) -> None:
    run = make_run()
    table = run.training_predictions.sample(frac=1, random_state=0)
    trained = trained_of(table, "yes", Rule("youden"))
    assert len(trained.thresholds) == len(trained.aucs) == 6 * 2 * 3
    place = ("cv", "HRF", "plain", "rf", 1, 2)
    names = ["design", "feature_set", "preprocessing", "classifier", "repeat", "fold"]
    own = (table[names] == list(place)).all(axis=1)
    for side, numbers, function in (
        ("inner", trained.thresholds, lambda y, s: choose_threshold(y, s, Rule("youden"))),
        ("train", trained.aucs, roc_auc),
    ):
        rows = table[own & (table["side"] == side)]
        y = (rows["y_true"] == "yes").to_numpy(int)
        assert numbers[place] == pytest.approx(function(y, rows["score_yes"].to_numpy()))
    held = arrange(run.predictions, ["no", "yes"])[0]
    by_fold = on_folds(held, trained.thresholds)
    assert by_fold.shape == (2, 3, 6)
    assert by_fold[1, 2, held.recipes.index(place[1:4])] == trained.thresholds[place]
    assert np.isnan(on_folds(held, {})).all()


def test_sizes_count_different_cases(make_run) -> None:
    run = make_run()
    trained = trained_of(run.training_predictions, "yes", Rule("value", 0.5))
    assert trained.thresholds == {}
    n_events = run.predictions.drop_duplicates("case")["y_true"].eq("yes").sum()
    assert trained.sizes == {"cv": (90, n_events)}


def test_nothing_and_wrong_columns(make_run) -> None:
    table = make_run().training_predictions
    empty = trained_of(table.iloc[:0], "yes", Rule("youden"))
    assert empty.thresholds == empty.aucs == empty.sizes == {}
    with pytest.raises(DataError, match="training predictions: no column 'side'"):
        trained_of(table.drop(columns="side"), "yes", Rule("youden"))
