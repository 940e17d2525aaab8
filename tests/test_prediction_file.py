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
from benchmark.prediction_file import Columns, read_predictions, read_sets

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
    told = (tmp_path / "out" / "tables" / "equivalence_published-fold-predictions_out-of-fold.md").read_text()
    assert "| fused | clinical | +0.084 (" in told
    assert (tmp_path / "out" / "report.html").exists()


TWO_CENTRES = {
    ("A", "B"): {"all": 0.698, "clinical": 0.589, "radiomic": 0.610, "radiomic + ComBat": 0.627},
    ("B", "A"): {"all": 0.622, "clinical": 0.587, "radiomic": 0.610, "radiomic + ComBat": 0.605},
}
"""The test AUCs in the README of the data set: trained in one centre, tested in the other."""


@pytest.mark.shared
@pytest.mark.parametrize("centres", TWO_CENTRES)
def test_published_predictions_of_two_centres(
    centres: tuple[str, str], shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lesions clustered in patients; the out-of-bag confidences of the training centre choose the thresholds and the
    recalibration."""
    monkeypatch.setattr(sys, "argv", [])
    folder = shared / "data" / "srs-brainmets-predictions-two-centres"
    labels = pd.read_csv(folder / "labels.csv.gz", dtype=str)
    table = pd.read_csv(folder / "external_predictions.csv.gz", dtype=str)
    table = table[(table["train"] == centres[0]) & table["variant"].isin(["none", "ComBat Harmonization"])]
    plus = table["variant"].map({"none": "", "ComBat Harmonization": " + ComBat"})
    table = table.assign(arm=table["features"] + plus, role=table["dataset"].map({"OOB": "own", "Testing": "other"}))
    table.merge(labels, on=["patient_id", "lesion_id"]).to_csv(tmp_path / "srs.csv", index=False)
    stats(tmp_path / "srs.csv", "--case", "patient_id,lesion_id", "--truth", "progressed", "--model", "arm",
          "--score", "confidence", "--patient", "patient_id", "--set", "role", "--training-set", "own",
          "--threshold", "sensitivity=0.8", "--recalibrate", "platt", "--draws", "200", "--reference", "clinical",
          "--contrast", "all=1,clinical=-1", "--output", tmp_path / "out")  # fmt: skip
    tables = tmp_path / "out" / "tables"
    found = pd.read_csv(tables / "discrimination_srs_other.csv").set_index("feature_set")
    assert found["auc"].round(3).to_dict() == TWO_CENTRES[centres]
    assert ((found["auc_logit_low"] < found["auc"]) & (found["auc"] < found["auc_logit_high"])).all()
    lesions = labels["centre"].eq(centres[1]).sum()
    assert f"{lesions} cases" in (tables / "discrimination_srs_other.md").read_text()
    calibration = pd.read_csv(tables / "calibration_srs_other.csv", keep_default_na=False)
    assert set(calibration["recalibration"]) == {"", "platt"}
    decisions = (tables / "decisions_srs_other.md").read_text()
    assert "threshold for sensitivity 0.8 in training rows" in decisions and "effective number of cases" in decisions
    assert "all=1,clinical=-1" in (tables / "families_srs_other.md").read_text()
    assert (tables / "optimism_srs_other.md").exists()
    again = tmp_path / "again.html"
    again.write_bytes((tmp_path / "out" / "report.html").read_bytes())
    sys.argv = ["radbench", "report", str(tmp_path / "out")]
    with pytest.raises(SystemExit):
        cli.main()
    assert again.read_bytes() == (tmp_path / "out" / "report.html").read_bytes()


def few(n: int = 40, events: int = 6) -> str:
    rows = [f"c{i},{int(i < events)},{0.2 + 0.5 * (i < events) * (i % 2) + i / 200:.3f},0.4" for i in range(n)]
    return "case,truth,network,constant\n" + "\n".join(rows) + "\n"


def test_few_events_and_constant_scores_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than ten events: a warning. A constant score: AUC 0.5, no calibration, difference without variance: no p."""
    monkeypatch.setattr(sys, "argv", [])
    stats(written(tmp_path, few()), "--draws", "100", "--output", tmp_path / "out")
    tables = tmp_path / "out" / "tables"
    told = (tables / "discrimination_predictions_test.md").read_text()
    assert "Warning: 6 cases in the smaller class" in told
    assert "| constant | 0.500 (0.500–0.500) |" in told
    calibration = (tables / "calibration_predictions_test.md").read_text()
    assert "Not estimated: Slope of constant: one class, constant scores or separated classes." in calibration
    assert "Warning" in (tables / "decisions_predictions_test.md").read_text()
    stats(written(tmp_path, few(events=20)), "--draws", "100", "--output", tmp_path / "more")
    assert "Warning" not in (tmp_path / "more" / "tables" / "discrimination_predictions_test.md").read_text()


def refused(*arguments: object, capsys: pytest.CaptureFixture[str]) -> str:
    sys.argv = ["radbench", "stats", *map(str, arguments)]
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--threshold", "youden"], "--threshold youden: the threshold is chosen on training rows, and none are named."),
        (["--threshold", "sens=0.9"], "--threshold sens=0.9: unknown rule 'sens'. Did you mean 'sensitivity'? Known: "),
        (["--threshold", "half"], "--threshold: found 'half', expected a probability, youden, sensitivity=0.9 or"),
        (["--recalibrate", "platt"], "recalibration (platt): there are no predictions of training rows."),
        (["--training-set", "tests"], "training set 'tests': no row is of it. unknown set 'tests'. Did you mean 'test'?"),
        (["--training-set", "test"], "training set 'test': all rows are of it, and none is left to be judged."),
        (["--prevalence", "1.2"], "decision curve: prevalence 1.2: expected a share within (0, 1)"),
        (["--decision-range", "0.1"], "--decision-range 0.1: found 1 numbers, expected two"),
        (["--level", "95"], "level of intervals: found 95, expected between 0 and 1"),
        (["--margin", "0"], "margin of equivalence: found 0, expected more than 0, less than 0.5"),
        (["--adjust", "hom"], "unknown adjustment of p values 'hom'. Did you mean 'holm'?"),
        (["--partial-auc", "specifity=0.9,1"], "partial AUC over specifity: expected one of"),
        (["--contrast", "network=1"], "contrast 'network=1': its weights sum to 1, expected 0"),
        (["--contrast", "network=one"], "--contrast: found 'one', expected MODEL=WEIGHT"),
        (["--net-benefit-at", "0.1,2"], "net benefit at 0.1, 2: expected probabilities within (0, 1)"),
        (["--test", "nri categorical"], "say where the risk categories begin"),
        (["--test", "5x2cv f"], "does not fit the design held-out"),
        (["--groups", "2"], "groups of Hosmer and Lemeshow: found 2, expected 3 or more"),
        (["--draws", "5"], "draws of the bootstrap: found 5, expected 100 or more"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(
    options: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    told = refused(written(tmp_path, few()), *options, "--output", tmp_path / "out", capsys=capsys)
    assert message in " ".join(told.split())


def test_all_options_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A training set, every kind of setting, and what the report says of them."""
    monkeypatch.setattr(sys, "argv", [])
    rng = np.random.default_rng(0)
    rows = []
    for name, n in (("development", 60), ("validation", 80)):
        y = np.arange(n) % 3 == 0
        for case in range(n):
            first, second = 1 / (1 + np.exp(-(y[case] + rng.normal(0, 1, 2))))
            rows.append(f"{name}{case},{int(y[case])},{first:.4f},{second:.4f},{name}")
    file = written(tmp_path, "case,truth,one,two,set\n" + "\n".join(rows) + "\n")
    stats(file, "--training-set", "development", "--threshold", "youden", "--recalibrate", "platt", "--recalibrate",
          "isotonic", "--prevalence", "0.1", "--decision-range", "0.05,0.4", "--net-benefit-at", "0.1,0.25",
          "--partial-auc", "sensitivity=0.8,1", "--contrast", "one=1,two=-1", "--test", "nri categorical", "--test",
          "cochran q", "--risk-categories", "0.3,0.6", "--margin", "0.1", "--level", "0.9", "--adjust", "hommel",
          "--groups", "5", "--draws", "100", "--output", tmp_path / "out")  # fmt: skip
    tables = {path.stem.partition("_predictions")[0]: path for path in (tmp_path / "out" / "tables").glob("*.md")}
    said = {name: path.read_text() for name, path in tables.items()}
    assert "sensitivity 0.8 to 1, McClish-corrected" in said["discrimination"] and "90% CI" in said["discrimination"]
    assert "prevalence 0.1, from the likelihood ratio" in said["decisions"]
    assert (
        "| one | isotonic |" in said["calibration"]
        and "learnt from the predictions of the training set" in said["calibration"]
    )
    assert "at most 5 groups" in said["calibration_distances"]
    assert "Prevalence: 0.100, as given" in said["net_benefit"] and "| 0.25 | one |" in said["net_benefit"]
    assert (
        "categories from 0.3, 0.6 on" in said["further_tests"] and "| cochran q | all models |" in said["further_tests"]
    )
    assert "80% CI" in said["equivalence"] and "Hommel" in said["equivalence"]
    assert "one=1,two=-1" in said["families"]
    assert "Training AUC" in said["optimism"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert "come from the predictions of 60 cases of the set" in page


def test_training_rows_are_apart_from_held_out_ones(tmp_path: Path) -> None:
    text = "case,truth,network,set,fold\n" + "".join(
        f"{case},{case % 2},{0.2 + case / 20},{kind},{fold}\n"
        for fold in (1, 2)
        for kind, cases in (("test", range(fold, 12, 2)), ("train", range(3 - fold, 12, 2)))
        for case in cases
    ).replace("11,1", "11,0")
    columns = Columns(training_set="train")
    tables, run = read_sets(written(tmp_path, text), columns)
    assert set(tables["training_predictions"]["side"]) == {"inner", "train"}
    assert set(tables["predictions"]["role"]) == {"out-of-fold"} and run["cohort"]["n_cases"] == 11
    own = tables["training_predictions"].query("side == 'inner'").groupby("fold")["case"].apply(set)
    held = tables["predictions"].groupby("fold")["case"].apply(set)
    assert all(not own[fold] & held[fold] for fold in held.index)
    leak = text.replace("test,1\n", "test,1\n1,0,0.3,train,1\n", 1)
    with pytest.raises(DataError, match="cases held out and in training for the same model: 1"):
        read_sets(written(tmp_path, leak), columns)
    lacking = "\n".join(line for line in text.splitlines() if not line.endswith("train,2"))
    with pytest.raises(DataError, match=r"no rows of it for 1 \(first: 'feature_set network repeat 1 fold 2'\)"):
        read_sets(written(tmp_path, lacking + "\n"), columns)
