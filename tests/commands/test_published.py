"""`radbench published` and `radbench simulate --like` as a user has them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from benchmark import cli
from benchmark.commands import published as command
from benchmark.published.catalogue import FOLDER, Pipeline, pipelines
from tests.published.conftest import OwnTables, known, own_tables  # noqa: F401


def radbench(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["radbench", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def test_list_and_matrix(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert radbench(monkeypatch, "published") == 0
    out = capsys.readouterr().out
    for one in pipelines():
        assert one.study.code in out
    lines = out.splitlines()
    row = next(line for line in lines if line.endswith("  nomogram"))
    marks = row.removesuffix("  nomogram").replace(" ", "")
    assert len(marks) == len(pipelines())
    assert marks[0] == "x"
    assert set(marks) == {"x", "·"}
    assert radbench(monkeypatch, "published", "--no-matrix") == 0
    assert "nomogram" not in capsys.readouterr().out.replace("dental-nomogram", "")


def test_own_tables_from_end_to_end(
    own_tables: OwnTables,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tuning = {"trials": 1, "inner_folds": 2}
    path = own_tables("A15", tuning=tuning, statistics={"draws": 100}, splits={"kind": "holdout"})
    folder = tmp_path / "results"
    assert radbench(monkeypatch, "published", "run", "a15", "--data", path, "-o", folder, "-w", 1) == 0
    assert f"Report: {folder}/report.html" in capsys.readouterr().out
    run = json.loads((folder / "run.json").read_text())
    assert run["study"]["code"] == "A15"
    assert run["cohort"]["name"] == "mine"
    assert run["cohort"]["blocks"][0]["source"].endswith("my_hrf.csv")
    assert len(pd.read_csv(folder / "failures.csv")) == 0
    assert set(pd.read_parquet(folder / "predictions.parquet")["feature_set"]) == {"HRF", "DRF", "HRF + DRF"}


def test_simulated_like_a_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert radbench(monkeypatch, "simulate", tmp_path / "full", "--like", "A11") == 0
    assert f"Experiment: {tmp_path}/full/experiment.yaml" in capsys.readouterr().out
    assert pd.read_csv(tmp_path / "full" / "drf.csv").shape == (129, 513)
    assert radbench(monkeypatch, "simulate", tmp_path / "small", "--like", "brainmets2024-srs", "--small") == 0
    assert pd.read_csv(tmp_path / "small" / "drf.csv").shape == (90, 31)
    capsys.readouterr()
    assert radbench(monkeypatch, "check", tmp_path / "small" / "experiment.yaml") == 0


@pytest.mark.parametrize(("arguments", "message"), [
    (("run", "A77"), "unknown study 'A77'. Did you mean 'A"),
    (("run", "all", "--data", "my.yaml"), "--data is for one study at its own size, not with all"),
    (("run", "A2", "--small", "--data", "my.yaml"), "--data is for one study at its own size, not with --small"),
    (("run", "A2", "--data", "none.yaml"), "none.yaml"),
])  # fmt: skip
def test_mistakes(
    arguments: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert radbench(monkeypatch, "published", *arguments) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert message in err


def test_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One that fails, or whose process breaks, does not keep the others from running, and is told at the end."""
    some = [one for one in pipelines() if one.study.code in ("A10", "A11", "A15")]

    def one(pipeline: Pipeline, folder: Path, small: bool, seed: int) -> tuple[float, str]:
        if pipeline.study.code == "A11":
            raise MemoryError("too large")
        return 1.0, "" if pipeline.study.code == "A15" else "a.yaml:3: wrong"

    monkeypatch.setattr("benchmark.published.catalogue.pipelines", lambda: some)
    monkeypatch.setattr(command, "_one_of_all", one)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", InPlace)
    assert radbench(monkeypatch, "published", "run", "all", "--small", "-o", tmp_path) == 2
    captured = capsys.readouterr()
    assert "aip2020-pdac" in captured.out
    assert "done" in captured.out
    assert "a.yaml:3: wrong" in captured.out
    assert "MemoryError: too large" in captured.out
    assert captured.err.strip() == "radbench: 2 of 3 published pipelines did not run"


class InPlace:
    """An executor that works at once."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def __enter__(self) -> InPlace:
        return self

    def __exit__(self, *error: object) -> None: ...

    def submit(self, work, *arguments):
        from concurrent.futures import Future

        done: Future = Future()
        try:
            done.set_result(work(*arguments))
        except MemoryError as error:
            done.set_exception(error)
        return done


def test_every_file_of_the_folder_is_a_pipeline() -> None:
    found = pipelines()
    assert [one.file.path.name for one in found if one.file.path.suffix != ".yaml"] == []
    assert len(found) == len(list(FOLDER.glob("*")))
    assert len({one.study.code for one in found}) == len(found)
    for one in found:
        assert one.file.data["name"] == one.name
        head = one.file.path.read_text().partition("name:")[0].splitlines()
        assert 2 <= len(head) <= 5
        assert all(line.startswith("#") for line in head)
        assert head[0].startswith(f"# {one.study.code}. ")
