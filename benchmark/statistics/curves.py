"""The curves of all models of one design and role, on scores averaged over repeats per case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import CURVES
from benchmark.predictions import RECIPE
from benchmark.statistics.calibration import calibration_curve
from benchmark.statistics.discrimination import ONE_CLASS, averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.net_benefits import net_benefit_curves
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.roc_curve import roc_curve
from benchmark.statistics.settings import Settings

BINS = np.linspace(0, 1, 21)
"""Of the distribution of predicted probabilities."""


def curves(held: HeldOut, settings: Settings) -> pd.DataFrame:
    """Rows of ``CURVES``: ROC, calibration, distribution, net benefit and interventions avoided of each model;
    treat-all and treat-none once. A model without a curve has one row of NaN, with the reason in ``method``."""
    return pd.concat([net_benefit_curves(held, settings), model_curves(held, settings)], ignore_index=True)


def model_curves(held: HeldOut, settings: Settings) -> pd.DataFrame:
    """Those of them that are of a model alone, without the net benefit."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    tables = []
    for k, recipe in enumerate(held.recipes):
        x, y = roc_curve(held.y, pooled[:, k])
        method = "empirical" + averaged(held) if len(x) else f"no curve: {ONE_CLASS}"
        tables.append(_rows(held, recipe, "roc", x, y, method=method))
        smooth = calibration_curve(held.y, pooled[:, k], patient=held.patient, level=settings.level)
        band = {"low": smooth.low, "high": smooth.high}
        method = smooth.method + averaged(held)
        tables.append(_rows(held, recipe, "calibration", smooth.predicted, smooth.observed, method=method, **band))
        share = np.histogram(pooled[:, k], bins=BINS)[0] / (len(pooled) if np.isfinite(pooled[:, k]).all() else np.nan)
        method = "share of cases" + averaged(held)
        tables.append(_rows(held, recipe, "distribution", (BINS[:-1] + BINS[1:]) / 2, share, method=method))
    return pd.concat(tables, ignore_index=True)


def _rows(
    held: HeldOut,
    recipe: tuple[str, str, str],
    curve: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    method: str,
    low: np.ndarray | float = np.nan,
    high: np.ndarray | float = np.nan,
) -> pd.DataFrame:
    place: dict[str, Any] = {"design": held.design, "role": held.role, **dict(zip(RECIPE, recipe, strict=True))}
    if not len(x) or np.isnan(y).all():
        gap = held.gaps[held.recipes.index(recipe)]
        reason = f"no curve: {gap}" if gap else method
        return pd.DataFrame([place | dict.fromkeys(CURVES[5:], np.nan) | {"curve": curve, "method": reason}])
    points = {"curve": curve, "x": x, "y": y, "low": low, "high": high, "method": method}
    return pd.DataFrame(place | points)[CURVES]
