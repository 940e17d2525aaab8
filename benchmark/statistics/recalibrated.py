"""What the models would be with recalibrated probabilities: calibration, scores, curves and net benefit once more.

Each fold's recalibration is learnt from the inner out-of-fold predictions of its training rows and applied to the cases
that it holds out (``recalibration``). A rising line changes no rank within a fold, but between folds it does: the AUCs
of recalibrated scores are not those of the models, and none is given or compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmark.errors import ConfigError
from benchmark.estimates import RECALIBRATED, RECALIBRATED_CURVES
from benchmark.statistics.calibration_estimates import calibration_estimates, calibration_parts
from benchmark.statistics.curves import model_curves
from benchmark.statistics.held_out import arrange
from benchmark.statistics.net_benefits import net_benefit_curves, net_benefit_rows
from benchmark.statistics.performance import score_estimates, score_parts
from benchmark.statistics.recalibration import Method, recalibrate
from benchmark.statistics.resampled import draw
from benchmark.statistics.settings import Settings

SCORES = ("brier", "rmse", "scaled_brier", "log_loss")
"""The measures of scores that are told again; areas are not."""


def check_recalibration(training: pd.DataFrame, settings: Settings) -> None:
    """``ConfigError`` if recalibration is asked for and there is nothing that it may be learnt from."""
    if settings.recalibrate and not (training["side"] == "inner").any():
        raise ConfigError(
            f"recalibration ({', '.join(settings.recalibrate)}): there are no predictions of training rows. Learnt "
            "from the cases on which it is judged, it makes every model look calibrated: name the set of training "
            "predictions (radbench stats: --training-set)",
            path=("statistics", "recalibrate"),
        )


def recalibrated(
    predictions: pd.DataFrame,
    training: pd.DataFrame,
    classes: Sequence[str],
    failures: pd.DataFrame,
    settings: Settings,
) -> dict[str, list[pd.DataFrame]]:
    """Rows of ``RECALIBRATED``, ``RECALIBRATED_CURVES`` and ``NET_BENEFIT`` by the names of the tables, of every method
    that is asked for."""
    check_recalibration(training, settings)
    found: dict[str, list[pd.DataFrame]] = {"recalibrated": [], "recalibrated_curves": [], "net_benefit": []}
    for method in settings.recalibrate:
        _add(found, recalibrate(training, predictions, method), classes, failures, method, settings)
    return found


def _add(
    found: dict[str, list[pd.DataFrame]],
    predictions: pd.DataFrame,
    classes: Sequence[str],
    failures: pd.DataFrame,
    method: Method,
    settings: Settings,
) -> None:
    for held in arrange(predictions, classes, failures):
        drawn = draw(held, {**score_parts(held, settings), **calibration_parts(held)}, settings)
        scores = pd.concat(score_estimates(held, drawn, settings))
        estimates = [scores[scores["measure"].isin(SCORES)], *calibration_estimates(held, drawn, settings)]
        curves = pd.concat([model_curves(held, settings), net_benefit_curves(held, settings)])
        kept = curves["curve"].ne("roc") & curves["feature_set"].ne("")
        found["recalibrated"].append(pd.concat(estimates).assign(recalibration=method)[RECALIBRATED])
        found["recalibrated_curves"].append(curves[kept].assign(recalibration=method)[RECALIBRATED_CURVES])
        found["net_benefit"].append(net_benefit_rows(held, settings, recalibration=method))
