"""Mean rank and sign of the weights of features, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.estimates import FEATURE_WEIGHTS
from benchmark.statistics.feature_weights import COLUMNS, feature_weights

PLACE = ("cv", "HRF", "lasso", "lr")
ROWS = [
    (*PLACE, 0, "1", "CT", "a", 2.0), (*PLACE, 0, "1", "CT", "b", -1.0), (*PLACE, 0, "1", "PET", "a", 0.5),
    (*PLACE, 0, "2", "CT", "a", 1.0), (*PLACE, 0, "2", "CT", "b", -3.0),
    (*PLACE, 0, "3", "CT", "a", -0.5), (*PLACE, 0, "3", "CT", "c", 0.0),
]  # fmt: skip
WEIGHTS = pd.DataFrame(ROWS, columns=COLUMNS)


def test_by_hand() -> None:
    found = feature_weights(WEIGHTS)
    assert list(found.columns) == FEATURE_WEIGHTS
    assert found[["block", "feature"]].agg("::".join, axis=1).tolist() == ["CT::a", "CT::b", "CT::c", "PET::a"]
    a, b, c = (found.iloc[place] for place in range(3))
    assert (a["n_models"], a["mean_rank"], a["n_positive"], a["n_negative"]) == (3, pytest.approx(4 / 3), 2, 1)
    assert (a["mean_value"], a["sign_agreement"]) == (pytest.approx(2.5 / 3), pytest.approx(2 / 3))
    assert (b["mean_rank"], b["sign_agreement"]) == (1.5, 1.0)
    assert np.isnan(c["sign_agreement"])


def test_ranks_within_a_model_do_not_see_the_scale_of_others() -> None:
    scaled = WEIGHTS.assign(value=WEIGHTS["value"] * np.where(WEIGHTS["fold"] == "2", 100, 1))
    assert feature_weights(scaled)["mean_rank"].tolist() == feature_weights(WEIGHTS)["mean_rank"].tolist()
    coded = WEIGHTS.astype({"classifier": "category", "feature": "category"})
    assert feature_weights(coded)["mean_rank"].tolist() == feature_weights(WEIGHTS)["mean_rank"].tolist()


def test_wrong_tables() -> None:
    assert list(feature_weights(WEIGHTS.iloc[:0]).columns) == FEATURE_WEIGHTS
    with pytest.raises(DataError, match="weights: no column 'value'"):
        feature_weights(WEIGHTS.drop(columns="value"))
    with pytest.raises(DataError, match="weights: feature 'a' of block 'CT' twice in one model"):
        feature_weights(pd.concat([WEIGHTS, WEIGHTS.iloc[:1]]))
