"""How well risk scores order the times to the event: concordance, hazard ratio, and groups split by the score."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, recipe_table
from benchmark.tables.words import cases_words, design_words, gap_notes, interval_heading, method_notes, place_of

SHOWN = (
    "c_harrell",
    "c_uno",
    "hazard_ratio",
    "hazard_ratio_threshold",
    "proportional_hazards_p",
    "log_rank_p_threshold",
    "log_rank_p_median",
    "log_rank_p_tertiles",
)
WITH_INTERVAL = SHOWN[:4]


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model; None where nothing of it was estimated."""
    estimates = results["estimates"]
    measured = estimates[estimates["measure"].isin(SHOWN)]
    if not measured["estimate"].notna().any():
        return None
    titles = {measure: title_of(measure) for measure in SHOWN if measure in set(measured["measure"])}
    within = f" ({interval_heading(measured)})"
    return recipe_table(
        "survival",
        f"Concordance with survival: {place_of(measured, run)}.",
        by_recipe(measured, run),
        run,
        headings={name: title + (within if name in WITH_INTERVAL else "") for name, title in titles.items()},
        with_interval=WITH_INTERVAL,
        notes=[
            f"{cases_words(measured)}.",
            _risk(run),
            *method_notes(measured, titles),
            *gap_notes(measured, titles, run),
        ],
    )


def refused(run: Run) -> str:
    """Where there is no survival by predicted risk, and why; empty if it is everywhere."""
    if len(run.get("classes") or ()) > 2:
        return "Not estimated: of an outcome of several classes no probability is the risk."
    designs = run.get("designs") or {}
    several = [design_words(run, name) for name, about in designs.items() if about["folds"] * about["repeats"] > 1]
    return f"Not for {', '.join(several)}: scores of several fitted models have no common scale." if several else ""


def _risk(run: Run) -> str:
    """What is taken for the risk, of predicted probabilities."""
    told = run.get("follow_up") or {}
    return f"Risk: the predicted probability of '{told['risk']}'. Event: {told['event']}." if told.get("risk") else ""
