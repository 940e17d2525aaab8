"""`radbench audit` as a user has it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark import cli
from benchmark.audit import CODES
from benchmark.readers.simulated import simulate, write

REST = """
preprocessings:
  p: [impute, encode, standardize, univariate: {k: 5, families: [HRF, DRF]}]
classifiers: [logistic_l2]
splits: {kind: kfold, folds: 3}
tuning: {trials: 2, inner_folds: 2}
seed: 1
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    path = write(simulate(n_cases=80, n_centres=2, n_hrf=12, n_drf=6, seed=1), tmp_path)
    path.write_text(path.read_text().partition("preprocessings:")[0] + REST.lstrip())
    return path


def audit(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["radbench", "audit", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def test_green(
    experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"
    assert audit(monkeypatch, experiment, "-o", folder, "--permutations", 2) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in out[:-1]] == list(CODES)
    assert re.fullmatch(rf"{experiment}: leaks: 0, warnings: \d, notes: \d, in \d+ s. See {folder}/audit.json", out[-1])
    told = json.loads((folder / "audit.json").read_text())
    assert told["verdict"] == "green"
    assert [one["code"] for one in told["findings"]] == list(CODES)
    assert told["budget"]["permutations"] == 2


def test_red_as_json(
    experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The outcome among the features, and a case twice under two names."""
    path = experiment.parent / "drf.csv"
    table = pd.read_csv(path)
    table["told"] = np.tile([0.0, 1.0], 40)
    table.iloc[41:44, 1:-1] = table.iloc[2, 1:-1].to_numpy()
    table.to_csv(path, index=False)
    outcome = experiment.parent / "study.csv"
    labels = pd.read_csv(outcome)
    labels["outcome"] = np.tile([0, 1], 40)
    labels.to_csv(outcome, index=False)
    assert audit(monkeypatch, experiment, "-o", tmp_path / "r", "--permutations", 0, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "red"
    assert [one["code"] for one in told["findings"] if one["verdict"] == "LEAK"] == ["LA403", "LA501"]


def test_patient_in_two_roles(
    experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run refuses such splits; the audit says so in its own words."""
    text = experiment.read_text().replace("{kind: kfold, folds: 3}", "{kind: leave_one_centre_out}")
    outcome = experiment.parent / "study.csv"
    labels = pd.read_csv(outcome)
    labels["owner"] = ["same"] * 60 + [f"P{row}" for row in range(20)]
    labels.to_csv(outcome, index=False)
    experiment.write_text(text.replace("\n  batch:", "\n  patient: {file: study.csv, column: owner}\n  batch:"))
    assert audit(monkeypatch, experiment, "-o", tmp_path / "r") == 1
    assert capsys.readouterr().out.startswith("LA402 LEAK")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("univariate", "univariat", "unknown step 'univariat'. Did you mean 'univariate'?"),
        ("hrf", "hrv", "no file '"),
    ],
)
def test_mistakes_are_one_line(
    old: str, new: str, told: str, experiment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment.write_text(experiment.read_text().replace(old, new))
    assert audit(monkeypatch, experiment) == 2
    assert told in capsys.readouterr().err


def test_no_such_experiment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(monkeypatch, "experiments/dphc.yaml") == 2
    assert "dphc.yaml" in capsys.readouterr().err
