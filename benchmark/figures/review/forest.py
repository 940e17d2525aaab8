"""Forest plot of published figures, family by family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, GREY, TWO_COLUMNS, new_figure, styled
from benchmark.tables.measures import title_of
from benchmark.tables.review.families import FEWEST
from benchmark.tables.rounding import interval
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Published figures by family, sorted. Solid: interval from a printed one; dotted: from the number of cases alone; "
    "none: not known. Diamond: unweighted mean of the family, its "
    "interval from three studies on."
)
ROW = 0.125
"""Height of a row, inches."""

Row = tuple[str, int, dict[Any, Any]]
"""``study`` or ``mean``, the number of the family, and what is drawn."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """One row per study and family, and the mean below each family."""
    errors, means = results["errors"], results["summary"].set_index("group")
    rows: list[Row] = []
    for number, (name, part) in enumerate(errors.groupby("group", sort=False)):
        rows += [("study", number, row) for row in part.sort_values("value").to_dict("records")]
        mean = means.loc[str(name)].to_dict()
        ends = {end: mean[end] if mean["n"] >= FEWEST else np.nan for end in ("low", "high")}
        rows.append(("mean", number, {"study": f"Mean of {name}", "value": mean["mean"], **ends}))
    figure = new_figure(TWO_COLUMNS * 0.8, 0.7 + ROW * len(rows))
    axes = figure.subplots()
    for place, (kind, number, row) in enumerate(rows):
        _mark(axes, place, kind, COLOURS[number % len(COLOURS)], row)
    axes.set_yticks(range(len(rows)), [str(row["study"]) for _, _, row in rows])
    for text, (kind, _, _) in zip(axes.get_yticklabels(), rows, strict=True):
        text.set(fontsize=5.5, fontweight="bold" if kind == "mean" else "normal")
    least = errors[["value", "low"]].min().min()
    axes.set(ylim=(len(rows) - 0.4, -0.6), xlim=(max(0.0, least - 0.03), 1.01))
    axes.set_xlabel(f"{title_of(run['metric'])} ({interval_heading(results['summary'])})")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    texts = [interval(row["value"], row["low"], row["high"]) for _, _, row in rows]
    numbers = axes.secondary_yaxis("right")
    numbers.set_yticks(range(len(rows)), texts)
    numbers.tick_params(length=0, labelsize=5.5)
    numbers.spines["right"].set_visible(False)
    axes.set_title(run["place"])
    return figure


def _mark(axes: Axes, place: int, kind: str, colour: str, row: Mapping[Any, Any]) -> None:
    ends = [row["low"], row["high"]]
    if kind == "mean":
        if pd.notna(row["low"]):
            corners = [row["low"], row["value"], min(row["high"], 1.0), row["value"]]
            axes.fill(corners, [place, place - 0.32, place, place + 0.32], color=colour)
        else:
            axes.plot([row["value"]], [place], "D", color=colour, markersize=3)
        axes.axhline(place + 0.5, color=GREY, linewidth=0.3)
        return
    line = "solid" if row["source"] == "interval" else (0, (1, 1))
    axes.plot(ends, [place, place], color=colour, linewidth=0.9, linestyle=line)
    axes.plot([row["value"]], [place], "s", color=colour, markersize=2.6)
