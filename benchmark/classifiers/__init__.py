"""The classifiers that an experiment may name, and how one is built."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Literal

from optuna.distributions import BaseDistribution
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.multiclass import OneVsRestClassifier

from benchmark.classifiers.balanced_weights import BalancedWeights
from benchmark.classifiers.menu import CLASSIFIERS, WORDS
from benchmark.errors import ConfigError, unknown

__all__ = ["CLASSIFIERS", "BalancedWeights", "ClassWeight", "balanced", "build", "of_classes", "space_of"]

ClassWeight = Literal["none", "balanced"]


def build(name: str, *, seed: int, params: Mapping[str, Any] | None = None) -> BaseEstimator:
    """The unfitted estimator of a menu entry with these parameters.

    Raises ``ConfigError`` for an unknown classifier, parameter, or value.
    """
    if name not in CLASSIFIERS:
        raise ConfigError(unknown("classifier", name, CLASSIFIERS))
    estimator = CLASSIFIERS[name].make(seed)
    inner = estimator.estimator if isinstance(estimator, CalibratedClassifierCV) else estimator
    known = inner.get_params(deep=False)
    for key, value in (params or {}).items():
        if not _accepts(inner, key, known):
            raise ConfigError(unknown(f"parameter of {name}", key, known), path=(key,))
        inner.set_params(**{key: _value(name, key, value)})
    return estimator


def balanced(name: str, estimator: BaseEstimator, n_classes: int) -> BaseEstimator:
    """The estimator with balanced class weights; ``ConfigError`` if the classifier cannot take any."""
    weighting = CLASSIFIERS[name].weighting
    if weighting == "sample_weight":
        return BalancedWeights(estimator)
    if weighting == "priors":
        return estimator.set_params(priors=[1 / n_classes] * n_classes)
    raise ConfigError(f"{CLASSIFIERS[name].title} takes no class weights")


def of_classes(name: str, estimator: BaseEstimator, n_classes: int) -> BaseEstimator:
    """The estimator, or for more than two classes one of each against the rest where it knows two only."""
    if n_classes > 2 and CLASSIFIERS[name].two_classes:
        return OneVsRestClassifier(estimator)
    return estimator


def space_of(name: str, fixed: Mapping[str, Any]) -> dict[str, BaseDistribution]:
    """What is left to search once the YAML has fixed some parameters."""
    return {key: kind for key, kind in CLASSIFIERS[name].space.items() if key not in fixed}


def _accepts(estimator: BaseEstimator, key: str, known: Mapping[str, Any]) -> bool:
    if key in known or not type(estimator).__module__.startswith("catboost"):
        return key in known
    # CatBoost's get_params tells only the parameters that were set
    return key in inspect.signature(type(estimator)).parameters


def _value(name: str, key: str, value: Any) -> Any:
    words = WORDS.get(key)
    if words is None or not isinstance(value, str) or name not in ("gaussian_process", "mlp"):
        return value
    if value not in words:
        raise ConfigError(unknown(f"{key} of {name}", value, words), path=(key,))
    chosen = words[value]
    return chosen() if callable(chosen) else chosen
