"""Published numbers and ours, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.rounding import interval
from benchmark.tables.words import interval_heading
from benchmark.verdicts import AS_EXPECTED, NOT_REPRODUCED, REPRODUCED, UNKNOWN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Published numbers (open diamonds) and ours (dots with their interval), by verdict. Of numbers that follow from "
    "published predictions the distance counts, of own models the interval."
)
ROW, NAME_WIDTH = 0.2, 52
"""Height of a row, inches; characters of a line of a name."""

SHADES = {REPRODUCED: COLOURS[2], NOT_REPRODUCED: COLOURS[1], AS_EXPECTED: COLOURS[0], UNKNOWN: GREY}


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """Numbers that have both sides, in their order."""
    every = results["numbers"]
    found = every[every["published"].notna() & every["ours"].notna()]
    if found.empty:
        return None
    names = [fill(str(name), NAME_WIDTH) for name in found["number"]]
    lines = sum(name.count("\n") for name in names)
    figure = new_figure(TWO_COLUMNS, 0.75 + ROW * len(found) + 0.1 * lines)
    axes = figure.subplots()
    for verdict, shade in SHADES.items():
        here = (found["verdict"] == verdict).to_numpy(bool)
        places, rows = here.nonzero()[0], found[here]
        if len(rows):
            axes.hlines(places, rows["low"], rows["high"], color=shade, linewidth=1.0)
            axes.plot(rows["ours"], places, "o", color=shade, markersize=3.5, label=verdict)
    axes.plot(found["published"], range(len(found)), "D", markerfacecolor="none", markeredgecolor="black",
              markersize=5, markeredgewidth=0.8, label="published")  # fmt: skip
    changes = [place for place in range(1, len(found)) if found["of"].iloc[place] != found["of"].iloc[place - 1]]
    for place in changes:
        axes.axhline(place - 0.5, color=PALE, linewidth=0.6)
    axes.set_yticks(range(len(found)), names)
    axes.set(ylim=(len(found) - 0.4, -0.6), xlabel=f"Value ({interval_heading(found)})")
    axes.tick_params(axis="y", length=0)
    numbers = axes.secondary_yaxis("right")
    numbers.set_yticks(range(len(found)), [interval(*ends) for ends in found[["ours", "low", "high"]].to_numpy(float)])
    numbers.tick_params(length=0)
    numbers.spines["right"].set_visible(False)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure
