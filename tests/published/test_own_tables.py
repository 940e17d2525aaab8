"""A published pipeline on tables of one's own: what is taken over, and what is missing, said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmark.errors import ConfigError
from benchmark.experiment import read_experiment
from benchmark.harmonization.plan import read_plan
from benchmark.published.catalogue import Pipeline, pick
from benchmark.published.own_tables import with_own_tables
from benchmark.published.simulated import write_experiment
from tests.published.conftest import OwnTables


def test_own_cohort_with_the_steps_of_the_paper(known: list[Pipeline], own_tables: OwnTables, tmp_path: Path) -> None:
    pipeline = pick("A10", known)
    told = with_own_tables(pipeline, own_tables("A10", seed=5))
    published = pipeline.file.data
    assert {key for key in told if told[key] != published.get(key)} == {"cohort", "seed", "title"}
    assert told["title"].endswith(": mine")
    assert told["cohort"]["blocks"]["HRF"]["file"] == str(tmp_path / "my_hrf.csv")
    asked = read_experiment(write_experiment(told, tmp_path / "elsewhere" / "experiment.yaml"))
    assert asked.seed == 5
    assert [choice.name for choice in asked.classifiers] == published["classifiers"]


def test_own_design_outcomes_and_models_replace_those_of_the_paper(known, own_tables) -> None:
    splits = {"kind": "kfold", "folds": 4}
    told = with_own_tables(pick("A10", known), own_tables("A10", {"role": None}, splits=splits))
    assert told["splits"] == splits
    outcomes = {"mine": {"file": "my_study.csv", "column": "stage_year_0"}}
    told = with_own_tables(pick("A5", known), own_tables("A5", outcomes=outcomes))
    assert list(told["outcomes"]) == ["mine"]
    assert "imported" not in with_own_tables(pick("A3", known), own_tables("A3"))


def test_an_audit_on_own_tables(known, own_tables, tmp_path: Path) -> None:
    told = with_own_tables(pick("A9", known), own_tables("A9"))
    plan = read_plan(write_experiment(told, tmp_path / "elsewhere" / "audit.yaml"))
    assert plan.cohort.name == "mine"
    assert len(plan.methods) == 3


@pytest.mark.parametrize(("study", "cohort", "message"), [
    ("A10", {"blocks": {"HRFs": "my_hrf.csv", "CNN": "my_drf.csv"}},
     "my.yaml:4: A10 needs the block or family 'HRF', found HRFs, CNN. Did you mean 'HRFs'? Name yours as it does: "
     "HRF (HRF), DRF (DRF)"),
    ("A2", {"blocks": {"HRF": "my_hrf.csv", "DenseNet": {"file": "my_hrf.csv", "family": "DRF"}}},
     "A2 needs the block or family 'DenseNet121', found HRF, DenseNet (DRF). Did you mean 'DenseNet'?"),
    ("A10", {"role": None}, "my.yaml:1: A10 splits cases by cohort.role, which is not declared"),
    ("A1", {"batch": None}, "my.yaml:1: A1 harmonizes over cohort.batch, which is not declared"),
    ("A10", {"blocks": {"HRF": "my_hrf.csv", "DRF": "my_drf.csv"}},
     "A10 needs repeated readings of 'HRF' for its reliability filter: declare readings, reading or test_retest"),
    ("A10", {"outcome": None}, "my.yaml:1: A10 predicts an outcome: declare cohort.outcome"),
    ("A9", {"covariates": ["field"]},
     "my.yaml:1: A9 harmonizes by cohort.covariates. unknown covariate 'field strength'. Did you mean 'field'?"),
    ("A10", {"blocks": {"HRF": "my_hrf.csv"}, "rolle": "role"},
     "my.yaml:13: unknown key 'rolle'. Did you mean 'role'?"),
])  # fmt: skip
def test_what_is_missing(known, own_tables, study: str, cohort: dict, message: str) -> None:
    path = own_tables(study, cohort)
    with pytest.raises(ConfigError) as caught:
        with_own_tables(pick(study, known), path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_patients_with_one_case_each_need_no_column(known, own_tables) -> None:
    assert "patient" not in with_own_tables(pick("A1", known), own_tables("A1", {"patient": None}))["cohort"]


def test_a_block_that_is_only_described_may_be_left_out_by_saying_so(known, own_tables, tmp_path: Path) -> None:
    blocks = {name: {"file": f"my_{name}.csv"} for name in ("hrf", "drf", "clinical")}
    blocks = {"HRF": blocks["hrf"] | {"readings": "my_hrf_reader2.csv"},
              "DRF": blocks["drf"] | {"readings": "my_drf_reader2.csv"},
              "clinical": blocks["clinical"] | {"categorical": ["APOE e4", "sex"]}}  # fmt: skip
    with pytest.raises(ConfigError, match="A6 needs the block or family 'Dice'"):
        with_own_tables(pick("A6", known), own_tables("A6", {"blocks": blocks}))
    told = with_own_tables(pick("A6", known), own_tables("A6", {"blocks": blocks}, describe={"baseline": "clinical"}))
    assert told["describe"] == {"baseline": "clinical"}
    assert yaml.safe_load(write_experiment(told, tmp_path / "e.yaml").read_text())["describe"] == told["describe"]


@pytest.mark.parametrize(("name", "near"), [("A99", "A9"), ("crc2025-mucinos", "crc2025-mucinous")])
def test_an_unknown_study_is_told_the_nearest(known, name: str, near: str) -> None:
    with pytest.raises(ConfigError, match=rf"unknown study '{name}'\. Did you mean '{near}'\? Known: osteoporosis"):
        pick(name, known)
    assert pick("CRC2025-mucinous", known) is pick("a10", known)
