"""Decision curves: the net benefit of acting on a model, beside treating everybody and nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.style import GREY, ONE_COLUMN, legend_below, make_room, panels, styled
from benchmark.tables.order import Run
from benchmark.tables.words import RECALIBRATIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Decision curves, one model per feature set, with pointwise bootstrap bands if there are two at most. A model is "
    "of use at the threshold probabilities where it lies above both treat all and treat none."
)
EXTREMES = {"treat all": (0, (4, 2)), "treat none": "solid"}
BELOW = 0.15
"""How far the axis goes below zero, as a share of what is above."""

MOST_BANDS = 2
"""So many bands can be told apart."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per preprocessing, and one more for each recalibration."""
    curves, again = (_of_benefit(results[name]) for name in ("curves", "recalibrated_curves"))
    extreme = curves["classifier"].astype(str).isin(EXTREMES)
    groups = [
        (preprocessing, name, part, arms)
        for name, part in [("", curves[~extreme]), *again.groupby("recalibration", sort=False)]
        for preprocessing, arms in arms_by_preprocessing(part, run).items()
    ]
    if not groups:
        return None
    several = len({preprocessing for preprocessing, *_ in groups}) > 1
    figure, axes = panels(len(groups), most_columns=2, size=ONE_COLUMN, height=2.9)
    lines = []
    for panel, (preprocessing, name, part, arms) in zip(axes, groups, strict=True):
        for arm in arms:
            draw_arm(panel, rows_of(part, arm), arm, band=len(arms) <= MOST_BANDS)
        draw_extremes(panel, curves)
        limit_benefit(panel, curves)
        panel.set(xlabel="Threshold probability", ylabel="Net benefit")
        titles = [preprocessing if several else "", _recalibration(str(name)) if len(again) else ""]
        panel.set_title(", ".join(filter(None, titles)))
        lines.append(legend_below(panel, shown_words({preprocessing: arms}, run)))
    make_room(figure, lines, most_columns=2)
    return figure


def draw_arm(panel: Axes, rows: pd.DataFrame, arm: Arm, *, band: bool) -> None:
    """The curve of one model, with its band if there is one."""
    panel.plot(rows["x"], rows["y"], color=arm.colour, linestyle=arm.line, label=arm.label)
    if band and np.isfinite(rows["low"].to_numpy(float)).any():
        panel.fill_between(rows["x"], rows["low"], rows["high"], color=arm.colour, alpha=0.13, linewidth=0)


def _of_benefit(curves: pd.DataFrame) -> pd.DataFrame:
    return curves[curves["curve"] == "net benefit"]


def _recalibration(name: str) -> str:
    return f"recalibrated: {RECALIBRATIONS.get(name, name)}" if name else "not recalibrated"


def draw_extremes(panel: Axes, curves: pd.DataFrame) -> None:
    """Treat all and treat none."""
    for name, line in EXTREMES.items():
        rows = curves[curves["classifier"].astype(str) == name]
        label = name.capitalize()
        panel.plot(rows["x"], rows["y"], color=GREY, linewidth=0.9, linestyle=line, label=label, zorder=1.5)


def limit_benefit(panel: Axes, curves: pd.DataFrame) -> None:
    """Treat all falls without bound as the threshold nears 1: the axis stops a little below zero."""
    top = max(float(np.nanmax(curves["y"].to_numpy(float))), 0.01)
    panel.set_xlim(curves["x"].min(), curves["x"].max())
    panel.set_ylim(-BELOW * top, 1.05 * top)
