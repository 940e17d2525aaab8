"""The stability of the selection: one line per feature set, with the bands by which it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, GREY, ONE_COLUMN, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run, levels, sort_recipes
from benchmark.tables.rounding import interval
from benchmark.tables.stability import WORDS
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Stability of the selected features over the fitted models: 1 always the same, 0 as if drawn by lot. Filled: "
    "features by name; open, if any: clusters of correlated features."
)


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A row per feature set and preprocessing."""
    found = results["stability"]
    found = sort_recipes(found[(found["block"] == "") & found["stability"].notna()], run).reset_index(drop=True)
    if found.empty:
        return None
    several = len(levels(found, "preprocessing", run)) > 1
    rows = found.to_dict("records")
    names = [f"{row['feature_set']}, {row['preprocessing']}" if several else str(row["feature_set"]) for row in rows]
    figure = new_figure(min(TWO_COLUMNS, max(ONE_COLUMN, 2.3 + 0.055 * max(map(len, names)))), 0.75 + 0.2 * len(rows))
    axes = figure.subplots()
    _bands(axes)
    for place, row in enumerate(rows):
        axes.plot([row["low"], row["high"]], [place, place], color=COLOURS[0], linewidth=1.4)
        axes.plot([row["stability"]], [place], "s", color=COLOURS[0], markersize=4)
        axes.plot([row["cluster_stability"]], [place], "o", color=COLOURS[1], markersize=4, markerfacecolor="white")
    axes.set_yticks(range(len(rows)), names)
    low = float(np.nanmin([0.0, *found["low"]]))
    axes.set(ylim=(len(rows) - 0.4, -0.6), xlim=(low - 0.02, 1.02), xlabel=f"Stability ({interval_heading(found)})")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    numbers = axes.secondary_yaxis("right")
    numbers.set_yticks(
        range(len(rows)), [interval(row["stability"], row["low"], row["high"], digits=2) for row in rows]
    )
    numbers.tick_params(length=0)
    numbers.spines["right"].set_visible(False)
    return figure


def _bands(axes: Axes) -> None:
    """Lines between poor, fair to good, and excellent, with the words above."""
    limits = [limit for limit, _ in WORDS]
    for limit in limits:
        axes.axvline(limit, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
    edges = [0.0, *limits, 1.0]
    for word, left, right in zip([word for _, word in WORDS] + ["excellent"], edges[:-1], edges[1:], strict=True):
        axes.text(
            (left + right) / 2, 1.01, word, ha="center", va="bottom", color=GREY, fontsize=6,
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip
