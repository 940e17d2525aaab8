"""Calibration curves of each class against the others: a row of panels per model, a column per class."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.arms import arms_by_preprocessing
from benchmark.figures.calibration import draw_panel
from benchmark.figures.classes import labels_of, of_one_class
from benchmark.figures.style import TWO_COLUMNS, panels, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Calibration curves of each class against the others, with their intervals and the diagonal of perfect "
    "calibration, one row per model. Grey bars: the distribution of the predictions."
)
MOST_MODELS = 4
SMALLEST = 4
"""Panels are not wider than a row of so many."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """None of two classes, and where no curve could be fitted."""
    curves, estimates = results["curves"], results["estimates"]
    labels = labels_of(curves["curve"], run)
    by_class = {label: of_one_class(curves, "curve", label) for label in labels}
    drawn = [rows[rows["curve"] == "calibration"] for rows in by_class.values()]
    groups = arms_by_preprocessing(pd.concat(drawn), run) if drawn else {}
    arms = [arm for group in groups.values() for arm in group][:MOST_MODELS]
    if not arms:
        return None
    size = TWO_COLUMNS / max(len(labels), SMALLEST)
    figure, axes = panels(len(arms) * len(labels), most_columns=len(labels), size=size, height=size + 0.25)
    for place, panel in enumerate(axes):
        arm, label = arms[place // len(labels)], labels[place % len(labels)]
        draw_panel(panel, by_class[label], of_one_class(estimates, "measure", label), arm)
        names = [arm.label, *([arm.preprocessing] if len(groups) > 1 else [])] if len(arms) > 1 else []
        panel.set_title("\n".join(line for name in [*names, label] for line in wrap(name, round(15 * size))))
    figure.supxlabel("Predicted probability of the class", fontsize=7.5)
    figure.supylabel("Observed proportion", fontsize=7.5)
    return figure
