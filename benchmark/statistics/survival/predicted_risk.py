"""Survival of tested cases by their predicted probability, where one fitted model predicted all of them.

The risk is the probability of the class that is taken for it; high risk is at or above the threshold that was chosen
on the inner predictions of training rows, beside the splits at quantiles. Where folds, draws or repeats are of several
models, their scores have no common scale: a case is then no riskier than another for having a higher one, and nothing
is computed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.settings import Settings
from benchmark.statistics.survival.risk_scores import FollowUp, curve_rows, risk_rows


def predicted_risk(
    held: HeldOut, follow_up: pd.DataFrame, risk: str, decisions: np.ndarray, settings: Settings
) -> dict[str, list[pd.DataFrame]]:
    """Parts of the frames ``estimates`` and ``survival``, of the cases in ``follow_up`` (``FOLLOW_UP``) and
    the models that predicted all of these. ``risk``: the class whose probability is the risk; ``decisions`` (n_cases,
    n_repeats, k): 1 for called positive. Empty without such a case or model, and where several models predicted."""
    known = follow_up.set_index("case").reindex(held.cases)
    rows = known["time"].notna().to_numpy()
    scores, called = held.scores[rows, 0, :, 0], decisions[rows, 0]
    models = np.flatnonzero(~np.isnan(scores).any(0))
    if len(held.places) > 1 or held.crossed or not rows.any() or not len(models):
        return {}
    if risk != held.classes[-1]:
        scores, called = 1 - scores, 1 - called
    cases = FollowUp(
        held.design,
        held.role,
        known["time"].to_numpy(float)[rows],
        known["event"].to_numpy(float)[rows].astype(int),
        _patients(held.patient, rows),
        tuple(held.recipes[model] for model in models),
        scores[:, models],
        called[:, models],
    )
    return {"estimates": risk_rows(cases, settings), "survival": curve_rows(cases, settings)}


def _patients(patient: Any, rows: np.ndarray) -> np.ndarray | None:
    """Of the cases of ``rows``; None if nobody owns several of these."""
    if patient is None or len(np.unique(patient[rows])) == rows.sum():
        return None
    return np.asarray(patient[rows])
