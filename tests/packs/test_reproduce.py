"""`radbench reproduce` from end to end on small packs, and the deterministic part of the real ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from benchmark.cli import app
from benchmark.errors import BenchmarkError
from benchmark.folder import read_waist
from benchmark.readers.simulated import simulate
from benchmark.readers.simulated import write as write_cohort

Write = Callable[..., Path]

EXPERIMENT = """feature_sets: [HRF, clinical]
preprocessings: {raw: [impute, encode, standardize]}
classifiers: [logistic_l2]
splits: {kind: kfold, folds: 3}
tuning: {trials: 2, inner_folds: 2}
statistics: {draws: 100}
seed: 1
"""

OWN = """experiments: {own: experiment.yaml}
numbers:
  - {name: too good, published: 0.999, ours: {of: own, feature_set: clinical}, expect: lower, reason: it has the labels}
  - name: a claim
    above: 0
    ours: {of: own, table: comparisons, first: HRF | raw | logistic_l2, second: clinical | raw | logistic_l2}
"""


def reproduce(*command: object) -> Result:
    return CliRunner().invoke(app, ["reproduce", *map(str, command)], catch_exceptions=False)


@pytest.fixture
def own(write: Write, tmp_path: Path) -> Path:
    """The small pack with an experiment on a simulated cohort beside the predictions."""
    path = write_cohort(simulate(n_cases=80, n_centres=2, n_hrf=8, n_drf=4, seed=1), tmp_path)
    head = path.read_text().partition("feature_sets:")[0]
    path.write_text(head + EXPERIMENT)
    return write("numbers:\n", OWN)


def test_published_predictions_from_end_to_end(write: Write, tmp_path: Path) -> None:
    done = reproduce(write(), "--output", tmp_path / "out", "--strict")
    assert done.exit_code == 0 and done.output.splitlines()[-1] == f"Report: {tmp_path / 'out' / 'report.html'}"
    assert "A small study: reproduced" in done.output
    told = json.loads((tmp_path / "out" / "verdict.json").read_text())
    assert told["verdict"] == "reproduced" and told["why"] == "Of 2 numbers 2 reproduced"
    assert [one["verdict"] for one in told["numbers"]] == ["reproduced"] * 2
    assert told["numbers"][0]["low"] is None and told["numbers"][1]["low"] < told["numbers"][1]["ours"]
    table = pd.read_csv(tmp_path / "out" / "tables" / "numbers.csv")
    assert (table["difference"].abs() <= 0.0005).all() and (table["kind"] == "same predictions").all()
    files = ("tables/numbers.md", "tables/numbers.tex", "figures/reproduction.png", "published/predictions.parquet")
    for name in files:
        assert (tmp_path / "out" / name).stat().st_size > 100
    page = (tmp_path / "out" / "report.html").read_text()
    for says in ("A small study: reproduced", "Nobody", "a drawer", "mean: table 2", "5-fold cross-validation"):
        assert says in page


def test_the_predictions_are_a_results_folder(write: Write, tmp_path: Path) -> None:
    reproduce(write(), "--output", tmp_path / "out")
    tables, run = read_waist(tmp_path / "out" / "published")
    assert len(tables["predictions"]) == 200 and run["designs"]["folds"]["kind"] == "kfold"


def test_a_number_that_is_wrong_is_told_and_strict_says_so(write: Write, tmp_path: Path) -> None:
    path = write("  - name: mean\n    published: 0.", "  - name: mean\n    published: 0.1")
    done = reproduce(path, "--output", tmp_path / "out")
    assert done.exit_code == 0 and "partly reproduced" in done.output
    assert json.loads((tmp_path / "out" / "verdict.json").read_text())["why"] == (
        "Of 2 numbers 1 reproduced, 1 not reproduced (mean)"
    )
    assert reproduce(path, "--output", tmp_path / "out", "--strict").exit_code == 1


def test_own_models_and_what_should_not_be_reached(own: Path, tmp_path: Path) -> None:
    done = reproduce(own, "--output", tmp_path / "out", "--workers", 1, "--strict")
    assert done.exit_code == 0
    told = json.loads((tmp_path / "out" / "verdict.json").read_text())
    by_name = {one["number"]: one for one in told["numbers"]}
    assert by_name["too good"]["verdict"] == "not reproduced, as expected" and "labels" in by_name["too good"]["why"]
    assert by_name["a claim"]["low"] < by_name["a claim"]["ours"] < by_name["a claim"]["high"]
    assert told["verdict"] == "partly reproduced" and "as expected (too good)" in told["why"]
    before = (tmp_path / "out" / "own" / "predictions.parquet").read_bytes()
    again = reproduce(own, "--output", tmp_path / "out", "--workers", 1)
    assert again.exit_code == 0 and (tmp_path / "out" / "own" / "predictions.parquet").read_bytes() == before


def test_own_models_are_skipped_if_asked(own: Path, tmp_path: Path) -> None:
    done = reproduce(own, "--output", tmp_path / "out", "--only-predictions", "--strict")
    told = json.loads((tmp_path / "out" / "verdict.json").read_text())
    assert done.exit_code == 0 and not (tmp_path / "out" / "own").exists()
    assert [one["verdict"] for one in told["numbers"]] == ["cannot be known"] * 2 + ["reproduced"] * 2
    assert "--only-predictions" in told["numbers"][0]["why"] and told["verdict"] == "partly reproduced"


def test_a_wrong_address_is_told_before_anything_is_fitted(own: Path, tmp_path: Path) -> None:
    text = own.read_text()
    own.write_text(text.replace("feature_set: fused}\n", "feature_set: fusd}\n"))
    with pytest.raises(BenchmarkError, match=r"small.yaml:24: unknown feature_set 'fusd'. Did you mean 'fused'"):
        reproduce(own, "--output", tmp_path / "out")
    own.write_text(text.replace("feature_set: clinical}", "feature_set: clincal}"))
    with pytest.raises(BenchmarkError, match=r"small.yaml:13: unknown feature set 'clincal'. Did you mean 'clinical'"):
        reproduce(own, "--output", tmp_path / "out")
    assert not (tmp_path / "out" / "own").exists()


def test_columns_that_are_not_there_are_told_with_the_line(write: Write, tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"small.yaml:9: folds.csv: unknown column 'porb'. Did you mean 'prob'"):
        reproduce(write("score: prob", "score: porb"), "--output", tmp_path / "out")


def test_tables_that_are_not_there(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RADBENCH_DATA", raising=False)
    path = write("file: folds.csv", "file: drawer/folds.csv")
    with pytest.raises(
        BenchmarkError,
        match=r"small.yaml: no file 'drawer/folds.csv'.*no part of radbench. They come from a drawer. Set RADB",
    ):
        reproduce(path, "--output", tmp_path / "out")
    with pytest.raises(BenchmarkError, match=r"--data .*nowhere: no such folder"):
        reproduce(path, "--data", tmp_path / "nowhere")
    (tmp_path / "tables" / "drawer").mkdir(parents=True)
    (tmp_path / "folds.csv").rename(tmp_path / "tables" / "drawer" / "folds.csv")
    monkeypatch.setenv("RADBENCH_DATA", "elsewhere")  # put back afterwards: --data sets it
    done = reproduce(path, "--data", tmp_path / "tables", "--output", tmp_path / "out")
    assert done.exit_code == 0 and (tmp_path / "out" / "report.html").exists()


def test_without_a_name_the_packs_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = reproduce()
    assert done.exit_code == 0 and "dphcc" in done.output and "six_centres" in done.output
    assert "Licence" in done.output and "GPL-3.0" in done.output


DETERMINISTIC = {
    "dphcc": {"reproduced": 9, "cannot be known": 3},
    "srs": {"reproduced": 5},
    "six_centres": {"reproduced": 5, "not reproduced": 1, "cannot be known": 2},
    "lung1": {"reproduced": 1, "cannot be known": 5},
    "hnc": {"cannot be known": 3},
    "radmlbench": {"cannot be known": 24},
}


@pytest.mark.shared
@pytest.mark.parametrize("pack", [name for name in DETERMINISTIC if name != "srs"])
def test_what_follows_from_published_predictions(pack: str, shared: Path, tmp_path: Path) -> None:
    done = reproduce(pack, "--data", shared / "data", "--output", tmp_path, "--only-predictions")
    numbers = pd.read_csv(tmp_path / "tables" / "numbers.csv")
    assert done.exit_code == 0 and numbers["verdict"].value_counts().to_dict() == DETERMINISTIC[pack]


@pytest.mark.shared
@pytest.mark.slow
def test_the_bootstraps_of_two_centres(shared: Path, tmp_path: Path) -> None:
    reproduce("srs", "--data", shared / "data", "--output", tmp_path, "--only-predictions")
    numbers = pd.read_csv(tmp_path / "tables" / "numbers.csv")
    assert numbers["verdict"].value_counts().to_dict() == DETERMINISTIC["srs"]
    assert numbers["ours"].tolist() == pytest.approx([0.699460, 0.696907, 0.698454, 0.8053, 0.7824], abs=5e-5)
