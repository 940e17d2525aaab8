"""Predictions of several classes made elsewhere: one column ``model:class`` each, or a column that names the class.

The probabilities of a case and model must add up to 1, as far as two decimals can: those that do not quite are divided
by their sum, which is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of, unknown
from benchmark.predictions import score_column

SEPARATOR = ":"
CLASS = "class"
ROUNDED = 0.005
"""What a probability of two decimals may be off."""

EXACT = 1e-6


def names_classes(columns: Iterable[str], truth: Collection[str]) -> bool:
    """Whether all columns are ``model:class``: of two classes only if they name those of the truth."""
    parts = [name.rpartition(SEPARATOR) for name in columns]
    named = bool(parts) and all(model for model, _, _ in parts)
    return named and (len(truth) > 2 or set(truth) <= {label for _, _, label in parts})


def split_names(long: pd.DataFrame) -> pd.DataFrame:
    """The models named ``model:class`` as a model and a column of the class."""
    parts = [name.rpartition(SEPARATOR) for name in long["feature_set"]]
    return long.assign(feature_set=[model for model, _, _ in parts], **{CLASS: [label for _, _, label in parts]})


def spread(long: pd.DataFrame) -> tuple[pd.DataFrame, list[str], str]:
    """From one row per case, model and class, with ``score``, to one per case and model with a score column per class;
    the classes as they come; and what was done to the probabilities, empty if nothing. ``DataError`` for a class of the
    truth without probabilities, a model without some class, and probabilities that do not add up to 1."""
    classes = list(dict.fromkeys(long[CLASS]))
    for label in long["y_true"].unique():
        if label not in classes:
            raise DataError(f"no probabilities of a class of the truth: {unknown('class', label, classes)}")
    key = [name for name in long.columns if name not in (CLASS, "score")]
    again = long.duplicated([*key, CLASS])
    if again.any():
        raise DataError(f"predicted twice by one model: {first_of(long['case'][again])}")
    wide = long.set_index([*key, CLASS])["score"].unstack(CLASS)[classes]
    _check_complete(wide)
    total = wide.sum(axis=1)
    apart = (total - 1).abs()
    bad = apart > ROUNDED * len(classes) + EXACT
    if bad.any():
        first = wide.index[bad.to_numpy()][0][key.index("case")]
        raise DataError(
            f"probabilities of {int(bad.sum())} of {len(wide)} cases and models do not add up to 1 over the classes "
            f"{', '.join(classes)} (first: {total[bad].iloc[0]:.4g} for case '{first}')"
        )
    divided = f"Probabilities were divided by their sum, which is up to {apart.max():.2g} away from 1"
    table = wide.div(total, axis=0).rename(columns=score_column).rename_axis(columns=None)
    order = pd.MultiIndex.from_frame(long[key].drop_duplicates())
    return table.reindex(order).reset_index(), classes, divided if np.any(apart > EXACT) else ""


def _check_complete(wide: pd.DataFrame) -> None:
    gaps = wide.isna()
    if gaps.to_numpy().any():
        label = gaps.columns[gaps.any()][0]
        row = wide.index.to_frame(index=False)[gaps[label].to_numpy()].iloc[0]
        raise DataError(
            f"model '{row['feature_set']}' has no probability of class '{label}' for {int(gaps[label].sum())} cases "
            f"(first: '{row['case']}')"
        )
