"""Recalibration of probabilities inside folds: learnt from training-side scores, applied to that fold's held-out ones.

    platt      logit q = a + b logit p, fitted to (N1 + 1)/(N1 + 2) for positive cases and 1/(N0 + 2) for negative ones
    intercept  logit q = a + logit p, fitted to y: only the mean moves (another prevalence), ranks and slope stay
    isotonic   q = the rising step function with the least squared error, straight between its steps, flat outside

Recalibration has parameters, so it is part of the model. Learnt from the rows on which it is judged it makes every
model look calibrated. ``recalibrate`` therefore takes, for each place (design, recipe, repeat, fold), the training
predictions of the side ``inner``: training rows, each scored by a model that did not see it. Scores of the side
``train`` are too extreme for that, and are not used. No outcome of a held-out row is ever read.

Platt's targets keep b finite where the classes are separated. p is kept 1e-4 away from 0 and 1, else the logits of a
forest's unanimous votes would decide the line alone; scikit-learn's ``sigmoid`` uses p itself in place of logit p, its
``isotonic`` is the same as this one.

Source: Platt (1999), Advances in Large Margin Classifiers, 61, eq. 3-5; logit scale and intercept alone: Steyerberg
(2019), Clinical Prediction Models, 20.3; isotonic: Zadrozny, Elkan (2002), KDD 8:694.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import optimize, special

from benchmark.errors import ConfigError, DataError, first_of, unknown
from benchmark.predictions import PLACE, classes_of, score_column
from benchmark.statistics.grouping import number_rows
from benchmark.statistics.logistic import fit_logistic

Method = Literal["platt", "intercept", "isotonic"]
NEAREST = 1e-4


@dataclass(frozen=True)
class LogitLine:
    """``intercept`` and ``slope`` on the logit scale."""

    intercept: float
    slope: float

    def apply(self, score: np.ndarray) -> np.ndarray:
        """Recalibrated probabilities of ``score`` (n_cases,) in [0, 1]."""
        return np.asarray(special.expit(self.intercept + self.slope * clipped_logit(score)))


@dataclass(frozen=True, eq=False)
class RisingSteps:
    """The ``level`` (m,) that belongs to each ``score`` (m,) seen in training, both rising."""

    score: np.ndarray
    level: np.ndarray

    def apply(self, score: np.ndarray) -> np.ndarray:
        """Recalibrated probabilities of ``score`` (n_cases,) in [0, 1]."""
        return np.interp(score, self.score, self.level)


Recalibration = LogitLine | RisingSteps


def fit_recalibration(y: np.ndarray, score: np.ndarray, method: Method) -> Recalibration:
    """What ``method`` learns from training-side ``score`` (n_cases,) in [0, 1] and ``y`` (n_cases,), 1 for positive. It
    makes NaN of every score if it saw one class or a NaN; a constant score becomes the (by Platt smoothed) prevalence,
    by all methods."""
    if method not in get_args(Method):
        raise ConfigError(unknown("recalibration", method, get_args(Method)), path=("statistics", "recalibration"))
    event = (y == 1).astype(float)
    if not 0 < event.sum() < len(event) or np.isnan(score).any():
        return LogitLine(np.nan, np.nan)
    if method == "isotonic":
        return _rising_steps(event, score)
    logit, ones = clipped_logit(score), np.ones((len(score), 1))
    if method == "intercept":
        return LogitLine(float(fit_logistic(ones, event, offset=logit).coefficients[0]), 1.0)
    n_positive, n_negative = event.sum(), (1 - event).sum()
    target = np.where(event == 1, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    if np.ptp(logit) == 0:
        return LogitLine(float(special.logit(target.mean())), 0.0)
    found = fit_logistic(np.column_stack([ones, logit]), target).coefficients
    return LogitLine(float(found[0]), float(found[1]))


def recalibrate(training_predictions: pd.DataFrame, predictions: pd.DataFrame, method: Method) -> pd.DataFrame:
    """``predictions`` (columns of ``PREDICTIONS``) with the two scores of each place recalibrated by what ``method``
    learns from the ``inner`` rows of ``training_predictions`` at the same place; everything else is as it was. NaN at
    a place whose inner rows have one class. ``DataError`` for more than two classes, for a place without inner rows,
    and for a held-out case (or another case of its patient) among its own inner rows."""
    classes = classes_of(predictions)
    if len(classes) != 2:
        raise DataError(f"recalibration: {len(classes)} classes ({', '.join(classes)}), expected two")
    inner = training_predictions[(training_predictions["side"] == "inner").to_numpy(bool)]
    learnt_from, held_out = _places(inner), _places(predictions)
    missing = [place for place in held_out if place not in learnt_from]
    if missing:
        raise DataError(
            f"recalibration: no inner training predictions for {first_of(_named(place) for place in missing)}"
        )
    _check_apart(inner, learnt_from, predictions, held_out)
    outcome = (inner["y_true"].astype(str) == classes[1]).to_numpy(np.int64)
    seen, given = (table[score_column(classes[1])].to_numpy(float) for table in (inner, predictions))
    found = np.empty(len(predictions))
    for place, rows in held_out.items():
        own = learnt_from[place]
        found[rows] = fit_recalibration(outcome[own], seen[own], method).apply(given[rows])
    return predictions.assign(**{score_column(classes[1]): found, score_column(classes[0]): 1 - found})


def _rising_steps(event: np.ndarray, score: np.ndarray) -> RisingSteps:
    distinct, number = np.unique(score, return_inverse=True)
    count = np.bincount(number)
    mean = np.bincount(number, weights=event) / count
    return RisingSteps(distinct, optimize.isotonic_regression(mean, weights=count).x)


def clipped_logit(score: np.ndarray) -> np.ndarray:
    """The logits of ``score``, which is kept ``NEAREST`` away from 0 and 1."""
    return np.asarray(special.logit(np.clip(score, NEAREST, 1 - NEAREST)))


def _places(table: pd.DataFrame) -> dict[tuple[Any, ...], np.ndarray]:
    """The positions of the rows of each place."""
    numbers, places = number_rows(table, PLACE)
    ends = np.cumsum(np.bincount(numbers, minlength=len(places)))
    return dict(zip(places, np.split(np.argsort(numbers, kind="stable"), ends[:-1]), strict=True)) if places else {}


def _named(place: tuple[Any, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(PLACE, place, strict=True))


def _check_apart(
    inner: pd.DataFrame,
    learnt_from: dict[tuple[Any, ...], np.ndarray],
    predictions: pd.DataFrame,
    held_out: dict[tuple[Any, ...], np.ndarray],
) -> None:
    """Raise ``DataError`` if a case or a patient is on both sides of a place."""
    for column in ("case", "patient"):
        codes, names = pd.factorize(pd.concat([inner[column], predictions[column]]).astype(object))
        training, tested = codes[: len(inner)], codes[len(inner) :]
        for place, rows in held_out.items():
            both = np.intersect1d(training[learnt_from[place]], tested[rows])
            both = both[both >= 0]  # a missing name is nobody's
            if len(both):
                raise DataError(
                    f"recalibration: {column}s held out and among the inner training rows of {_named(place)}: "
                    f"{first_of(names[both])}"
                )
