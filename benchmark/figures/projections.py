"""Cases in two dimensions, one panel per feature set, coloured by their outcome and by their batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.projection_panels import draw_panels
from benchmark.tables.order import Run, levels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DONE = (
    " Missing values imputed, categories as indicators, features standardized, all over all cases and without the "
    "outcome; no model learned from it."
)
NEIGHBOURS = " Cases that lie together are alike; sizes of clusters and distances between them say nothing."
CAPTIONS = {
    "pca": "The first two principal components of each feature set; in brackets their share of the variance." + DONE,
    "tsne": "t-SNE of each feature set (up to 50 principal components, perplexity up to 30)." + NEIGHBOURS + DONE,
    "umap": "UMAP of each feature set (up to 50 principal components, 15 neighbours)." + NEIGHBOURS + DONE,
}
MOST_BATCHES = 21
"""More cannot be told apart by colour and form."""


def draw(results: Mapping[str, pd.DataFrame], run: Run, *, projection: str) -> Figure | None:
    """One row of panels by outcome, and one by batch (centre, scanner) where there are several."""
    found = results["projections"]
    found = found[found["projection"] == projection]
    if found.empty:
        return None
    classes = [str(label) for label in run.get("classes") or pd.unique(found["y_true"].astype(object))]
    batches = sorted(map(str, found["centre"].dropna().unique()))
    variables = {"Outcome": classes} | ({"Batch": batches} if 1 < len(batches) <= MOST_BATCHES else {})
    sets = levels(found, "feature_set", run)
    return draw_panels(
        found.rename(columns={"feature_set": "stage", "y_true": "Outcome", "centre": "Batch"}), variables, sets
    )
