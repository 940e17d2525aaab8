"""ROC curves of each class against the others, one panel per model."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of, shown_words
from benchmark.figures.classes import labels_of, of_one_class
from benchmark.figures.style import (
    COLOURS,
    LINES,
    ONE_COLUMN,
    TWO_COLUMNS,
    legend_below,
    make_room,
    panels,
    styled,
    unit_axes,
)
from benchmark.tables.order import Run
from benchmark.tables.rounding import MISSING, interval
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "ROC curves of each class against the others, one panel per model. Legend: AUC and its interval; with a star those "
    "of the pooled scores, because a class has too few cases in the folds."
)
MOST_PANELS = 8


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per model, one line per class; none of two classes."""
    curves, estimates = results["curves"], results["estimates"]
    labels = labels_of(curves["curve"], run)
    by_class = {label: of_one_class(curves, "curve", label).query("curve == 'roc'") for label in labels}
    groups = arms_by_preprocessing(pd.concat([*by_class.values()]), run) if by_class else {}
    arms = [arm for group in groups.values() for arm in group][:MOST_PANELS]
    if not arms:
        return None
    columns = 3 if len(arms) in (3, 5, 6) else 2
    size = ONE_COLUMN if len(arms) == 1 else TWO_COLUMNS / columns
    figure, axes = panels(len(arms), most_columns=columns, size=size, height=size + 0.2)
    title = ", ".join(filter(None, [f"AUC ({interval_heading(estimates)})", shown_words(groups, run)]))
    lines = []
    for panel, arm in zip(axes, arms, strict=True):
        for number, (label, rows) in enumerate(by_class.items()):
            _draw_class(panel, number, rows_of(rows, arm), f"{label}: {_auc(estimates, label, arm)}")
        unit_axes(panel)
        panel.set(xlabel="1 − specificity", ylabel="Sensitivity")
        panel.set_title(fill(f"{arm.label}, {arm.preprocessing}" if len(groups) > 1 else arm.label, round(15 * size)))
        lines.append(legend_below(panel, title))
    make_room(figure, lines, most_columns=columns)
    return figure


def _draw_class(panel: Axes, number: int, rows: pd.DataFrame, label: str) -> None:
    line = LINES[number // len(COLOURS) % len(LINES)]
    panel.plot(rows["x"], rows["y"], color=COLOURS[number % len(COLOURS)], linestyle=line, label=label)


def _auc(estimates: pd.DataFrame, label: str, arm: Arm) -> str:
    """The AUC of a class and its interval; of the pooled scores where the mean of the folds has none."""
    found = rows_of(of_one_class(estimates, "measure", label), arm).set_index("measure")
    ends = found.reindex(["auc", "auc_pooled"])[["estimate", "low", "high"]].astype(float)
    for needed in (["estimate", "low"], ["estimate"]):
        for measure, row in ends.dropna(subset=needed).iterrows():
            return (interval(*row) + "*" * (measure == "auc_pooled")).replace(" ", "\N{NO-BREAK SPACE}")
    return MISSING
