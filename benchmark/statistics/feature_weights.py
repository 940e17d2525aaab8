"""How much a feature counts in the models that have it, and in which direction: mean rank and sign of its weights.

    rank of a feature in a model     by |weight|, 1 for the largest, ties share their mean
    mean rank                        over the models that have it; read it beside how many these are
    sign agreement                   share of the more frequent sign among weights that are not 0

A feature that pushes up in one fold and down in another has not been understood, however often it is selected. Ranks
are taken within a model, so scales of different classifiers do not mix.

Source: Saeys, Abeel and Van de Peer (2008), ECML PKDD, LNCS 5212:313 (rank aggregation over subsamples); signs as a
check of LASSO: Meinshausen and Buehlmann (2010), JRSS B 72:417.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.errors import DataError
from benchmark.estimates import FEATURE_WEIGHTS
from benchmark.predictions import PLACE

COLUMNS = [*PLACE, "block", "feature", "value"]
"""What a table of coefficients or attributions needs."""

UNIT = ["design", "feature_set", "preprocessing", "classifier"]


def by_class(coefficients: pd.DataFrame | None) -> pd.DataFrame:
    """Coefficients with one row per model and feature: of several classes each feature once for each class."""
    if coefficients is None or not len(coefficients):
        return pd.DataFrame(columns=COLUMNS)
    if coefficients["class"].nunique() == 1:
        return coefficients[COLUMNS]
    return coefficients.assign(feature=coefficients["feature"] + " [" + coefficients["class"] + "]")[COLUMNS]


def feature_weights(weights: pd.DataFrame) -> pd.DataFrame:
    """The table ``FEATURE_WEIGHTS`` of a table with the ``COLUMNS``, a row per model and feature; the lowest mean rank
    of a unit first among features that equally many models have. ``DataError`` for a missing column, or a feature that
    a model has twice."""
    missing = [column for column in COLUMNS if column not in weights.columns]
    if missing:
        raise DataError(f"weights: no column '{missing[0]}'. Found: {', '.join(map(str, weights.columns))}")
    twice = weights.duplicated([*PLACE, "block", "feature"])
    if twice.any():
        row = weights[twice].iloc[0]
        raise DataError(f"weights: feature '{row['feature']}' of block '{row['block']}' twice in one model")
    if weights.empty:
        return pd.DataFrame(columns=FEATURE_WEIGHTS)
    rank = weights["value"].abs().groupby([weights[column] for column in PLACE], observed=True).rank(ascending=False)
    by = weights.assign(rank=rank, up=weights["value"] > 0, down=weights["value"] < 0).groupby(
        [*UNIT, "block", "feature"], sort=False, observed=True
    )
    found = by.agg(n_models=("value", "size"), mean_rank=("rank", "mean"), mean_value=("value", "mean"),
                   n_positive=("up", "sum"), n_negative=("down", "sum")).reset_index()  # fmt: skip
    signed = found["n_positive"] + found["n_negative"]
    most = found[["n_positive", "n_negative"]].max(axis=1)
    found["sign_agreement"] = np.divide(most, signed, out=np.full(len(found), np.nan), where=(signed > 0).to_numpy())
    order = found.groupby(UNIT, sort=False, observed=True).ngroup()
    keys = ["order", "n_models", "mean_rank", "block", "feature"]
    return (
        found.assign(order=order)
        .sort_values(keys, ascending=[True, False, True, True, True], kind="stable")[FEATURE_WEIGHTS]
        .reset_index(drop=True)
    )
