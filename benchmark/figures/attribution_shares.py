"""What share of the movement of predictions comes from each block of features, per model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run, declared, declared_blocks, in_order, levels
from benchmark.tables.rounding import whole_percent
from benchmark.tables.words import classifier_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Share of each block in the mean |SHAP| of tested cases, summed over its features; one row per feature set and "
    "classifier, sets of one block left out. What correlated blocks could each give alone is divided among them, so a "
    "share is not what a block adds."
)
ROW = 0.2
"""Height of a row, inches."""

NARROW = 0.08
"""A share below which its number does not fit."""

MOST = 40
"""Rows that are drawn."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """Of the first preprocessing of the experiment that is explained, and the last class."""
    every = results["attribution_shares"]
    every = every[every["share"].notna()]
    if every.empty:
        return None
    kept = every["class"].astype(str) == str(every["class"].iloc[-1])
    kept &= every["preprocessing"] == levels(every, "preprocessing", run)[0]
    every = every[kept]
    several = every.groupby("feature_set")["block"].transform("nunique") > 1
    every = every[several]
    sets = in_order(every["feature_set"], declared(run, "feature_sets"))
    models = [(name, classifier) for name in sets for classifier in _classifiers(every, name, run)][:MOST]
    if not models:
        return None
    figure = new_figure(TWO_COLUMNS, 0.75 + ROW * len(models))
    panel = figure.subplots()
    blocks = in_order(every["block"], declared_blocks(run))
    for place, (name, classifier) in enumerate(models):
        part = every[(every["feature_set"] == name) & (every["classifier"] == classifier)]
        _stack(panel, place, part.set_index("block")["share"].reindex(blocks).fillna(0.0), place == 0)
    panel.set_yticks(range(len(models)), [f"{name}, {classifier_title(run, one)}" for name, one in models])
    panel.set(ylim=(len(models) - 0.4, -0.6), xlim=(0, 1), xlabel="Share of mean |SHAP value|")
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
    figure.legend(loc="outside upper right", ncols=min(6, len(blocks)))
    return figure


def _classifiers(every: pd.DataFrame, name: str, run: Run) -> list[str]:
    return levels(every[every["feature_set"] == name], "classifier", run)


def _stack(panel: Axes, place: int, shares: pd.Series, named: bool) -> None:
    starts = np.concatenate([[0.0], shares.cumsum().to_numpy()[:-1]])
    for number, (block, share) in enumerate(shares.items()):
        colour = COLOURS[number % len(COLOURS)]
        panel.barh(place, share, left=starts[number], height=0.75, color=colour, label=str(block) if named else "")
        if share >= NARROW:
            panel.text(starts[number] + share / 2, place, whole_percent(share), ha="center", va="center",
                       color="white", fontsize=5.5)  # fmt: skip
