"""Conduct an experiment: from its YAML to the tables at the waist."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.agreement import check_against, feature_sets_of
from benchmark.cohort import Cohort
from benchmark.described.asked import described_of
from benchmark.described.tables import description_tables
from benchmark.description import describe
from benchmark.errors import ConfigError
from benchmark.experiment import Experiment
from benchmark.folder import CACHE, CSV, PARQUET, write_json, write_table, write_waist
from benchmark.plan import Arms, Plan, make_plan
from benchmark.provenance import provenance
from benchmark.readers.imported import Imported, read_imported
from benchmark.readers.load import files_of, load_cohort
from benchmark.recipe import FeatureSet
from benchmark.runner import run
from benchmark.splits import Split, make_splits, shown_splits, splits_table, whole_split
from benchmark.store import Store, source_hash
from benchmark.waist import Waist, collect


@dataclass(frozen=True, eq=False)
class Prepared:
    """An experiment with its cohort, splits and plan: checked, and nothing fitted yet."""

    experiment: Experiment
    cohort: Cohort
    sets: tuple[FeatureSet, ...]
    splits: tuple[Split, ...]
    plan: Plan

    @property
    def n_models(self) -> int:
        """How many (unit, classifier) pairs there are."""
        return sum(len(unit.records) for unit in self.plan.work)


def prepare(experiment: Experiment) -> Prepared:
    """Load the cohort, check the experiment against it, make the splits and the plan."""
    try:
        cohort = load_cohort(experiment.cohort, experiment.file.path.parent)
    except ConfigError as error:
        raise experiment.file.locate(error) from None
    check_against(experiment, cohort)
    sets = feature_sets_of(experiment, cohort)
    imported = _imported(experiment, cohort)
    cohort = replace(cohort, dropped=(*cohort.dropped, *imported.strange))
    splits: list[Split] = []
    for place, design in enumerate(experiment.designs):
        try:
            splits += make_splits(cohort, design, seed=experiment.seed)
        except ConfigError as error:
            raise experiment.file.locate(ConfigError(str(error), path=("splits", place))) from None
    plan = make_plan(
        cohort,
        splits,
        sets,
        experiment.preprocessings,
        experiment.classifiers,
        tuning=experiment.tuning,
        seed=experiment.seed,
        arms=Arms(experiment.fusions, experiment.ensembles, imported.scores),
        explain=experiment.explain,
        whole=_whole(experiment, cohort, splits),
    )
    return Prepared(experiment, cohort, sets, tuple(splits), plan)


def _whole(experiment: Experiment, cohort: Cohort, splits: list[Split]) -> Split | None:
    """The split of all cases, if a design with several models per recipe is asked for a nomogram."""
    shown = {split.design for split in shown_splits(splits)}
    several = [design for design in experiment.designs if design.name not in shown]
    return whole_split(cohort, several[0], seed=experiment.seed) if experiment.explain.nomogram and several else None


def _imported(experiment: Experiment, cohort: Cohort) -> Imported:
    try:
        return read_imported(experiment.imported, cohort, experiment.cohort.case, experiment.file.path.parent)
    except ConfigError as error:
        raise experiment.file.locate(error) from None


def conduct(
    prepared: Prepared,
    folder: Path,
    *,
    workers: int,
    retry_failed: bool = False,
    on_done: Callable[[int], None] | None = None,
) -> Waist:
    """Do what is missing and write the tables at the waist.

    If it is interrupted, the recipes finished so far are written all the same, and a rerun goes on from there.
    """
    experiment = prepared.experiment
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(experiment.file.path, folder / "experiment.yaml")
    write_table(splits_table(list(prepared.splits)), folder / "splits.csv")
    files = [experiment.file.path, *files_of(experiment.cohort, experiment.file.path.parent).values()]
    write_json(provenance(files, seed=experiment.seed, source=source_hash()), folder / "provenance.json")
    for name, table in _described(prepared).items():
        write_table(table, folder / f"{name}.parquet")
    try:
        run(prepared.plan, folder / CACHE, workers=workers, retry_failed=retry_failed, on_done=on_done)
    finally:
        waist = collect(prepared.plan, Store(folder / CACHE))
        write_waist(folder, _tables(waist), _description(prepared, waist))
    return waist


def _described(prepared: Prepared) -> dict[str, pd.DataFrame]:
    experiment, cohort = prepared.experiment, prepared.cohort
    described = described_of(experiment.describe, cohort, prepared.sets)
    orders = {name: block.ordinal for name, block in experiment.cohort.blocks.items()}
    return description_tables(described, cohort, prepared.splits, orders, seed=experiment.seed)


def _tables(waist: Waist) -> dict[str, pd.DataFrame]:
    return {name: getattr(waist, name) for name in (*PARQUET, *CSV)}


def _description(prepared: Prepared, waist: Waist) -> dict[str, Any]:
    return describe(prepared.experiment, prepared.plan, prepared.sets, waist)
