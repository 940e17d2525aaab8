"""How well the batch of a held-out case is told from its features."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, number, p_value
from benchmark.tables.table import Table

CLASSIFIERS = {
    "random_forest": "random forest",
    "logistic_l2": "logistic regression (L2)",
    "extra_trees": "extra trees",
    "lda": "linear discriminant analysis",
}


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per batch variable, stage and classifier."""
    found = results["predictions"]
    rows = [
        (
            str(row["variable"]),
            str(row["stage"]),
            CLASSIFIERS[str(row["classifier"])],
            number(row["macro_auc"]),
            f"{number(row['auc_chance'])} (95%: {number(row['auc_chance_high'])})",
            p_value(row["auc_p"]),
            number(row["balanced_accuracy"]),
            f"{number(row['accuracy_chance'])} (95%: {number(row['accuracy_chance_high'])})",
            p_value(row["accuracy_p"]),
        )
        for row in found.to_dict("records")
    ]
    return Table(
        "batch_prediction",
        "How well the batch of a held-out case is told from its features.",
        ("Variable", "Stage", "Classifier", "Macro AUC", "By chance", "p", "Balanced accuracy", "By chance", "p"),
        tuple(rows),
        (
            f"{run['folds']}-fold cross-validation, patients kept together; harmonization and classifier were fitted "
            "on the training cases of each fold.",
            f"Chance: the batches of held-out cases permuted within folds ({count(run['permutations'])} times); mean "
            "and 95th percentile. A successful harmonization comes down to chance.",
            "A linear classifier may fall below chance: the means of its training cases are equal by construction, and "
            "what it finds there instead turns against held-out cases. One that is not linear may rise: "
            "the shape of a distribution stays, and a floor where many values lie moves elsewhere in each batch.",
        ),
        data=found,
    )
