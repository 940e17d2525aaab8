"""Differences between each model and the reference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmark.predictions import RECIPE, label_of
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import count, difference, p_value
from benchmark.tables.table import Table
from benchmark.tables.wide import chosen_rows, recipe_columns, recipe_headings
from benchmark.tables.words import ADJUSTMENTS, classifier_title, interval_heading, method_notes, model_title, place_of


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model: its measure minus that of the reference."""
    every = of_question(results["comparisons"], "reference")
    if every.empty:
        return None
    recipes, comparisons = recipes_of(results, run), of_main_measure(every)
    found = comparisons.iloc[np.argsort([_place(recipes, label) for label in comparisons["first"]], kind="stable")]
    found = found.reset_index(drop=True)
    reference, named = _reference(found, recipes, run)
    columns = recipe_columns(recipes, run)
    leading = [
        (*_model_cells(recipes, columns, first, run), *(() if named else (title(recipes, second, run),)))
        for first, second in zip(found["first"].astype(str), found["second"].astype(str), strict=True)
    ]
    chosen = np.flatnonzero(found["first"].astype(str).isin(recipes.index[sorted(chosen_rows(recipes))]))
    return Table(
        "comparison",
        f"Difference from the reference{reference}: {place_of(found, run)}.",
        (*recipe_headings(columns), *(() if named else ("Reference",)), *headings(found)),
        tuple(models + cells for models, cells in zip(leading, difference_cells(found), strict=True)),
        notes(found, every, "model minus reference"),
        frozenset(chosen.tolist()) if len(chosen) < len(found) else frozenset(),
        every,
    )


def of_question(comparisons: pd.DataFrame, question: str) -> pd.DataFrame:
    """The comparisons of one family of tests, of all measures."""
    return comparisons[comparisons["question"] == question].reset_index(drop=True)


def of_main_measure(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of the AUC, or of the first measure that has a p value: p is adjusted within a measure."""
    measures = found.loc[found["p"].notna(), "measure"].unique().tolist() or found["measure"].unique().tolist()
    return found[found["measure"] == ("auc" if "auc" in measures else measures[0])]


def recipes_of(results: Mapping[str, pd.DataFrame], run: Run) -> pd.DataFrame:
    """The estimated recipes in order, with their labels as index."""
    recipes = sort_recipes(results["estimates"][RECIPE].drop_duplicates().astype(str), run)
    return recipes.set_axis([label_of(*recipe) for recipe in recipes.itertuples(index=False, name=None)])


def title(recipes: pd.DataFrame, label: str, run: Run) -> str:
    """What a model is called; the label itself if it is not among the recipes."""
    return model_title(run, *recipes.loc[label, RECIPE]) if label in recipes.index else label


def headings(found: pd.DataFrame) -> tuple[str, ...]:
    """The difference and its p values."""
    return f"Difference in {title_of(str(found['measure'].iloc[0]))} ({interval_heading(found)})", "p", "Adjusted p"


def difference_cells(found: pd.DataFrame) -> list[tuple[str, ...]]:
    """The cells below ``headings``."""
    return [
        (difference(row["difference"], row["low"], row["high"]), p_value(row["p"]), p_value(row["p_adjusted"]))
        for row in found.to_dict("records")
    ]


def notes(found: pd.DataFrame, every: pd.DataFrame, direction: str) -> tuple[str, ...]:
    """The direction of the difference, the test, over how many comparisons of ``found`` p was adjusted, and which
    measures of ``every`` comparison are not printed."""
    ways = [ADJUSTMENTS.get(str(way), str(way)) for way in found["adjustment"].dropna().unique() if str(way)]
    adjusted = f"p adjusted over {count(found['p'].notna().sum())} comparisons: {', '.join(ways)}." if ways else ""
    titles = {str(measure): title_of(str(measure)) for measure in every["measure"].unique()}
    others = [name for measure, name in titles.items() if measure not in set(found["measure"])]
    also = f"The CSV also compares: {', '.join(others)}." if others else ""
    return tuple(one for one in (f"Difference: {direction}.", *method_notes(found, titles), adjusted, also) if one)


def _place(recipes: pd.DataFrame, label: str) -> int:
    return recipes.index.tolist().index(label) if label in recipes.index else len(recipes)


def _model_cells(recipes: pd.DataFrame, columns: list[str], label: str, run: Run) -> tuple[str, ...]:
    if label not in recipes.index:
        return (label, *[""] * (len(columns) - 1))
    row = {column: str(recipes.at[label, column]) for column in columns}
    return tuple(classifier_title(run, name) if column != "feature_set" else name for column, name in row.items())


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
