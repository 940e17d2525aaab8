"""Published figures by family as reviews show them: a box, and each study as a dot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, ONE_COLUMN, new_figure, styled
from benchmark.tables.measures import title_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Published figures by family. Dots: studies; box: quartiles and median, from five studies on; diamond: mean. "
    "Whiskers reach the farthest study within 1.5 box lengths."
)
FEWEST = 5
"""Studies below which a box says less than its dots."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """One box per family, in order."""
    pooled = results["pooled"]
    names = list(dict.fromkeys(pooled["group"]))
    figure = new_figure(ONE_COLUMN, 2.6)
    axes = figure.subplots()
    for place, name in enumerate(names):
        values = np.sort(pooled.loc[pooled["group"] == name, "value"].to_numpy(float))
        colour = COLOURS[place % len(COLOURS)]
        if len(values) >= FEWEST:
            axes.boxplot(
                [values], positions=[place], widths=0.5, showfliers=False, manage_ticks=False,
                boxprops={"color": colour}, whiskerprops={"color": colour}, capprops={"color": colour},
                medianprops={"color": colour, "linewidth": 1.6},
            )  # fmt: skip
        axes.plot(place + beside(values), values, "o", color=colour, alpha=0.6, markersize=3, markeredgewidth=0)
        axes.plot([place], [values.mean()], "D", color="black", markersize=3.5, zorder=4)
    axes.set_xticks(range(len(names)), [f"{name}\nn = {(pooled['group'] == name).sum()}" for name in names])
    axes.set(xlim=(-0.6, len(names) - 0.4), ylabel=title_of(run["metric"]))
    axes.set_title(run["place"])
    return figure


def beside(values: np.ndarray, width: float = 0.05) -> np.ndarray:
    """How far to the side each of the sorted values stands, so that close ones do not cover each other."""
    offsets = np.zeros(len(values))
    near = 0.02 * (np.ptp(values) if len(values) > 1 and np.ptp(values) > 0 else 1.0)
    run = 0
    for place in range(1, len(values)):
        run = run + 1 if values[place] - values[place - 1] < near else 0
        offsets[place] = width * ((run + 1) // 2) * (1 if run % 2 else -1)
    return offsets
