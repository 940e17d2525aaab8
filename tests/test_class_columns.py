# ruff: noqa: E501  (messages are told whole)
"""Predictions of several classes made elsewhere: wide and long tables, and what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark import cli, figures
from benchmark.errors import DataError
from benchmark.prediction_file import Columns, read_predictions

RIGHT = """case,truth,CNN:I,CNN:II,CNN:III,RF:I,RF:II,RF:III,fold
a,I,0.7,0.2,0.1,0.5,0.3,0.2,1
b,II,0.2,0.6,0.2,0.3,0.3,0.4,1
c,III,0.1,0.3,0.6,0.2,0.2,0.6,2
d,II,0.3,0.4,0.3,0.1,0.8,0.1,2
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "predictions.csv"
    path.write_text(text)
    return path


def test_wide_and_long_tables_say_the_same(tmp_path: Path) -> None:
    wide, run = read_predictions(written(tmp_path, RIGHT), Columns())
    assert run["classes"] == ["I", "II", "III"] and run["positive"] is None and "notes" not in run
    assert wide["feature_set"].tolist() == ["CNN"] * 4 + ["RF"] * 4
    assert wide.loc[4, ["case", "score_I", "score_II", "score_III"]].tolist() == ["a", 0.5, 0.3, 0.2]
    long = pd.read_csv(tmp_path / "predictions.csv").melt(["case", "truth", "fold"], var_name="m", value_name="p")
    long[["m", "label"]] = long["m"].str.split(":", expand=True).to_numpy()
    path = tmp_path / "long" / "predictions.csv"
    path.parent.mkdir()
    long.to_csv(path, index=False)
    again, _ = read_predictions(path, Columns(model="m", score="p", label="label"))
    pd.testing.assert_frame_equal(wide, again)


def test_a_class_that_no_case_has_is_a_class_all_the_same(tmp_path: Path) -> None:
    _, run = read_predictions(written(tmp_path, RIGHT.replace("b,II", "b,I").replace("d,II", "d,I")), Columns())
    assert run["classes"] == ["I", "II", "III"]


def test_two_classes_named_in_columns_are_a_binary_outcome(tmp_path: Path) -> None:
    text = "case,truth,CNN:0,CNN:1\na,1,0.1,0.9\nb,0,0.7,0.3\n"
    table, run = read_predictions(written(tmp_path, text), Columns())
    assert run["classes"] == ["0", "1"] and run["positive"] == "1"
    assert table["score_1"].tolist() == [0.9, 0.3]


def test_rounded_probabilities_are_divided_by_their_sum_and_it_is_said(tmp_path: Path) -> None:
    table, run = read_predictions(written(tmp_path, RIGHT.replace("0.7,0.2,0.1", "0.7,0.2,0.11")), Columns())
    scores = table[["score_I", "score_II", "score_III"]].to_numpy()
    np.testing.assert_allclose(scores.sum(1), 1)
    assert scores[0, 0] == pytest.approx(0.7 / 1.01)
    assert run["notes"] == ["Probabilities were divided by their sum, which is up to 0.01 away from 1"]


WRONG = {
    "no sum of 1": (RIGHT.replace("0.7,0.2,0.1", "0.7,0.2,0.4"), "predictions.csv: probabilities of 1 of 8 cases and models do not add up to 1 over the classes I, II, III (first: 1.3 for case 'a')"),
    "unknown class": (RIGHT.replace("c,III", "c,IV"), "predictions.csv: no probabilities of a class of the truth: unknown class 'IV'. Did you mean 'I'? Known: I, II, III"),
    "no class column": (RIGHT.replace("RF:III", "RF:IV"), "predictions.csv: model 'RF' has no probability of class 'III' for 4 cases (first: 'a')"),
    "no model:class": (RIGHT.replace("CNN:I,", "CNN,"), "predictions.csv: the truth has 3 classes ('I', 'II', 'III'). Expected two, or columns model:class"),
    "case twice": (RIGHT + "a,I,0.7,0.2,0.1,0.5,0.3,0.2,1\n", "predictions.csv: predicted twice by one model: 6 (first: 'a', 'a', 'a')"),
    "text": (RIGHT.replace("0.7,0.2,0.1", "high,0.2,0.1"), "predictions.csv: model 'CNN:I': 1 scores are no number (first: high for case 'a'). Expected probabilities of each class"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name: str, tmp_path: Path) -> None:
    text, expected = WRONG[name]
    with pytest.raises(DataError) as error:
        read_predictions(written(tmp_path, text), Columns())
    assert str(error.value) == expected


def stats(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["radbench", "stats", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_command_gives_tables_of_classes_and_of_the_contrast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = {name: figures.OF_DESIGN_AND_ROLE[name] for name in ("confusion", "decision_curve")}
    monkeypatch.setattr(figures, "OF_DESIGN_AND_ROLE", drawn)
    rng = np.random.default_rng(0)
    truth = rng.permutation(np.repeat(["I", "II", "III"], [30, 20, 6]))
    table = pd.DataFrame({"case": np.arange(56), "truth": truth})
    for model in ("CNN", "RF"):
        power = np.exp(1.2 * (truth[:, None] == ["I", "II", "III"]) + rng.normal(0, 1, (56, 3)))
        for place, label in enumerate(("I", "II", "III")):
            table[f"{model}:{label}"] = (power / power.sum(1, keepdims=True))[:, place].round(6)
    table.to_csv(tmp_path / "stages.csv", index=False)
    out = tmp_path / "out"
    code = stats(
        monkeypatch, tmp_path / "stages.csv", "--positive", "III,II", "--negative", "I", "--ordinal", "--output", out
    )
    assert not code
    found = pd.read_csv(out / "tables" / "multiclass_stages_test.csv").set_index("feature_set")
    assert found.loc["CNN", "auc_low"] < found.loc["CNN", "auc"] < found.loc["CNN", "auc_high"]
    assert "kappa_quadratic" in found.columns
    assert (out / "tables" / "performance_stages_test-III-II-against-I.csv").exists()
    assert (out / "figures" / "decision_curve_stages_test-III-II-against-I.png").exists()
    assert (out / "figures" / "confusion_stages_test.png").exists()
    assert stats(monkeypatch, tmp_path / "stages.csv", "--positive", "IV", "--negative", "I", "--output", out)
    assert "unknown class of the contrast 'IV'" in capsys.readouterr().err
    assert stats(monkeypatch, tmp_path / "stages.csv", "--positive", "III", "--output", out)
    assert "a side without a class" in capsys.readouterr().err
