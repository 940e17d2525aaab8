"""The AUC of every family in every cohort, and their means, at one glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, legend_below, make_room, new_figure, styled
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = "AUC of each family in each cohort, and their means over cohorts. The line at 0.5 is chance."
MARKERS = "osD^vP*X"
SPREAD = 0.62
"""Share of a row that its marks take."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """One row per cohort, the mean last; a colour and a mark per model."""
    found = results["cohort_meta"]
    found = found[(found["measure"] == "auc") & (found["kind"] != "prediction") & found["estimate"].notna()]
    if found.empty:
        return None
    models = list(dict.fromkeys(found["first"]))
    names = [*dict.fromkeys(found.loc[found["kind"] == "cohort", "name"]), "Mean"]
    figure = new_figure(TWO_COLUMNS, 0.6 + max(0.3, 0.072 * len(models)) * len(names))
    axes = figure.subplots()
    offsets = np.linspace(-SPREAD / 2, SPREAD / 2, len(models)) if len(models) > 1 else np.zeros(1)
    for number, model in enumerate(models):
        rows = found[found["first"] == model]
        at = [
            len(names) - 1 if kind == "mean" else names.index(name) for kind, name in rows[["kind", "name"]].to_numpy()
        ]
        _marks(axes, np.array(at) + offsets[number], rows, number, model)
    for line in range(1, len(names)):
        axes.axhline(line - 0.5, color=PALE if line < len(names) - 1 else "black", linewidth=0.5)
    axes.axvline(0.5, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.set_yticks(range(len(names)), names)
    axes.set(ylim=(len(names) - 0.5, -0.5), xlabel=f"AUC ({interval_heading(found)})")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    make_room(figure, [legend_below(axes, "")], most_columns=1)
    return figure


def _marks(axes: Axes, places: np.ndarray, rows: pd.DataFrame, number: int, label: str) -> None:
    colour = COLOURS[number % len(COLOURS)]
    low, high, auc = (rows[name].to_numpy(float) for name in ("low", "high", "estimate"))
    axes.hlines(places, low, high, color=colour, linewidth=0.9)
    axes.plot(auc, places, MARKERS[number % len(MARKERS)], color=colour, markersize=3.4, label=label)
