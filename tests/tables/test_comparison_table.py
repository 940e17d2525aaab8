"""Differences against the reference and between pairs."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmark.estimates import COMPARISONS, ESTIMATES
from benchmark.exporters import EXPORTERS
from benchmark.predictions import CHOSEN_INSIDE, label_of
from benchmark.tables import comparison, pairs
from benchmark.tables.scopes import complete

DATA = Path(__file__).resolve().parents[1] / "data"
NAN = math.nan
RUN: dict[str, Any] = {
    "designs": {"holdout": {"kind": "holdout"}},
    "feature_sets": {"clinical": {}, "HRF": {}, "HRF + DRF": {}},
    "preprocessings": {"standard": []},
    "classifiers": {"lda": "LDA", "xgboost": "XGBoost", CHOSEN_INSIDE: "Chosen inside"},
}
RECIPES = [(s, "standard", c) for s in RUN["feature_sets"] for c in ("lda", "xgboost", CHOSEN_INSIDE)]
Recipe = tuple[str, str, str]
Pair = tuple[Recipe, Recipe]


def results(
    compared: list[Pair], *, question: str = "reference", measure: str = "auc", recipes: list[Recipe] = RECIPES
) -> dict[str, pd.DataFrame]:
    rows = [
        ("holdout", "test", measure, label_of(*first), label_of(*second), 0.01 * i - 0.02, 0.01 * i - 0.05,
         0.01 * i + 0.01, 0.95, 1.0, NAN, 0.0004 + 0.02 * i, min(1.0, 0.0012 + 0.06 * i),
         "holm", question, "paired DeLong 1988")
        for i, (first, second) in enumerate(compared)
    ]  # fmt: skip
    estimates = [("holdout", "test", *recipe, "auc", 0.7, 0.6, 0.8, 0.95, "DeLong 1988", 100, 40) for recipe in recipes]
    return complete(
        {
            "comparisons": pd.DataFrame(rows, columns=COMPARISONS),
            "estimates": pd.DataFrame(estimates, columns=ESTIMATES),
        }
    )


def test_a_reference_feature_set_with_the_same_classifier() -> None:
    compared = [((s, "standard", c), ("clinical", "standard", c)) for s, _, c in RECIPES if s != "clinical"]
    table = comparison.table(results(compared), RUN)
    assert table is not None
    assert EXPORTERS[".md"](table) == (DATA / "golden_comparison.md").read_text(encoding="utf-8")


def test_one_reference_model_is_named_in_the_caption() -> None:
    compared = [(recipe, RECIPES[0]) for recipe in RECIPES[1:]]
    table = comparison.table(results(compared), RUN)
    assert table is not None
    assert table.caption.startswith("Difference from the reference 'clinical, LDA':")
    assert table.header == ("Feature set", "Classifier", "Difference in AUC (95% CI)", "p", "Adjusted p")
    assert table.rows[0][:2] == ("clinical", "Chosen inside")
    assert len(table.data) == len(compared)


def test_several_references_have_a_column() -> None:
    table = comparison.table(results([(RECIPES[3], RECIPES[0]), (RECIPES[3], RECIPES[1])]), RUN)
    assert table is not None
    assert [row[2] for row in table.rows] == ["clinical, LDA", "clinical, XGBoost"]


def test_labels_of_unknown_models_are_shown_as_they_are() -> None:
    table = comparison.table(results([(("a", "b", "c"), ("d", "e", "f")), (RECIPES[0], RECIPES[1])]), RUN)
    assert table is not None
    assert table.rows[1][:3] == ("a | b | c", "", "d | e | f")


def test_only_the_main_measure_is_printed_and_p_is_counted_within_it() -> None:
    compared = [(recipe, RECIPES[0]) for recipe in RECIPES[1:]]
    both = results(compared)
    pooled = results(compared, measure="auc_pooled")["comparisons"]
    both["comparisons"] = pd.concat([pooled, both["comparisons"]], ignore_index=True)
    table = comparison.table(both, RUN)
    assert table is not None
    assert (len(table.rows), len(table.data)) == (8, 16)
    assert "p adjusted over 8 comparisons: Holm." in table.notes
    assert "The CSV also compares: Pooled AUC." in table.notes


def test_all_pairs_are_printed_if_they_are_few() -> None:
    table = pairs.table(results(list(combinations(RECIPES, 2)), question="all pairs"), RUN)
    assert table is not None
    assert len(table.rows) == 36
    assert not any(note.startswith("Shown:") for note in table.notes)
    assert table.rows[0][:2] == ("clinical, LDA", "clinical, XGBoost")


@pytest.mark.parametrize(
    ("classifiers", "shown", "note"),
    [
        (
            ("a", "b", "c", CHOSEN_INSIDE),
            3,
            "Shown: the 3 pairs of 'chosen inside' arms of 66; the CSV has all of them.",
        ),
        (("a", "b", "c", "d"), 45, "Shown: the 45 pairs with the smallest p of 66; the CSV has all of them."),
    ],
)
def test_of_many_pairs_some_are_printed_and_the_note_says_which(
    classifiers: tuple[str, ...], shown: int, note: str
) -> None:
    recipes = [(s, "standard", c) for s in RUN["feature_sets"] for c in classifiers]
    table = pairs.table(results(list(combinations(recipes, 2)), question="all pairs", recipes=recipes), RUN)
    assert table is not None
    assert (len(table.rows), len(table.data)) == (shown, 66)
    assert note in table.notes
    assert "p adjusted over 66 comparisons: Holm." in table.notes


def test_without_comparisons_no_table() -> None:
    assert comparison.table(results([]), RUN) is None
    assert pairs.table(results([]), RUN) is None
