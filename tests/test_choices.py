# ruff: noqa: E501  (messages are told whole)
"""Choice points: every combination is a preprocessing, its steps keep their lines, and mistakes are told."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from benchmark.choices import MOST, expand, told_name
from benchmark.conduct import conduct, prepare
from benchmark.errors import ConfigError
from benchmark.experiment import Experiment, preprocessings_of, read_experiment
from benchmark.folder import read_waist
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.readers.simulated import simulate, write
from benchmark.report import write as write_report
from benchmark.schema import experiment_schema
from benchmark.statistics.analysis import analyse

HARMONIZATION = {"choose": {"harmonization": {"none": [], "ComBat": [{"combat": {"unseen": "own_rows"}}]}}}
SELECTOR = {"choose": {"selector": {"LASSO": ["standardize", "lasso"], "0.5": [{"pca": {"components": 2}}]}}}

YAML = """
name: many
cohort:
  name: simulated
  case: patient_id
  blocks:
    HRF: {file: hrf.csv, readings: hrf_reader2.csv}
    clinical: {file: clinical.csv, categorical: [sex, stage], missing_codes: {age: 0}}
  outcome: {file: study.csv, column: outcome, positive: 1}
  batch: {file: study.csv, column: centre}
feature_sets: [HRF, clinical]
preprocessings:
  many:
    - impute
    - encode
    - choose:
        harmonization:
          none: []
          ComBat: [combat]
    - choose: {ICC cut: {0.5: [icc: {threshold: 0.5}], 0.75: [icc: {threshold: 0.75}]}}
    - standardize
classifiers: [lda, naive_bayes]
splits: {kind: kfold, folds: 3, repeats: 2}
tuning: {trials: 1, inner_folds: 2}
statistics: {reference: clinical, draws: 100}
seed: 1
"""


def test_every_combination_is_a_list_of_steps() -> None:
    found = expand({"plain": ["impute"], "many": ["impute", HARMONIZATION, "encode", SELECTOR]})
    assert [one.name for one in found] == [
        "plain", "many (none, LASSO)", "many (none, 0.5)", "many (ComBat, LASSO)", "many (ComBat, 0.5)",
    ]  # fmt: skip
    assert found[0].levels == {}
    assert found[3].levels == {"harmonization": "ComBat", "selector": "LASSO"}
    assert found[3].items == ("impute", {"combat": {"unseen": "own_rows"}}, "encode", "standardize", "lasso")
    assert found[3].places[1] == ("preprocessings", "many", 1, "choose", "harmonization", "ComBat", 0)
    assert found[2].items == ("impute", "encode", {"pca": {"components": 2}})
    assert {told_name(one.name, one.levels) for one in found} == {"plain", "many"}


def test_combinations_are_the_preprocessings_written_out() -> None:
    found = preprocessings_of({"many": ["impute", HARMONIZATION, SELECTOR]})
    written = {
        f"many ({first}, {second})": ["impute", *left, *right]
        for (first, left), (second, right) in product(
            HARMONIZATION["choose"]["harmonization"].items(), SELECTOR["choose"]["selector"].items()
        )
    }
    assert found == preprocessings_of(written)


def test_a_resampler_may_be_a_level_at_the_end_alone() -> None:
    balance = {"choose": {"balance": {"none": [], "SMOTE": ["smote"]}}}
    plain, balanced = preprocessings_of({"many": ["impute", balance]})
    assert plain.resampler is None
    assert balanced.resampler is not None
    with pytest.raises(ConfigError, match="smote must be the last item"):
        preprocessings_of({"many": [balance, "impute"]})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "ComBat: [combat]",
            "ComBat: combat",
            "many.yaml:19: level 'ComBat' of 'harmonization' should be a list of steps ([] for none), found 'combat'. Did you mean '[combat]'?",
        ),
        (
            "ComBat: [combat]",
            "ComBat: [combta]",
            "many.yaml:19: unknown step 'combta'. Did you mean 'combat'?",
        ),
        (
            "ComBat: [combat]",
            "ComBat: [combat: {unsen: skip}]",
            "many.yaml:19: unknown key 'unsen'. Did you mean 'unseen'?",
        ),
        (
            "ComBat: [combat]",
            "ComBat: [combat: 3]",
            "many.yaml:19: level 'ComBat' of 'harmonization' should hold steps, a name or a name with its parameters, found {'combat': 3}",
        ),
        (
            "ComBat: [combat]",
            "ComBat: [choose: {inner: {a: []}}]",
            "many.yaml:19: level 'ComBat' of 'harmonization' holds a choice: give the outer factor a level for each combination",
        ),
        (
            "ComBat: [combat]",
            "yes: [combat]",
            "many.yaml:17: a level of 'harmonization' is called True: put its name in quotes",
        ),
        (
            "\n          none: []\n          ComBat: [combat]",
            "",
            "many.yaml:17: factor 'harmonization' has no levels, found None: as in {harmonization: {none: [], ComBat: [combat]}}",
        ),
        (
            "    - choose:\n        harmonization:",
            "    - chose:\n        harmonization:",
            "many.yaml:16: unknown step 'chose'. Did you mean 'choose'?",
        ),
        (
            "choose: {ICC cut: {0.5",
            "choose: {harmonization: {0.5",
            "many.yaml:13: two choices are called 'harmonization': give each factor a name of its own",
        ),
        (
            "choose: {ICC cut: {0.5",
            "choose: {classifier: {0.5",
            "many.yaml:20: 'classifier' is a factor of every experiment: give this one another name",
        ),
        (
            "- standardize\n",
            "- standardize\n  more: [impute, choose: {cut: {a: [], b: [standardize]}}]\n",
            "many.yaml:22: choices in two lists, 'many' and 'more': make one list, and how they differ a choice",
        ),
        (
            "- standardize\n",
            "- standardize\n  many (none, 0.5): [impute]\n",
            "many.yaml:22: two preprocessings are called 'many (none, 0.5)'",
        ),
        (
            "    - choose:\n        harmonization:",
            "    - impute: {}\n      choose:\n        harmonization:",
            "many.yaml:16: choose shares its dash with impute",
        ),
        (
            "    - choose:\n        harmonization:",
            "    - choose:\n        other: {a: []}\n        harmonization:",
            "many.yaml:16: choose takes one factor with its levels, found 2: as in {harmonization: {none: [], ComBat: [combat]}}",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "many.yaml"
    assert old in YAML
    path.write_text(YAML.replace(old, new, 1))
    with pytest.raises(ConfigError) as error:
        read_experiment(path)
    assert str(error.value).removeprefix(f"{tmp_path}/").startswith(message)


def test_too_many_combinations_are_counted_before_they_are_made() -> None:
    levels = {str(number): [] for number in range(10)}
    items = [{"choose": {name: levels}} for name in ("a", "b", "c", "d", "e", "f", "g", "h")]
    with pytest.raises(ConfigError) as error:
        expand({"many": items})
    assert str(error.value) == (
        f"'many' stands for 100000000 preprocessings (10 x 10 x 10 x 10 x 10 x 10 x 10 x 10), at most {MOST}"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated cohort with two readers, and its multiverse of harmonization and ICC cut."""
    folder = tmp_path_factory.mktemp("many")
    write(simulate(n_cases=90, n_centres=3, n_hrf=24, n_drf=4, seed=3), folder)
    (folder / "many.yaml").write_text(YAML)
    return folder


@pytest.fixture(scope="module")
def experiment(folder: Path) -> Experiment:
    return read_experiment(folder / "many.yaml")


def test_what_the_cohort_refuses_has_the_line_of_its_level(folder: Path) -> None:
    path = folder / "refused.yaml"
    path.write_text(YAML.replace("[combat]", "[combat: {covariates: [sexx]}]"))
    with pytest.raises(ConfigError, match=r"refused.yaml:19: unknown covariate 'sexx'"):
        prepare(read_experiment(path))


def test_a_run_over_choices_ends_in_its_own_section(experiment: Experiment, tmp_path: Path) -> None:
    prepared = prepare(experiment)
    shared = {(unit.split.repeat, unit.split.fold, unit.steps_record) for unit in prepared.plan.units
              if unit.feature_set.name == "clinical"}  # fmt: skip
    assert len(shared) == 6  # of 4 x 6 units: the choices touch no clinical variable
    conduct(prepared, tmp_path, workers=1)
    tables, run = read_waist(tmp_path)
    assert run["choices"]["many (ComBat, 0.75)"] == {"harmonization": "ComBat", "ICC cut": "0.75"}
    assert run["choices_touching"] == {"HRF": ["harmonization", "ICC cut"], "clinical": []}
    assert sorted(note for note in run["notes"] if "touches only" in note) == [
        "combat (many) touches only image features: not clinical.",
        "icc (many) touches only repeated readings: not clinical.",
    ]
    names = ("predictions", "training_predictions", "selections", "failures", "fusions")
    results = analyse(run, *(tables[name] for name in names))
    assert results["multiverse"].set_index("feature_set")["n_specifications"].to_dict() == {"HRF": 16, "clinical": 4}
    assert set(results["estimates"]["preprocessing"]) == {CHOSEN_INSIDE}
    page = write_report(tmp_path, results, run).read_text()
    assert "Specification curve" in page
    assert len(pd.read_csv(tmp_path / "tables" / "multiverse_kfold_out-of-fold.csv")) == 2


def test_the_schema_knows_choices() -> None:
    items = experiment_schema()["properties"]["preprocessings"]["additionalProperties"]["items"]["anyOf"]
    choice = next(one for one in items if "choose" in one.get("properties", {}))
    levels = choice["properties"]["choose"]["additionalProperties"]["additionalProperties"]
    assert "combat" in json.dumps(levels)
    assert "choose" not in json.dumps(levels)
