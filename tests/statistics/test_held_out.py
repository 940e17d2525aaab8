"""Long tables as arrays, and what breaks their promises."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.predictions import FAILURES
from benchmark.statistics.held_out import arrange

CLASSES = ["no", "yes"]


def test_every_score_is_at_its_place(make_run) -> None:
    table = make_run(external=15).predictions.sample(frac=1, random_state=0)
    sets = {(held.design, held.role): held for held in arrange(table, CLASSES)}
    assert set(sets) == {("cv", "out-of-fold"), ("roles", "internal"), ("roles", "external")}
    for row in table.sample(60, random_state=1).itertuples():
        held = sets[row.design, row.role]
        i = held.cases.tolist().index(row.case)
        r, f = held.repeats.index(row.repeat), held.folds.index(row.fold)
        k = held.recipes.index((row.feature_set, row.preprocessing, row.classifier))
        assert held.fold[i, r] == f
        assert held.scores[i, r, k, 0] == row.score_yes
        assert held.y[i] == (row.y_true == "yes")
    cv = sets["cv", "out-of-fold"]
    assert cv.cases.tolist() == sorted(cv.cases) and cv.patient is None and cv.binary
    assert cv.events == cv.y.sum() and set(cv.gaps) == {""} and len(cv.places) == 6


def test_patients_with_several_cases(make_run) -> None:
    held = arrange(make_run(cases_per_patient=2).predictions, CLASSES)[0]
    assert held.patient is not None and len(np.unique(held.patient)) == len(held.cases) / 2


def test_categories_and_text_are_the_same(make_run) -> None:
    table = make_run().predictions
    names = table.columns[:10].drop("repeat").drop("fold")
    plain, coded = arrange(table, CLASSES)[0], arrange(table.astype(dict.fromkeys(names, "category")), CLASSES)[0]
    assert (plain.scores == coded.scores).all() and plain.recipes == coded.recipes


def test_missing_rows_are_gaps_with_the_reason(make_run) -> None:
    table = make_run().predictions
    gone = (table["classifier"] == "rf") & (table["feature_set"] == "HRF") & (table["fold"] == 1)
    failures = pd.DataFrame(
        [("cv", "HRF", "plain", "rf", r, 1, "singular matrix") for r in range(2)]
        + [("cv", "HRF", "plain", "svm", r, f, "did not converge") for r in range(2) for f in range(3)],
        columns=FAILURES,
    )
    held = arrange(table[~gone], CLASSES, failures)[0]
    gaps = {label: gap for label, gap in zip(held.labels, held.gaps, strict=True) if gap}
    assert gaps == {
        "HRF | plain | rf": "60 of 180 predictions missing (failed fits: 2, first: singular matrix)",
        "HRF | plain | svm": "no complete predictions (failed fits: 6, first: did not converge)",
    }


def test_score_that_is_nan_is_a_gap(make_run) -> None:
    table = make_run().predictions
    table = table.assign(score_yes=table["score_yes"].where(table.index != 3))
    assert sum(bool(gap) for gap in arrange(table, CLASSES)[0].gaps) == 1


def test_more_classes_keep_all_scores(make_run) -> None:
    held = arrange(make_run(classes=("a", "b", "c")).predictions, ["a", "b", "c"])[0]
    assert held.scores.shape[3] == 3 and not held.binary and np.isnan(held.events)


def change(table: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    table = table.copy()
    table[column] = table[column].astype(object)
    table.loc[row, column] = value
    return table


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("y_true", "maybe", "outcome 'maybe' is not one of the classes no, yes"),
        ("y_true", "other", "two outcomes for cases: 1 (first: '"),
        ("fold", 2, "held out in different folds of one repeat for cases: 1 (first: '"),
        ("score_yes", 1.2, "scores outside [0, 1] for cases: 1 (first: '"),
        ("score_yes", -np.inf, "scores outside [0, 1] for cases: 1 (first: '"),
        ("patient", "p99", "two patients for cases: 1 (first: '"),
        ("patient", None, "no patient for cases: 1 (first: '"),
    ],
)
def test_contradictions_are_errors(make_run, column: str, value: object, message: str) -> None:
    table = make_run().predictions
    if value == "other":
        value = "no" if table.loc[0, "y_true"] == "yes" else "yes"
    with pytest.raises(DataError, match="predictions, design 'cv', role 'out-of-fold': ") as error:
        arrange(change(table, 0, column, value), CLASSES)
    assert message in str(error.value)


def test_predicted_twice_and_missing_columns(make_run) -> None:
    table = make_run().predictions
    with pytest.raises(DataError, match="predicted twice by one model for cases: 1"):
        arrange(pd.concat([table, table.iloc[[4]]], ignore_index=True), CLASSES)
    with pytest.raises(DataError, match=r"predictions: no column 'fold'\. Found: design"):
        arrange(table.drop(columns="fold"), CLASSES)
    with pytest.raises(DataError, match="predictions: no column 'score_1'"):
        arrange(table, ["0", "1"])


def test_no_predictions(make_run) -> None:
    assert arrange(make_run().predictions.iloc[:0], CLASSES) == []
