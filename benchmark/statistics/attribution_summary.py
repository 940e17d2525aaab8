"""SHAP values of tested cases, over folds and repeats: how much each feature moves the predictions.

    phi_ij    mean over the models that tested case i of the SHAP value of feature j, 0 for a model without the feature
    size_j    mean over cases of |phi_ij|
    sd_j      SD over models of the mean |SHAP value| of the cases that the model tested, 0 if it has not the feature
    share_j   size_j / sum_j size_j

Every case is explained by models that did not train on it, and counts once. The sizes of two classifiers cannot be
compared where one speaks of probabilities and the other of log-odds; their shares can.

Source: Lundberg and Lee (2017), Advances in Neural Information Processing Systems 30; held-out explanation over folds:
Molnar (2022), Interpretable Machine Learning, chapter 9.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import ATTRIBUTED
from benchmark.predictions import RECIPE

ARM = ["design", *RECIPE, "class"]
FEATURE = [*ARM, "block", "feature"]
MODEL = ["repeat", "fold"]


def attribution_summary(attributions: pd.DataFrame | None) -> pd.DataFrame:
    """The table ``ATTRIBUTED`` of the table ``predictions.ATTRIBUTIONS``, the largest feature of each arm first. ``sd``
    is NaN with one model."""
    if attributions is None or not len(attributions):
        return pd.DataFrame(columns=ATTRIBUTED)
    tested = _by(attributions.drop_duplicates([*ARM, "case", *MODEL]), [*ARM, "case"]).size()
    per_case = _by(attributions, [*FEATURE, "case"])["shap"].sum()
    per_case /= tested.reindex(per_case.index.droplevel(["block", "feature"])).to_numpy()
    found = _by(per_case.abs(), FEATURE).sum().rename("mean_abs").to_frame()
    found["mean"] = _by(per_case, FEATURE).sum()
    found["sd"] = _spread(attributions)
    found["n_models"] = _by(attributions.drop_duplicates([*FEATURE, *MODEL]), FEATURE).size()
    found = found.reset_index().merge(_by(attributions, ARM)["case"].nunique().rename("n_cases").reset_index())
    for column in ("mean_abs", "mean"):
        found[column] /= found["n_cases"]
    found["share"] = found["mean_abs"] / found.groupby(ARM, sort=False)["mean_abs"].transform("sum")
    found = found.merge(_by(attributions, ARM)["scale"].first().reset_index())
    ranked = found.assign(order=found.groupby(ARM, sort=False).ngroup())
    ranked = ranked.sort_values(["order", "mean_abs"], ascending=[True, False], kind="stable")
    return ranked[ATTRIBUTED].reset_index(drop=True)


def _spread(attributions: pd.DataFrame) -> pd.Series:
    """By feature: SD over the models of the arm of the mean |SHAP| of the cases that each tested."""
    size = attributions["shap"].abs()
    means = _by(attributions.assign(shap=size), [*FEATURE, *MODEL])["shap"].mean()
    models = _by(attributions.drop_duplicates([*ARM, *MODEL]), ARM).size()
    n = models.reindex(pd.MultiIndex.from_frame(means.index.to_frame()[ARM])).to_numpy(float)
    one = means.to_frame("sum").assign(square=means**2, n=n)
    sums = _by(one, FEATURE).agg({"sum": "sum", "square": "sum", "n": "first"})
    variance = (sums["square"] - sums["sum"] ** 2 / sums["n"]) / (sums["n"] - 1).where(sums["n"] > 1)
    return np.sqrt(variance.clip(lower=0))


def _by(table: Any, keys: list[str]) -> Any:
    return table.groupby(keys, sort=False, observed=True)
