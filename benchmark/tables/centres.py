"""Centre by centre: cases, AUC, calibration, their means over centres, and where those of a new centre are expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.measures import text_of, title_of
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import MISSING, count, difference, number, p_value, share
from benchmark.tables.table import Table
from benchmark.tables.wide import HEADINGS, of_chosen, recipe_columns
from benchmark.tables.words import classifier_title, interval_heading, method_notes, method_words, place_of

MEASURES = ("auc", "calibration_slope", "calibration_intercept", "observed_expected")
LAST = {"mean": "Mean", "prediction": "Prediction interval"}
OVERLAP = (
    "The models of the centres share training rows, so that the centres are not quite independent; the mean takes them "
    "for independent."
)


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model and centre, then mean, prediction interval and I²: of the arm chosen inside if there is one."""
    every = results["centres"]
    every = every[every["measure"].isin(MEASURES)]
    if every.empty:
        return None
    found = sort_recipes(of_chosen(every), run)
    columns, arm = telling(found, run)
    shown = [measure for measure in MEASURES if measure in set(found["measure"])]
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for recipe, part in found.groupby(RECIPE, sort=False, observed=True):
        names = model_names(dict(zip(RECIPE, map(str, recipe), strict=True)), columns, run)
        for line in _lines(part, shown):
            strong += [len(rows)] if line[0] == LAST["mean"] else []
            rows.append((*names, *line))
    level = interval_heading(found)
    titles = {measure: _title(measure) for measure in shown}
    means = found[found["kind"] == "mean"]
    return Table(
        "centres",
        f"Centre by centre: {place_of(found, run)}.",
        (*(HEADINGS[name] for name in columns), "Centre", "Cases", "With the event",
         *(f"{title} ({level})" for title in titles.values())),
        tuple(rows),
        (*arm, "Perfect calibration: slope 1, intercept 0, O/E 1.", *method_notes(means, titles), OVERLAP),
        frozenset(strong),
        every,
    )  # fmt: skip


def differences(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model and centre: its AUC minus that of the reference, then mean and prediction interval."""
    every = results["centres"]
    every = every[every["measure"] == "difference"]
    if every.empty:
        return None
    found = sort_recipes(of_chosen(every), run).reset_index(drop=True)
    columns, arm = telling(found, run)
    rows = tuple(
        (
            *model_names({name: str(row[name]) for name in RECIPE}, columns, run),
            LAST.get(row["kind"], str(row["name"])),
            _ahead(row) if row["kind"] == "prediction" else difference(row["estimate"], row["low"], row["high"]),
            p_value(row["p"]),
            f"{number(100 * row['i2'], digits=0)}%" if row["kind"] == "mean" else MISSING,
        )
        for row in found.to_dict("records")
    )
    references = ", ".join(dict.fromkeys(str(label).partition(" | ")[0] for label in found["reference"]))
    return Table(
        "centre_differences",
        f"Difference in AUC from {references}, centre by centre: {place_of(found, run)}.",
        (*(HEADINGS[name] for name in columns), "Centre", f"Difference in AUC ({interval_heading(found)})", "p", "I²"),
        rows,
        (*arm, *method_words(found[found["kind"] == "mean"]), OVERLAP),
        frozenset(place for place, kind in enumerate(found["kind"]) if kind == "mean"),
        every,
    )


def telling(found: pd.DataFrame, run: Run) -> tuple[list[str], list[str]]:
    """The columns that tell the models of a frame apart, and a note that names what they have in common."""
    every = recipe_columns(found, run)
    columns = [name for name in every if name == "feature_set" or found[name].nunique() > 1]
    shared = [classifier_title(run, str(found[name].iloc[0])) for name in every if name not in columns]
    return columns, [f"Models: {', '.join(dict.fromkeys(shared))}."] if shared else []


def _title(measure: str) -> str:
    title = title_of(measure).removeprefix("Calibration ")
    return title[0].upper() + title[1:]


def model_names(recipe: Mapping[str, str], columns: list[str], run: Run) -> list[str]:
    """The names of a model as printed, in the ``columns`` of ``telling``."""
    return [recipe[name] if name == "feature_set" else classifier_title(run, recipe[name]) for name in columns]


def _lines(part: pd.DataFrame, shown: list[str]) -> list[tuple[str, ...]]:
    """The rows of one model: centre (or what it is instead), cases, events, and a cell per measure."""
    cells = {(row["kind"], row["name"], row["measure"]): row for row in part.to_dict("records")}
    centres = sorted({name for kind, name, _ in cells if kind == "cohort"}, key=str)
    lines = []
    for kind, name in [*(("cohort", centre) for centre in centres), *((kind, kind) for kind in LAST)]:
        found = [cells.get((kind, name, measure)) for measure in shown]
        sizes = next(row for row in found if row) if kind == "cohort" else {"n_cases": None, "n_events": None}
        title = LAST.get(kind, str(name))
        texts = [MISSING if row is None else _text(row) for row in found]
        whole, events = sizes["n_cases"], sizes["n_events"]
        lines.append((title, *(("", "") if whole is None else (count(whole), share(events, whole))), *texts))
    means = [cells.get(("mean", "mean", measure)) for measure in shown]
    i2 = [MISSING if row is None else f"{number(100 * row['i2'], digits=0)}%" for row in means]
    return [*lines, ("I²", "", "", *i2)]


def _text(row: dict[Any, Any]) -> str:
    text = text_of(row["measure"], row["estimate"], row["low"], row["high"])
    return _within(text) if row["kind"] == "prediction" else text


def _ahead(row: dict[Any, Any]) -> str:
    return _within(difference(row["estimate"], row["low"], row["high"]))


def _within(text: str) -> str:
    """The range of a prediction interval alone; its middle is the mean above."""
    return text.partition("(")[2].rstrip(")") or MISSING
