"""Families of one study joined by a line: what the unpaired comparison does not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, GREY, ONE_COLUMN, PALE, new_figure, styled
from benchmark.tables.measures import title_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = "Studies that report several families, joined by a line; pale dots: studies with one family."


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """One line per study with several families."""
    pooled = results["pooled"]
    names = list(dict.fromkeys(pooled["group"]))
    wide = pooled.pivot(index="study", columns="group", values="value")[names]
    several = wide[wide.notna().sum(axis=1) > 1]
    if several.empty:
        return None
    figure = new_figure(ONE_COLUMN, 2.6)
    axes = figure.subplots()
    single = wide[wide.notna().sum(axis=1) == 1]
    for place, name in enumerate(names):
        alone, joined = single[name].dropna(), several[name].dropna()
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(np.full(len(alone), place), alone, "o", color=PALE, markersize=3, markeredgewidth=0, zorder=1)
        axes.plot(np.full(len(joined), place), joined, "o", color=colour, markersize=3.6, zorder=3)
    for row in several.to_numpy(float):
        has = np.flatnonzero(~np.isnan(row))
        axes.plot(has, row[has], color=GREY, linewidth=0.8, zorder=2)
    axes.set_xticks(range(len(names)), names)
    axes.set(xlim=(-0.4, len(names) - 0.6), ylabel=title_of(run["metric"]))
    axes.set_title(run["place"])
    return figure
