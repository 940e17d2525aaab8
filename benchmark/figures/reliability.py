"""How reliable the features of each block are: the distribution of their ICC over repeated readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, ONE_COLUMN, legend_below, make_room, panels, styled
from benchmark.tables.order import Run
from benchmark.tables.rounding import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Reliability of the features over repeated readings: the share of features whose ICC is at least x, by estimate "
    "(solid) and by the lower limit of its interval (dotted). Shades: poor, moderate, good, excellent (Koo and Li "
    "2016)."
)
EDGES = (0.0, 0.5, 0.75, 0.9, 1.0)
SHADES = ("#FFFFFF", "#F4F6F8", "#E6EBF0", "#D5DEE7")


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One pair of curves per block of the survey in ``results["reliability"]``."""
    found = results.get("reliability", pd.DataFrame())
    if not len(found) or not found["icc"].notna().any():
        return None
    figure, axes = panels(1, most_columns=1, size=ONE_COLUMN, height=2.7)
    panel = axes[0]
    shade_bands(panel)
    for number, (block, part) in enumerate(found.groupby("block", sort=False)):
        colour = COLOURS[number % len(COLOURS)]
        n = part["icc"].notna().sum()
        for column, line, label in (("icc", "solid", f"{block} ({count(n)} features)"), ("icc_low", (0, (1, 1)), "_")):
            x = np.sort(part[column].dropna().to_numpy())
            share = 1 - np.arange(len(x)) / max(len(x), 1)
            panel.step([min(0.0, *x), *x, 1], [1, *share, 0], where="post", color=colour, linestyle=line, label=label)
    panel.set(xlim=(0, 1), ylim=(0, 1.01), xlabel=str(found["form"].iloc[0]), ylabel="Share of features")
    make_room(figure, [legend_below(panel)], most_columns=1)
    return figure


def shade_bands(panel: Axes) -> None:
    """The four bands of reliability behind a panel whose x axis is an ICC."""
    for low, high, shade in zip(EDGES[:-1], EDGES[1:], SHADES, strict=True):
        panel.axvspan(low, high, color=shade, linewidth=0, zorder=-1)
