"""Who went in and what was left out."""

from __future__ import annotations

from typing import Any

import pytest

from benchmark.tables import blocks, cohort, dropped, effort, failures, skipped
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate


def test_classes_with_their_share_and_the_event() -> None:
    table = cohort.table({}, simulate(feature_sets=["HRF"])[1])
    assert table is not None
    assert table.rows == (
        ("Cases", "293"),
        ("Patients", "293"),
        ("Class 0", "173 (59.0%)"),
        ("Class 1 (the event)", "120 (41.0%)"),
    )


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("drop", "left out"),
        ("error", "none, they would have stopped the run"),
        ("other", "other"),
        (3, "3"),
        ({"HRF": 2, "DRF": 1}, "HRF: 2, DRF: 1"),
        ({}, "0"),
    ],
)
def test_cases_without_a_row_in_some_block(missing: Any, words: str) -> None:
    table = cohort.table({}, {"cohort": {"n_cases": 10, "missing_cases": missing}})
    assert table is not None
    assert table.notes == (f"Cases without a row in some block: {words}.",)


def test_blocks_and_what_was_left_out() -> None:
    run = simulate(feature_sets=["HRF"])[1]
    run["cohort"]["blocks"][1]["readings"] = 1
    found, left_out = blocks.table({}, run), dropped.table({}, run)
    assert found is not None
    assert [row[2:] for row in found.rows] == [("1,409", "2"), ("768", "–"), ("4", "–")]
    assert left_out is not None
    assert left_out.rows == (("cases", "clinical.csv", "12", "no outcome", "LUNG1-014, LUNG1-021, LUNG1-085"),)


def test_failed_fits_of_one_reason_are_one_row_and_the_csv_has_each() -> None:
    results, run = simulate(feature_sets=["HRF"], classifiers=["lda"])
    failed = results["failures"]
    failed["reason"] = ["singular"] * 3 + ["one class"]
    failed[["design", "feature_set", "preprocessing", "classifier"]] = "kfold", "HRF", "standard", "lda"
    table = failures.table(complete(results), run)
    assert table is not None
    assert [row[3:] for row in table.rows] == [("LDA", "3", "singular"), ("LDA", "1", "one class")]
    assert len(table.data) == 4


def test_skipped_recipes_have_their_reason() -> None:
    table = skipped.table({}, {"skipped": [{"feature_set": "clinical", "reason": "no image block"}]})
    assert table is not None
    assert table.rows == (("clinical", "", "", "no image block"),)


def test_effort_counts_candidates_and_sums_time_with_the_shared_steps_first() -> None:
    results, run = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda", "xgboost"], chosen=False)
    table = effort.table(complete(results), run)
    assert table is not None
    assert table.rows == (
        ("steps, shared by all classifiers", "–", "41 s", "–", "–"),
        ("LDA", "6", "–", "6.4 s", "6.4 s"),
        ("XGBoost", "6", "–", "6.4 s", "6.4 s"),
    )
