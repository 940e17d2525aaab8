"""The small size: fewer of everything that takes time, and the same of everything else."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from benchmark.classifiers import build
from benchmark.published.catalogue import Pipeline, pipelines
from benchmark.published.small import CASES, FEATURES, FEW, small, small_shape
from benchmark.study import ShapeSection

KNOWN = pipelines()
EVERY = pytest.mark.parametrize("pipeline", KNOWN, ids=[one.study.code for one in KNOWN])


BARE: dict[str, Any] = {"study": {"shape": {"cases": 40, "features": {"HRF": 5}}}, "classifiers": ["knn"]}


def named(items: list[Any]) -> list[Any]:
    """The names of the steps of a list, those of its choices with their factors and levels."""
    found = []
    for item in items:
        name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
        levels = [(factor, level, named(steps)) for factor, every in given.items() for level, steps in every.items()] \
            if name == "choose" else []  # fmt: skip
        found.append((name, levels))
    return found


def name_of(item: Any) -> str:
    return item if isinstance(item, str) else next(iter(item))


@EVERY
def test_same_design_on_less(pipeline: Pipeline) -> None:
    before = deepcopy(dict(pipeline.file.data))
    told = small(pipeline.file.data)
    assert pipeline.file.data == before
    assert {key for key in told if key not in before} <= {"splits", "tuning", "statistics"}
    assert list(map(name_of, told.get("classifiers", ()))) == list(map(name_of, before.get("classifiers", ())))
    for key in ("cohort", "feature_sets", "fusions", "ensembles", "describe", "explain", "outcomes"):
        assert told.get(key) == before.get(key)
    for name, items in before["preprocessings"].items():
        assert named(told["preprocessings"][name]) == named(items)
    if not pipeline.is_audit:
        said = before.get("splits") or {"kind": "kfold"}
        kinds = [one.get("kind", "kfold") for one in (said if isinstance(said, list) else [said])]
        assert [one.get("kind", "kfold") for one in told["splits"]] == kinds
        assert told["tuning"]["trials"] <= 2
    else:
        assert told["harmonization"]["folds"] == 3


@EVERY
def test_shape_is_small_and_adds_up(pipeline: Pipeline) -> None:
    full, told = pipeline.study.shape, ShapeSection.model_validate(small_shape(pipeline.file.data["study"]["shape"]))
    assert told.cases == min(full.cases, CASES)
    assert told.patients is None or told.patients <= told.cases
    for name, columns in told.features.items():
        assert columns == full.features[name] or columns == FEATURES
    for key in ("centres", "roles"):
        assert list(getattr(told, key)) == list(getattr(full, key))
    assert {name: list(of) for name, of in told.classes.items()} == {
        name: list(of) for name, of in full.classes.items()
    }


def test_counts_in_proportion_and_none_too_small() -> None:
    shape = {
        "cases": 900, "centres": {"A": 890, "B": 6, "C": 4}, "roles": {"train": 600, "internal": 300},
        "classes": {"y": {"0": 450, "1": 450}}, "features": {"HRF": 2000, "clinical": {"age": [1, 2]}}, "patients": 450,
    }  # fmt: skip
    told = small_shape(shape)
    assert told["roles"] == {"train": 60, "internal": 30}
    assert told["classes"] == {"y": {"0": 45, "1": 45}}
    assert told["centres"] == {"A": 80, "B": 5, "C": 5}
    assert told["patients"] == 45
    assert told["features"] == {"HRF": 30, "clinical": {"age": [1, 2]}}


@pytest.mark.parametrize(("said", "told"), [
    ({"kind": "kfold", "folds": 10}, {"kind": "kfold", "folds": 3, "repeats": 1}),
    ({"kind": "kfold", "folds": 2, "repeats": 5}, {"kind": "kfold", "folds": 2, "repeats": 2}),
    ({"kind": "shuffle_split"}, {"kind": "shuffle_split", "repeats": 2}),
    ({"kind": "bootstrap"}, {"kind": "bootstrap", "repeats": 10}),
    ({"kind": "roles"}, {"kind": "roles"}),
    ({}, {"folds": 3, "repeats": 1}),
])  # fmt: skip
def test_designs(said: dict[str, Any], told: dict[str, Any]) -> None:
    data = {**BARE, "preprocessings": {}, "splits": said}
    assert small(data)["splits"] == [told]


def test_paths_of_penalties_are_short_also_in_choices() -> None:
    steps: list[Any] = ["impute", "lasso", {"score": {"rule": "minimum", "folds": 5}},
                        {"choose": {"selector": {"a": [{"lasso": {"max_features": 4}}], "b": ["pca"]}}}]  # fmt: skip
    data = {**BARE, "preprocessings": {"p": steps}}
    short = {"n_lambdas": 20, "folds": 3}
    assert small(data)["preprocessings"]["p"] == [
        "impute", {"lasso": short}, {"score": {"rule": "minimum"} | short},
        {"choose": {"selector": {"a": [{"lasso": {"max_features": 4} | short}], "b": ["pca"]}}},
    ]  # fmt: skip


def test_few_trees_of_the_models_that_have_many() -> None:
    models = ["logistic", "random_forest", {"xgboost": {"max_depth": 2}}, {"knn": {"n_neighbors": 3}}]
    told = small({**BARE, "preprocessings": {}, "classifiers": models})["classifiers"]
    few = [{"random_forest": {"n_estimators": 20}}, {"xgboost": {"max_depth": 2, "n_estimators": 30}}]
    assert told == ["logistic", *few, {"knn": {"n_neighbors": 3}}]
    assert small({**BARE, "preprocessings": {}, "classifiers": "all"})["classifiers"] == "all"
    for name, params in FEW.items():
        build(name, seed=0, params=params)
