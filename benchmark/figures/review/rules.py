"""The p of every pooling rule that was tried, in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.measures import title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "ANOVA p of all pooling rules in ascending order, coloured by the splits that count; pale: Kruskal-Wallis p of the "
    "same rule; ring: the declared rule."
)


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """One panel per metric."""
    found = results.get("rules", pd.DataFrame())
    found = found[found["p_anova"].notna()] if len(found) else found
    if len(found) < 2:
        return None
    metrics, splits = list(dict.fromkeys(found["metric"])), list(dict.fromkeys(found["splits"]))
    figure = new_figure(TWO_COLUMNS, 2.5)
    panels = figure.subplots(1, len(metrics), squeeze=False, sharey=True)[0]
    for axes, metric in zip(panels, metrics, strict=True):
        _panel(axes, found[found["metric"] == metric].sort_values("p_anova", kind="stable"), splits)
        axes.axhline(run["statistics"]["alpha"], color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
        axes.set(title=title_of(metric), xlabel="Pooling rules, by p", yscale="log")
    low = min(0.5 * run["statistics"]["alpha"], 0.8 * found[["p_anova", "p_kruskal"]].min().min())
    ticks = [tick for tick in (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if tick >= low]
    panels[0].set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    panels[0].minorticks_off()
    panels[0].set(ylim=(low, 1.15), ylabel="p")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=min(4, len(splits)))
    return figure


def _panel(axes: Axes, rows: pd.DataFrame, splits: list[str]) -> None:
    places, p = np.arange(len(rows)), rows["p_anova"].to_numpy(float)
    axes.plot(places, rows["p_kruskal"], "_", color=PALE, markersize=3, zorder=1)
    for number, name in enumerate(splits):
        here, colour = (rows["splits"] == name).to_numpy(bool), COLOURS[number % len(COLOURS)]
        axes.plot(places[here], p[here], "o", color=colour, markersize=2.2, markeredgewidth=0, label=name)
    declared = rows["declared"].to_numpy(bool)
    axes.plot(places[declared], p[declared], "o", markerfacecolor="none", markeredgecolor="black", markersize=6)
