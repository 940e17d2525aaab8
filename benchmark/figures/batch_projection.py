"""Cases in two dimensions, coloured by their batch, before and after harmonization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.projection_panels import draw_panels
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTIONS = {
    "pca": "The first two principal components of the standardized features, coloured by batch; in brackets their "
    "share of the variance. Harmonized with all cases.",
    "tsne": "t-SNE of the standardized features (50 principal components, perplexity 30), coloured by batch: batches "
    "that stand apart are told by the features. Sizes of clusters and distances between them say nothing.",
    "umap": "UMAP of the standardized features (50 principal components, 15 neighbours), coloured by batch: batches "
    "that stand apart are told by the features. Sizes of clusters and distances between them say nothing.",
}


def draw(results: Mapping[str, pd.DataFrame], run: Run, *, projection: str) -> Figure | None:
    """One row of panels per batch variable, one column per stage."""
    found = results["projections"]
    found = found[found["projection"] == projection]
    if not len(found):
        return None
    variables = {name: list(about["levels"]) for name, about in run["variables"].items()}
    return draw_panels(found, variables, [str(stage) for stage in run["stages"]])
