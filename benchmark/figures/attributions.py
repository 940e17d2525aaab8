"""Beeswarm of SHAP values: every tested case a dot, for the features that move the predictions most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import TWO_COLUMNS, feature_names, new_figure, styled
from benchmark.tables.order import Run, declared, in_order, levels
from benchmark.tables.words import classifier_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "SHAP values of tested cases, mean over repeats, one panel per feature set. A dot is a case: to the right the "
    "feature raises the prediction, to the left it lowers it; the colour is its value, from the lowest (blue) to "
    "the highest (red) rank. Features by mean size, the largest on top."
)
MOST = 10
PANELS = 6
ROW = 0.22
"""Features and panels that are drawn; height of a row, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """Of the first explained classifier of the experiment, and the last class (the positive one of two)."""
    every, summary = results["attributions"], results["attributed"]
    if every["shap"].isna().all() or summary.empty:
        return None
    classifier, label = levels(summary, "classifier", run)[0], str(summary["class"].iloc[-1])
    preprocessing = levels(summary, "preprocessing", run)[0]
    wanted = {"classifier": classifier, "preprocessing": preprocessing, "class": label}
    every, summary = (_of(frame, wanted) for frame in (every, summary))
    sets = in_order(summary["feature_set"], declared(run, "feature_sets"))[:PANELS]
    shown = {name: summary[summary["feature_set"] == name].head(MOST) for name in sets}
    rows, columns = -(-len(sets) // 2), min(2, len(sets))
    height = 0.7 + rows * (0.6 + ROW * max(len(part) for part in shown.values()))
    figure = new_figure(TWO_COLUMNS, height)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel, name in zip(axes, sets, strict=False):
        _swarm(panel, every[every["feature_set"] == name], shown[name])
        panel.set_title(name)
    for panel in axes[len(sets) :]:
        panel.set_axis_off()
    scale = str(summary["scale"].iloc[0])
    figure.supxlabel(f"SHAP value ({scale} of {label}), {classifier_title(run, classifier)}", fontsize="small")
    return figure


def _of(frame: pd.DataFrame, wanted: Mapping[str, str]) -> pd.DataFrame:
    return frame[np.all([frame[column].astype(str) == value for column, value in wanted.items()], axis=0)]


def _swarm(panel: Axes, rows: pd.DataFrame, features: pd.DataFrame) -> None:
    for place, feature in enumerate(features.itertuples(index=False)):
        part = rows[(rows["block"] == feature.block) & (rows["feature"] == feature.feature)]
        cases = part.groupby("case", observed=True)[["shap", "value"]].mean()
        panel.scatter(
            cases["shap"], place + _spread(cases["shap"].to_numpy(float)), c=cases["value"].rank(pct=True), s=4,
            cmap="coolwarm", linewidths=0, rasterized=True,
        )  # fmt: skip
    panel.axvline(0, color="0.6", linewidth=0.6, zorder=0)
    panel.set_yticks(range(len(features)), feature_names(features), fontsize="x-small")
    panel.invert_yaxis()


def _spread(values: np.ndarray) -> np.ndarray:
    """Heights that keep dots of near values apart, within a row."""
    if not np.ptp(values):
        return np.linspace(-0.35, 0.35, len(values))
    bins = np.digitize(values, np.linspace(values.min(), values.max(), 40))
    height = np.zeros(len(values))
    largest = np.bincount(bins).max()
    for number in np.unique(bins):
        here = np.flatnonzero(bins == number)
        height[here] = (np.arange(len(here)) - (len(here) - 1) / 2) / max(largest, 1) * 0.8
    return height
