"""Decision curves: the net benefit of acting on a model, beside treating everybody and nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.style import GREY, ONE_COLUMN, legend_below, make_room, panels, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Decision curves, one model per feature set. A model is of use at the threshold probabilities where it lies above "
    "both treat all and treat none."
)
EXTREMES = {"treat all": (0, (4, 2)), "treat none": "solid"}
BELOW = 0.15
"""How far the axis goes below zero, as a share of what is above."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per preprocessing."""
    curves = results["curves"][results["curves"]["curve"] == "net benefit"]
    extreme = curves["classifier"].astype(str).isin(EXTREMES)
    groups = arms_by_preprocessing(curves[~extreme], run)
    if not groups:
        return None
    figure, axes = panels(len(groups), most_columns=2, size=ONE_COLUMN, height=2.9)
    lines = []
    for panel, (preprocessing, arms) in zip(axes, groups.items(), strict=True):
        for arm in arms:
            _draw_arm(panel, rows_of(curves, arm), arm, band=len(arms) <= 2)
        for name, line in EXTREMES.items():
            rows = curves[curves["classifier"].astype(str) == name]
            panel.plot(
                rows["x"], rows["y"], color=GREY, linewidth=0.9, linestyle=line, label=name.capitalize(), zorder=1.5
            )
        _limit(panel, curves)
        panel.set(xlabel="Threshold probability", ylabel="Net benefit")
        panel.set_title(preprocessing if len(groups) > 1 else "")
        lines.append(legend_below(panel, shown_words(groups, run)))
    make_room(figure, lines, most_columns=2)
    return figure


def _draw_arm(panel: Axes, rows: pd.DataFrame, arm: Arm, *, band: bool) -> None:
    panel.plot(rows["x"], rows["y"], color=arm.colour, linestyle=arm.line, label=arm.label)
    if band and np.isfinite(rows["low"].to_numpy(float)).any():
        panel.fill_between(rows["x"], rows["low"], rows["high"], color=arm.colour, alpha=0.15, linewidth=0)


def _limit(panel: Axes, curves: pd.DataFrame) -> None:
    """Treat all falls without bound as the threshold nears 1: the axis stops a little below zero."""
    top = max(float(np.nanmax(curves["y"].to_numpy(float))), 0.01)
    panel.set_xlim(curves["x"].min(), curves["x"].max())
    panel.set_ylim(-BELOW * top, 1.05 * top)
