"""What each part of a fusion weighs, and whether its second level fits noise.

The second level (weights, calibration, stacking) learns from the parts' inner predictions of the training rows. Its AUC
on these very rows (``apparent_auc``) stands above the AUC of inner predictions that each inner fold gets from the other
folds (``inner_auc``) by what it has fitted to noise; held out it can be expected to give ``inner_auc`` at best.

Source: Wolpert (1992), Neural Networks 5:241 (cross-fitted level one); the gap of apparent and cross-validated
performance as optimism: Efron (1983), Journal of the American Statistical Association 78:316.
"""

from __future__ import annotations

import pandas as pd

from benchmark.estimates import FUSED
from benchmark.predictions import RECIPE

LARGEST_GAP = 0.05
"""Mean difference of apparent and cross-fitted AUC from which the second level is said to overfit."""

ARM = ["design", *RECIPE]
OVERFITS = "the second level overfits"
NO_GAIN = "not above its best part"


def fusion_guard(fusions: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``FUSED``: one per held-out role, fused arm and part. ``fusions``: columns ``predictions.FUSIONS``, one
    row per fold and part; ``estimates``: columns ``ESTIMATES``, of which the AUCs are read."""
    if not len(fusions):
        return pd.DataFrame(columns=FUSED)
    mean = fusions.groupby([*ARM, "part"], sort=False)[["weight", "inner_auc", "apparent_auc"]].mean()
    spread = fusions.groupby([*ARM, "part"], sort=False)["weight"].std().rename("weight_sd")
    arms = pd.concat([mean, spread], axis=1).reset_index()
    auc = estimates.loc[estimates["measure"] == "auc", ["design", "role", *RECIPE, "estimate"]]
    found = arms.merge(auc.rename(columns={"estimate": "auc"}), on=ARM, sort=False)
    found["part_auc"] = _part_aucs(found, auc)
    best = found.groupby(["role", *ARM], sort=False)["part_auc"].transform("max")
    gap = found["apparent_auc"] - found["inner_auc"]
    verdict = pd.Series("", index=found.index).where(~(found["auc"] <= best), NO_GAIN)
    found["verdict"] = verdict.where(gap <= LARGEST_GAP, OVERFITS)
    return found[FUSED]


def _part_aucs(found: pd.DataFrame, auc: pd.DataFrame) -> pd.Series:
    """The AUC of each part on the same held-out cases: under the name of a feature set, else of a classifier."""
    keys = ["design", "role", "preprocessing"]
    by_set = auc.set_index([*keys, "classifier", "feature_set"])["estimate"]
    by_classifier = auc.set_index([*keys, "feature_set", "classifier"])["estimate"]
    as_set = by_set.reindex(pd.MultiIndex.from_frame(found[[*keys, "classifier", "part"]]))
    as_classifier = by_classifier.reindex(pd.MultiIndex.from_frame(found[[*keys, "feature_set", "part"]]))
    return pd.Series(as_set.fillna(pd.Series(as_classifier.to_numpy(), as_set.index)).to_numpy(), index=found.index)
