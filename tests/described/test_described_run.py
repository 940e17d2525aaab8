"""A run with a description: on its page, told wrongly with file and line, and without any part in the models."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from benchmark import cli, figures, tables
from benchmark.readers.simulated import simulate, write

DESCRIBE = """describe:
  univariate: [HRF]
  associations:
    - {of: HRF, with: clinical}
    - {of: HRF, with: DRF, method: kendall}
  projections: [pca]
"""
REST = """feature_sets: [HRF]
preprocessings: {raw: [impute, encode, standardize]}
classifiers: [naive_bayes]
splits: {kind: roles}
tuning: {trials: 1, inner_folds: 2}
statistics: {draws: 100}
seed: 1
"""


def without_models(patch: pytest.MonkeyPatch) -> None:
    """The tables and figures of models are the business of other tests."""
    patch.setattr(sys, "argv", [])
    for menu in (tables.OF_DESIGN_AND_ROLE, figures.OF_DESIGN_AND_ROLE, figures.OF_DESIGN):
        for name in list(menu):
            patch.delitem(menu, name)


def experiment(folder: Path, describe: str) -> Path:
    path = write(simulate(n_cases=80, n_centres=3, n_hrf=6, n_drf=3, seed=1), folder)
    path.write_text(path.read_text().partition("feature_sets:")[0] + describe + REST)
    return path


def command(*words: str | Path) -> int:
    sys.argv = ["radbench", *map(str, words)]
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Results with all descriptions, and with none."""
    with pytest.MonkeyPatch.context() as patch:
        without_models(patch)
        made = []
        for name, describe in (("described", DESCRIBE), ("plain", "describe: {baseline: false}\n")):
            folder = tmp_path_factory.mktemp(name)
            words = ["run", experiment(folder, describe), "-o", folder / "out", "--workers", "1"]
            assert command(*words, *(["--no-report"] if name == "plain" else [])) == 0
            made.append(folder / "out")
    return made[0], made[1]


def test_models_do_not_know_the_description(folders: tuple[Path, Path]) -> None:
    for name in ("predictions", "training_predictions", "selections", "trials"):
        first, second = (pd.read_parquet(folder / f"{name}.parquet") for folder in folders)
        timeless = [column for column in first.columns if column != "seconds"]
        pd.testing.assert_frame_equal(first[timeless], second[timeless])


def test_the_page_has_a_section_of_its_own(folders: tuple[Path, Path]) -> None:
    folder = folders[0]
    page = (folder / "report.html").read_text()
    assert "The cohort described" in page
    assert "No model learned from anything in this section" in page
    tables = {path.stem for path in (folder / "tables").glob("*.csv")}
    assert {"baseline", "univariate", "balance_roles", "associations_HRF-with-clinical",
            "associations_HRF-with-DRF-kendall"} <= tables  # fmt: skip
    figures = {path.stem for path in (folder / "figures").glob("*.png")}
    assert {"projection_pca", "associations_HRF-with-DRF-kendall"} <= figures
    balance = pd.read_csv(folder / "tables" / "balance_roles.csv")
    assert set(balance["group"]) == {"all", "train", "external"}


def test_results_of_before_there_were_descriptions(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_models(monkeypatch)
    for path in folders[1].iterdir():
        if path.is_file() and path.name not in ("values.parquet", "cases.parquet", "projections.parquet"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert command("report", tmp_path) == 0
    assert "The cohort described" not in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("univariate: [HRF]", "univariate: [HFR]", ":15: unknown block or family 'HFR'. Did you mean 'HRF'?"),
        ("{of: HRF, with: clinical}", "{of: HRF, with: HRF}", ":17: block HRF would be compared with itself"),
        ("{of: HRF, with: clinical}", "{of: HRF, with: clinical, method: pearson}",
         ":17: block clinical has categorical columns 1 (first: 'sex') and pearson needs numbers"),
        ("method: kendall", "method: kendal", ":18: unknown method 'kendal'. Did you mean 'kendall'?"),
        ("projections: [pca]", "projection: [pca]", ":19: unknown key 'projection'. Did you mean 'projections'?"),
        ("univariate: [HRF]", "univariate: 3", ":15: 'univariate' should be a block, a family, or a list of them"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file(
    old: str,
    new: str,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    assert old in DESCRIBE
    path = experiment(tmp_path, DESCRIBE.replace(old, new))
    assert command("run", path, "-o", tmp_path / "out", "--workers", "1") == 2
    said = capsys.readouterr().err
    assert f"experiment.yaml{message}" in said
    assert not (tmp_path / "out").exists()
