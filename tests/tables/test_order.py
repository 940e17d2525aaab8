"""As the experiment names it, the chosen-inside arm first."""

from __future__ import annotations

import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.order import in_order, levels, sort_recipes


def test_in_order() -> None:
    assert in_order(["b", "x", "a", CHOSEN_INSIDE, "b"], ["a", "b", "c"]) == [CHOSEN_INSIDE, "a", "b", "x"]
    assert in_order([], ["a"]) == []


def test_rows_of_one_recipe_keep_their_order() -> None:
    run = {"feature_sets": {"B": {}, "A": {}}, "preprocessings": {"p": []}, "classifiers": {"x": "X", "y": "Y"}}
    frame = pd.DataFrame(
        [("A", "p", "x", 1), ("B", "p", "y", 2), ("B", "p", CHOSEN_INSIDE, 3), ("A", "p", "x", 4), ("B", "p", "x", 5)],
        columns=["feature_set", "preprocessing", "classifier", "n"],
        index=[7, 7, 1, 0, 3],
    )
    assert sort_recipes(frame, run)["n"].tolist() == [3, 5, 2, 1, 4]
    assert levels(frame, "classifier", run) == [CHOSEN_INSIDE, "x", "y"]
