"""The small size of a published pipeline: the same steps, models and designs, on fewer cases, features and trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmark.choices import CHOOSE

CASES, FEATURES, REREADS = 90, 30, 20
FOLDS, REPEATS, TRIALS, DRAWS, PERMUTATIONS = 3, 2, 2, 200, 99
PATHS = ("lasso", "elastic_net", "score")
PENALTIES = 20
"""Of the steps that follow a path of penalties, of which each fit of ``score`` has many."""
FEW: dict[str, dict[str, int]] = {
    "random_forest": {"n_estimators": 20},
    "extra_trees": {"n_estimators": 20},
    "adaboost": {"n_estimators": 20},
    "gradient_boosting": {"n_estimators": 30},
    "xgboost": {"n_estimators": 30},
    "lightgbm": {"n_estimators": 30},
    "catboost": {"iterations": 30},
    "mlp": {"max_iter": 100},
}
"""Trees and rounds of the classifiers that have many."""


def small(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the file of a pipeline says, at a size that runs in seconds."""
    told = {**data, "study": {**data["study"], "shape": small_shape(data["study"]["shape"])}}
    told["preprocessings"] = {name: _short_paths(items) for name, items in data["preprocessings"].items()}
    if "harmonization" in data:
        audit = data["harmonization"] or {}
        return told | {"harmonization": audit | {"permutations": PERMUTATIONS, "folds": FOLDS}}
    splits = data.get("splits") or {}
    every = [_split(one) for one in (splits if isinstance(splits, list) else [splits])]
    tuning = {**(data.get("tuning") or {}), "trials": TRIALS, "inner_folds": FOLDS}
    return told | {
        "classifiers": data["classifiers"] if data["classifiers"] == "all" else list(map(_quick, data["classifiers"])),
        "splits": every,
        "tuning": tuning,
        "statistics": {**(data.get("statistics") or {}), "draws": DRAWS},
    }


def small_shape(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The shape with its counts in proportion."""
    n = min(int(shape["cases"]), CASES)
    told = {**shape, "cases": n, "rereads": min(int(shape.get("rereads", REREADS)), REREADS)}
    told["features"] = {
        name: min(columns, FEATURES) if isinstance(columns, int) else columns
        for name, columns in shape["features"].items()
    }
    if "patients" in shape:
        told["patients"] = max(min(30, int(shape["patients"])), round(shape["patients"] * n / shape["cases"]))
    for key in ("centres", "roles"):
        if key in shape:
            told[key] = _in_proportion(shape[key], n)
    if "classes" in shape:
        told["classes"] = {column: _in_proportion(counts, n) for column, counts in shape["classes"].items()}
    return told


def _quick(item: Any) -> Any:
    name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
    return {name: {**(given or {}), **FEW[name]}} if name in FEW else item


def _short_paths(items: Sequence[Any]) -> list[Any]:
    """The steps of a list, those of every level of a choice included, with paths of few penalties and folds."""
    return [_short_path(item) for item in items]


def _short_path(item: Any) -> Any:
    name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
    if name == CHOOSE:
        return {
            CHOOSE: {
                factor: {level: _short_paths(steps) for level, steps in levels.items()}
                for factor, levels in given.items()
            }
        }
    return {name: {**(given or {}), "n_lambdas": PENALTIES, "folds": FOLDS}} if name in PATHS else item


def _in_proportion(counts: Mapping[Any, int], n: int) -> dict[Any, int]:
    """Counts that sum to n, each at least a sixth of its fair part; what is over or missing goes to the largest."""
    least = max(2, n // (6 * len(counts)))
    found = {name: max(least, round(count * n / sum(counts.values()))) for name, count in counts.items()}
    largest = max(found, key=lambda name: found[name])
    found[largest] += n - sum(found.values())
    return found


def _split(said: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(said)
    if told.get("kind", "kfold") == "kfold":
        told["folds"] = min(told.get("folds", 5), FOLDS)
    if told.get("kind", "kfold") in ("kfold", "holdout", "shuffle_split"):
        told["repeats"] = min(told.get("repeats", 10 if told.get("kind") == "shuffle_split" else 1), REPEATS)
    if told.get("kind") == "bootstrap":
        told["repeats"] = min(told.get("repeats", 100), 10)
    return told
