"""Objects that were measured in every batch, as the inserts of a phantom: how well the batches agree on them.

The batches are the readings of an object: the ICC for absolute agreement and the CCC are those between scanners.
"""

from __future__ import annotations

import pandas as pd

from benchmark.frame import block_of, feature_of
from benchmark.reliability import Readings, survey


def crossed(objects: pd.Series, labels: pd.Series) -> bool:
    """Whether every object has the same number of cases in every batch as every other object, and is in two or more:
    then the object can be taken out of a comparison of batches without touching the batches."""
    counts = pd.crosstab(objects[labels.index], labels)
    return len(counts) > 1 and counts.shape[1] > 1 and bool((counts.nunique() == 1).all())


def agreement_of_batches(stages: dict[str, pd.DataFrame], objects: pd.Series, labels: pd.Series) -> pd.DataFrame:
    """The survey of each stage, with ``stage``; empty unless every object was measured once in every batch."""
    places = pd.MultiIndex.from_arrays([objects[labels.index], labels.to_numpy()])
    if not crossed(objects, labels) or places.has_duplicates:
        return pd.DataFrame()
    parts = []
    for stage, values in stages.items():
        wide = values.loc[labels.index].set_axis(places, axis=0).unstack()
        readings = {}
        for block in dict.fromkeys(map(block_of, values.columns)):
            columns = [column for column in values.columns if block_of(column) == block]
            cube = wide[columns].to_numpy().reshape(len(wide), len(columns), -1).transpose(0, 2, 1)
            readings[block] = Readings(wide.index, tuple(map(feature_of, columns)), cube)
        parts.append(survey(readings).assign(stage=stage))
    return pd.concat(parts, ignore_index=True)
