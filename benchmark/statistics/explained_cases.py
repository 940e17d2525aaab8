"""Single tested cases, explained: the predictions a reader asks about first.

    f(x_i) = base + sum_j phi_ij              means over the models that case i was held out from
    highest, lowest      the largest and smallest predicted probability
    median               the case in the middle of the ranks (the lower one of two)
    worst error          the largest |probability - truth|

They are picked by rule and for every model alike, never by eye. A model without a feature counts with 0 for it.

Source: Lundberg and Lee (2017), Advances in Neural Information Processing Systems 30 (additivity).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import EXPLAINED_CASES
from benchmark.predictions import APPARENT, RECIPE, score_column

ARM = ["design", *RECIPE, "class"]
FEATURE = ["block", "feature"]


def explained_cases(attributions: pd.DataFrame | None, predictions: pd.DataFrame) -> pd.DataFrame:
    """The table ``EXPLAINED_CASES`` of the tables ``predictions.ATTRIBUTIONS`` and ``PREDICTIONS``: every feature of
    the picked cases of each model and class, the largest |SHAP| first."""
    if attributions is None or not len(attributions):
        return pd.DataFrame(columns=EXPLAINED_CASES)
    if "original" not in attributions.columns:  # results of an earlier version
        attributions = attributions.assign(original=np.nan)
    held = predictions[predictions["role"] != APPARENT]
    scored = dict(list(held.groupby(["design", *RECIPE], sort=False, observed=True)))
    parts = []
    for arm, rows in attributions.groupby(ARM, sort=False, observed=True):
        names = dict(zip(ARM, map(str, arm), strict=True))
        if arm[:-1] in scored:
            picked = _picked(scored[arm[:-1]], names["class"])
            parts += [_explained(rows, case).assign(**names | case) for case in picked]
    return pd.concat(parts, ignore_index=True)[EXPLAINED_CASES] if parts else pd.DataFrame(columns=EXPLAINED_CASES)


def _picked(predictions: pd.DataFrame, label: str) -> list[dict[str, Any]]:
    by = predictions.groupby("case", sort=True, observed=True)
    probability = by[score_column(label)].mean()
    truth = by["y_true"].first().astype(str)
    ranked = probability.sort_values(kind="stable").index
    error = (probability - (truth == label)).abs()
    picks = {"highest": ranked[-1], "median": ranked[(len(ranked) - 1) // 2], "lowest": ranked[0],
             "worst error": error.idxmax()}  # fmt: skip
    return [{"pick": pick, "case": case, "y_true": truth[case], "probability": float(probability[case])}
            for pick, case in picks.items()]  # fmt: skip


def _explained(rows: pd.DataFrame, case: Mapping[str, Any]) -> pd.DataFrame:
    """Features, values and SHAP values of one case, means over its models."""
    own = rows[rows["case"] == case["case"]]
    models = own.drop_duplicates(["repeat", "fold"])
    by = own.groupby(FEATURE, sort=False, observed=True)
    found = by.agg(value=("value", "mean"), original=("original", "mean"), shap=("shap", "sum")).reset_index()
    found["shap"] /= len(models)
    base = float(models["base"].mean())
    found = found.assign(base=base, output=base + found["shap"].sum(), scale=own["scale"].iloc[0])
    return found.iloc[(-found["shap"].abs()).argsort(kind="stable")]
