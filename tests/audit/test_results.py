"""The tables of a finished run against its splits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from benchmark.audit import Budget, Subject
from benchmark.audit.finding import Finding
from benchmark.audit.results import FITS, SPLITS, records
from benchmark.commands.audit import aucs
from benchmark.conduct import Prepared, conduct
from benchmark.recipe import build_steps
from benchmark.splits import Split
from benchmark.steps.seen import fits_of, hash_of


@pytest.fixture(scope="module")
def finished(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one fast classifier, with the record of its fits."""
    folder = tmp_path_factory.mktemp("finished")
    choices = prepared.experiment.classifiers[1:]
    units = [replace(unit, classifiers=choices, records=unit.records[1:]) for unit in prepared.plan.units[:6]]
    conduct(replace(prepared, plan=replace(prepared.plan, units=tuple(units))), folder, workers=1)
    return folder


def fits_table(prepared: Prepared, splits: list[Split]) -> pd.DataFrame:
    """What a runner keeps of its fits."""
    cohort, one = prepared.cohort, prepared.experiment.preprocessings[0]
    frame, rows = cohort.frame(prepared.sets[0].blocks), []
    for split in splits:
        inner = [(number, train) for number, (train, _) in enumerate(split.inner, start=1)]
        for number, train in [(0, split.train), *inner]:
            steps = build_steps(prepared.sets[0], one, cohort, seed=1)
            steps.fit(frame.loc[train], cohort.codes[train].to_numpy())
            place = {"design": split.design, "repeat": split.repeat, "fold": split.fold, "inner_fold": number}
            rows += [{**place, **row} for row in fits_of(steps)]
    return pd.DataFrame(rows)


def verdict(prepared: Prepared, folder: Path | None) -> Finding:
    return next(records(Subject(prepared, aucs, Budget(), folder)))


def edited(finished: Path, folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
    """A copy of the results with one table changed."""
    for file in finished.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    path = folder / name
    if path.suffix == ".csv":
        change(pd.read_csv(path, dtype={"fold": str})).to_csv(path, index=False)
    else:
        change(pd.read_parquet(path)).to_parquet(path)
    return folder


def first_test_case_trains(splits: pd.DataFrame) -> pd.DataFrame:
    test = splits[splits["side"] == "test"].iloc[[0]]
    return pd.concat([splits, test.assign(side="train")], ignore_index=True)


def test_honest_run(prepared: Prepared, finished: Path, tmp_path: Path) -> None:
    found = verdict(prepared, finished)
    assert found.verdict == "OK"
    assert found.message.startswith("6 splits, ")
    folder = edited(finished, tmp_path, SPLITS, lambda table: table)
    table = fits_table(prepared, list(prepared.splits[:1]))
    table.to_csv(folder / FITS, index=False)
    assert verdict(prepared, folder).verdict == "OK"
    table.loc[3, "cases"] = hash_of(prepared.cohort.cases[: table.loc[3, "n_cases"]])
    table.to_csv(folder / FITS, index=False)
    leak = verdict(prepared, folder)
    assert leak.verdict == "LEAK"
    assert f"{table.loc[3, 'step']} was fitted on" in leak.message


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (SPLITS, first_test_case_trains, "patients on both sides"),
        (
            "predictions.parquet",
            lambda table: table.assign(fold=table["fold"].replace({"1": "2", "2": "1"})),
            "cases are not tested in the split",
        ),
        (
            "training_predictions.parquet",
            lambda table: table.assign(fold=table["fold"].replace({"1": "2", "2": "1"})),
            "cases are tested in the split",
        ),
    ],
)
def test_tables_that_contradict_the_splits(
    name: str, change: Callable[[pd.DataFrame], pd.DataFrame], told: str, prepared: Prepared, finished: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    found = verdict(prepared, edited(finished, tmp_path, name, change))
    assert found.verdict == "LEAK"
    assert told in found.message


def test_other_splits_than_now_are_a_warning(prepared: Prepared, finished: Path) -> None:
    fewer = replace(prepared, splits=prepared.splits[:4])
    assert verdict(fewer, finished).verdict == "WARNING"


def test_no_run_is_not_checked(prepared: Prepared, tmp_path: Path) -> None:
    assert verdict(prepared, None).verdict == "NOT CHECKED"
    assert verdict(prepared, tmp_path).verdict == "NOT CHECKED"


def test_hash_does_not_depend_on_order() -> None:
    assert hash_of(["b", "a"]) == hash_of(["a", "b"]) != hash_of(["ab"])
