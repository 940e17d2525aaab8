"""Everything that is estimated of the models of a binary outcome on one design and role, with one set of draws."""

from __future__ import annotations

import pandas as pd

from benchmark.statistics.calibration_estimates import calibration_estimates, calibration_parts
from benchmark.statistics.decisions import decide
from benchmark.statistics.discrimination import Discrimination, auc_estimates
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.performance import (
    decision_estimates,
    decision_parts,
    optimism_estimates,
    score_estimates,
    score_parts,
    thresholds_of,
)
from benchmark.statistics.resampled import draw
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained


def binary_estimates(held: HeldOut, found: Discrimination, trained: Trained, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``ESTIMATES``: discrimination, scores, decisions, calibration, optimism."""
    thresholds = thresholds_of(held, trained, settings)
    decisions = decide(held.scores[..., 0], held.fold, thresholds)
    drawn = draw(
        held, {**score_parts(held, settings), **decision_parts(held, decisions), **calibration_parts(held)}, settings
    )
    return [
        *auc_estimates(held, found, settings),
        *score_estimates(held, drawn, settings),
        *decision_estimates(held, decisions, thresholds, drawn, settings),
        *calibration_estimates(held, drawn, settings),
        *optimism_estimates(held, trained, found.by_measure["auc"].estimate, settings),
    ]
