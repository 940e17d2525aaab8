"""From estimates of single classes (``auc[MSI]``) to one row per model and class, and to a table of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from benchmark.estimates import split_class
from benchmark.predictions import RECIPE
from benchmark.tables.order import Run, declared, in_order
from benchmark.tables.rounding import count
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, measure_cells, of_chosen, recipe_cells, recipe_columns, recipe_headings

CLASS = "class"


def of_classes(estimates: pd.DataFrame, measures: Collection[str]) -> pd.DataFrame:
    """The estimates of these measures of single classes, with the class as a column of its own."""
    parts = [split_class(str(name)) for name in estimates["measure"]]
    named = estimates.assign(measure=[measure for measure, _ in parts], **{CLASS: [label for _, label in parts]})
    return named[(named[CLASS] != "") & named["measure"].isin(measures)].reset_index(drop=True)


def by_class(found: pd.DataFrame, run: Run) -> pd.DataFrame:
    """One row per model and class, models and classes in order, as ``by_recipe`` for each class; ``cases`` of the
    class. ``found``: of ``of_classes``."""
    tables = []
    for label in in_order(found[CLASS], declared(run, "classes")):
        rows = found[found[CLASS] == label]
        wide = by_recipe(rows, run)
        tables.append(wide.assign(**{CLASS: label, "cases": rows["n_events"].iloc[0], "place": range(len(wide))}))
    whole = pd.concat(tables).sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)
    first = [*RECIPE, CLASS, "cases"]
    return whole[[*first, *whole.columns.difference(first, sort=False)]]


def class_table(
    name: str,
    caption: str,
    found: pd.DataFrame,
    run: Run,
    *,
    headings: Mapping[str, str],
    with_interval: Collection[str],
    notes: Iterable[str],
) -> Table:
    """One row per model and class of ``of_classes``, of the arm chosen inside if there is one; the CSV has all."""
    every = by_class(found, run)
    wide = of_chosen(every)
    columns = recipe_columns(wide, run)
    cells = [measure_cells(wide, measure, interval=measure in with_interval) for measure in headings]
    leading = [recipe_cells(wide, column, run) for column in columns]
    counts = [count(cases) for cases in wide["cases"]]
    return Table(
        name,
        caption,
        (*recipe_headings(columns), "Class", "Cases", *headings.values()),
        tuple(tuple(row) for row in zip(*leading, wide[CLASS].astype(str), counts, *cells, strict=True)),
        tuple(note for note in notes if note),
        data=every,
    )
