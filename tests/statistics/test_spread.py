"""Mean and SD over folds and repeats, against numpy and the predictions themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import FOLD_SCORES, SPREAD
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.analysis import analyse
from benchmark.statistics.spread import NUMBERS, spread

MODEL = ("cv", "out-of-fold", "HRF", "plain", "lr")


def folds(values: list[list[float]], model: tuple[str, ...] = MODEL) -> pd.DataFrame:
    """One list of AUCs per repeat; accuracy is the AUC less 0.1; the k-th fold has 10 + k cases, 4 with the event."""
    rows = [
        (*model, repeat, fold, auc, auc / 2, auc / 3, auc - 0.1, 10 + fold, 4)
        for repeat, of_repeat in enumerate(values)
        for fold, auc in enumerate(of_repeat)
    ]
    return pd.DataFrame(rows, columns=FOLD_SCORES)


def told(values: np.ndarray) -> list[float]:
    return [np.mean(values), np.std(values, ddof=1), np.min(values), np.max(values)]


def row(found: pd.DataFrame, measure: str, over: str) -> pd.Series:
    return found[(found["measure"] == measure) & (found["over"] == over)].squeeze()


def test_over_folds_and_over_repeats_by_definition() -> None:
    values = [[0.6, 0.7, 0.9], [0.5, 0.8, 0.7]]
    found = spread(folds(values))
    assert list(found.columns) == SPREAD and len(found) == 8
    flat = np.ravel(values)
    assert row(found, "auc", "folds")[NUMBERS].tolist() == pytest.approx(told(flat))
    assert row(found, "sensitivity", "folds")[NUMBERS].tolist() == pytest.approx(told(flat / 2))
    assert row(found, "auc", "repeats")[NUMBERS].tolist() == pytest.approx(told(np.mean(values, axis=1)))
    # of decisions all cases of a repeat count once: folds of 10, 11 and 12 cases, 6, 7 and 8 of them without the event
    weighed = [np.average(np.array(each) - 0.1, weights=[10, 11, 12]) for each in values]
    assert row(found, "accuracy", "repeats")[NUMBERS].tolist() == pytest.approx(told(np.array(weighed)))
    weighed = [np.average(np.array(each) / 3, weights=[6, 7, 8]) for each in values]
    assert row(found, "specificity", "repeats")[NUMBERS].tolist() == pytest.approx(told(np.array(weighed)))
    assert row(found, "auc", "folds")["n"] == 6 and row(found, "auc", "repeats")["n"] == 2


def test_only_what_varies_is_there() -> None:
    assert spread(folds([[0.7]])).empty and spread(folds([])).empty
    assert set(spread(folds([[0.6, 0.7]]))["over"]) == {"folds"}
    shuffled = spread(folds([[0.6], [0.8]]))  # a hold-out that is repeated has one fold each time
    assert set(shuffled["over"]) == {"repeats"} and row(shuffled, "auc", "repeats")["mean"] == pytest.approx(0.7)
    assert spread(folds([[0.6], [0.8]], ("boot", "out-of-bag", "HRF", "plain", "lr"))).empty


def test_a_model_with_an_undefined_fold_has_no_number() -> None:
    whole, gap = folds([[0.6, 0.7], [0.5, 0.8]]), folds([[0.6, np.nan], [0.5, 0.8]], (*MODEL[:4], "rf"))
    found = spread(pd.concat([whole, gap]))
    gone = found[found["classifier"] == "rf"]
    assert gone[NUMBERS].isna().all(axis=None) and len(gone) == 8
    assert found.loc[found["classifier"] == "lr", NUMBERS].notna().all(axis=None)


def test_a_measure_that_no_fold_has_is_left_out() -> None:
    several = folds([[0.6, 0.7], [0.5, 0.8]]).assign(sensitivity=np.nan, specificity=np.nan, accuracy=np.nan)
    assert set(spread(several.assign(n_events=np.nan))["measure"]) == {"auc"}


def test_of_a_run(make_run) -> None:
    run = make_run(sets=("clinical", "HRF"), classifiers=("lr",))
    run = run.with_predictions(run.predictions[run.predictions["feature_set"] == "clinical"])
    results = analyse(*run.arguments())
    aucs = []
    estimates = results["estimates"].set_index("measure")
    for _, rows in run.predictions.groupby(["repeat", "fold"]):
        y = (rows["y_true"] == "yes").to_numpy(int)
        aucs.append(roc_auc(y, rows["score_yes"].to_numpy()))
    found = results["spread"]
    assert row(found, "auc", "folds")[NUMBERS].tolist() == pytest.approx(told(np.array(aucs)))
    assert row(found, "auc", "folds")["mean"] == pytest.approx(estimates.loc["auc", "estimate"])
    for measure in ("sensitivity", "specificity", "accuracy"):
        assert row(found, measure, "repeats")["mean"] == pytest.approx(estimates.loc[measure, "estimate"])
