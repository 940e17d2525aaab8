"""The table of performance, against files that show it as it is printed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmark.estimates import ESTIMATES
from benchmark.exporters import EXPORTERS
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables import performance
from benchmark.tables.scopes import complete
from benchmark.tables.table import Table

DATA = Path(__file__).resolve().parents[1] / "data"
NAN = math.nan
RUN: dict[str, Any] = {
    "designs": {"kfold": {"kind": "kfold", "folds": 5, "repeats": 5, "grouped": True}},
    "feature_sets": {"HRF": {}, "HRF + DRF": {}},
    "preprocessings": {"standard": ["impute (median)", "LASSO (1 s.e.)"]},
    "classifiers": {"logistic_l1": "Logistic regression (L1)", "xgboost": "XGBoost"},
    "tried": {"recipes": 6, "models": 150, "trials": 3000},
}


def rows(feature_set: str, classifier: str, **measures: tuple[float, float, float]) -> list[tuple[Any, ...]]:
    head = ("kfold", "out-of-fold", feature_set, "standard", classifier)
    method = {"auc": "LeDell 2015 influence curve", "pr_auc": "PR-AUC"}
    return [
        (*head, measure, *ends, 0.95, method.get(measure, "Youden threshold from training rows"), 293, 120)
        for measure, ends in measures.items()
    ]


ROWS = [
    *rows("HRF + DRF", "xgboost", auc=(0.70049, 0.6, 0.8), accuracy=(0.65, 0.6, 0.7), mcc=(-0.0312, NAN, NAN)),
    *rows("HRF", "logistic_l1", auc=(0.6125, 0.55, 0.6751), pr_auc=(0.5, NAN, NAN), brier=(0.21, NAN, NAN)),
    *rows("HRF", CHOSEN_INSIDE, auc=(0.6, 0.5, 0.7), sensitivity=(0.9, 0.8, 0.95), f1=(0.12345, NAN, NAN)),
    *rows("HRF", "xgboost", auc=(NAN, NAN, NAN)),
]


def table(rows: list[tuple[Any, ...]], **results: pd.DataFrame) -> Table:
    found = performance.table(complete({"estimates": pd.DataFrame(rows, columns=ESTIMATES), **results}), RUN)
    assert found is not None
    return found


@pytest.mark.parametrize("ending", [".md", ".tex"])
def test_printed_as_in_the_golden_file(ending: str) -> None:
    assert EXPORTERS[ending](table(ROWS)) == (DATA / f"golden_performance{ending}").read_text(encoding="utf-8")


def test_csv_has_the_very_same_doubles(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(EXPORTERS[".csv"](table(ROWS)), encoding="utf-8")
    read = pd.read_csv(tmp_path / "t.csv")
    by_model = read.set_index(["feature_set", "classifier"])
    for row in pd.DataFrame(ROWS, columns=ESTIMATES).to_dict("records"):
        cells = by_model.loc[(row["feature_set"], row["classifier"])]
        for column, end in (("estimate", ""), ("low", "_low"), ("high", "_high")):
            assert cells[f"{row['measure']}{end}"] == pytest.approx(row[column], rel=0, abs=0, nan_ok=True)


def test_chosen_inside_stands_out_and_the_best_does_not() -> None:
    found = table(ROWS)
    assert [found.rows[i][1] for i in found.strong] == [CHOSEN_INSIDE]
    assert any("Tried: 6 recipes, 150 fitted models, 3,000" in note for note in found.notes)


def test_where_the_inner_loop_chose_the_preprocessing_too_only_that_arm_stands_out() -> None:
    both = [(*row[:3], how, CHOSEN_INSIDE, *row[5:]) for row in ROWS[:1] for how in ("standard", CHOSEN_INSIDE)]
    found = table([*ROWS, *both])
    assert [found.rows[i][1:3] for i in found.strong] == [(CHOSEN_INSIDE, CHOSEN_INSIDE)]
    assert any("picked the preprocessing and the classifier" in note for note in found.notes)


def test_reasons_of_missing_estimates_are_told_with_their_models() -> None:
    gap = ("kfold", "out-of-fold", "HRF", "standard", "xgboost", "mcc", NAN, NAN, NAN, 0.95)
    found = table([*ROWS, (*gap, "Youden; not estimated: fold 3 failed", 293, 120)])
    assert "Not estimated: MCC of HRF, XGBoost: fold 3 failed." in found.notes
    assert not any(note.startswith("MCC: Youden;") for note in found.notes)


def test_failures_of_the_design_are_counted() -> None:
    found = table(ROWS, failures=pd.DataFrame({"design": ["kfold"] * 3, "reason": "x"}))
    assert "3 fits of this design failed; see the table of failures." in found.notes


def test_a_measure_that_nobody_has_is_a_column_of_dashes() -> None:
    assert {row[-4] for row in table(ROWS[:1]).rows} == {"–"}


def test_no_estimates_no_table() -> None:
    assert performance.table(complete({}), RUN) is None
