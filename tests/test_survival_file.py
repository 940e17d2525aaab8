# ruff: noqa: E501  (messages are told whole)
"""Risk scores with follow-up: what is read, what is wrong with it, and the report that `radbench stats` writes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

from benchmark import cli
from benchmark.errors import DataError
from benchmark.estimates import SURVIVAL
from benchmark.figures import kaplan_meier
from benchmark.survival_file import FollowUpColumns, read_follow_up
from tests.statistics.survival.remission import simulated

RIGHT = """case,months,died,network,clinical
a,3,1,0.9,-2
b,7.5,0,0.2,4
c,1,1,0.7,8
d,9,0,0.4,1
"""
COLUMNS = FollowUpColumns("months", "died")


def written(folder: Path, text: str) -> Path:
    path = folder / "scores.csv"
    path.write_text(text)
    return path


def test_what_is_read(tmp_path: Path) -> None:
    table, run = read_follow_up(written(tmp_path, RIGHT), COLUMNS)
    assert list(table) == ["role", "case", "patient", "time", "event", "network", "clinical"]
    assert table["time"].tolist() == [3, 7.5, 1, 9] and table["event"].tolist() == [1, 0, 1, 0]
    assert set(table["role"]) == {"test"}
    assert run["cohort"] == {"name": "scores.csv", "n_cases": 4, "n_patients": 4, "n_events": 2, "roles": {"test": 4}}
    text = RIGHT.replace("case", "case,patient,set", 1).replace("a,3", "a,p,A,3").replace("b,7", "b,p,A,7")
    table, run = read_follow_up(written(tmp_path, text.replace("c,1,", "c,q,B,1,").replace("d,9", "d,r,B,9")), COLUMNS)
    assert table["role"].tolist() == ["A", "A", "B", "B"] and run["cohort"]["n_patients"] == 3


WRONG = {
    "no time": (RIGHT.replace("months", "weeks"), "scores.csv: unknown column 'months'. Known: case, weeks, died, network, clinical"),
    "negative time": (RIGHT.replace("7.5", "-7.5"), "scores.csv: column 'months': 1 values are below 0 (first: -7.5 for case 'b')"),
    "text": (RIGHT.replace("0.7", "high"), "scores.csv: column 'network': 1 values are no number (first: high for case 'c')"),
    "infinite": (RIGHT.replace("0.7", "inf"), "scores.csv: column 'network': 1 values are no number (first: inf for case 'c')"),
    "gap": (RIGHT.replace("0.7", ""), "scores.csv: column 'network' is empty in 1 (first: 'line 4') of 4 rows"),
    "event": (RIGHT.replace("9,0", "9,2"), "scores.csv: column 'died': 1 values are not 0 (censored) or 1 (event) (first: 2 for case 'd')"),
    "repeated": (RIGHT + "a,3,1,1,1\n", "scores.csv: cases that come twice: 1 (first: 'a'). Expected one row each"),
    "no model": ("case,months,died\na,1,1\n", "scores.csv: no column of a model beside case, died, months"),
    "folds": (RIGHT.replace("clinical", "fold"), "scores.csv: column 'fold': scores of cross-validated survival models cannot be pooled. Expected the scores of one fitted model per column, on cases that it was not fitted on"),
    "another time": (RIGHT.replace("clinical", "time"), "scores.csv: column 'time' would be a model, but is no risk score by its name. Say what it is (--time, --event, --case), or leave it out"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name: str, tmp_path: Path) -> None:
    text, expected = WRONG[name]
    with pytest.raises(DataError, match=re.escape(expected)):
        read_follow_up(written(tmp_path, text), COLUMNS)


def run_stats(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["radbench", "stats", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def test_the_command_writes_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    time, event, scores = simulated(0)
    frame = pd.DataFrame({"case": range(60), "days": time, "died": event, "good": scores[:, 0], "bad": scores[:, 1]})
    path, folder = tmp_path / "scores.csv", tmp_path / "out"
    frame.to_csv(path, index=False)
    options = ["--time", "days", "--event", "died", "--reference", "bad", "--output", str(folder)]
    assert run_stats(monkeypatch, str(path), *options) == 0
    for name in ("survival", "comparison", "pairs"):
        assert (folder / "tables" / f"{name}_scores_test.md").is_file()
    assert (folder / "figures" / "kaplan_meier_scores_test.pdf").is_file()
    text = (folder / "tables" / "survival_scores_test.md").read_text()
    assert "Harrell's C (95% CI)" in text and "\n| good | 0." in text and "nan" not in text
    assert "Kaplan-Meier" in (folder / "report.html").read_text()


def test_half_of_the_options_is_not_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(written(tmp_path, RIGHT))
    assert run_stats(monkeypatch, path, "--time", "months") != 0
    assert "--time without --event" in capsys.readouterr().err
    assert run_stats(monkeypatch, path, "--time", "months", "--event", "died", "--reference", "netwrk") != 0
    assert "unknown model 'netwrk'. Did you mean 'network'?" in capsys.readouterr().err


def test_no_curve_is_no_figure() -> None:
    empty = pd.DataFrame(columns=SURVIVAL)
    assert kaplan_meier.draw({"survival": empty, "estimates": empty}, {}) is None
