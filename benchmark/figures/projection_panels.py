"""Cases in two dimensions: one row of panels per way to colour them, one panel per picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.style import COLOURS, ONE_COLUMN, TWO_COLUMNS, new_figure, styled
from benchmark.tables.rounding import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ("o", "^", "s", "D", "v", "P", "X")
LEGEND = 0.16


@styled
def draw_panels(found: pd.DataFrame, variables: Mapping[str, Sequence[str]], stages: Sequence[str]) -> Figure:
    """``found``: a row per case and picture (``stage``) with ``x``, ``y``, their shares of the variance, and a column
    per variable; ``variables``: the levels of each; ``stages``: the pictures in order."""
    columns = min(len(stages), 5)
    rows = -(-len(stages) // columns)
    width, most = (TWO_COLUMNS, 7) if columns > 2 else (ONE_COLUMN, 4)
    panel = min(2.6, max(1.45, 0.9 * width / columns))
    legends = {name: -(-len(levels) // most) for name, levels in variables.items()}
    figure = new_figure(width, sum(rows * (panel + 0.25) + 0.2 + LEGEND * legends[name] for name in variables))
    parts = figure.subfigures(len(variables), 1, squeeze=False)[:, 0]
    for part, (variable, levels) in zip(parts, variables.items(), strict=True):
        axes = part.subplots(rows, columns, squeeze=False).ravel().tolist()
        for one, stage in zip(axes, stages, strict=False):
            _panel(one, found[found["stage"] == stage], variable, levels, stage)
        for empty in axes[len(stages) :]:
            empty.set_axis_off()
        handles, labels = axes[0].get_legend_handles_labels()
        part.legend(
            handles, labels, loc="outside lower left", ncols=most, title=variable, alignment="left",
            handletextpad=0.1, columnspacing=0.9, markerscale=2.2,
        )  # fmt: skip
    return figure


def _panel(panel: Axes, found: pd.DataFrame, variable: str, levels: Sequence[str], stage: str) -> None:
    labels = found[variable].astype(str)
    order = found.sample(frac=1, random_state=0).index  # no level is drawn on top of all others
    for number, level in enumerate(levels):
        mine = found.loc[order][labels.loc[order] == str(level)]
        panel.scatter(
            mine["x"], mine["y"], s=3, alpha=0.75, linewidths=0, label=str(level),
            color=COLOURS[number % len(COLOURS)], marker=MARKERS[number // len(COLOURS) % len(MARKERS)],
        )  # fmt: skip
    panel.set(xticks=[], yticks=[])
    panel.set_title(fill(stage, 26), fontsize=7)
    shares = found[["x_share", "y_share"]].iloc[0]
    if shares.notna().all():
        panel.set_xlabel(f"PC1 ({percent(round(shares['x_share'], 2))})", fontsize=6)
        panel.set_ylabel(f"PC2 ({percent(round(shares['y_share'], 2))})", fontsize=6)
    for side in ("top", "right"):
        panel.spines[side].set_visible(True)
    panel.spines[:].set_color("#B0B0B0")
