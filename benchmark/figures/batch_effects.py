"""Cohen's f of the batch over all features, before and after harmonization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import (
    COLOURS,
    GREY,
    ONE_COLUMN,
    PALE,
    TWO_COLUMNS,
    legend_below,
    make_room,
    panels,
    styled,
)
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Effect of the batch on the features: the share of features whose Cohen's f is at least x, before, and after each "
    "harmonization in held-out cases; the lower the curve, the less is left. Grey lines: small, medium and "
    "large effects (0.10, 0.25, 0.40)."
)
SMALL, MEDIUM, LARGE = 0.10, 0.25, 0.40
TICKS = (0, 0.01, 0.05, SMALL, MEDIUM, LARGE, 0.7, 1, 1.5, 2, 3)


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per batch variable."""
    effects = results["effects"]
    variables, stages = list(run["variables"]), [str(stage) for stage in run["stages"]]
    judged = effects[(effects["rows"] == "held-out cases") | (effects["stage"] == stages[0])]
    size = TWO_COLUMNS / 2 if len(variables) > 1 else ONE_COLUMN
    figure, axes = panels(len(variables), most_columns=2, size=size, height=2.7)
    right = float(np.nanquantile(judged["cohens_f"], 0.995)) * 1.05
    for panel, variable in zip(axes, variables, strict=True):
        for stage, colour in zip(stages, _colours(len(stages)), strict=True):
            mine = judged[(judged["variable"] == variable) & (judged["stage"] == stage)]
            _curve(panel, mine["cohens_f"].dropna().to_numpy(), stage, colour)
        for x in (SMALL, MEDIUM, LARGE):
            panel.axvline(x, color=PALE, linewidth=0.7, zorder=0)
        panel.set_xscale("function", functions=(np.sqrt, np.square))  # what is left lies near 0
        panel.set(xlim=(0, max(right, LARGE * 1.1)), ylim=(0, 1.01), xlabel="Cohen's f (square root scale)")
        panel.set_xticks([x for x in TICKS if x <= right], [f"{x:g}" for x in TICKS if x <= right])
        panel.set_title(variable if len(variables) > 1 else "")
    lines = [legend_below(axes[0])]
    axes[0].set_ylabel("Share of features")
    make_room(figure, lines, most_columns=2)
    return figure


def _colours(n: int) -> list[str]:
    return ["#000000", *(COLOURS[place % (len(COLOURS) - 1)] for place in range(n - 1))] if n else [GREY]


def _curve(panel: Axes, sizes: np.ndarray, stage: str, colour: str) -> None:
    x = np.sort(sizes)
    share = 1 - np.arange(len(x)) / max(len(x), 1)
    panel.step([0, *x], [1, *share], where="post", color=colour, label=stage)
