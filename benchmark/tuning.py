"""Tuning: hyperparameters of one classifier, searched on fixed inner folds whose matrices are shared.

The steps before the classifier have been fitted once per inner fold; every classifier and every trial starts from those
matrices, so the result is that of the plain nested search over whole pipelines at a fraction of its work.
A new study per outer training set, seeded by names, never reused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from sklearn.base import BaseEstimator

from benchmark.errors import BenchmarkError
from benchmark.metrics.roc_auc import roc_auc

SamplerName = Literal["tpe", "random"]
Builder = Callable[[Mapping[str, Any]], BaseEstimator]


@dataclass(frozen=True)
class InnerFold:
    """The matrices of one inner fold: (n, k) float64 and (n,) class codes; ``positions`` of the validation rows within
    the outer training rows."""

    train: np.ndarray
    y_train: np.ndarray
    valid: np.ndarray
    y_valid: np.ndarray
    positions: np.ndarray


@dataclass(frozen=True)
class Trial:
    """One candidate: its parameters, mean AUC over the inner folds (NaN if it failed), seconds, and why it failed."""

    params: Mapping[str, Any]
    score: float
    seconds: float
    failure: str = ""


@dataclass(frozen=True)
class Search:
    """The trials, which one won (the first of the highest mean inner AUC), and its probabilities of the training rows,
    each predicted by the inner fold that left it out: (n_train, n_classes)."""

    trials: tuple[Trial, ...]
    best: int
    inner_scores: np.ndarray

    @property
    def params(self) -> Mapping[str, Any]:
        """The winning hyperparameters."""
        return self.trials[self.best].params

    @property
    def score(self) -> float:
        """The winning mean inner AUC."""
        return self.trials[self.best].score


def search(
    build: Builder,
    space: Mapping[str, BaseDistribution],
    folds: Sequence[InnerFold],
    *,
    n_trials: int,
    n_classes: int,
    seed: int,
    sampler: SamplerName = "tpe",
    candidates: Sequence[Mapping[str, Any]] = (),
) -> Search:
    """The best of ``n_trials`` candidates. ``candidates`` are tried first, as they are. An empty space is one trial.

    Raises ``BenchmarkError`` with the first reason if every candidate fails.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=_sampler(sampler, seed))
    trials: list[Trial] = []
    seen: dict[str, Trial] = {}
    best, best_scores = -1, np.empty(0)
    for number in range(n_trials if space or candidates else 1):
        if number < len(candidates):
            ticket, params = None, dict(candidates[number])
        else:
            ticket = study.ask(dict(space))
            params = ticket.params
        key = json.dumps(params, sort_keys=True)
        scores = None
        if key in seen:  # the same candidate again has the same score
            trial = seen[key]
        else:
            trial, scores = _evaluate(build, params, folds, n_classes)
            seen[key] = trial
        if ticket is not None:
            _tell(study, ticket, trial)
        if scores is not None and (best < 0 or trial.score > trials[best].score):
            best, best_scores = number, scores
        trials.append(trial)
    if best < 0:
        raise BenchmarkError(f"all {len(trials)} candidates failed, the first with: {trials[0].failure}")
    return Search(tuple(trials), best, best_scores)


def probabilities(estimator: BaseEstimator, X: np.ndarray, n_classes: int) -> np.ndarray:
    """Class probabilities, (n, n_classes), with zeros for a class that the training rows did not have."""
    found = np.asarray(estimator.predict_proba(X), float)
    classes = np.asarray(estimator.classes_, int)
    if found.shape[1] == n_classes:
        return found
    full = np.zeros((len(X), n_classes))
    full[:, classes] = found
    return full


def mean_auc(y: np.ndarray, scores: np.ndarray) -> float:
    """AUC of the positive class, or the mean of one class against the rest over the classes present."""
    if scores.shape[1] == 2:
        return roc_auc(y, scores[:, 1])
    return float(np.nanmean([roc_auc((y == code).astype(int), scores[:, code]) for code in range(scores.shape[1])]))


def _evaluate(
    build: Builder, params: Mapping[str, Any], folds: Sequence[InnerFold], n_classes: int
) -> tuple[Trial, np.ndarray | None]:
    start = time.perf_counter()
    scores = np.full((sum(len(fold.positions) for fold in folds), n_classes), np.nan)
    aucs = []
    try:
        for fold in folds:
            estimator = build(params).fit(fold.train, fold.y_train)
            scores[fold.positions] = probabilities(estimator, fold.valid, n_classes)
            if not np.isfinite(scores[fold.positions]).all():
                raise FloatingPointError("the predicted probabilities are not finite")
            aucs.append(mean_auc(fold.y_valid, scores[fold.positions]))
    except Exception as error:  # a candidate that cannot be fitted is a row with a reason, not the end of the run
        return Trial(params, float("nan"), time.perf_counter() - start, f"{type(error).__name__}: {error}"), None
    seconds = time.perf_counter() - start
    if not np.isfinite(aucs).all():
        return Trial(params, float("nan"), seconds, "an inner fold has one class: no AUC"), None
    return Trial(params, float(np.mean(aucs)), seconds), scores


def _tell(study: optuna.Study, ticket: optuna.trial.Trial, trial: Trial) -> None:
    if trial.failure:
        study.tell(ticket, state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(ticket, trial.score)


def _sampler(name: SamplerName, seed: int) -> optuna.samplers.BaseSampler:
    if name == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed, n_startup_trials=10)
