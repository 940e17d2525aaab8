"""Tests across feature sets, their pairs, calibration, optimism and selected features."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import ANOVA
from benchmark.tables import calibration, families, families_posthoc, features, optimism
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

RESULTS, RUN = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda"])


def test_each_note_names_its_tests_once() -> None:
    results = complete(RESULTS)
    results["anova"]["note"] = "25 folds"
    table = families.table(results, RUN)
    assert table is not None
    assert table.notes == ("repeated measures, Welch: 25 folds.",)
    assert table.rows[0] == (
        "repeated measures",
        "within",
        "8.73",
        "6, 144",
        "<0.001",
        "0.001",
        "0.41 (0.21–0.55) (partial eta squared)",
    )
    assert table.rows[1][-2:] == ("–", "0.21 (omega squared)")


def test_an_omnibus_test_that_was_not_possible_is_a_row_of_dashes() -> None:
    results = complete(RESULTS)
    row = dict.fromkeys(ANOVA, math.nan) | {
        "design": "kfold",
        "role": "out-of-fold",
        "test": "none",
        "note": "one fold",
    }
    results["anova"] = pd.DataFrame([row], columns=ANOVA)
    table = families.table(results, RUN)
    assert table is not None
    assert set(table.rows[0][1:]) == {"–"}
    assert table.notes == ("none: one fold.",)


def test_pairs_of_several_tests_name_their_test() -> None:
    results = complete(RESULTS)
    one = families_posthoc.table(results, RUN)
    results["posthoc"] = results["posthoc"].iloc[[0, 0]].assign(test=["Tukey HSD", "Games-Howell"], low=np.nan)
    two = families_posthoc.table(results, RUN)
    assert one is not None
    assert one.header[:3] == ("First", "Second", "Difference (CI)")
    assert two is not None
    assert two.header[:4] == ("Test", "First", "Second", "Difference")
    assert [row[0] for row in two.rows] == ["Tukey HSD", "Games-Howell"]


def test_calibration_has_two_decimals_and_no_table_for_several_classes() -> None:
    results = complete(RESULTS)
    table = calibration.table(results, RUN)
    assert table is not None
    assert table.header[2:] == ("Intercept (95% CI)", "Slope (95% CI)", "Brier score")
    estimates = results["estimates"]
    slope = estimates[(estimates["measure"] == "calibration_slope")].set_index(["feature_set", "classifier"])
    assert table.rows[0][3].startswith(f"{slope.loc[('HRF', 'chosen inside'), 'estimate']:.2f} (")
    results["estimates"] = estimates[estimates["measure"] == "auc"]
    assert calibration.table(results, RUN) is None
    assert optimism.table(results, RUN) is None


def test_optimism_is_signed() -> None:
    table = optimism.table(complete(RESULTS), RUN)
    assert table is not None
    assert table.header[-2:] == ("Training AUC", "Optimism")
    assert {row[-1] for row in table.rows} == {"+0.150"}


def test_the_most_frequent_features_of_each_set_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "MOST_FEATURES", 3)
    table = features.table(complete(RESULTS), RUN)
    assert table is not None
    assert [row[0] for row in table.rows] == ["HRF"] * 3 + ["DRF"] * 3
    frequency = [float(row[-1]) for row in table.rows]
    assert frequency[:3] == sorted(frequency[:3], reverse=True)
    assert frequency[0] == RESULTS["frequencies"].query("feature_set == 'HRF'")["frequency"].max()
    assert len(table.data) == len(RESULTS["frequencies"])
    assert table.notes[0] == f"Shown: the first 3 of each feature set; the CSV has all {len(table.data)} rows."
