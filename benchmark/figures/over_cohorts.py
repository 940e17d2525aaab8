"""What families add over cohorts: the mean difference in AUC and where that of a new cohort is expected, a row per
question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures.clipped import NOTE, interval, limits
from benchmark.figures.style import COLOURS, GREY, ONE_COLUMN, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.rounding import count, difference
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Differences in AUC over cohorts (their number). Square and line: mean and its interval; pale bar: prediction "
    f"interval, where a new cohort is expected; grey band: differences that are too small to matter. {NOTE}"
)
TITLES = {
    "fusion": "The largest fusion of a cohort",
    "adding": "What a family adds",
    "families": "One family against another",
}
ROW = 0.21
"""Height of a row, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """One panel per kind of question, one row per question; the numbers stand to the right."""
    found = results["over_cohorts"]
    found = found[found["question"].isin(TITLES) & found["difference"].notna()]
    if found.empty:
        return None
    kinds = [kind for kind in TITLES if (found["question"] == kind).any()]
    sizes = [int((found["question"] == kind).sum()) for kind in kinds]
    longest = max(len(_name(row)) for row in found.to_dict("records"))
    width = min(TWO_COLUMNS, max(ONE_COLUMN, 3.1 + 0.055 * longest))
    figure = new_figure(width, 0.5 + sum(0.28 + ROW * size for size in sizes))
    heights = [size + 0.4 for size in sizes]
    axes = figure.subplots(len(kinds), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    drawn = ("low", "high", "prediction_low", "prediction_high")
    ends = limits(found, 0.0, estimate="difference", ends=drawn)
    for panel, kind in zip(axes, kinds, strict=True):
        rows = found[found["question"] == kind].to_dict("records")
        _band(panel, float(found["margin"].iloc[0]))
        for place, row in enumerate(rows):
            _mark(panel, place, row, ends)
        _words(panel, rows)
        panel.set_title(TITLES[kind])
    axes[-1].set(xlim=ends, xlabel=f"Difference in AUC ({interval_heading(found)})")
    axes[-1].locator_params(axis="x", nbins=7)
    return figure


def _name(row: Mapping[Any, Any]) -> str:
    words = f"{row['added']} to {row['base']}" if row["added"] else f"{row['together']} minus {row['base']}"
    return f"{words} ({count(row['n_cohorts'])})"


def _band(axes: Axes, margin: float) -> None:
    axes.axvspan(-margin, margin, color=GREY, alpha=0.12, linewidth=0, zorder=0)
    axes.axvline(0, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))


def _mark(axes: Axes, place: int, row: Mapping[Any, Any], ends: tuple[float, float]) -> None:
    if row["prediction_low"] < row["prediction_high"]:
        ahead = (row["prediction_low"], row["prediction_high"])
        interval(axes, place, *ahead, ends, color=PALE, linewidth=4.5, solid_capstyle="butt", zorder=1)
    interval(axes, place, row["low"], row["high"], ends, color=COLOURS[0], linewidth=1.4, zorder=2)
    axes.plot([row["difference"]], [place], "s", color=COLOURS[0], markersize=4, zorder=3)


def _words(axes: Axes, rows: list[dict[Any, Any]]) -> None:
    axes.set_yticks(range(len(rows)), [_name(row) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, pad=5)
    axes.spines["left"].set_visible(False)
    numbers = axes.secondary_yaxis("right")
    numbers.set_yticks(range(len(rows)), [difference(row["difference"], row["low"], row["high"]) for row in rows])
    numbers.tick_params(length=0, pad=5)
    numbers.spines["right"].set_visible(False)
