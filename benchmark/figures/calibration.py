"""Calibration curves: what was observed against what was predicted, with the distribution of the predictions."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of
from benchmark.figures.style import GREY, LINES, ONE_COLUMN, TWO_COLUMNS, panels, styled, unit_axes
from benchmark.tables.measures import text_of
from benchmark.tables.order import Run
from benchmark.tables.words import RECALIBRATIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Calibration curves, one model per feature set, with their intervals and the diagonal of perfect calibration. "
    "Grey bars, if any: the distribution of the predictions. Thin lines, if any: after recalibration."
)
MOST_PANELS = 12
INK = "#404040"
DISTRIBUTION = "distribution"
"""A curve of the tidy results: x = middle of a bin of predictions, y = share of the cases."""

TITLE_WIDTH = 26
"""Characters."""

HEIGHT = 0.14
"""Of the tallest bar of the distribution, on the axis of proportions."""

SHOWN = {"calibration_slope": "Slope", "calibration_intercept": "Intercept", "brier": "Brier"}


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per model, because curves with their bands hide each other."""
    curves = results["curves"]
    groups = arms_by_preprocessing(curves[curves["curve"] == "calibration"], run)
    arms = [arm for group in groups.values() for arm in group][:MOST_PANELS]
    if not arms:
        return None
    columns = 3 if len(arms) in (5, 6, 9) else min(4, max(2, len(arms)))
    size = ONE_COLUMN if len(arms) == 1 else TWO_COLUMNS / columns
    figure, axes = panels(len(arms), most_columns=columns, size=size, height=size + 0.2 + 0.12 * (len(groups) > 1))
    for panel, arm in zip(axes, arms, strict=True):
        draw_panel(panel, curves, results["estimates"], arm)
        _draw_recalibrated(panel, results["recalibrated_curves"], arm)
        panel.set_title("\n".join(_title(arm, len(groups))))
    figure.supxlabel("Predicted probability", fontsize=7.5)
    figure.supylabel("Observed proportion", fontsize=7.5)
    return figure


def draw_panel(panel: Axes, curves: pd.DataFrame, estimates: pd.DataFrame, arm: Arm) -> None:
    """One model's curve with its band, the distribution of its predictions, and its numbers."""
    rows = rows_of(curves, arm)
    _draw_distribution(panel, rows)
    _draw_curve(panel, rows[rows["curve"] == "calibration"], arm)
    unit_axes(panel)
    panel.text(0.03, 0.97, _numbers(estimates, arm), transform=panel.transAxes, va="top", fontsize=6)


def _draw_recalibrated(panel: Axes, curves: pd.DataFrame, arm: Arm) -> None:
    """The curves after recalibration, thin, with a legend, if there are any."""
    found = curves[curves["curve"] == "calibration"]
    drawn = rows_of(found, arm) if len(found) else found
    for place, (name, rows) in enumerate(drawn.groupby("recalibration", sort=False)):
        ordered, label = rows.sort_values("x", kind="stable"), RECALIBRATIONS.get(str(name), str(name))
        line = LINES[1 + place % (len(LINES) - 1)]
        panel.plot(ordered["x"], ordered["y"], color=INK, linewidth=0.8, linestyle=line, label=label)
    if len(drawn):
        handles, labels = panel.get_legend_handles_labels()
        panel.legend(handles[1:], labels[1:], loc="upper left", bbox_to_anchor=(0.03, 0.81), fontsize=6)


def _title(arm: Arm, preprocessings: int) -> list[str]:
    """Lines that are not wider than a panel."""
    return [*wrap(arm.label, TITLE_WIDTH), *(wrap(arm.preprocessing, TITLE_WIDTH) if preprocessings > 1 else [])]


def _draw_curve(panel: Axes, rows: pd.DataFrame, arm: Arm) -> None:
    rows = rows.sort_values("x", kind="stable")
    panel.plot(rows["x"], rows["y"], color=arm.colour, label=arm.label)
    if np.isfinite(rows["low"].to_numpy(float)).any():
        panel.fill_between(rows["x"], rows["low"], rows["high"], color=arm.colour, alpha=0.18, linewidth=0)


def _draw_distribution(panel: Axes, rows: pd.DataFrame) -> None:
    """Bars of the distribution, if the results have it."""
    bars = rows[rows["curve"] == DISTRIBUTION]
    if bars.empty:
        return
    x, y = bars["x"].to_numpy(float), bars["y"].to_numpy(float)
    width = np.diff(x).min() if len(x) > 1 else 0.05
    panel.bar(x, HEIGHT * y / max(y.max(), 1e-12), width=0.9 * width, color=GREY, alpha=0.6, label="_predictions")


def _numbers(estimates: pd.DataFrame, arm: Arm) -> str:
    """Slope, intercept and Brier score, one per line, without what was not estimated."""
    found = rows_of(estimates, arm).set_index("measure")["estimate"].astype(float).dropna()
    nan = float("nan")
    return "\n".join(f"{name} {text_of(m, found[m], nan, nan)}" for m, name in SHOWN.items() if m in found.index)
