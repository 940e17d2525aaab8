"""What is estimated of a model's calibration, once, on held-out scores averaged over repeats per case.

A mean over folds of slopes or of curves would be the calibration of nobody's predictions: never done here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmark.statistics.calibration import Estimate, calibration
from benchmark.statistics.calibration_bins import calibration_error, hosmer_lemeshow
from benchmark.statistics.calibration_tests import spiegelhalter
from benchmark.statistics.discrimination import ONE_CLASS, averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.smooth_calibration import METHOD, calibration_indices

INDEPENDENT = ", several cases of a patient taken as independent"


def calibration_estimates(held: HeldOut, settings: Settings) -> list[pd.DataFrame]:
    """Calibration in the large, slope, O/E, ICI, E50, E90, Emax, ECE, and the p values of the tests of Spiegelhalter,
    and of Hosmer and Lemeshow."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    return [*_line(held, pooled, settings), *_smooth(held, pooled, settings), *_tests(held, pooled, settings)]


def _line(held: HeldOut, pooled: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    found = [
        calibration(held.y, pooled[:, k], patient=held.patient, level=settings.level) for k in range(pooled.shape[1])
    ]
    how = averaged(held) + (", clustered by patient" if held.patient is not None else "")
    left_out = [f", {each.n_left_out} predictions of 0 or 1 left out" if each.n_left_out else "" for each in found]
    logistic = [f"logistic recalibration, Wald{how}{text}" for text in left_out]
    constant = "one class, constant scores or separated classes"
    return [
        _intervals(held, "calibration_intercept", [c.in_the_large for c in found], logistic, constant, settings),
        _intervals(held, "calibration_slope", [c.slope for c in found], logistic, constant, settings),
        _intervals(held, "observed_expected", [c.observed_expected for c in found], f"O/E{how}", ONE_CLASS, settings),
    ]


def _smooth(held: HeldOut, pooled: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    found = [calibration_indices(held.y, pooled[:, k]) for k in range(pooled.shape[1])]
    why = "one class, fewer than four cases, or too few distinct scores for loess"
    method = METHOD.removesuffix(", sandwich band") + averaged(held)
    return [
        _numbers(held, name, [getattr(each, name) for each in found], method, why, settings)
        for name in ("ici", "e50", "e90", "emax")
    ]


def _tests(held: HeldOut, pooled: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    columns = [pooled[:, k] for k in range(pooled.shape[1])]
    alone = averaged(held) + (INDEPENDENT if held.patient is not None else "")
    ece = [calibration_error(held.y, column).expected for column in columns]
    z = [spiegelhalter(held.y, column).p for column in columns]
    grouped = [hosmer_lemeshow(held.y, column).p for column in columns]
    return [
        _numbers(held, "ece", ece, f"10 bins of equal width{averaged(held)}", "no score", settings),
        _numbers(held, "spiegelhalter_p", z, f"Spiegelhalter{alone}", "scores without variance", settings),
        _numbers(held, "hosmer_lemeshow_p", grouped, f"Hosmer-Lemeshow, 10 groups{alone}", ONE_CLASS, settings),
    ]


def _intervals(
    held: HeldOut, measure: str, found: list[Estimate], method: str | list[str], undefined: str, settings: Settings
) -> pd.DataFrame:
    columns = np.array(found, float).reshape(-1, 3).T
    return estimate_rows(held, measure, Interval(*columns), level=settings.level, method=method, undefined=undefined)


def _numbers(
    held: HeldOut, measure: str, values: Sequence[float], method: str, undefined: str, settings: Settings
) -> pd.DataFrame:
    interval = no_interval(np.array(values, float))
    return estimate_rows(held, measure, interval, level=settings.level, method=method, undefined=undefined)
