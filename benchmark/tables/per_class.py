"""How well each class is told from the others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.classes import class_table, of_classes
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.words import gap_notes, interval_heading, method_notes, place_of

SHOWN = ("auc", "auc_pooled", "sensitivity", "specificity", "ppv", "npv", "f1")
WITH_INTERVAL = ("auc", "auc_pooled", "sensitivity", "specificity")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model and class; no table of two classes."""
    found = of_classes(results["estimates"], SHOWN)
    if not found["estimate"].notna().any():
        return None
    titles = {measure: title_of(measure) for measure in SHOWN if measure in set(found["measure"])}
    within = f" ({interval_heading(found)})"
    return class_table(
        "per_class",
        f"Each class against the others: {place_of(found, run)}.",
        found,
        run,
        headings={name: title + (within if name in WITH_INTERVAL else "") for name, title in titles.items()},
        with_interval=WITH_INTERVAL,
        notes=[
            "A case is called the class of its highest probability.",
            *method_notes(found, titles),
            *gap_notes(found, titles, run),
        ],
    )
