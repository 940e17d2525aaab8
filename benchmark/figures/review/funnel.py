"""Funnel plot of published figures: standard error against the figure on the logit scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special

from benchmark.figures.style import COLOURS, GREY, ONE_COLUMN, new_figure, styled
from benchmark.tables.measures import title_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Funnel plot. The lines hold 95% of studies of one common figure (the weighted mean). Most standard errors follow "
    "from the number of cases and the figure itself: on the logit scale they grow with the figure, so a lean to the "
    "lower right is no sign of missing studies by itself."
)
TICKS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
MARKERS = "o^sDvP"
FEWEST = 3


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """A dot per study and family with a standard error; a colour per family."""
    errors = results["errors"]
    names = list(dict.fromkeys(errors["group"]))
    known = errors[errors["se"].notna()]
    if len(known) < FEWEST:
        return None
    figure = new_figure(ONE_COLUMN, 2.6)
    axes = figure.subplots()
    weight = 1 / known["se"].to_numpy() ** 2
    middle = float(weight @ known["logit"].to_numpy() / weight.sum())
    deepest = 1.05 * float(known["se"].max())
    for side in (-1.96, 1.96):
        axes.plot([middle, middle + side * deepest], [0, deepest], color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.axvline(middle, color=GREY, linewidth=0.7)
    for place, name in enumerate(names):
        part = known[known["group"] == name]
        look: dict[str, Any] = {"color": COLOURS[place % len(COLOURS)], "marker": MARKERS[place % len(MARKERS)]}
        axes.plot(
            part["logit"], part["se"], linestyle="", alpha=0.8, markersize=3.4, markeredgewidth=0, label=name, **look
        )
    ticks = np.array(TICKS)
    axes.set_xticks(special.logit(ticks), [f"{tick:g}" for tick in ticks])
    ends = known["logit"].min() - 0.3, known["logit"].max() + 0.3
    axes.set(ylim=(deepest, 0), xlim=ends)
    axes.set(xlabel=f"{title_of(run['metric'])} (logit scale)", ylabel="Standard error of the logit")
    axes.set_title(run["place"])
    figure.legend(loc="outside lower center", ncols=len(names))
    return figure
