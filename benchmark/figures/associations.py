"""Features of one block against features of another as a map; a dot where the adjusted p is below 0.05."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

CAPTION = (
    "Features of both blocks against each other: the correlation of each pair, or −log10 of p where groups are "
    "compared. A dot: p < 0.05, adjusted over all pairs, shown or not. At most 40 features a side, those with the "
    "smallest p; neighbours are alike. Over all cases: no model learned from it."
)
MOST = 40
SIGNIFICANCE = 0.05
CELL = 0.13
NAME = 34
LARGEST = 10.0
"""−log10 of p from which on the colour stays the same."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """Of one question; None with fewer than two features on a side."""
    from matplotlib.ticker import MaxNLocator

    found = results["associations"].dropna(subset=["p"])
    pairs = found.groupby(["block", "feature", "other_block", "other_feature"], observed=True, sort=False)
    first, second = (_strongest(found, side) for side in (["block", "feature"], ["other_block", "other_feature"]))
    if len(first) < 2 or len(second) < 2 or len(pairs) < len(found):
        return None
    correlated = bool((found["test"].fillna("") == "").all())
    estimate = found["estimate"] if correlated else -np.log10(found["p"].clip(lower=10.0**-LARGEST))
    grid, p = (_grid(found, column, first, second) for column in (estimate, found["p_adjusted"]))
    rows, columns = _alike(grid), _alike(grid.T)
    names = [[_short(keys[place][1]) for place in order] for keys, order in ((first, rows), (second, columns))]
    figure = new_figure(*_size(names))
    panel = figure.subplots()
    image = _map(panel, grid[rows][:, columns], p[rows][:, columns], names, correlated=correlated)
    bar = figure.colorbar(image, ax=panel, shrink=0.6, aspect=25, pad=0.015)
    bar.set_label(str(found["measure"].iloc[0]) if correlated else "−log10 p")
    bar.locator = MaxNLocator(5)
    bar.outline.set_visible(False)
    return figure


def _size(names: list[list[str]]) -> tuple[float, float]:
    """Inches: a cell per feature, and room for the longest name."""
    left, below = (0.055 * max(map(len, part)) for part in names)
    width = min(TWO_COLUMNS, max(2.2, CELL * len(names[1]) + left + 0.9))
    return width, CELL * len(names[0]) + below + 0.4


def _map(panel: Axes, grid: np.ndarray, p: np.ndarray, names: list[list[str]], *, correlated: bool) -> AxesImage:
    from matplotlib import colormaps

    colours = colormaps["RdBu_r" if correlated else "Blues"].copy()
    colours.set_bad(PALE)
    largest = float(np.nanmax(np.abs(grid)))
    image = panel.imshow(grid, cmap=colours, vmin=-largest if correlated else 0, vmax=largest, aspect="auto")
    where = np.argwhere(p < SIGNIFICANCE)
    panel.scatter(where[:, 1], where[:, 0], s=2.5, color="black", linewidths=0)
    panel.set_yticks(range(len(names[0])), names[0], fontsize=5)
    panel.set_xticks(range(len(names[1])), names[1], fontsize=5, rotation=90)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
    return image


def _strongest(found: pd.DataFrame, side: list[str]) -> list[tuple[str, str]]:
    """The features of one side with the smallest p."""
    least = found.groupby(side, observed=True, sort=False)["p"].min().sort_values(kind="stable")
    return [(str(block), str(feature)) for block, feature in least.index[:MOST]]


def _grid(
    found: pd.DataFrame, values: pd.Series[float], first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> np.ndarray:
    """(n_first, n_second) of the values of the rows."""
    sides = (("block", "feature"), ("other_block", "other_feature"))
    rows, columns = (
        pd.Index(keys).get_indexer(
            pd.Index(list(zip(found[block].astype(str), found[feature].astype(str), strict=True)))
        )
        for keys, (block, feature) in zip((first, second), sides, strict=True)
    )
    shown = (rows >= 0) & (columns >= 0)
    grid = np.full((len(first), len(second)), np.nan)
    grid[rows[shown], columns[shown]] = values.to_numpy(float)[shown]
    return grid


def _alike(grid: np.ndarray) -> np.ndarray:
    """The order of the rows in which neighbours are alike: leaves of an average-linkage tree."""
    from scipy.cluster.hierarchy import leaves_list, linkage

    return np.asarray(leaves_list(linkage(np.nan_to_num(grid), "average", optimal_ordering=True)))


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME // 2 - 1]}…{name[-NAME // 2 :]}"
