"""How much a measure varies over folds and over repeats: what papers print as mean and SD.

    over folds    mean, SD (n - 1), lowest and highest of the values of all folds of all repeats
    over repeats  the same of one value per repeat: the mean AUC of its folds; sensitivity, specificity and accuracy
                  of all its cases together, each fold at its own threshold

It describes; it is no inference. Folds share training rows and repeats share their cases, so SD/sqrt(n) is not the
standard error of the mean, and no unbiased one exists.

Source: Bengio and Grandvalet (2004), Journal of Machine Learning Research 5:1089.
"""

from __future__ import annotations

import pandas as pd

from benchmark.estimates import SPREAD
from benchmark.predictions import OUT_OF_BAG, RECIPE

FOLDS, REPEATS = "folds", "repeats"
MODEL = ["design", "role", *RECIPE]
MEASURES = ("auc", "sensitivity", "specificity", "accuracy")
NUMBERS = ["mean", "sd", "lowest", "highest"]


def spread(fold_scores: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``SPREAD``: over folds where a repeat has several, over repeats where there are several. NaN for a model
    with an undefined value; nothing of a measure that no fold has (leave-one-out), nor of draws of a bootstrap."""
    folds = fold_scores[fold_scores["role"] != OUT_OF_BAG]
    crossed = folds.groupby([*MODEL, "repeat"])["fold"].transform("size") > 1
    repeated = folds.groupby(MODEL)["repeat"].transform("nunique") > 1
    varying = {FOLDS: folds[crossed], REPEATS: _by_repeat(folds[repeated])}
    tables = [_varies(values, measure, over) for over, values in varying.items() for measure in MEASURES]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True)[SPREAD] if filled else pd.DataFrame(columns=SPREAD)


def _by_repeat(folds: pd.DataFrame) -> pd.DataFrame:
    """One row per model and repeat. Each fold counts for as much as it has cases of those that a measure is about."""
    negative = folds["n_cases"] - folds["n_events"]
    alike = pd.Series(1.0, folds.index)
    about = {"auc": alike, "sensitivity": folds["n_events"], "specificity": negative, "accuracy": folds["n_cases"]}
    repeats = [folds[column] for column in (*MODEL, "repeat")]
    found = {}
    for measure, cases in about.items():
        weighed = (folds[measure] * cases).groupby(repeats, sort=False)
        counted = cases.where(folds[measure].notna()).groupby(repeats, sort=False)
        found[measure] = (weighed.sum() / counted.sum()).where(weighed.count() == weighed.size())
    return pd.DataFrame(found).reset_index()


def _varies(values: pd.DataFrame, measure: str, over: str) -> pd.DataFrame:
    """Of one measure, in the designs and roles of which some model has it."""
    known = values[measure].notna().groupby([values["design"], values["role"]]).transform("any")
    by_model = values[known].groupby(MODEL, sort=False)[measure]
    told = by_model.agg(n="size", mean="mean", sd="std", lowest="min", highest="max")
    told[NUMBERS] = told[NUMBERS].where(by_model.count() == told["n"])
    return told.reset_index().assign(measure=measure, over=over)
