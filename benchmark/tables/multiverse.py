"""How far the AUC of each feature set spreads over all combinations of the declared choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.order import Run, declared, in_order
from benchmark.tables.rounding import EN_DASH, MISSING, count, interval, number, signed, whole_percent
from benchmark.tables.table import Table
from benchmark.tables.words import place_of

NO_SAMPLE = (
    "Specifications share their cases and most of their training rows: their number is no sample size, and no test may "
    "take them as independent."
)


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per feature set."""
    found = results["multiverse"]
    if found.empty:
        return None
    names = in_order(found["feature_set"], declared(run, "feature_sets"))
    found = found.set_index("feature_set").loc[names].reset_index()
    reference = str(found["reference"].iloc[0] or "")
    against = (f"Above {reference}",) if reference else ()
    return Table(
        "multiverse",
        f"AUC over all specifications: {place_of(found, run)}.",
        ("Feature set", "Specifications", "Median (quartiles)", "Range", *against, "Above 0.5", "Best minus median",
         "Chosen inside"),
        tuple(_cells(row, compared=bool(against)) for row in found.to_dict("records")),
        tuple(_notes(found, reference)),
        data=found,
    )  # fmt: skip


def _cells(row: dict[Any, Any], *, compared: bool) -> tuple[str, ...]:
    ends = [number(row[end]) for end in ("lowest", "highest")]
    return (
        str(row["feature_set"]),
        count(row["n_specifications"]),
        interval(row["median"], row["q1"], row["q3"]),
        MISSING if MISSING in ends else EN_DASH.join(ends),
        *((_share(row["share_above_reference"]),) if compared else ()),
        _share(row["share_above_chance"]),
        signed(row["best_minus_median"]),
        number(row["chosen_inside"]),
    )


def _share(value: float) -> str:
    return MISSING if pd.isna(value) else whole_percent(value)


def _notes(found: pd.DataFrame, reference: str) -> list[str]:
    largest = max(found.to_dict("records"), key=lambda row: row["n_specifications"])
    parts = " x ".join(
        f"{count(largest[f'n_{what}s'])} {words}"
        for what, words in (("preprocessing", "preprocessings"), ("classifier", "classifiers"), ("repeat", "seeds"))
    )
    undefined = float(found["n_undefined"].sum())
    above = f"Above {reference}: share with a higher AUC than {reference} under the same choices."
    return [
        f"A specification is one combination of the declared choices: at most {parts} of a feature set. A seed is a "
        "repeat of the design, which divides the cases anew; the AUC is the mean over its folds. Choices that do not "
        "touch a feature set make no specifications of it.",
        *([above] if reference else []),
        "Best minus median: by how much the best specification would have overstated what a typical one finds.",
        f"{CHOSEN_INSIDE.capitalize()}: in each training set the inner loop picked preprocessing and classifier; mean "
        "over the seeds. It is the arm that the other tables show.",
        NO_SAMPLE,
        *([f"Without an AUC, as a fit failed: {count(undefined)} specifications."] if undefined else []),
    ]
