"""How often each feature reached the classifier, over folds and repeats.

frequency = models that kept the feature / models fitted (folds x repeats)
"""

from __future__ import annotations

import pandas as pd

from benchmark.errors import DataError
from benchmark.estimates import FREQUENCIES
from benchmark.predictions import SELECTIONS
from benchmark.statistics.grouping import number_rows

UNIT = ["design", "feature_set", "preprocessing"]


def selection_frequency(selections: pd.DataFrame) -> pd.DataFrame:
    """The table ``FREQUENCIES`` of the table ``SELECTIONS``, the most frequent features of a unit first. A model that
    kept the same feature twice is counted once."""
    missing = [column for column in SELECTIONS if column not in selections.columns]
    if missing:
        raise DataError(f"selections: no column '{missing[0]}'. Found: {', '.join(map(str, selections.columns))}")
    if not len(selections):
        return pd.DataFrame(columns=FREQUENCIES)
    once = selections[~pd.Series(number_rows(selections, SELECTIONS)[0]).duplicated().to_numpy()]
    models = once.drop_duplicates([*UNIT, "repeat", "fold"]).groupby(UNIT, sort=False, observed=True).size()
    kept = once.groupby([*UNIT, "block", "feature"], sort=False, observed=True).size().rename("n_selected")
    table = kept.reset_index().merge(models.rename("n_models").reset_index(), on=UNIT, how="left")
    table["frequency"] = table["n_selected"] / table["n_models"]
    order = table.groupby(UNIT, sort=False, observed=True).ngroup()
    return (
        table.assign(order=order)
        .sort_values(["order", "n_selected", "block", "feature"], ascending=[True, False, True, True])[FREQUENCIES]
        .reset_index(drop=True)
    )
