"""Predictions made elsewhere as an arm: joined by case, compared with the truth, refused if they cannot be it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmark.cohort import Dropped
from benchmark.errors import BenchmarkError
from benchmark.readers.imported import ImportedDeclaration, read_imported

TABLE = "patient_id,p,truth\nP1,0.9,1\nP2,0.2,0\nP3,0.6,1\nP4,0.4,0\nP9,0.5,1\n"
TWO_COLUMNS = "patient_id,n,p\nP1,0.1,0.9\nP2,0.8,0.2\nP3,0.4,0.6\nP4,0.6,0.4\n"


def imported(load, folder: Path, text: str = TABLE, **said) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    (folder / "cnn.csv").write_text(text)
    declared = ImportedDeclaration.model_validate({"file": "cnn.csv", "score": "p", **said})
    found = read_imported({"CNN": declared}, load(), ("patient_id",), folder)
    return found.scores["CNN"], found.strange


def test_scores_of_the_cohorts_cases_and_what_it_does_not_have(load, folder: Path) -> None:
    scores, strange = imported(load, folder, truth="truth")
    assert list(scores.columns) == ["0", "1"]
    assert scores["1"].to_list() == [0.9, 0.2, 0.6, 0.4]
    assert scores.sum(axis=1).to_list() == [1.0] * 4
    assert strange == (Dropped("cases", "cnn.csv, imported 'CNN'", 1, "not in the cohort", ("P9",)),)


def test_several_rows_of_a_case_are_averaged(load, folder: Path) -> None:
    scores, _ = imported(load, folder, TABLE + "P1,0.7,1\n")
    assert scores.loc["P1", "1"] == pytest.approx(0.8)


def test_one_column_per_class(load, folder: Path) -> None:
    scores, _ = imported(load, folder, TWO_COLUMNS, score=None, scores={"0": "n", "1": "p"})
    assert scores["0"].to_list() == [0.1, 0.8, 0.4, 0.6]


@pytest.mark.parametrize(
    ("text", "said", "message"),
    [
        (TABLE.replace("P1,0.9,1\n", ""), {},
         "cnn.csv: imported 'CNN' has no prediction for 1 (first: 'P1') of 4 cases; 1 (first: 'P9') of its cases are "
         "not in the cohort. Expected one for every case"),
        (TABLE.replace("P3,0.6,1", "P3,0.6,0"), {"truth": "truth"},
         "cnn.csv: imported 'CNN' has another truth for 1 (first: 'P3') cases ('0' there, '1' in the cohort)"),
        (TABLE.replace("0.6", "1.6"), {},
         "cnn.csv: imported 'CNN': probabilities outside [0, 1] for 1 (first: 'P3') of 4 cases"),
        (TABLE.replace("0.6", "high"), {}, "cnn.csv: imported 'CNN': 'p' is no number for case 'P3'"),
        (TABLE, {"score": "prob"}, "cnn.csv: unknown column 'prob'. Known: patient_id, p, truth"),
        (TABLE, {"score": None, "scores": {"1": "p"}}, "no column for class '0'"),
        (TABLE, {"score": None, "scores": {"yes": "p"}}, "unknown class 'yes'. Known: 0, 1"),
        (TWO_COLUMNS.replace("0.9", "0.8"), {"score": None, "scores": {"0": "n", "1": "p"}},
         "cnn.csv: imported 'CNN': probabilities that do not sum to 1 for 1 (first: 'P1') of 4 cases"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported(load, folder: Path, text: str, said: dict, message: str) -> None:
    with pytest.raises(BenchmarkError) as caught:
        imported(load, folder, text, **said)
    assert str(caught.value) == message
