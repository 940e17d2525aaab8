"""Macro AUC of the batch of held-out cases, with the range of chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.style import COLOURS, ONE_COLUMN, PALE, legend_below, make_room, new_figure, styled
from benchmark.tables.batch_prediction import CLASSIFIERS
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "How well a classifier tells the batch of held-out cases: macro AUC of each classifier, and what chance alone "
    "reaches in 95 of 100 permutations (grey). A harmonization that leaves nothing of the batch comes down to the grey."
)
ROW = 0.24
MARKERS = ("o", "^", "s", "D")


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per batch variable, one row per stage."""
    found = results["predictions"]
    variables, stages = list(run["variables"]), [str(stage) for stage in run["stages"]]
    figure = new_figure(ONE_COLUMN + 0.8, len(variables) * (ROW * len(stages) + 0.35) + 0.3)
    axes = figure.subplots(len(variables), 1, squeeze=False, sharex=True)[:, 0]
    left = min(0.4, float(found["macro_auc"].min()) - 0.05)
    for panel, variable in zip(axes, variables, strict=True):
        _panel(panel, found[found["variable"] == variable], stages, left)
        panel.set_title(variable if len(variables) > 1 else "")
    axes[-1].set_xlabel("Macro AUC")
    make_room(figure, [legend_below(axes[-1])], most_columns=1)
    return figure


def _panel(panel: Axes, found: pd.DataFrame, stages: list[str], left: float) -> None:
    names = dict.fromkeys(found["classifier"])
    place = {stage: number for number, stage in enumerate(stages)}
    high = found.groupby("stage")["auc_chance_high"].max()
    for stage, row in place.items():
        panel.barh(row, 2 * (high[stage] - 0.5), left=1 - high[stage], height=0.8, color=PALE, zorder=0)
    for number, name in enumerate(names):
        mine = found[found["classifier"] == name]
        rows = mine["stage"].map(place)
        panel.plot(mine["macro_auc"], rows, MARKERS[number % len(MARKERS)], color=COLOURS[number % len(COLOURS)],
                   markersize=4, clip_on=False, label=CLASSIFIERS.get(str(name), str(name)))  # fmt: skip
    panel.axvline(0.5, color="white", linewidth=0.8)
    panel.set_yticks(list(place.values()), stages)
    panel.set(xlim=(left, 1.0), ylim=(len(stages) - 0.5, -0.5))
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
