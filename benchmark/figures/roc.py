"""ROC curves with the AUC and its interval in the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.style import ONE_COLUMN, PALE, legend_below, make_room, panels, styled, unit_axes
from benchmark.predictions import RECIPE
from benchmark.tables.order import Run
from benchmark.tables.rounding import MISSING, interval
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
    figure, axes = panels(
        len(groups), most_columns=2, size=ONE_COLUMN, height=ONE_COLUMN + (0.2 if len(groups) > 1 else 0.05)
    )
    heading = f"AUC ({interval_heading(results['estimates'])})"
    title = ", ".join(filter(None, [heading, shown_words(groups, run)]))
    lines = []
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
        lines.append(legend_below(panel, title))
    make_room(figure, lines, most_columns=2)
    return figure


def _draw_others(panel: Axes, curves: pd.DataFrame) -> None:
    for _, rows in curves.groupby(RECIPE, observed=True, sort=False):
        panel.plot(rows["x"], rows["y"], color=PALE, linewidth=0.4, zorder=0.5, label="_other")


def _auc(estimates: pd.DataFrame, arm: Arm) -> str:
    """The AUC and its interval, never broken over two lines."""
    found = rows_of(estimates[estimates["measure"] == "auc"], arm)
    ends = found[["estimate", "low", "high"]].astype(float).to_numpy()
    text = interval(*ends[0]) if len(ends) else MISSING
    return text.replace(" ", "\N{NO-BREAK SPACE}")
