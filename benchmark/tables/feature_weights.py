"""How much features count in the models that have them, and in which direction."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import count, number
from benchmark.tables.table import Table
from benchmark.tables.words import classifier_title, design_words

MOST = 15
"""As many features of each model as are printed; the CSV has all."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The features that most models have, of each feature set, preprocessing and classifier."""
    every = results["feature_weights"]
    if every.empty:
        return None
    ranked = sort_recipes(every, run).reset_index(drop=True)
    shown = ranked.groupby(["feature_set", "preprocessing", "classifier"], observed=True, sort=False).head(MOST)
    several = ranked["preprocessing"].nunique() > 1
    design = str(every["design"].iloc[0])
    rows = tuple(
        (
            str(row["feature_set"]),
            *((str(row["preprocessing"]),) if several else ()),
            classifier_title(run, str(row["classifier"])),
            str(row["block"]),
            str(row["feature"]),
            count(row["n_models"]),
            number(row["mean_rank"], digits=1),
            f"+ in {count(row['n_positive'])}, − in {count(row['n_negative'])}",
            number(row["sign_agreement"], digits=2),
        )
        for row in shown.to_dict("records")
    )
    left_out = f"Shown: the first {MOST} features of each model; the CSV has all {count(len(ranked))} rows."
    return Table(
        "feature_weights",
        f"Weights of features: {design} ({design_words(run, design)}).",
        ("Feature set", *(("Preprocessing",) if several else ()), "Classifier", "Block", "Feature", "Models",
         "Mean rank", "Sign", "Agreement"),
        rows,
        (
            "Mean rank: by the size of the weight among the features of a model, over models that have the feature.",
            *((left_out,) if len(shown) < len(ranked) else ()),
        ),
        data=ranked,
    )  # fmt: skip
