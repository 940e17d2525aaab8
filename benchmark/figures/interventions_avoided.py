"""Net interventions avoided by acting on a model instead of treating everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.decision_curve import MOST_BANDS, draw_arm
from benchmark.figures.style import GREY, ONE_COLUMN, legend_below, make_room, panels, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Net interventions avoided per 100 cases by acting on a model instead of treating all, without missing an event "
    "more, one model per feature set, with pointwise bootstrap bands if there are two at most. Below 0, "
    "treating all is better."
)


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per preprocessing."""
    curves = results["curves"][results["curves"]["curve"] == "interventions avoided"]
    groups = arms_by_preprocessing(curves, run)
    if not groups:
        return None
    figure, axes = panels(len(groups), most_columns=2, size=ONE_COLUMN, height=2.9)
    lines = []
    for panel, (preprocessing, arms) in zip(axes, groups.items(), strict=True):
        for arm in arms:
            draw_arm(panel, rows_of(curves, arm), arm, band=len(arms) <= MOST_BANDS)
        panel.axhline(0, color=GREY, linewidth=0.9, label="Treat all", zorder=1.5)
        _limit(panel, pd.concat([rows_of(curves, arm) for arm in arms]))
        panel.set(xlabel="Threshold probability", ylabel="Interventions avoided per 100")
        panel.set_title(preprocessing if len(groups) > 1 else "")
        lines.append(legend_below(panel, shown_words(groups, run)))
    make_room(figure, lines, most_columns=2)
    return figure


def _limit(panel: Axes, curves: pd.DataFrame) -> None:
    """At low thresholds the exchange rate makes small losses huge: the axis goes as far below zero as above."""
    top = max(float(np.nanmax(curves["y"].to_numpy(float))), 10.0)
    lowest = float(np.nanmin(curves["y"].to_numpy(float)))
    panel.set_xlim(curves["x"].min(), curves["x"].max())
    panel.set_ylim(max(min(lowest, 0.0) * 1.1, -top) - 0.03 * top, 1.25 * top)
