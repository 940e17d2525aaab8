"""The model inside what the harness wraps around it: resampling, class weights, calibration."""

from __future__ import annotations

from typing import Any

from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline

from benchmark.classifiers import BalancedWeights


def unwrapped(estimator: Any) -> Any:
    """The fitted model that sees the features."""
    if isinstance(estimator, Pipeline):
        return unwrapped(estimator.steps[-1][1])
    if isinstance(estimator, BalancedWeights):
        return unwrapped(estimator.estimator_)
    if isinstance(estimator, CalibratedClassifierCV):
        return unwrapped(estimator.calibrated_classifiers_[0].estimator)
    return estimator
