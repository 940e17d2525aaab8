"""AUC and interval of one model per feature set, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.arms import arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.style import GREY, ONE_COLUMN, TWO_COLUMNS, new_figure, styled
from benchmark.tables.measures import main_auc, title_of
from benchmark.tables.order import Run
from benchmark.tables.rounding import interval
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = "AUC and its interval, one model per feature set. The line at 0.5 is chance."


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A row per feature set and preprocessing; the numbers stand to the right."""
    measure = main_auc(results["estimates"])
    auc = results["estimates"][results["estimates"]["measure"] == measure]
    groups = arms_by_preprocessing(auc[auc["estimate"].notna()], run)
    arms = [arm for group in groups.values() for arm in group]
    if not arms:
        return None
    names = [f"{arm.label}, {arm.preprocessing}" if len(groups) > 1 else arm.label for arm in arms]
    width = min(TWO_COLUMNS, max(ONE_COLUMN, 2.3 + 0.055 * max(map(len, names))))
    figure = new_figure(width, 0.65 + 0.2 * len(arms))
    axes = figure.subplots()
    texts = []
    for place, arm in enumerate(arms):
        estimate, low, high = rows_of(auc, arm).iloc[0][["estimate", "low", "high"]].astype(float)
        axes.plot([low, high], [place, place], color=arm.colour, linewidth=1.4)
        axes.plot([estimate], [place], "s", color=arm.colour, markersize=4)
        texts.append(interval(estimate, low, high))
    axes.axvline(0.5, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.set_yticks(range(len(arms)), names)
    below = "\n".join(filter(None, [f"{title_of(measure)} ({interval_heading(auc)})", shown_words(groups, run)]))
    axes.set(ylim=(len(arms) - 0.4, -0.6), xlabel=below)
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    numbers = axes.secondary_yaxis("right")
    numbers.set_yticks(range(len(arms)), texts)
    numbers.tick_params(length=0)
    numbers.spines["right"].set_visible(False)
    return figure
