"""AUC of each feature set with each classifier, as a map with the number in every cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import GREY, ONE_COLUMN, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.measures import main_auc, title_of
from benchmark.tables.order import Run, levels
from benchmark.tables.rounding import number
from benchmark.tables.words import classifier_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

CAPTION = (
    "AUC of each feature set with each classifier. The largest of so many numbers is too good by chance; the first "
    "column (if it is 'chosen inside') is free of that choice."
)
CELL = 0.24
"""Height of a row, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One map per preprocessing, on one scale of colour."""
    from matplotlib.ticker import MaxNLocator

    measure = main_auc(results["estimates"])
    auc = results["estimates"][results["estimates"]["measure"] == measure]
    auc = auc[auc["classifier"].astype(str) != ""]  # what was made elsewhere has no column
    if not auc["estimate"].notna().any():
        return None
    sets, classifiers = levels(auc, "feature_set", run), levels(auc, "classifier", run)
    preprocessings = levels(auc, "preprocessing", run)
    if len(preprocessings) > 1:  # the map of a chosen preprocessing would have one column
        preprocessings = [name for name in preprocessings if name != CHOSEN_INSIDE]
    if len(sets) * len(classifiers) * len(preprocessings) == 1:
        return None  # one number is no map
    titles = [classifier_title(run, name) for name in classifiers]
    figure = new_figure(*_size(sets, titles, len(preprocessings)))
    axes = figure.subplots(len(preprocessings), 1, squeeze=False)[:, 0]
    scale = (min(0.5, float(auc["estimate"].min())), max(0.6, float(auc["estimate"].max())))
    for panel, preprocessing in zip(axes, preprocessings, strict=True):
        part = auc[auc["preprocessing"].astype(str) == preprocessing]
        grid = part.drop_duplicates(["feature_set", "classifier"]).pivot(
            index="feature_set", columns="classifier", values="estimate"
        )
        image = _draw_map(panel, grid.reindex(index=sets, columns=classifiers).to_numpy(float), scale)
        panel.set_yticks(range(len(sets)), sets)
        panel.set_title(preprocessing if len(preprocessings) > 1 else "")
        panel.set_xticks([])
        if CHOSEN_INSIDE in classifiers and len(classifiers) > 1:
            panel.axvline(0.5, color="white", linewidth=4)
    axes[-1].set_xticks(range(len(titles)), titles, rotation=40, ha="right", rotation_mode="anchor")
    bar = figure.colorbar(image, ax=list(axes), shrink=0.9, aspect=15, pad=0.015)
    bar.set_label(title_of(measure))
    bar.locator = MaxNLocator(5)
    bar.outline.set_visible(False)
    return figure


def _size(sets: list[str], titles: list[str], panels: int) -> tuple[float, float]:
    names = 0.05 * max(map(len, sets)) + 0.035 * max(map(len, titles)) + 0.6
    wide = len(titles) * 0.42 + names > ONE_COLUMN
    return (
        TWO_COLUMNS if wide else ONE_COLUMN,
        panels * (CELL * len(sets) + 0.25) + 0.4 + 0.04 * max(map(len, titles)),
    )


def _draw_map(panel: Axes, values: np.ndarray, scale: tuple[float, float]) -> AxesImage:
    from matplotlib import colormaps

    colours = colormaps["Blues"].copy()
    colours.set_bad(PALE)
    image = panel.imshow(values, cmap=colours, vmin=scale[0], vmax=scale[1], aspect="auto")
    middle = scale[0] + 0.6 * (scale[1] - scale[0])
    size = 6 if values.shape[1] <= 14 else 5
    for (row, column), value in np.ndenumerate(values):
        ink = GREY if np.isnan(value) else "white" if value > middle else "black"
        panel.text(column, row, number(value), ha="center", va="center", color=ink, fontsize=size)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
    return image
