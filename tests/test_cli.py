"""The command line as a user has it: whole runs, killed runs, interrupted runs, and every command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from benchmark.predictions import CHOSEN_INSIDE, check_predictions
from benchmark.readers.simulated import simulate, write

EXPERIMENT = """
preprocessings:
  raw: [impute, encode, standardize]
  combat: [impute, encode, combat: {unseen: own_rows}, icc, standardize, lasso: {max_features: 5, families: [HRF, DRF]}]
classifiers: [logistic_l2, knn, decision_tree]
splits:
  - {kind: kfold, folds: 3}
  - {kind: roles, name: external centre}
tuning: {trials: 3, inner_folds: 2}
statistics: {reference: clinical}
seed: 1
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small experiment on a simulated cohort."""
    folder = tmp_path_factory.mktemp("experiment")
    path = write(simulate(n_cases=90, n_centres=3, n_hrf=12, n_drf=6, seed=1), folder)
    head = path.read_text().partition("preprocessings:")[0]
    path.write_text(head + EXPERIMENT.lstrip())
    return path


def radbench(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmark", *map(str, command)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def finished(experiment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of a whole run with two workers."""
    folder = tmp_path_factory.mktemp("finished") / "results"
    done = radbench("run", experiment, "--output", folder, "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"Report: {folder / 'report.html'}"
    return folder


def start(experiment: Path, folder: Path) -> subprocess.Popen[str]:
    """A run in a process group of its own, stopped by the caller once some of its models are done."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmark", "run", str(experiment), "--output", str(folder), "--workers", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while len(list((folder / ".cache").glob("*.npz"))) < 8 and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    return process


def test_results_folder_is_complete(finished: Path) -> None:
    predictions = pd.read_parquet(finished / "predictions.parquet")
    check_predictions(predictions)
    assert set(predictions["role"]) == {"out-of-fold", "external"}
    assert CHOSEN_INSIDE in set(predictions["classifier"])
    run = json.loads((finished / "run.json").read_text())
    assert run["unfinished"] == 0
    assert run["tried"]["models"] == 4 * 5 * 2 * 3
    for name in ("splits.csv", "policies.csv", "failures.csv", "provenance.json", "experiment.yaml", "report.html"):
        assert (finished / name).stat().st_size > 0
    tables = {path.suffix for path in (finished / "tables").iterdir()}
    assert tables == {".csv", ".md", ".tex"}
    figures = {path.stem.partition("_")[0] for path in (finished / "figures").iterdir()}
    assert {"roc", "calibration", "decision", "heatmap"} <= figures
    assert not list(finished.glob(".*.tmp"))


def test_held_out_rows_of_an_unseen_centre_are_said(finished: Path) -> None:
    run = json.loads((finished / "run.json").read_text())
    assert any("unseen: own_rows" in note and "external centre" in note for note in run["notes"])


def test_killed_and_started_again_gives_the_same_bytes(experiment: Path, finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    process = start(experiment, folder)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (folder / "predictions.parquet").exists()
    done = radbench("run", experiment, "--output", folder, "--workers", 1, "--no-report")
    assert done.returncode == 0, done.stderr
    assert (folder / "predictions.parquet").read_bytes() == (finished / "predictions.parquet").read_bytes()


def test_interrupted_run_leaves_a_valid_folder(experiment: Path, finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "interrupted"
    process = start(experiment, folder)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command to go on" in said
    assert "Traceback" not in said
    run = json.loads((folder / "run.json").read_text())
    assert run["unfinished"] > 0
    pd.read_parquet(folder / "predictions.parquet")
    done = radbench("run", experiment, "--output", folder, "--no-report")
    assert done.returncode == 0, done.stderr
    assert (folder / "predictions.parquet").read_bytes() == (finished / "predictions.parquet").read_bytes()


def test_report_is_redone_without_refitting(finished: Path) -> None:
    page, table = finished / "report.html", finished / "tables" / "performance_kfold_out-of-fold.csv"
    before = table.read_bytes()
    page.unlink()
    table.unlink()
    (finished / ".cache").rename(finished / "elsewhere")
    done = radbench("report", finished)
    (finished / "elsewhere").rename(finished / ".cache")
    assert done.returncode == 0, done.stderr
    assert page.exists()
    assert table.read_bytes() == before


def test_check_finds_nothing_to_stop_the_run(experiment: Path) -> None:
    done = radbench("check", experiment)
    assert done.returncode == 0, done.stderr
    assert "5 feature sets x 2 preprocessings x 3 classifiers = 120 tuned models" in done.stdout


@pytest.mark.parametrize("menu", ["steps", "classifiers", "splits", "metrics", "formats", "checks"])
def test_list_names_every_entry(menu: str) -> None:
    done = radbench("list", menu)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_schema_is_json_and_knows_the_menus() -> None:
    done = radbench("schema")
    schema = json.loads(done.stdout)
    items = schema["properties"]["preprocessings"]["additionalProperties"]["items"]["anyOf"]
    assert "combat" in items[0]["enum"]
    assert "unseen" in items[1]["properties"]["combat"]["anyOf"][1]["properties"]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, benchmark.cli; heavy = {'numpy', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'optuna'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("list", "step"),
         "unknown menu 'step'. Did you mean 'steps'? Known: steps, resamplers, classifiers, splits, "
         "metrics, formats, checks"),
        (("report", "/nowhere/at/all"), "/nowhere/at/all: no such folder."),
    ],
)  # fmt: skip
def test_wrong_commands(command: tuple[str, ...], message: str) -> None:
    done = radbench(*command)
    assert done.returncode == 2
    assert done.stderr.strip() == f"radbench: {message}"


def test_report_of_a_folder_without_a_run(tmp_path: Path) -> None:
    done = radbench("report", tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"radbench: {tmp_path}: not a finished results folder, it has no run.json. Expected: the output of run"
    )
