"""Risks of bias in the registry, study by study and together."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, number, share, signed, whole_percent
from benchmark.tables.table import Table

RISKS = {
    "no_external": "No external set",
    "split_unstated": "Split not stated",
    "training_reported": "Training figures among the results",
    "small": "Few cases",
    "training_as_result": "Training figure as the result",
    "best_of_grid": "Best of several candidates",
    "label_defining": "Feature that defines the label",
    "rows_per_patient": "Several rows per patient",
}


def bias(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per study of the registry."""
    found = results.get("bias", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            str(row["study"]), count(row["n_cases"]), whole_percent(row["rqs"]) if pd.notna(row["rqs"]) else "",
            *(str(row[risk]) for risk in RISKS),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    rqs = found["rqs"].dropna()
    scores = (
        f"RQS 2.0, share of its 66 points as of January 2025: {count(len(rqs))} studies, mean "
        f"{whole_percent(rqs.mean())}, from {whole_percent(rqs.min())} to {whole_percent(rqs.max())}. Later versions "
        "have other maxima; shares of two versions must not be compared."
    )
    return Table(
        "bias",
        "Risks of bias that the registry shows.",
        ("Study", "Cases", "RQS", *RISKS.values()),
        rows,
        (
            f"Few cases: below {count(run['fewest'])}. An empty cell: the registry does not say; of the last four "
            "columns nobody noted it, which does not show that it is not there.",
            *([scores] if len(rqs) else []),
        ),
        data=found,
    )


def effects(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per metric and risk."""
    found = results.get("bias_effects", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            title_of(row["metric"]), RISKS[row["risk"]], share(row["n_yes"], row["n_yes"] + row["n_other"]),
            number(row["mean_yes"]), number(row["mean_other"]), signed(row["difference"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    return Table(
        "bias_effects",
        "What studies with a risk of bias report.",
        ("Metric", "Risk", "Studies with it", "Their mean", "Mean of the others", "Difference"),
        rows,
        ("One number per study, its best pooled family. Few studies and no test: a direction, not a proof.",),
        data=found,
    )
