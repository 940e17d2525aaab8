"""Tables of several classes: rows of models and classes, intervals, and what is printed of many models."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables import confusion, multiclass, per_class, per_class_calibration, performance
from benchmark.tables.measures import main_auc
from benchmark.tables.methods import methods
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

CLASSES = ("POLE", "CNL", "MSI")
RESULTS, RUN = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda", "xgboost"], classes=CLASSES)
TWO, TWO_RUN = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda"])


def test_performance_over_all_classes_replaces_that_of_two() -> None:
    table = multiclass.table(complete(RESULTS), RUN)
    assert table is not None
    assert table.header[2:] == ("Macro AUC (95% CI)", "Hand-Till M (95% CI)", "Accuracy", "Scaled Brier score")
    assert len(table.rows) == 6 and table.strong == {0, 3}
    auc = RESULTS["estimates"].query("measure == 'auc' and feature_set == 'HRF' and classifier == 'lda'").iloc[0]
    assert table.rows[1][2] == f"{auc['estimate']:.3f} ({auc['low']:.3f}–{auc['high']:.3f})"
    assert performance.table(complete(RESULTS), RUN) is None
    assert multiclass.table(complete(TWO), TWO_RUN) is None and performance.table(complete(TWO), TWO_RUN) is not None


def test_a_row_per_chosen_model_and_class_in_order_and_all_in_the_csv() -> None:
    for make in (per_class.table, per_class_calibration.table):
        table = make(complete(RESULTS), RUN)
        assert table is not None
        assert [row[:3] for row in table.rows] == [
            (name, CHOSEN_INSIDE, label) for name in ("HRF", "DRF") for label in CLASSES
        ]
        assert len(table.data) == 2 * 3 * 3
        assert table.header[3] == "Cases" and table.rows[0][3] == "120"
        assert make(complete(TWO), TWO_RUN) is None
    assert table.header[4:6] == ("Intercept (95% CI)", "Slope (95% CI)")


def test_confusion_matrix_has_a_row_per_true_class_with_shares() -> None:
    table = confusion.table(complete(RESULTS), RUN)
    assert table is not None
    assert table.header == ("Feature set", "Classifier", "True class", "Called POLE", "Called CNL", "Called MSI")
    assert table.rows[0] == ("HRF", CHOSEN_INSIDE, "POLE", "40.5 (74.3%)", "7 (12.8%)", "7 (12.8%)")
    assert len(table.data) == len(RESULTS["confusion"])
    assert table.notes[-1] == "The CSV has all models."
    two = confusion.table(complete(TWO), TWO_RUN)
    assert two is not None and two.header[3:] == ("Called 0", "Called 1")


def test_a_model_without_a_matrix_is_not_printed() -> None:
    results = {name: frame.copy() for name, frame in RESULTS.items()}
    gone = (results["confusion"]["feature_set"] == "DRF") & (results["confusion"]["classifier"] == CHOSEN_INSIDE)
    results["confusion"].loc[gone, "cases"] = np.nan
    table = confusion.table(complete(results), RUN)
    assert table is not None
    assert {row[0] for row in table.rows} == {"HRF"}


def test_figures_take_the_pooled_auc_where_there_is_no_other() -> None:
    estimates = pd.DataFrame({"measure": ["auc", "auc_pooled"], "estimate": [np.nan, 0.7], "low": np.nan})
    assert main_auc(estimates) == "auc_pooled"
    both = estimates.assign(estimate=[0.6, 0.7])
    assert main_auc(both) == "auc"
    assert main_auc(both.assign(low=[np.nan, 0.6])) == "auc_pooled"
    assert main_auc(both.assign(low=[0.5, 0.6])) == "auc"
    assert main_auc(both.assign(estimate=np.nan)) == "auc"


def test_methods_say_what_is_contrasted_and_how() -> None:
    asked = {"level": 0.95, "contrast": {"positive": ["MSI", "POLE"], "negative": "CNL"}}
    assert (
        "contrast of classes: MSI, POLE against CNL, probabilities renormalised over both sides."
        in methods({"statistics": asked})[-1]
    )
