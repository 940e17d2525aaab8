"""The mean over the held-out sets of a design, beside each set."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.order import ROLES, Run, in_order
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, recipe_notes, recipe_table
from benchmark.tables.words import interval_heading, method_notes

TITLES = {"auc": "Mean AUC", "accuracy": "Mean accuracy"}


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe: the mean AUC and accuracy with their intervals, then the AUC of each set."""
    found = results["set_means"]
    if not found["estimate"].notna().any():
        return None
    roles = in_order(str(found["sets"].iloc[0]).split(", "), ROLES)
    aucs = results["estimates"][results["estimates"]["measure"] == "auc"].merge(found[RECIPE].drop_duplicates())
    each = {f"AUC, {role}": aucs[aucs["role"] == role] for role in roles}
    wide = by_recipe(pd.concat([found, *(rows.assign(measure=name) for name, rows in each.items())]), run)
    level = interval_heading(found)
    return recipe_table(
        "set_means",
        f"Mean over held-out sets: {found['design'].iloc[0]}, {' and '.join(roles)} cases.",
        wide,
        run,
        headings={name: f"{TITLES.get(name, name)} ({level})" for name in (*TITLES, *each)},
        with_interval=(*TITLES, *each),
        notes=[
            "Each set counts the same, however many cases it has.",
            *recipe_notes(wide, run),
            *method_notes(found, TITLES),
        ],
    )
