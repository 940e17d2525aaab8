"""The rad-score of each tested case: the mean over the models that it was held out from.

    score_i = mean over repeats of the score that the model of its fold gives case i

Source: Huang et al. (2016), Journal of Clinical Oncology 34:2157 (radiomics score, and its figure by patient).
"""

from __future__ import annotations

import pandas as pd

from benchmark.estimates import CASE_SCORES
from benchmark.predictions import APPARENT

CASE = ["design", "feature_set", "preprocessing", "block", "name", "case", "y_true"]


def case_scores(scores: pd.DataFrame | None) -> pd.DataFrame:
    """The table ``CASE_SCORES`` of the tested rows of the table ``predictions.SCORES``, those that the model had seen
    left out."""
    if scores is None or not len(scores):
        return pd.DataFrame(columns=CASE_SCORES)
    tested = scores[(scores["side"] == "test") & (scores["fold"].astype(str) != APPARENT)]
    if "name" not in tested.columns:  # results of an earlier version
        tested = tested.assign(name="score")
    by = tested.groupby(CASE, sort=False, observed=True)["score"]
    return by.agg(score="mean", n_models="size").reset_index()[CASE_SCORES]
