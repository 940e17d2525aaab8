"""ROC curves with the AUC and its interval in the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.style import LEGEND_LINE, ONE_COLUMN, PALE, legend_below, panels, styled, unit_axes
from benchmark.predictions import RECIPE
from benchmark.tables.order import Run
from benchmark.tables.rounding import interval
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = "ROC curves, one model per feature set. Legend: AUC and its interval."


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run, *, others: bool = False) -> Figure | None:
    """One panel per preprocessing. ``others``: all other models too, thin and grey."""
    curves = results["curves"][results["curves"]["curve"] == "roc"]
    groups = arms_by_preprocessing(curves, run)
    if not groups:
        return None
    lines = max(map(len, groups.values()))
    figure, axes = panels(
        len(groups), most_columns=2, size=ONE_COLUMN, height=ONE_COLUMN - 0.2 + LEGEND_LINE * (lines + 2)
    )
    heading = f"AUC ({interval_heading(results['estimates'])})"
    for panel, (preprocessing, arms) in zip(axes, groups.items(), strict=True):
        if others:
            _draw_others(panel, curves[curves["preprocessing"].astype(str) == preprocessing])
        for arm in arms:
            rows = rows_of(curves, arm)
            label = f"{arm.label}: {_auc(results['estimates'], arm)}"
            panel.plot(rows["x"], rows["y"], color=arm.colour, linestyle=arm.line, label=label)
        unit_axes(panel)
        panel.set(xlabel="1 − specificity", ylabel="Sensitivity")
        panel.set_title(preprocessing if len(groups) > 1 else "")
        legend_below(panel, ", ".join(filter(None, [heading, shown_words(groups, run)])))
    return figure


def _draw_others(panel: Axes, curves: pd.DataFrame) -> None:
    for _, rows in curves.groupby(RECIPE, observed=True, sort=False):
        panel.plot(rows["x"], rows["y"], color=PALE, linewidth=0.4, zorder=0.5, label="_other")


def _auc(estimates: pd.DataFrame, arm: Arm) -> str:
    found = rows_of(estimates[estimates["measure"] == "auc"], arm)
    return (
        interval(*found.iloc[0][["estimate", "low", "high"]].astype(float))
        if len(found)
        else interval(None, None, None)
    )
