# ruff: noqa: E501  (messages are told whole)
"""Predictions made elsewhere: wide and long tables, what is wrong with them, and two published sets."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark import cli
from benchmark.errors import DataError
from benchmark.prediction_file import Columns, read_predictions

RIGHT = """case,truth,network,rad-score,fold
a,1,0.9,0.6,1
b,0,0.2,0.4,1
c,1,0.7,0.8,2
d,0,0.4,0.1,2
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "predictions.csv"
    path.write_text(text)
    return path


def test_wide_and_long_tables_say_the_same(tmp_path: Path) -> None:
    wide, run = read_predictions(written(tmp_path, RIGHT), Columns())
    long = pd.read_csv(tmp_path / "predictions.csv").melt(["case", "truth", "fold"], var_name="m", value_name="p")
    path = tmp_path / "long" / "predictions.csv"
    path.parent.mkdir()
    long.to_csv(path, index=False)
    again, _ = read_predictions(path, Columns(model="m", score="p"))
    pd.testing.assert_frame_equal(wide, again)
    assert run["designs"] == {"predictions": {"kind": "kfold", "folds": 2, "repeats": 1, "grouped": False}}
    assert set(wide["role"]) == {"out-of-fold"}
    np.testing.assert_allclose(wide["score_0"] + wide["score_1"], 1)


def test_without_folds_a_set_is_held_out(tmp_path: Path) -> None:
    text = "patient,lesion,truth,network,set\n" + "".join(
        f"p{number // 2},{number},{number % 2},{0.1 + number / 20},{'A' if number < 8 else 'B'}\n"
        for number in range(16)
    )
    table, run = read_predictions(written(tmp_path, text), Columns(case=("patient", "lesion")))
    assert table["case"].iloc[0] == "p0 0"
    assert sorted(set(table["role"])) == ["A", "B"]
    assert run["designs"]["predictions"]["grouped"]
    assert run["cohort"]["n_patients"] == 8


WRONG = {
    "no case column": (RIGHT.replace("case", "id", 1), "predictions.csv: unknown column 'case'. Known: id, truth, network, rad-score, fold"),
    "no truth column": (RIGHT.replace("truth", "label", 1), "predictions.csv: unknown column 'truth'. Known: case, label, network, rad-score, fold"),
    "no model": ("case,truth\na,1\nb,0\n", "predictions.csv: no column of a model beside case, truth"),
    "no rows": ("case,truth,network\n", "predictions.csv: no rows. Expected one per case and, in a long table, model"),
    "one class": (RIGHT.replace(",0,", ",1,"), "predictions.csv: the truth has 1 classes ('1'). Expected two"),
    "three classes": (RIGHT.replace("d,0", "d,2"), "predictions.csv: the truth has 3 classes ('0', '1', '2'). Expected two, or columns model:class"),
    "no truth": (RIGHT.replace("d,0", "d,"), "predictions.csv: column 'truth' is empty in 1 (first: 'line 5') of 4 rows"),
    "no score": (RIGHT.replace("0.4,0.1", "0.4,"), "predictions.csv: model 'rad-score': 1 scores are no number (first: nan for case 'd'). Expected probabilities of the positive class"),
    "text score": (RIGHT.replace("0.4,0.1", "0.4,low"), "predictions.csv: model 'rad-score': 1 scores are no number (first: low for case 'd'). Expected probabilities of the positive class"),
    "logit": (RIGHT.replace("0.4,0.1", "0.4,-2.2"), "predictions.csv: model 'rad-score': 1 scores are outside [0, 1] (first: -2.2 for case 'd'). Expected probabilities of the positive class"),
    "case twice": (RIGHT + "a,1,0.9,0.6,1\n", "predictions.csv: predictions: predicted twice by one model: 2 (first: 'a', 'a')"),
    "case in both classes": (
        "case,truth,network,repeat\na,1,0.9,1\nb,0,0.1,1\na,0,0.9,2\nb,1,0.1,2\n",
        "predictions.csv: predictions: two outcomes for cases: 2 (first: 'a', 'b')"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name: str, tmp_path: Path) -> None:
    text, expected = WRONG[name]
    with pytest.raises(DataError) as error:
        read_predictions(written(tmp_path, text), Columns())
    assert str(error.value) == expected


def test_model_missing_for_a_case_and_positive_class(tmp_path: Path) -> None:
    long = "case,truth,m,p\na,1,x,0.9\nb,0,x,0.1\na,1,y,0.8\n"
    with pytest.raises(DataError, match=r"y and x predict different cases in .*: 1 \(first: 'b'\)"):
        read_predictions(written(tmp_path, long), Columns(model="m", score="p"))
    with pytest.raises(DataError, match=r"unknown positive class 'dead'\. Did you mean|unknown positive class 'dead'"):
        read_predictions(written(tmp_path, RIGHT), Columns(), positive="dead")
    with pytest.raises(DataError, match=r"no such file\. Did you mean 'predictions.csv'\?"):
        read_predictions(tmp_path / "prediction.csv", Columns())


def stats(*arguments: object) -> None:
    sys.argv = ["radbench", "stats", *map(str, arguments)]
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code


@pytest.mark.shared
def test_published_predictions_of_two_readers(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fold AUCs that the authors' predictions give: clinical 0.774, radiologic 0.754, radiomics 0.676, fused 0.858."""
    monkeypatch.setattr(sys, "argv", [])
    file = shared / "data" / "dphcc-two-readers" / "published_fold_predictions.csv.gz"
    stats(file, "--case", "patient_id", "--truth", "label", "--model", "model", "--score", "prob_dphcc",
          "--reference", "clinical", "--output", tmp_path / "out")  # fmt: skip
    table = pd.read_csv(tmp_path / "out" / "tables" / "performance_published-fold-predictions_out-of-fold.csv")
    found = table.set_index("feature_set")["auc"].round(3).to_dict()
    assert found == {"clinical": 0.774, "radiologic": 0.754, "radiomics": 0.676, "fused": 0.858}
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.shared
def test_published_predictions_of_two_centres(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trained in one centre, tested in the other, lesions clustered in patients: 0.698, 0.589, 0.610 and 0.627."""
    monkeypatch.setattr(sys, "argv", [])
    folder = shared / "data" / "srs-brainmets-predictions-two-centres"
    labels = pd.read_csv(folder / "labels.csv.gz", dtype=str)
    table = pd.read_csv(folder / "external_predictions.csv.gz", dtype=str)
    table = table[(table["train"] == "A") & (table["dataset"] == "Testing")]
    kept = table["variant"].isin(["none", "ComBat Harmonization"])
    table = table[kept].assign(arm=table["features"] + " " + table["variant"])
    table.merge(labels, on=["patient_id", "lesion_id"]).to_csv(tmp_path / "srs.csv", index=False)
    stats(tmp_path / "srs.csv", "--case", "patient_id,lesion_id", "--truth", "progressed", "--model", "arm",
          "--score", "confidence", "--patient", "patient_id", "--set", "test", "--output", tmp_path / "out")  # fmt: skip
    found = pd.read_csv(tmp_path / "out" / "tables" / "performance_srs_B.csv").set_index("feature_set")["auc"].round(3)
    assert {found[f"{name} none"] for name in ("all", "clinical", "radiomic")} == {0.698, 0.589, 0.610}
    assert found["radiomic ComBat Harmonization"] == 0.627
