"""ICC between batches on the same objects, over all features, before and after harmonization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.reliability import shade_bands
from benchmark.figures.style import COLOURS, ONE_COLUMN, legend_below, make_room, panels, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Agreement of the batches on the same objects: the share of features whose ICC is at least x, before and after "
    "each harmonization. Shades: poor, moderate, good, excellent (Koo and Li 2016)."
)


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One curve per stage."""
    found = results.get("agreement", pd.DataFrame())
    if not len(found):
        return None
    figure, axes = panels(1, most_columns=1, size=ONE_COLUMN, height=2.7)
    panel, stages = axes[0], [str(stage) for stage in run["stages"]]
    shade_bands(panel)
    for number, stage in enumerate(stages):
        x = np.sort(found.loc[found["stage"] == stage, "icc"].dropna().to_numpy())
        share = 1 - np.arange(len(x)) / max(len(x), 1)
        colour = COLOURS[(number - 1) % (len(COLOURS) - 1)] if number else "#000000"
        panel.step([min(0.0, *x), *x, 1], [1, *share, 0], where="post", color=colour, label=stage)
    panel.set(xlim=(0, 1), ylim=(0, 1.01), xlabel="ICC between batches", ylabel="Share of features")
    make_room(figure, [legend_below(panel)], most_columns=1)
    return figure
