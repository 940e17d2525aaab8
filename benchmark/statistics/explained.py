"""What fitted models tell of themselves: the tables at the waist that explain in, tidy tables out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.statistics.attribution_shares import attribution_shares
from benchmark.statistics.attribution_summary import attribution_summary
from benchmark.statistics.case_scores import case_scores
from benchmark.statistics.explained_cases import explained_cases
from benchmark.statistics.feature_weights import by_class, feature_weights
from benchmark.statistics.nomogram import nomogram_ticks


def explained(
    run: Mapping[str, Any],
    predictions: pd.DataFrame,
    *,
    coefficients: pd.DataFrame | None = None,
    attributions: pd.DataFrame | None = None,
    scores: pd.DataFrame | None = None,
    nomograms: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables ``feature_weights``, ``attributed``, ``attribution_shares``, ``explained_cases``, ``case_scores`` and
    ``nomogram``; one has no rows where its source is not there, as in results of an earlier version."""
    attributed = attribution_summary(attributions)
    return {
        "feature_weights": feature_weights(by_class(coefficients)),
        "attributed": attributed,
        "attribution_shares": attribution_shares(attributed, _families(run)),
        "explained_cases": explained_cases(attributions, predictions),
        "case_scores": case_scores(scores),
        "nomogram": nomogram_ticks(nomograms),
    }


def _families(run: Mapping[str, Any]) -> dict[str, str]:
    blocks = (run.get("cohort") or {}).get("blocks") or ()
    return {str(block["name"]): str(block.get("family") or block["name"]) for block in blocks}
