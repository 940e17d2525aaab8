"""What each model's own training rows say: its threshold, and its AUC on the rows it was fitted on (for the
optimism)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from benchmark.errors import DataError
from benchmark.metrics.roc_auc import roc_auc
from benchmark.predictions import PLACE, TRAINING_PREDICTIONS, score_column
from benchmark.statistics.grouping import number_rows
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.multiclass import macro_auc
from benchmark.statistics.thresholds import Rule, choose_threshold

PerModel = dict[tuple[Any, ...], float]
"""A number per place (design, recipe, repeat, fold)."""


@dataclass(frozen=True)
class Trained:
    """``thresholds`` and ``aucs`` of the models, and by design how many different cases and events they trained on."""

    thresholds: PerModel
    aucs: PerModel
    sizes: dict[str, tuple[int, int]]


NOTHING_TRAINED = Trained({}, {}, {})
"""What is known of models whose training rows are not looked at."""


def trained_of(training: pd.DataFrame, positive: str, rule: Rule) -> Trained:
    """Thresholds by ``rule`` from the ``inner`` rows (none if it says the value), AUCs from the ``train`` rows."""
    chosen = partial(choose_threshold, rule=rule)
    return Trained(
        thresholds={} if rule.kind == "value" else per_model(training, "inner", positive, chosen),
        aucs=per_model(training, "train", positive, roc_auc),
        sizes=training_sizes(training, positive),
    )


def per_model(
    training: pd.DataFrame,
    side: Literal["inner", "train"],
    positive: str,
    function: Callable[[np.ndarray, np.ndarray], float],
) -> PerModel:
    """``function(y, score)`` of each model's rows of one side; ``y`` is 1 for the ``positive`` class."""
    return {
        place: function((codes == 0).astype(np.int64), scores[:, 0])
        for place, codes, scores in rows_of_models(training, side, [positive])
    }


def rows_of_models(
    training: pd.DataFrame, side: Literal["inner", "train"], classes: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], np.ndarray, np.ndarray]]:
    """Each model's place, the codes of its rows of one side among ``classes`` (-1: none of them), (n_rows,), and their
    scores, (n_rows, n_classes)."""
    columns = [score_column(label) for label in classes]
    missing = [name for name in [*TRAINING_PREDICTIONS, *columns] if name not in training.columns]
    if missing:
        raise DataError(f"training predictions: no column '{missing[0]}'. Found: {', '.join(training.columns)}")
    rows = training[(training["side"] == side).to_numpy(bool)]
    numbers, places = number_rows(rows, PLACE)
    order = np.argsort(numbers, kind="stable")
    outcomes, labels = pd.factorize(rows["y_true"])
    code_of = np.array([classes.index(str(label)) if str(label) in classes else -1 for label in labels], np.int64)
    codes = code_of[outcomes][order]
    scores = rows[columns].to_numpy(float)[order]
    ends = np.cumsum(np.bincount(numbers, minlength=len(places)))
    starts = ends - np.diff(ends, prepend=0)
    for place, start, end in zip(places, starts, ends, strict=True):
        yield place, codes[start:end], scores[start:end]


def training_sizes(training: pd.DataFrame, positive: str) -> dict[str, tuple[int, int]]:
    """How many different cases each design trained on, and how many of them are ``positive``."""
    cases = pd.DataFrame(number_rows(training, ["design", "case", "y_true"])[1], columns=["design", "case", "y_true"])
    found = {}
    for design, rows in cases.groupby("design", sort=False):
        found[str(design)] = (len(rows), int((rows["y_true"].astype(str) == positive).sum()))
    return found


def macro_aucs_of_models(training: pd.DataFrame, classes: Sequence[str]) -> PerModel:
    """The macro AUC of each model of several classes on the rows it was fitted on."""
    rows = rows_of_models(training, "train", classes)
    return {place: float(macro_auc(codes, scores[:, None]).estimate[0]) for place, codes, scores in rows}


def mean_on_folds(held: HeldOut, numbers: PerModel) -> np.ndarray:
    """The mean over the models that made the held-out predictions, (k,); NaN if one has none."""
    by_fold = on_folds(held, numbers)
    return np.mean([by_fold[place] for place in held.places], axis=0)


def on_folds(held: HeldOut, numbers: PerModel) -> np.ndarray:
    """The numbers of the models that made the held-out predictions, (n_repeats, n_folds, k); NaN where there is
    none."""
    found = np.full((len(held.repeats), len(held.folds), len(held.recipes)), np.nan)
    for k, recipe in enumerate(held.recipes):
        for r, repeat in enumerate(held.repeats):
            for f, fold in enumerate(held.folds):
                found[r, f, k] = numbers.get((held.design, *recipe, repeat, fold), np.nan)
    return found
