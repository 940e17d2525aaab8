"""Every table of the menus, whatever is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark import tables
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

MENUS = {**tables.OF_EXPERIMENT, **tables.OF_DESIGN, **tables.OF_MODEL, **tables.OF_DESIGN_AND_ROLE}
FULL = simulate(feature_sets=["HRF", "DRF", "HRF + DRF"], classifiers=["lda", "xgboost"])
SEVERAL = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda"], classes=("CNL", "MSI", "POLE"))
OF_SEVERAL = ("multiclass", "per_class", "per_class_calibration")
FAILED = pd.DataFrame(
    [("kfold", "HRF", "standard", "lda", 0, "1", "singular")] * 3,
    columns=["design", "feature_set", "preprocessing", "classifier", "repeat", "fold", "reason"],
)


@pytest.mark.parametrize("name", MENUS)
def test_is_named_as_in_the_menu_and_has_data(name: str) -> None:
    results, run = SEVERAL if name in OF_SEVERAL else FULL
    table = MENUS[name](complete({**results, "failures": FAILED}), run)
    assert table is not None
    assert table.name == name
    assert table.caption.endswith(".")
    assert table.rows
    assert len(table.data) >= 1
    assert all(note.endswith(".") for note in table.notes)


@pytest.mark.parametrize("name", MENUS)
def test_nothing_at_all_is_no_table(name: str) -> None:
    assert MENUS[name](complete({}), {}) is None


@pytest.mark.parametrize("name", MENUS)
def test_undefined_numbers_are_dashes(name: str) -> None:
    results = {key: frame.copy() for key, frame in FULL[0].items()} | {"failures": FAILED}
    for frame in results.values():
        numbers = frame.select_dtypes("number").columns.difference(["repeat", "fold", "trial"])
        frame[numbers] = np.nan
    table = MENUS[name](complete(results), FULL[1])
    cells = [cell for row in table.rows for cell in row] if table else []
    assert not any("nan" in cell.casefold() or "None" in cell for cell in cells)


@pytest.mark.parametrize("name", MENUS)
def test_a_run_that_says_nothing_of_itself_is_enough(name: str) -> None:
    MENUS[name](complete(FULL[0]), {})


@pytest.mark.parametrize("name", MENUS)
def test_categorical_names_and_missing_names(name: str) -> None:
    results: dict[str, Any] = {key: frame.copy() for key, frame in FULL[0].items()}
    for frame in results.values():
        for column in ("design", "role", "feature_set", "preprocessing", "classifier"):
            if column in frame.columns and len(frame):
                frame[column] = frame[column].replace("", None).astype("category")
    first, second = (MENUS[name](complete(each), FULL[1]) for each in (FULL[0], results))
    assert first == second
