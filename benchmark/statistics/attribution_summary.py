"""SHAP values of tested cases, over folds and repeats: how much each feature moves the predictions.

    phi_ij    mean over repeats of the SHAP value of feature j for case i, 0 in a repeat whose model has not the feature
    size_j    mean over cases of |phi_ij|
    share_j   size_j / sum_j size_j

Every case is explained by the model that did not train on it, and counts once. The sizes of two classifiers cannot be
compared where one speaks of probabilities and the other of log-odds; their shares can.

Source: Lundberg and Lee (2017), Advances in Neural Information Processing Systems 30; held-out explanation over folds:
Molnar (2022), Interpretable Machine Learning, chapter 9.
"""

from __future__ import annotations

import pandas as pd

from benchmark.estimates import ATTRIBUTED
from benchmark.predictions import RECIPE

ARM = ["design", *RECIPE, "class"]
FEATURE = [*ARM, "block", "feature"]


def attribution_summary(attributions: pd.DataFrame | None) -> pd.DataFrame:
    """The table ``ATTRIBUTED`` of the table ``predictions.ATTRIBUTIONS``, the largest feature of each arm first."""
    if attributions is None or not len(attributions):
        return pd.DataFrame(columns=ATTRIBUTED)
    per_case = attributions.groupby([*FEATURE, "case"], sort=False, observed=True)["shap"].sum()
    n_repeats = attributions.groupby(ARM, sort=False, observed=True)["repeat"].nunique().rename("n_repeats")
    n_cases = attributions.groupby(ARM, sort=False, observed=True)["case"].nunique().rename("n_cases")
    n_models = (
        attributions.drop_duplicates([*FEATURE, "repeat", "fold"]).groupby(FEATURE, sort=False, observed=True).size()
    )
    found = per_case.abs().groupby(FEATURE, sort=False, observed=True).sum().rename("mean_abs").to_frame()
    found["mean"] = per_case.groupby(FEATURE, sort=False, observed=True).sum()
    found["n_models"] = n_models
    found = found.reset_index().merge(n_repeats.reset_index()).merge(n_cases.reset_index())
    for column in ("mean_abs", "mean"):
        found[column] /= found["n_repeats"] * found["n_cases"]
    found["share"] = found["mean_abs"] / found.groupby(ARM, sort=False)["mean_abs"].transform("sum")
    scale = attributions.groupby(ARM, sort=False, observed=True)["scale"].first().reset_index()
    order = found.groupby(ARM, sort=False).ngroup()
    ranked = found.merge(scale).assign(order=order)
    ranked = ranked.sort_values(["order", "mean_abs"], ascending=[True, False], kind="stable")
    return ranked[ATTRIBUTED].reset_index(drop=True)
