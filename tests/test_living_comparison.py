"""The living comparison: one protocol in every file, no patient twice, and results without any row of a patient."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmark.experiment import Experiment, read_experiment
from benchmark.readers.load import load_cohort
from tests.conftest import PROJECT
from tests.test_report import Page

FILES = sorted((PROJECT / "experiments" / "comparison").glob("*.yaml"))
RESULTS = PROJECT / "results" / "comparison"
EXPERIMENTS = {path.stem: read_experiment(path) for path in FILES}
ONE_FAMILY_STEPS = ("correlation", "lasso")
MEGABYTE = 2**20


def protocol(experiment: Experiment) -> dict[str, Any]:
    """Everything that an experiment says beside its cohort and feature sets; steps without the names of families."""
    steps = [
        (step.name, dict(step.params), step.per_block)
        for one in experiment.preprocessings
        for step in one.steps
        if step.name != "icc"
    ]
    names = [one.name for one in experiment.preprocessings]
    parts = ("classifiers", "designs", "tuning", "statistics", "explain", "ensembles", "seed")
    return {"names": names, "steps": steps} | {part: getattr(experiment, part) for part in parts}


def used_families(experiment: Experiment) -> set[str]:
    """The families of image features in the feature sets."""
    said = experiment.cohort
    blocks = [*said.blocks, *said.differences]
    asked = {part for parts in experiment.feature_sets.values() for part in parts}
    used = [block for block in blocks if {block, said.family(block)} & asked]
    return {said.family(block) for block in used if said.image(block)}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_cohort_has_the_same_protocol(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert experiment.name == name
    assert protocol(experiment) == protocol(EXPERIMENTS["lung1"])
    for one in experiment.preprocessings:
        for step in one.steps:
            families = used_families(experiment) if step.name in ONE_FAMILY_STEPS else None
            assert (None if step.families is None else set(step.families)) == families, step.name


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_icc_filter_stands_where_there_are_readings(name: str) -> None:
    steps = [step.name for one in EXPERIMENTS[name].preprocessings for step in one.steps]
    assert ("icc" in steps) == any(block.readings for block in EXPERIMENTS[name].cohort.blocks.values())


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_cohort_says_whose_tables_and_on_which_terms(name: str) -> None:
    cohort = EXPERIMENTS[name].cohort
    assert cohort.source and cohort.licence
    assert "HRF" in EXPERIMENTS[name].feature_sets


@pytest.mark.shared
def test_no_image_of_the_six_centres_is_in_two_cohorts(shared: Path) -> None:
    told = pd.read_csv(shared / "data/nsclc-ct-six-centers/outcome_and_batch.csv.gz", dtype=str)
    images = told.set_index("patient_id")["image_hash"]
    of_lung1 = told[told["center"] == "Maastro"].set_index("source_id")["image_hash"]
    found = {
        name: load_cohort(EXPERIMENTS[name].cohort, PROJECT / "experiments/comparison").cases
        for name in ("lung1", "four_centres", "m_spore")
    }
    seen = {name: set((of_lung1 if name == "lung1" else images)[cases]) for name, cases in found.items()}
    assert {name: len(cases) for name, cases in found.items()} == {"lung1": 205, "four_centres": 666, "m_spore": 74}
    assert not seen["m_spore"] & seen["four_centres"]
    assert not seen["lung1"] & (seen["m_spore"] | seen["four_centres"])


def test_the_results_are_those_of_the_files() -> None:
    kept = {path.name for path in RESULTS.iterdir() if path.is_dir()}
    assert kept - {"tables", "figures"} == set(EXPERIMENTS)
    compared = pd.read_csv(RESULTS / "tables" / "cohorts.csv")
    assert set(compared["experiment"]) == set(EXPERIMENTS)
    assert compared["cohort"].to_list() == [EXPERIMENTS[name].cohort.name for name in compared["experiment"]]
    assert compared["licence"].to_list() == [EXPERIMENTS[name].cohort.licence for name in compared["experiment"]]


def test_no_row_of_a_patient_is_in_the_results() -> None:
    files = [path for path in RESULTS.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".csv", ".md", ".tex", ".png", ".pdf", ".html", ".json"}
    assert sum(path.stat().st_size for path in files) < 12 * MEGABYTE
    for path in files:
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                assert not {"case", "patient", "score"} & set(next(csv.reader(file))), path


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in RESULTS.rglob("report.html"):
        for link in Page(page).all("a", "href"):
            assert link.startswith(("#", "http")) or (page.parent / link).exists(), (page, link)
