"""Results folders of several cohorts, compared: matched by families, refused with the reason, and one page."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmark import comparison_report, figures, tables
from benchmark.cli import app
from benchmark.comparison import Choice, compare
from benchmark.errors import DataError
from benchmark.folder import RUN, write_json, write_table
from benchmark.statistics.analysis import analyse
from benchmark.statistics.settings import settings_of
from tests.statistics.conftest import Run, simulate
from tests.test_report import Page

SETS = ("HRF", "DRF", "HRF + DRF")
SETTINGS = settings_of({})
ABSENT = ("not_compared", "cohort_sources", "fusions_over_cohorts")
"""Tables that the simulated cohorts do not have."""


def write_run(
    folder: Path, seed: int, *, name: str | None = None, families: dict[str, list[str]] | None = None, **asked: Any
) -> Run:
    """A results folder of one simulated cohort; the arm chosen inside is a classifier of that name."""
    run = simulate(seed=seed, **{"sets": SETS, "classifiers": ("lr", "chosen inside"), "n": 60 + 6 * seed} | asked)
    sets = families or {one: one.split(" + ") for one in asked.get("sets", SETS)}
    named = {"feature_sets": {one: {"blocks": parts, "families": parts} for one, parts in sets.items()}}
    about = run.run | named | {"cohort": {"name": name or f"Cohort {seed}"}, "experiment": folder.name}
    held = run.predictions.assign(case=f"{seed}-" + run.predictions["case"].astype(str))
    folder.mkdir(parents=True)
    write_table(held, folder / "predictions.parquet")
    write_json(about, folder / RUN)
    return Run(about, held, run.training_predictions, run.selections, run.failures)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("cohorts")
    for seed in range(3):
        write_run(root / f"c{seed}", seed)
    return sorted(root.iterdir())


def test_the_numbers_of_a_cohort_are_those_of_its_own_report(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / f"c{seed}", seed) for seed in range(2)]
    results, about = compare([tmp_path / "c0", tmp_path / "c1"], Choice(), SETTINGS)
    estimates = analyse(*(runs[1].run | {"statistics": {"draws": 100}},), *runs[1].arguments()[1:])["estimates"]
    own = estimates[(estimates["measure"] == "auc") & (estimates["classifier"] == "chosen inside")]
    meta = results["cohort_meta"]
    found = meta[(meta["measure"] == "auc") & (meta["name"] == "Cohort 1")].set_index("first")["estimate"]
    assert found.to_dict() == pytest.approx(own.set_index("feature_set")["estimate"].to_dict())
    assert any("No ranks" in remark and "2 of 2 cohorts" in remark for remark in about["remarks"])
    assert results["ranks"].empty


def test_feature_sets_are_matched_by_families_and_models_from_elsewhere_by_their_names(tmp_path: Path) -> None:
    write_run(tmp_path / "a", 1)
    write_run(tmp_path / "b", 2, sets=("deep", "both", "both again"),
              families={"deep": ["DRF"], "both": ["DRF", "HRF"], "both again": ["HRF", "DRF"]})  # fmt: skip
    elsewhere = write_run(tmp_path / "c", 3, sets=("DRF", "HRF + DRF"), classifiers=("",))
    about = {key: value for key, value in elsewhere.run.items() if key != "feature_sets"}
    write_json(about | {"imported": "x.csv"}, tmp_path / "c" / RUN)
    results, about = compare([tmp_path / name for name in "abc"], Choice(), SETTINGS)
    assert about["families"] == {"HRF": ["HRF"], "DRF": ["DRF"], "HRF + DRF": ["HRF", "DRF"]}
    row = results["over_cohorts"].iloc[0]
    assert (row["base"], row["together"], row["n_cohorts"]) == ("DRF", "HRF + DRF", 3)
    assert results["not_compared"].to_numpy().tolist() == [
        ["Cohort 2", "feature set both again", "'both' has the same families and is taken"]
    ]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(classifier="lrr"), r"feature set 'HRF': unknown classifier 'lrr'. Did you mean 'lr'"),
        (Choice(design="loco"), "unknown design 'loco'"),
        (Choice(role="external"), "unknown role 'external'"),
        (Choice(preprocessing="combat"), "unknown preprocessing 'combat'"),
    ],
)
def test_a_choice_that_a_cohort_cannot_fulfil(folders: list[Path], choice: Choice, message: str) -> None:
    with pytest.raises(DataError, match=message):
        compare(folders, choice, SETTINGS)


def test_a_model_with_gaps_is_told_and_has_no_weight(folders: list[Path], tmp_path: Path) -> None:
    run = write_run(tmp_path / "gap", 8)
    held = run.predictions
    gone = (held["feature_set"] == "DRF") & (held["case"] == held["case"].iloc[0])
    write_table(held[~gone], tmp_path / "gap" / "predictions.parquet")
    results, _ = compare([*folders, tmp_path / "gap"], Choice(), SETTINGS)
    told = results["not_compared"].iloc[0]
    assert told["what"] == "feature set DRF" and "predictions missing" in told["reason"]
    meta = results["cohort_meta"]
    row = meta[(meta["name"] == "Cohort 8") & (meta["first"] == "DRF") & (meta["measure"] == "auc")].iloc[0]
    assert np.isnan(row["estimate"]) and np.isnan(row["weight"])
    assert set(results["ranks"]["ranking"]) == {"families that all cohorts have", "cohorts that have all families"}


def test_another_arm(folders: list[Path]) -> None:
    results, about = compare(folders, Choice(classifier="lr", design="cv"), SETTINGS)
    assert set(results["cohorts"]["classifier"]) == {"lr"}
    assert about["choice"] == {"classifier": "lr", "design": "cv"}


def test_what_cannot_be_compared_is_refused(folders: list[Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found 1 results folder, expected two or more"):
        compare(folders[:1], Choice(), SETTINGS)
    with pytest.raises(DataError, match=r"'Cohort 0 .c0.' and 'Cohort 0 .again.' hold the same 60 cases"):
        write_run(tmp_path / "again", 0)
        compare([folders[0], tmp_path / "again"], Choice(), SETTINGS)
    with pytest.raises(DataError, match=r"two folders of one cohort and experiment: 1 .first: 'Cohort 0 .c0.'"):
        compare([folders[0], folders[0]], Choice(), SETTINGS)
    write_run(tmp_path / "other", 5, sets=("CNN",))
    with pytest.raises(DataError, match=r"no two models that two cohorts have. Found Cohort 0: HRF, DRF, HRF . DRF; "):
        compare([folders[0], tmp_path / "other"], Choice(), SETTINGS)
    write_run(tmp_path / "three", 6, classes=("a", "b", "c"))
    with pytest.raises(DataError, match=r"3 classes .a, b, c.. Expected a binary outcome"):
        compare([folders[0], tmp_path / "three"], Choice(), SETTINGS)
    write_run(tmp_path / "several", 7, classifiers=("lr", "rf"))
    with pytest.raises(
        DataError, match=r"2 choices of classifier .lr, rf. and none 'chosen inside'. Choose one with --cla"
    ):
        compare([folders[0], tmp_path / "several"], Choice(), SETTINGS)
    with pytest.raises(DataError, match="no such folder"):
        compare([folders[0], tmp_path / "nothing"], Choice(), SETTINGS)


def test_names_of_cases_in_common_are_told(tmp_path: Path) -> None:
    for seed in (1, 2):
        run = write_run(tmp_path / f"c{seed}", seed)
        held = run.predictions.assign(case=run.predictions["case"].str.slice(2))
        write_table(held, tmp_path / f"c{seed}" / "predictions.parquet")
    _, about = compare([tmp_path / "c1", tmp_path / "c2"], Choice(), SETTINGS)
    assert any(
        "names of cases in common: 1 (first: 'Cohort 1 and Cohort 2'), up to 66" in one for one in about["remarks"]
    )


def test_the_page(folders: list[Path], tmp_path: Path) -> None:
    told = tmp_path / "limits.txt"
    told.write_text("Simulated, so nothing follows\n\n", encoding="utf-8")
    done = CliRunner().invoke(
        app,
        ["compare", *map(str, folders), "--output", str(tmp_path), "--title", "Three cohorts", "--limits", str(told)],
    )
    assert done.exit_code == 0, done.output
    assert done.output.strip() == f"Report: {tmp_path / 'report.html'}"
    page = Page(tmp_path / "report.html")
    text = " ".join(page.text.split())
    for section in comparison_report.SECTIONS.values():
        assert section.title in text
    for part in (
        "Three cohorts",
        f"radbench {version('radbench')}, 20",
        "Simulated, so nothing follows.",
        "Three cohorts. radbench",
        "HRF + DRF predict",
        "Hartung",
        "chosen inside",
        "Cohort 2",
        "Prediction interval",
        "c1/predictions.parquet",
    ):
        assert part in text, part
    assert "nan" not in text.casefold().split()
    for link in page.all("a", "href"):
        assert link.startswith("#") or (tmp_path / link).exists()
    for name in tables.OF_COMPARISON:
        assert (tmp_path / f"tables/{name}.csv").exists() == (name not in ABSENT)
    for name in figures.OF_COMPARISON:
        assert (tmp_path / f"figures/{name}.pdf").exists()
    assert (tmp_path / "figures" / "cohort_forest_HRF-DRF-minus-HRF.png").exists()
    assert (tmp_path / "figures" / "critical_difference_all-cohorts.png").exists()
    assert "seed" not in json.loads((tmp_path / "provenance.json").read_text())


def test_where_cases_lack_blocks_the_set_with_most_predictions_is_taken(folders: list[Path], tmp_path: Path) -> None:
    run = write_run(tmp_path / "partial", 4)
    held = run.predictions
    few = held["case"].isin(held["case"].unique()[:20])
    parts = [held[few].assign(role="out-of-fold, complete cases"),
             held[held["feature_set"] != "DRF"].assign(role="out-of-fold, cases with HRF")]  # fmt: skip
    write_table(pd.concat(parts, ignore_index=True), tmp_path / "partial" / "predictions.parquet")
    results, _ = compare([*folders, tmp_path / "partial"], Choice(), SETTINGS)
    assert results["cohorts"]["role"].iloc[-1] == "out-of-fold, cases with HRF"
    asked = Choice(role="out-of-fold, complete cases")
    alone, _ = compare([tmp_path / "partial", _renamed(tmp_path, folders[0], asked.role)], asked, SETTINGS)
    assert alone["cohorts"]["n_cases"].iloc[0] == 20


def _renamed(root: Path, folder: Path, role: str | None) -> Path:
    """The same folder with another role."""
    copy = root / "renamed"
    shutil.copytree(folder, copy)
    held = pd.read_parquet(copy / "predictions.parquet").assign(role=role)
    write_table(held, copy / "predictions.parquet")
    return copy


def test_limits_that_cannot_be_read(folders: list[Path], tmp_path: Path) -> None:
    asked = ["compare", *map(str, folders), "--output", str(tmp_path), "--limits", str(tmp_path / "none.txt")]
    done = CliRunner().invoke(app, asked)
    assert isinstance(done.exception, DataError) and "none.txt: cannot be read as text" in str(done.exception)


def test_what_stats_wrote_is_a_cohort(folders: list[Path], tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    y = np.arange(50) % 2
    scores = 1 / (1 + np.exp(-(y[:, None] + rng.normal(0, 1, (50, 2)))))
    pd.DataFrame({"case": range(50), "truth": y, "HRF": scores[:, 0], "HRF + DRF": scores[:, 1]}).to_csv(
        tmp_path / "elsewhere.csv", index=False
    )
    done = CliRunner().invoke(app, ["stats", str(tmp_path / "elsewhere.csv"), "--output", str(tmp_path / "made")])
    assert done.exit_code == 0, done.output
    results, _ = compare([folders[0], tmp_path / "made"], Choice(), SETTINGS)
    assert results["cohorts"]["cohort"].tolist() == ["Cohort 0", "elsewhere.csv"]
    assert results["over_cohorts"].iloc[0][["base", "together", "n_cohorts"]].tolist() == ["HRF", "HRF + DRF", 2]
