"""A table of models by measures, each with its interval where it has one: what several tables have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, recipe_columns, recipe_notes, recipe_table
from benchmark.tables.words import (
    RECALIBRATIONS,
    cases_words,
    few_words,
    gap_notes,
    interval_heading,
    method_notes,
    place_of,
)

RECALIBRATED = {
    "fitted": "Recalibration: learnt in each fold from the inner out-of-fold predictions of its training rows, and "
    "applied to the cases that it holds out.",
    "imported": "Recalibration: learnt from the predictions of the training set.",
}


def measure_table(
    name: str,
    about: str,
    measured: pd.DataFrame,
    run: Run,
    *,
    shown: Sequence[str],
    title: Callable[[str], str] = title_of,
    notes: Iterable[str] = (),
) -> Table | None:
    """One row per recipe (and recalibration, if ``measured``, rows of ``ESTIMATES``, says it), one column per measure
    of ``shown`` that was estimated; None without any number."""
    found = measured[measured["measure"].isin(shown)].reset_index(drop=True)
    if not found["estimate"].notna().any():
        return None
    present = set(found["measure"])
    titles = {measure: title(measure) for measure in shown if measure in present}
    limited = set(found.loc[found["low"].notna(), "measure"])
    level = interval_heading(found)
    wide = _wide(found, run)
    size = cases_words(found)
    table = recipe_table(
        name,
        f"{about}: {place_of(found, run)}.",
        wide,
        run,
        headings={one: f"{text} ({level})" if one in limited else text for one, text in titles.items()},
        with_interval=limited,
        notes=[
            f"{size}." if size else "",
            few_words(found),
            *notes,
            *recipe_notes(wide, run),
            *method_notes(found, titles),
            *gap_notes(found, titles, run),
        ],
    )
    return _with_recalibration(table, wide, run) if "recalibration" in wide.columns else table


def _wide(found: pd.DataFrame, run: Run) -> pd.DataFrame:
    """``by_recipe``; where there are recalibrated rows, those of a recipe below it."""
    if "recalibration" not in found.columns or not found["recalibration"].any():
        return by_recipe(found, run)
    parts = []
    for name in found["recalibration"].drop_duplicates():
        wide = by_recipe(found[found["recalibration"] == name], run)
        wide.insert(len(RECIPE), "recalibration", name)
        parts.append(wide)
    return sort_recipes(pd.concat(parts, ignore_index=True), run).reset_index(drop=True)


def _with_recalibration(table: Table, wide: pd.DataFrame, run: Run) -> Table:
    place = len(recipe_columns(wide, run))
    names = [RECALIBRATIONS.get(str(name), str(name)) for name in wide["recalibration"]]
    return replace(
        table,
        header=(*table.header[:place], "Recalibration", *table.header[place:]),
        rows=tuple((*row[:place], name, *row[place:]) for row, name in zip(table.rows, names, strict=True)),
        notes=(*table.notes, RECALIBRATED["imported" if run.get("imported") else "fitted"]),
    )
