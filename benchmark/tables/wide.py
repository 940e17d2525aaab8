"""From long estimates to one row per recipe, and from these to a table of models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE, RECIPE
from benchmark.tables.measures import text_of
from benchmark.tables.order import Run, levels, sort_recipes
from benchmark.tables.table import Table
from benchmark.tables.words import classifier_title

HEADINGS = {"feature_set": "Feature set", "preprocessing": "Preprocessing", "classifier": "Classifier"}


def by_recipe(estimates: pd.DataFrame, run: Run) -> pd.DataFrame:
    """One row per recipe in order: the recipe, then ``<measure>``, ``<measure>_low``, ``<measure>_high`` per measure,
    at full precision. Of a measure estimated twice (two methods) the first counts."""
    once = estimates.drop_duplicates([*RECIPE, "measure"])
    cells = once.set_index([*RECIPE, "measure"])[["estimate", "low", "high"]].unstack("measure")
    columns = {
        f"{measure}{end}": cells[(part, measure)]
        for measure in once["measure"].drop_duplicates()
        for part, end in (("estimate", ""), ("low", "_low"), ("high", "_high"))
    }
    return sort_recipes(pd.DataFrame(columns, index=cells.index).reset_index(), run).reset_index(drop=True)


def recipe_table(
    name: str,
    caption: str,
    wide: pd.DataFrame,
    run: Run,
    *,
    headings: Mapping[str, str],
    notes: Iterable[str],
    with_interval: Collection[str],
) -> Table:
    """One row per recipe of ``by_recipe``, one column per measure of ``headings``; the chosen-inside arm stands out."""
    columns = recipe_columns(wide, run)
    cells = [measure_cells(wide, measure, interval=measure in with_interval) for measure in headings]
    return Table(
        name,
        caption,
        (*recipe_headings(columns), *headings.values()),
        tuple(tuple(row) for row in zip(*(recipe_cells(wide, column, run) for column in columns), *cells, strict=True)),
        tuple(note for note in notes if note),
        chosen_rows(wide),
        wide,
    )


def recipe_columns(wide: pd.DataFrame, run: Run) -> list[str]:
    """The columns that tell recipes apart: the preprocessing only if there are several, the classifier only if there
    is any (a model that came from elsewhere has a name and no more)."""
    several = len([name for name in levels(wide, "preprocessing", run) if name]) > 1
    shown = {"preprocessing": several, "classifier": bool((wide["classifier"].astype(str) != "").any())}
    return [column for column in RECIPE if shown.get(column, True)]


def recipe_headings(columns: list[str]) -> list[str]:
    """The headings of ``recipe_columns``."""
    return ["Model"] if columns == ["feature_set"] else [HEADINGS[column] for column in columns]


def chosen_rows(wide: pd.DataFrame) -> frozenset[int]:
    """The numbers of the rows of the chosen-inside arm: of those where the inner loop chose most."""
    chosen = (wide[RECIPE] == CHOSEN_INSIDE).sum(axis=1).to_numpy()
    return frozenset(np.flatnonzero(chosen == max(chosen.max(initial=0), 1)).tolist())


def of_chosen(every: pd.DataFrame) -> pd.DataFrame:
    """The rows of the arm chosen inside, where there is one, and of models that were made elsewhere; else all."""
    chosen = every["classifier"] == CHOSEN_INSIDE
    both = chosen & (every["preprocessing"] == CHOSEN_INSIDE)
    elsewhere = (every["classifier"] == "") & (every["preprocessing"] == "")
    shown = next((part | elsewhere for part in (both, chosen) if part.any()), pd.Series(True, every.index))
    return every[shown].reset_index(drop=True)


def recipe_notes(wide: pd.DataFrame, run: Run) -> list[str]:
    """Which preprocessing it is where its column is left out, and what the chosen-inside arm is."""
    notes = []
    name = str(wide["preprocessing"].iloc[0]) if len(wide) else ""
    if name and "preprocessing" not in recipe_columns(wide, run):
        steps = (run.get("preprocessings") or {}).get(name) or []
        notes.append(f"Preprocessing {name}{': ' if steps else ''}{', '.join(map(str, steps))}.")
    chosen = wide.iloc[sorted(chosen_rows(wide))]
    if 0 < len(chosen) < len(wide):
        parts = [part for part in ("preprocessing", "classifier") if (chosen[part] == CHOSEN_INSIDE).all()]
        notes.append(
            f"Bold, {CHOSEN_INSIDE}: in each training set the inner loop picked the {' and the '.join(parts)}, so no "
            "choice was made on the cases that are scored here."
        )
    return notes


def recipe_cells(wide: pd.DataFrame, column: str, run: Run) -> list[str]:
    """The names of one column of ``recipe_columns`` as printed."""
    names = [str(name) for name in wide[column]]
    return names if column == "feature_set" else [classifier_title(run, name) for name in names]


def measure_cells(wide: pd.DataFrame, measure: str, *, interval: bool) -> list[str]:
    """One measure as text, an en dash where there is none."""
    missing = np.full(len(wide), np.nan)
    ends = ("", "_low", "_high") if interval else ("",)
    values = [wide[measure + end].to_numpy(float) if measure + end in wide.columns else missing for end in ends]
    values += [missing] * (3 - len(values))
    return [text_of(measure, *cell) for cell in zip(*values, strict=True)]
