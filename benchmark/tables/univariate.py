"""Each feature alone: AUC, tests of ranks and means, over all cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, interval, p_value
from benchmark.tables.table import Table
from benchmark.tables.words import few_words, interval_heading

SHOWN = 20


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The features with the smallest p of ranks; the CSV has all."""
    found = results["univariate"]
    if found.empty:
        return None
    classes = [str(label) for label in pd.unique(found["class"].astype(object))]
    ranked = found.assign(_auc=-found["auc"].astype(float)).sort_values(["p_ranks", "_auc"], kind="stable")
    order = ranked[["block", "feature"]].drop_duplicates()
    ranked = ranked.drop(columns="_auc")
    shown = [
        ranked[(ranked["block"] == block) & (ranked["feature"] == feature)].set_index("class").to_dict("index")
        for block, feature in order.head(SHOWN).itertuples(index=False, name=None)
    ]
    ci = interval_heading(found)
    aucs = [f"AUC ({ci})"] if len(classes) == 1 else [f"AUC of {label} ({ci})" for label in classes]
    means, ranks = ("Welch's t", "Mann-Whitney") if len(classes) == 1 else ("ANOVA", "Kruskal-Wallis")
    return Table(
        "univariate",
        f"Each feature alone, over all {count(found['n_cases'].max())} cases: the {count(len(shown))} of "
        f"{count(len(order))} with the smallest p.",
        ("Block", "Feature", *aucs, *(("Higher in",) if len(classes) == 1 else ()),
         f"p ({ranks})", "Adjusted", f"p ({means})", "Adjusted"),
        tuple(_row(part, classes) for part in shown),
        (
            "All cases and their outcomes were looked at: this is no basis for a selection, and the best AUC of "
            f"{count(len(order))} features is high by chance alone. Models select within their own training rows.",
            *_words(found, run),
        ),
        data=ranked.reset_index(drop=True),
    )  # fmt: skip


def _row(part: Mapping[Any, Mapping[Any, Any]], classes: list[str]) -> tuple[str, ...]:
    first = part[classes[0]]
    several = len(classes) > 1
    cells = [_auc(part[label], several=several) for label in classes]
    p = [p_value(first[name]) for name in ("p_ranks", "p_ranks_adjusted", "p_means", "p_means_adjusted")]
    return (str(first["block"]), str(first["feature"]), *cells, *(() if several else (str(first["higher_in"]),)), *p)


def _auc(row: Mapping[Any, Any], *, several: bool) -> str:
    return interval(row["auc"], row["low"], row["high"], digits=2 if several else 3)


def _words(found: pd.DataFrame, run: Run) -> tuple[str, ...]:
    """What the columns are, and what they assume."""
    several = found["class"].nunique() > 1
    notes = [
        "AUC in the direction above 0.5"
        + (" of each class against the others; whether the feature is higher or lower in it is in the CSV." if several
           else "; 'higher in' says in which class the feature is higher."),
        "p adjusted over all features by Benjamini-Hochberg.",
        f"Intervals: {found['method'].iloc[0]}.",
    ]  # fmt: skip
    if str(found["method"].iloc[0]).startswith("Obuchowski"):
        notes.append("The p values take cases for independent, and are too small: patients own several. Intervals do "
                     "not.")  # fmt: skip
    if few := few_words(found.assign(n_events=found["n_class"])):
        notes.append(few)
    if found["n_cases"].nunique() > 1:
        notes.append("Each feature over the cases that have it; their number is in the CSV.")
    return tuple(notes)
