"""Published predictions as the table at the waist: long and wide, with the outcome elsewhere, and of a bootstrap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import BenchmarkError
from benchmark.packs.made_elsewhere import Waist, predictions_of
from benchmark.packs.pack_file import PredictionsSection


def read(folder: Path, **told: Any) -> Waist:
    return predictions_of(PredictionsSection.model_validate(told), lambda name: folder / name)


@pytest.fixture
def folder(tmp_path: Path, folds: pd.DataFrame) -> Path:
    """Long predictions without the outcome, which is in another file; and wide ones."""
    folds.drop(columns="label").assign(series="x").to_csv(tmp_path / "long.csv", index=False)
    folds.drop_duplicates("id")[["id", "label"]].iloc[::-1].to_csv(tmp_path / "labels.csv", index=False)
    wide = folds.pivot(index=["id", "label"], columns="model", values="prob").reset_index()
    wide.assign(site=np.where(wide["id"] < 50, "A", "B"), part=1).to_csv(tmp_path / "wide.csv", index=False)
    return tmp_path


LONG = {
    "file": "long.csv", "case": "id", "model": "model", "score": "prob", "fold": "fold",
    "truth": {"file": "labels.csv", "column": "label"},
}  # fmt: skip
WIDE = {"file": "wide.csv", "case": ["part", "id"], "truth": "label", "models": {"network": "fused"}, "set": "site"}


def test_the_outcome_may_stand_in_another_file_in_any_order(folder: Path, folds: pd.DataFrame) -> None:
    tables, run = read(folder, **LONG)
    found = tables["predictions"].merge(folds.astype({"id": str}), left_on=["case", "feature_set"],
                                        right_on=["id", "model"])  # fmt: skip
    assert len(found) == 200 and (found["y_true"] == found["label"].astype(str)).all()
    assert np.array_equal(found["score_1"], found["prob"])
    assert run["designs"]["long"]["folds"] == 5 and run["classes"] == ["0", "1"]


def test_columns_of_models_get_names_and_cases_may_have_two(folder: Path) -> None:
    tables, _ = read(folder, **WIDE)
    found = tables["predictions"]
    assert set(found["feature_set"]) == {"network"} and set(found["role"]) == {"A", "B"}
    assert found["case"].iloc[0] == "1 0"


def test_only_the_rows_that_are_asked_for(folder: Path) -> None:
    tables, _ = read(folder, **WIDE, only={"site": "A"})
    assert len(tables["predictions"]) == 50


def test_several_columns_name_a_model(folder: Path) -> None:
    tables, _ = read(folder, **LONG | {"model": ["model", "series"]})
    assert set(tables["predictions"]["feature_set"]) == {"HRF, x", "fused, x"}


def test_draws_of_a_bootstrap_beside_the_models_of_all_cases(tmp_path: Path, folds: pd.DataFrame) -> None:
    one = folds[folds["model"] == "fused"].drop(columns="fold")
    draws = [one.sample(40, random_state=draw).assign(draw=f"draw {draw}") for draw in range(3)]
    pd.concat([*draws, one.assign(draw="all of them")]).to_csv(tmp_path / "drawn.csv", index=False)
    told = {"file": "drawn.csv", "case": "id", "truth": "label", "model": "model", "score": "prob", "repeat": "draw"}
    tables, run = read(tmp_path, **told, apparent="all of them")
    found = tables["predictions"]
    assert found.groupby(["role", "repeat"]).size().to_dict() == {
        ("apparent", 1): 100, ("out-of-bag", 2): 40, ("out-of-bag", 3): 40, ("out-of-bag", 4): 40,
    }  # fmt: skip
    assert run["designs"]["drawn"]["kind"] == "bootstrap" and run["designs"]["drawn"]["repeats"] == 3
    with pytest.raises(BenchmarkError, match=r"unknown draw 'all'. Did you mean 'all of them'"):
        read(tmp_path, **told, apparent="all")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (LONG | {"case": "idd"}, r"long.csv: unknown column 'idd'. Did you mean 'id'"),
        (LONG | {"score": "probb"}, r"long.csv: unknown column 'probb'. Did you mean 'prob'"),
        (LONG | {"truth": {"file": "labels.csv", "column": "lable"}}, r"labels.csv: unknown column 'lable'"),
        (LONG | {"only": {"series": "y"}}, r"long.csv: unknown series 'y'. Known: x"),
        (LONG | {"only": {"seris": "y"}}, r"long.csv: unknown column 'seris'. Did you mean 'series'"),
        (WIDE | {"models": {"a": "fusde"}}, r"wide.csv: unknown column 'fusde'. Did you mean 'fused'"),
        (WIDE | {"only": {"site": "A", "part": 2}}, r"wide.csv: unknown part '2'"),
    ],
)
def test_mistakes(folder: Path, told: Any, says: str) -> None:
    with pytest.raises(BenchmarkError, match=says):
        read(folder, **told)


def test_cases_without_an_outcome_and_with_two(folder: Path) -> None:
    labels = pd.read_csv(folder / "labels.csv")
    labels[labels["id"] != 7].to_csv(folder / "labels.csv", index=False)
    with pytest.raises(BenchmarkError, match=r"labels.csv: no outcome of 1 \(first: '7'\) cases of long.csv"):
        read(folder, **LONG)
    pd.concat([labels, labels.iloc[:1]]).to_csv(folder / "labels.csv", index=False)
    with pytest.raises(BenchmarkError, match=r"labels.csv: cases that come twice: 1 \(first: '99'\)"):
        read(folder, **LONG)
