"""What is estimated of a model's calibration, once, on held-out scores averaged over repeats per case.

A mean over folds of slopes or of curves would be the calibration of nobody's predictions: never done here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from benchmark.statistics.calibration import Estimate, calibration
from benchmark.statistics.calibration_bins import calibration_error, hosmer_lemeshow
from benchmark.statistics.calibration_tests import spiegelhalter
from benchmark.statistics.discrimination import ONE_CLASS, averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.resampled import Drawn, Parts, drawn_rows
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.smooth_calibration import METHOD, calibration_indices
from benchmark.statistics.weighted_calibration import weighted_calibration_indices
from benchmark.statistics.weighted_scores import weighted_calibration_errors

SMOOTH = ("ici", "e50", "e90", "emax")
INDEPENDENT = ", several cases of a patient taken as independent"


def calibration_parts(held: HeldOut) -> Parts:
    """The draws of the distances from perfect calibration."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    return {
        SMOOTH: partial(weighted_calibration_indices, held.y, pooled),
        ("ece",): lambda weights: weighted_calibration_errors(held.y, pooled, weights)[:, None],
    }


def calibration_estimates(held: HeldOut, drawn: Mapping[str, Drawn], settings: Settings) -> list[pd.DataFrame]:
    """Calibration in the large, slope, O/E, ICI, E50, E90, Emax, ECE, and the tests of Spiegelhalter, and of Hosmer and
    Lemeshow: statistics and p values."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    return [
        *calibration_lines(held, settings),
        *_distances(held, pooled, drawn, settings),
        *_tests(held, pooled, settings),
    ]


def calibration_lines(held: HeldOut, settings: Settings) -> list[pd.DataFrame]:
    """Calibration in the large, slope, O/E."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
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


def _distances(held: HeldOut, pooled: np.ndarray, drawn: Mapping[str, Drawn], settings: Settings) -> list[pd.DataFrame]:
    columns = [pooled[:, k] for k in range(pooled.shape[1])]
    found = [calibration_indices(held.y, column) for column in columns]
    method = METHOD.removesuffix(", sandwich band") + averaged(held)
    tables = [
        drawn_rows(held, name, [getattr(each, name) for each in found], drawn[name], settings, method=method,
                   undefined="one class, fewer than four cases, or too few distinct scores for loess")
        for name in SMOOTH
    ]  # fmt: skip
    ece = [calibration_error(held.y, column).expected for column in columns]
    method = f"10 bins of equal width{averaged(held)}"
    return [*tables, drawn_rows(held, "ece", ece, drawn["ece"], settings, method=method, undefined="no score")]


def _tests(held: HeldOut, pooled: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    columns = [pooled[:, k] for k in range(pooled.shape[1])]
    alone = averaged(held) + (INDEPENDENT if held.patient is not None else "")
    z = [spiegelhalter(held.y, column) for column in columns]
    grouped = [hosmer_lemeshow(held.y, column, groups=settings.groups) for column in columns]
    groups = [f"{each.n_bins} groups, df {each.df}{alone}" for each in grouped]
    at_most = f"Hosmer-Lemeshow, at most {settings.groups} groups (ties stay together), df their number{alone}"
    flat, single = "scores without variance", ONE_CLASS
    return [
        _numbers(held, "spiegelhalter_z", [each.z for each in z], f"Spiegelhalter{alone}", flat, settings),
        _numbers(held, "spiegelhalter_p", [each.p for each in z], f"Spiegelhalter{alone}", flat, settings),
        _numbers(held, "hosmer_lemeshow_chi2", [each.chi2 for each in grouped], groups, single, settings),
        _numbers(held, "hosmer_lemeshow_p", [each.p for each in grouped], at_most, single, settings),
    ]


def _intervals(
    held: HeldOut, measure: str, found: list[Estimate], method: str | list[str], undefined: str, settings: Settings
) -> pd.DataFrame:
    columns = np.array(found, float).reshape(-1, 3).T
    return estimate_rows(held, measure, Interval(*columns), level=settings.level, method=method, undefined=undefined)


def _numbers(
    held: HeldOut,
    measure: str,
    values: Sequence[float],
    method: str | Sequence[str],
    undefined: str,
    settings: Settings,
) -> pd.DataFrame:
    interval = no_interval(np.array(values, float))
    return estimate_rows(held, measure, interval, level=settings.level, method=method, undefined=undefined)
