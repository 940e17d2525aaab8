"""What acting on each model is worth at some threshold probabilities, beside treating all and none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import MISSING, difference, interval, number
from benchmark.tables.table import Table
from benchmark.tables.wide import of_chosen
from benchmark.tables.words import interval_heading, model_title, place_of, sentence

MOST = 60
"""Rows that are printed; the CSV has all."""

ALL, NONE = "treat all", "treat none"


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per threshold and model, treat all first; of many models those of the arm chosen inside."""
    every = results["net_benefit"]
    if not every["estimate"].notna().any():
        return None
    plain = every[every["recalibration"] == ""]
    extreme = plain["classifier"].astype(str) == ALL
    models = plain[~extreme]
    shown = of_chosen(models) if len(models[_is(models, "net benefit")]) > MOST else models
    wide = _wide(pd.concat([plain[extreme], shown]), run)
    versus = {f"to_{name}": name for name in _references(every)}
    level = interval_heading(every)
    headings = ["Threshold", "Model", f"Net benefit ({level})", f"Minus treat all ({level})"]
    if versus:
        headings.append(f"Minus reference ({level})")
    headings.append(f"Interventions avoided per 100 ({level})")
    rows = [_cells(row, run, bool(versus)) for row in wide.to_dict("records")]
    return Table(
        "net_benefit",
        f"Net benefit: {place_of(every, run)}.",
        tuple(headings),
        tuple(rows),
        tuple(_notes(every, fewer=len(shown) < len(models), recalibrated=len(plain) < len(every))),
        data=every,
    )


def _is(frame: pd.DataFrame, quantity: str) -> pd.Series:
    return frame["quantity"] == quantity


def _references(every: pd.DataFrame) -> list[str]:
    against = every.loc[_is(every, "difference"), "against"].astype(str)
    return [name for name in dict.fromkeys(against) if name not in (ALL, NONE)]


def _wide(every: pd.DataFrame, run: Run) -> pd.DataFrame:
    """One row per threshold and model, with the estimate and limits of each quantity."""
    key = [*RECIPE, "threshold"]
    against = every["against"].where(every["against"].isin([ALL, NONE, ""]), "reference")
    column = (every["quantity"] + " " + against).str.strip()
    cells = every.assign(column=column).drop_duplicates([*key, "column"])
    table = cells.set_index([*key, "column"])[["estimate", "low", "high"]].unstack("column")
    columns = {
        f"{name} {part}": table[(part, name)]
        for name in cells["column"].unique()
        for part in ("estimate", "low", "high")
    }
    found = sort_recipes(pd.DataFrame(columns, index=table.index).reset_index(), run)
    first = found["classifier"].astype(str).ne(ALL)
    order = np.lexsort((np.arange(len(found)), first, found["threshold"]))
    return found.iloc[order].reset_index(drop=True)


def _cells(row: Mapping[Any, Any], run: Run, versus: bool) -> tuple[str, ...]:
    name = "Treat all" if row["classifier"] == ALL else model_title(run, *(str(row[part]) for part in RECIPE))
    quantities = [("net benefit", 3), ("difference treat all", 3)]
    quantities += [("difference reference", 3)] if versus else []
    return (
        number(row["threshold"], digits=2),
        name,
        *(_text(row, quantity, digits) for quantity, digits in [*quantities, ("interventions avoided treat all", 1)]),
    )


def _text(row: Mapping[Any, Any], quantity: str, digits: int) -> str:
    found = [row.get(f"{quantity} {part}", np.nan) for part in ("estimate", "low", "high")]
    if pd.isna(found[0]):
        return MISSING
    return interval(*found, digits=digits) if quantity == "net benefit" else difference(*found, digits=digits)


def _notes(every: pd.DataFrame, *, fewer: bool, recalibrated: bool) -> list[str]:
    names, prevalence = _references(every), every["prevalence"].dropna().unique()
    return [
        sentence(text)
        for text in (
            "Net benefit: true positives less false positives at the exchange rate of the threshold, per case; that of "
            "treat none is 0, so the difference to it is the net benefit itself",
            "Interventions avoided: net, per 100 cases, against treat all",
            f"Reference: {'; '.join(names[:3])}{' ...' if len(names) > 3 else ''}" if names else "",
            f"Prevalence: {number(prevalence[0])}, as given, not that of the cases" if len(prevalence) else "",
            "Shown: the arm chosen inside; the CSV has all models" if fewer else "",
            "The CSV has the recalibrated models too" if recalibrated else "",
            *(f"Intervals: {method}" for method in every["method"].dropna().unique()),
        )
        if text
    ]
