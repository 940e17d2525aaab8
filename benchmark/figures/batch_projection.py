"""Cases in two dimensions, coloured by their batch, before and after harmonization."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.style import COLOURS, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run
from benchmark.tables.rounding import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES = {"pca": "Principal components", "tsne": "t-SNE", "umap": "UMAP"}
CAPTIONS = {
    "pca": "The first two principal components of the standardized features, coloured by batch; in brackets their "
    "share of the variance. Harmonized with all cases.",
    "tsne": "t-SNE of the standardized features (50 principal components, perplexity 30), coloured by batch: batches "
    "that stand apart are told by the features. Sizes of clusters and distances between them say nothing.",
    "umap": "UMAP of the standardized features (50 principal components, 15 neighbours), coloured by batch: batches "
    "that stand apart are told by the features. Sizes of clusters and distances between them say nothing.",
}
MARKERS = ("o", "^", "s", "D", "v", "P", "X")
PANEL = 1.45
LEGEND = 0.16


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run, *, projection: str) -> Figure | None:
    """One row of panels per batch variable, one column per stage."""
    found = results["projections"]
    found = found[found["projection"] == projection]
    if not len(found):
        return None
    variables, stages = list(run["variables"]), [str(stage) for stage in run["stages"]]
    columns = min(len(stages), 5)
    rows = -(-len(stages) // columns)
    levels = {name: list(run["variables"][name]["levels"]) for name in variables}
    legends = {name: -(-len(of_variable) // 7) for name, of_variable in levels.items()}
    height = sum(rows * (PANEL + 0.25) + 0.2 + LEGEND * legends[name] for name in variables)
    figure = new_figure(TWO_COLUMNS, height)
    parts = figure.subfigures(len(variables), 1, squeeze=False)[:, 0]
    for part, variable in zip(parts, variables, strict=True):
        axes = part.subplots(rows, columns, squeeze=False).ravel().tolist()
        for panel, stage in zip(axes, stages, strict=False):
            _panel(panel, found[found["stage"] == stage], variable, levels[variable], stage)
        for empty in axes[len(stages) :]:
            empty.set_axis_off()
        handles, labels = axes[0].get_legend_handles_labels()
        part.legend(
            handles, labels, loc="outside lower left", ncols=7, title=variable, alignment="left",
            handletextpad=0.1, columnspacing=0.9, markerscale=2.2,
        )  # fmt: skip
    return figure


def _panel(panel: Axes, found: pd.DataFrame, variable: str, levels: list[str], stage: str) -> None:
    labels = found[variable].astype(str)
    order = found.sample(frac=1, random_state=0).index  # no batch is drawn on top of all others
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
