"""The waist: long tables on disk between making predictions and reading them.

Everything below the waist reads these tables and nothing else, so tables and figures are redone without refitting,
and a network trained elsewhere joins as rows of ``predictions``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of

RECIPE = ["feature_set", "preprocessing", "classifier"]
"""What names a model: a recipe of a run."""

PLACE = ["design", *RECIPE, "repeat", "fold"]
"""Where a fitted model stands: one model per place."""

PREDICTIONS = [*PLACE, "role", "case", "patient", "y_true"]
"""``predictions.parquet``: held-out rows only. ``role`` is ``out-of-fold`` (cross-validation), ``test`` (hold-out),
``internal`` or ``external`` (predefined roles), ``out-of-bag`` or ``apparent`` (bootstrap); see also
``benchmark.case_sets``. Then one column ``score_<class>`` per class, a probability. ``y_true`` is the class as
text."""

TRAINING_PREDICTIONS = [*PLACE, "side", "case", "patient", "y_true"]
"""``training_predictions.parquet``: the training rows of each model. ``side`` is ``inner`` (out-of-fold within the
training rows, under the chosen hyperparameters: for thresholds) or ``train`` (the fitted model on its own training
rows: for the optimism). Then the score columns."""

TRIALS = [*PLACE, "trial", "params", "score", "chosen", "seconds"]
"""``trials.parquet``: each hyperparameter candidate, its mean inner AUC, and whether it won. ``params`` is JSON."""

SELECTIONS = ["design", "feature_set", "preprocessing", "repeat", "fold", "block", "feature"]
"""``selections.parquet``: one row per feature that reached the classifier in an outer fold."""

CORRELATIONS = ["block", "feature", "other_block", "other_feature", "correlation"]
"""Pairs of features that some model selected and that are correlated over all rows: to describe selections, never to
select."""

TIMINGS = [*PLACE, "stage", "seconds"]
"""``timings.parquet``: ``stage`` is ``steps``, ``tuning`` or ``refit``. Steps are shared: classifier is empty there."""

POLICIES = ["design", "feature_set", "preprocessing", "repeat", "fold", "step", "side", "batch", "policy", "rows"]
"""``policies.csv``: how many training and test rows each step treated in which declared way (a batch unseen in
training, a batch too small)."""

FITS = ["design", "feature_set", "preprocessing", "repeat", "fold", "inner_fold", "step", "n_cases", "cases"]
"""``fits.csv``: which cases each step was fitted on, as their number and a hash of their names; ``inner_fold`` is 0 for
the outer training rows, else the number of the fold that was left out."""

COEFFICIENTS = [*PLACE, "class", "block", "feature", "value"]
"""``coefficients.parquet``: of linear models, on the scale of the features that reached the classifier, towards the
class (the positive one of two)."""

ATTRIBUTIONS = [*PLACE, "case", "class", "block", "feature", "value", "original", "shap", "base", "scale"]
"""``attributions.parquet``: SHAP values of the tested cases by each model that was asked to be explained; ``value``:
of the feature as it reached the classifier, ``original``: in its table, if it has one (of a level 0 or 1); ``base`` and
``shap`` are on the ``scale`` (probability or log-odds)."""

NOMOGRAMS = [*PLACE, "class", "n_cases", "block", "feature", "level", "coefficient", "intercept", "offset", "slope",
             "low", "high", "unit"]  # fmt: skip
"""``nomograms.parquet``: of each model that is shown as a nomogram, one row per feature, or per level of a feature that
has few. Its log-odds of the class are ``intercept`` + sum of ``coefficient`` (``offset`` + ``slope`` x), x being the
feature in ``unit``: empty for that of its table, else the title of the step that gave it. ``low`` and ``high``: the
range of x over the ``n_cases`` training rows; a level adds its ``coefficient``, and has neither slope nor range."""

REMARKS = ["design", "feature_set", "preprocessing", "repeat", "fold", "step", "remark"]
"""``remarks.csv``: what a step had to tell of its fit on outer training rows (nothing was left to select, ...)."""

FUSIONS = [*PLACE, "part", "weight", "inner_auc", "apparent_auc"]
"""``fusions.csv``: the weight of each part of a fusion or ensemble, and the AUC of what was learned from the inner
predictions: cross-fitted (``inner_auc``), and on the very rows it was learned from (``apparent_auc``)."""

SCORES = ["design", "feature_set", "preprocessing", "repeat", "fold", "side", "case", "patient", "y_true", "block",
          "name", "score"]  # fmt: skip
"""``scores.parquet``: the rad-score or deep-score of each block and case; ``side`` is ``test`` or ``train``. ``name``:
``score``, or of several classes ``score 0``, ``score 1`` ..., each against the rest."""

VALUES = ["case", "block", "feature", "kind", "value", "level"]
"""``values.parquet``: what is described of the cohort, as it was read, before any step. ``kind`` is ``numeric``,
``categorical`` (``level`` is the text) or ``ordinal`` (``value`` is the rank of the ``level``)."""

DESCRIBED_CASES = ["design", "side", "case", "patient", "y_true", "centre"]
"""``cases.parquet``: all cases under the design ``""``, and by their ``side`` under each design with one split."""

PROJECTIONS = ["projection", "feature_set", "case", "x", "y", "x_share", "y_share"]
"""``projections.parquet``: pictures of all cases that were made without the outcome; the shares of the variance are
those of principal components."""

FAILURES = [*PLACE, "reason"]
"""``failures.csv``: a model that could not be fitted, and why."""

FOLLOW_UP = ["case", "time", "event"]
"""``follow_up.csv``: of cases with a known follow-up, the time and whether it ended with the event (1) or not (0)."""

SUBGROUPS = ["case", "subgroup", "level"]
"""``subgroups.csv``: the level of each case in each subgroup by which results are told."""

OUT_OF_FOLD, OUT_OF_BAG, APPARENT = "out-of-fold", "out-of-bag", "apparent"
"""Roles of predicted cases under cross-validation, and under a bootstrap: of the cases that were not drawn, and of all
cases by the model that was fitted on all of them."""

ALL_CASES = "all cases"
"""In the place of a design: the model of a recipe that was fitted on all cases to be shown, and tested on none."""

CENTRE = "centre"
"""Optional column of the predictions: the batch (centre, scanner) of the case."""

CHOSEN_INSIDE = "chosen inside"
"""The arm whose classifier (or preprocessing) was picked by the inner loop: the honest answer to "best of N"."""

SCORE = "score_"


def score_column(label: str) -> str:
    """The column that holds the probability of a class."""
    return SCORE + label


def classes_of(predictions: pd.DataFrame) -> list[str]:
    """The classes that have a score column, in order; the positive class of a binary outcome is last."""
    return [column.removeprefix(SCORE) for column in predictions.columns if column.startswith(SCORE)]


def label_of(feature_set: str, preprocessing: str, classifier: str) -> str:
    """One name for a recipe, as the comparisons use it; a model that came from elsewhere has no other parts."""
    return " | ".join(part for part in (feature_set, preprocessing, classifier) if part)


def check_predictions(predictions: pd.DataFrame) -> None:
    """Raise ``DataError`` unless the table keeps the promises of the waist: the columns are there, no case is predicted
    twice by a model of one repeat, scores are probabilities, a case has one outcome, and all recipes of a
    design and repeat predict the same cases."""
    missing = [column for column in PREDICTIONS if column not in predictions.columns]
    if missing:
        raise DataError(f"predictions: no column {missing[0]!r}. Expected: {', '.join(PREDICTIONS)}, score_<class> ...")
    scores = predictions[[score_column(label) for label in classes_of(predictions)]].to_numpy(float)
    if scores.shape[1] < 2:
        raise DataError("predictions: fewer than two score_<class> columns")
    bad = ~np.isfinite(scores).all(1) | (scores < 0).any(1) | (scores > 1).any(1)
    if bad.any():
        raise DataError(f"predictions: scores outside [0, 1] for cases: {first_of(predictions['case'][bad])}")
    key = ["design", *RECIPE, "repeat", "role", "case"]
    repeats = predictions.duplicated(key)
    if repeats.any():
        raise DataError(f"predictions: predicted twice by one model: {first_of(predictions['case'][repeats])}")
    outcomes = predictions.groupby("case", observed=True)["y_true"].nunique()
    if (outcomes > 1).any():
        raise DataError(f"predictions: two outcomes for cases: {first_of(outcomes.index[outcomes > 1])}")
    _check_same_cases(predictions)


def _check_same_cases(predictions: pd.DataFrame) -> None:
    """Raise ``DataError`` if recipes of one design, repeat and role predict different cases."""
    for place, part in predictions.groupby(["design", "repeat", "role"], observed=True):
        cases = {
            label_of(*map(str, recipe)): frozenset(rows["case"]) for recipe, rows in part.groupby(RECIPE, observed=True)
        }
        first = next(iter(cases))
        for label, found in cases.items():
            if found != cases[first]:
                odd = first_of(sorted(found ^ cases[first]))
                raise DataError(f"predictions: {label} and {first} predict different cases in {place}: {odd}")
