"""A small simulated run: what ``analyse`` takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.predictions import FAILURES

STATISTICS = {
    "level": 0.95,
    "reference": "clinical",
    "threshold": "youden",
    "adjust": "holm",
    "decision_range": [0.05, 0.6],
    "tests": ["idi"],
    "draws": 100,
}


@dataclass(frozen=True)
class Run:
    """The arguments of ``analyse``."""

    run: dict[str, Any]
    predictions: pd.DataFrame
    training_predictions: pd.DataFrame
    selections: pd.DataFrame
    failures: pd.DataFrame

    def with_predictions(self, predictions: pd.DataFrame) -> Run:
        return replace(self, predictions=predictions)

    def arguments(self) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return self.run, self.predictions, self.training_predictions, self.selections, self.failures


MakeRun = Callable[..., Run]


@pytest.fixture(scope="session")
def make_run() -> MakeRun:
    return simulate


def simulate(
    *,
    seed: int = 0,
    n: int = 90,
    repeats: int = 2,
    folds: int = 3,
    sets: tuple[str, ...] = ("clinical", "HRF", "DRF"),
    classifiers: tuple[str, ...] = ("lr", "rf"),
    cases_per_patient: int = 1,
    classes: tuple[str, ...] = ("no", "yes"),
    external: int = 0,
) -> Run:
    """Cross-validation ``cv``; with ``external`` cases also a design ``roles`` with the roles internal and external."""
    rng = np.random.default_rng(seed)
    patient = np.arange(n) // cases_per_patient
    y = rng.permutation(np.arange(patient.max() + 1) % (len(classes) + 1) % len(classes))[patient]
    names = np.array([f"c{number:04d}" for number in range(n)])
    signal = y + rng.normal(0, 1, patient.max() + 1)[patient] + rng.normal(0, 0.5, (len(sets), n))
    tables: dict[str, list[pd.DataFrame]] = {"held": [], "training": [], "kept": []}
    recipes = [(s, p, c) for s in sets for p in ("plain",) for c in classifiers]
    for repeat in range(repeats):
        fold = rng.permutation(np.arange(patient.max() + 1) % folds)[patient]
        for number, recipe in enumerate(recipes):
            raw = signal[number // len(classifiers)] + rng.normal(0, 1, n)
            for f in range(folds):
                _add(tables, ("cv", *recipe, repeat, f), "out-of-fold", names, patient, y, raw, fold == f, classes)
    if external:
        for number, recipe in enumerate(recipes):
            raw = signal[number // len(classifiers)] + rng.normal(0, 1, n)
            part = np.where(np.arange(n) < n - 2 * external, 0, np.where(np.arange(n) < n - external, 1, 2))
            for role, code in (("internal", 1), ("external", 2)):
                training = {"held": tables["held"], "training": tables["training"] if code == 1 else [], "kept": []}
                where = (("roles", *recipe, 0, 0), role, names, patient, y, raw, part == code, classes)
                _add(training, *where, train=part == 0)
    held = pd.concat(tables["held"], ignore_index=True)
    blocks = {name: {"blocks": ["clinical", name] if name == "HRF" else [name]} for name in sets}
    run = {"classes": list(classes), "positive": classes[-1], "statistics": STATISTICS, "feature_sets": blocks}
    return Run(
        run,
        held,
        pd.concat(tables["training"], ignore_index=True),
        pd.concat(tables["kept"], ignore_index=True),
        pd.DataFrame(columns=FAILURES),
    )


def _add(
    tables: dict[str, list[pd.DataFrame]],
    place: tuple[Any, ...],
    role: str,
    names: np.ndarray,
    patient: np.ndarray,
    y: np.ndarray,
    raw: np.ndarray,
    test: np.ndarray,
    classes: tuple[str, ...],
    train: np.ndarray | None = None,
) -> None:
    keys = dict(zip(["design", "feature_set", "preprocessing", "classifier", "repeat", "fold"], place, strict=True))
    fit = ~test if train is None else train

    def rows(chosen: np.ndarray, extra: dict[str, str], score: np.ndarray) -> pd.DataFrame:
        odds = np.exp(-np.abs(score[chosen, None] - np.arange(len(classes))) * 1.5)
        share = odds / odds.sum(1, keepdims=True)
        columns = {f"score_{label}": share[:, code] for code, label in enumerate(classes)}
        who = {"case": names[chosen], "patient": [f"p{number}" for number in patient[chosen]]}
        return pd.DataFrame({**keys, **extra, **who, "y_true": np.array(classes)[y[chosen]], **columns})

    tables["held"].append(rows(test, {"role": role}, raw))
    tables["training"].append(rows(fit, {"side": "inner"}, raw))
    tables["training"].append(rows(fit, {"side": "train"}, (raw + 2 * y) / 2))
    unit = {key: value for key, value in keys.items() if key != "classifier"}
    features = [f"f{number}" for number in range(1 + place[-1])]
    tables["kept"].append(pd.DataFrame({**unit, "block": "CT", "feature": features}))
