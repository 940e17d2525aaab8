"""The small size of a published pipeline: the same steps, models and designs, on fewer cases, features and trials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CASES, FEATURES, REREADS = 90, 30, 20
FOLDS, REPEATS, TRIALS, DRAWS, PERMUTATIONS = 3, 2, 2, 200, 99


def small(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the file of a pipeline says, at a size that runs in seconds."""
    told = {**data, "study": {**data["study"], "shape": small_shape(data["study"]["shape"])}}
    if "harmonization" in data:
        audit = data["harmonization"] or {}
        return told | {"harmonization": audit | {"permutations": PERMUTATIONS, "folds": FOLDS}}
    splits = data.get("splits") or {}
    every = [_split(one) for one in (splits if isinstance(splits, list) else [splits])]
    tuning = {**(data.get("tuning") or {}), "trials": TRIALS, "inner_folds": 2}
    return told | {
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
