"""Differences between each model and the reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE, RECIPE, label_of
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import count, difference, p_value
from benchmark.tables.table import Table
from benchmark.tables.wide import HEADINGS, recipe_columns
from benchmark.tables.words import classifier_title, interval_heading, method_notes, model_title, place_of


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model: its measure minus that of the reference."""
    comparisons = of_question(results["comparisons"], "reference")
    if comparisons.empty:
        return None
    recipes = recipes_of(results, run)
    found = comparisons.iloc[np.argsort([_place(recipes, label) for label in comparisons["first"]], kind="stable")]
    found = found.reset_index(drop=True)
    reference, named = _reference(found, recipes, run)
    columns = recipe_columns(recipes, run)
    leading = [
        (*_model_cells(recipes, columns, first, run), *(() if named else (title(recipes, second, run),)))
        for first, second in zip(found["first"].astype(str), found["second"].astype(str), strict=True)
    ]
    chosen = np.flatnonzero(found["first"].astype(str).str.contains(CHOSEN_INSIDE, regex=False))
    return Table(
        "comparison",
        f"Difference from the reference{reference}: {place_of(found, run)}.",
        (*(HEADINGS[column] for column in columns), *(() if named else ("Reference",)), *headings(found)),
        tuple(models + cells for models, cells in zip(leading, difference_cells(found), strict=True)),
        notes(found, "model minus reference"),
        frozenset(chosen.tolist()) if len(chosen) < len(found) else frozenset(),
        found,
    )


def of_question(comparisons: pd.DataFrame, question: str) -> pd.DataFrame:
    """The comparisons of one family of tests."""
    return comparisons[comparisons["question"] == question].reset_index(drop=True)


def recipes_of(results: Mapping[str, pd.DataFrame], run: Run) -> pd.DataFrame:
    """The estimated recipes in order, with their labels as index."""
    recipes = sort_recipes(results["estimates"][RECIPE].drop_duplicates().astype(str), run)
    return recipes.set_axis([label_of(*recipe) for recipe in recipes.itertuples(index=False, name=None)])


def title(recipes: pd.DataFrame, label: str, run: Run) -> str:
    """What a model is called; the label itself if it is not among the recipes."""
    return model_title(run, *recipes.loc[label, RECIPE]) if label in recipes.index else label


def headings(found: pd.DataFrame) -> tuple[str, ...]:
    """The measure if there are several, the difference and its p values."""
    measures = found["measure"].unique()
    several = ("Measure",) if len(measures) > 1 else ()
    what = "Difference" if several else f"Difference in {title_of(str(measures[0]))}"
    return (*several, f"{what} ({interval_heading(found)})", "p", "Adjusted p")


def difference_cells(found: pd.DataFrame) -> list[tuple[str, ...]]:
    """The cells below ``headings``."""
    several = found["measure"].nunique() > 1

    def cells(row: dict[Any, Any]) -> tuple[str, ...]:
        measure = [title_of(str(row["measure"]))] if several else []
        size = difference(row["difference"], row["low"], row["high"])
        return (*measure, size, p_value(row["p"]), p_value(row["p_adjusted"]))

    return [cells(row) for row in found.to_dict("records")]


def notes(found: pd.DataFrame, direction: str) -> tuple[str, ...]:
    """The direction of the difference, the test, and over how many comparisons p was adjusted."""
    ways = [str(way) for way in found["adjustment"].dropna().unique() if str(way)]
    adjusted = f"p adjusted over {count(len(found))} comparisons: {', '.join(ways)}." if ways else ""
    methods = method_notes(found, {str(measure): title_of(str(measure)) for measure in found["measure"].unique()})
    return tuple(note for note in (f"Difference: {direction}.", *methods, adjusted) if note)


def _place(recipes: pd.DataFrame, label: str) -> int:
    return recipes.index.tolist().index(label) if label in recipes.index else len(recipes)


def _model_cells(recipes: pd.DataFrame, columns: list[str], label: str, run: Run) -> tuple[str, ...]:
    if label not in recipes.index:
        return (label, *[""] * (len(columns) - 1))
    row = {column: str(recipes.at[label, column]) for column in columns}
    return tuple(classifier_title(run, name) if column == "classifier" else name for column, name in row.items())


def _reference(found: pd.DataFrame, recipes: pd.DataFrame, run: Run) -> tuple[str, bool]:
    """The words for the caption, and whether they name the reference: one model, or one feature set with the
    preprocessing and classifier of the model that it is compared with."""
    seconds = found["second"].astype(str)
    if seconds.nunique() == 1:
        return f" '{title(recipes, seconds.iloc[0], run)}'", True
    if not (seconds.isin(recipes.index) & found["first"].astype(str).isin(recipes.index)).all():
        return "", False
    first, second = (
        recipes.loc[found[side].astype(str).tolist()].reset_index(drop=True) for side in ("first", "second")
    )
    alike = first[RECIPE[1:]].equals(second[RECIPE[1:]]) and second["feature_set"].nunique() == 1
    if not alike:
        return "", False
    same = "preprocessing and classifier" if "preprocessing" in recipe_columns(recipes, run) else "classifier"
    return f" '{second['feature_set'].iloc[0]}' with the same {same}", True
