"""Kaplan-Meier curves of groups split by each model's risk score, with the log-rank p and the numbers at risk."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of
from benchmark.figures.style import COLOURS, LINES, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, p_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURVES = (
    "Kaplan-Meier curves of groups by risk score, with log-log limits, marks where cases were censored, and numbers at "
    "risk. "
)
CAPTION = CURVES + (
    "The score was cut at the median (left) and at the tertiles (right) of these same cases: that flatters it."
)
WITH_THRESHOLD = CURVES + (
    "The risk is a predicted probability, cut at the threshold that was chosen on training rows (left), and at the "
    "median and the tertiles of these same cases, which flatters it. One model per feature set."
)
SPLITS = {
    "threshold": "split at the threshold",
    "median": "split at the median",
    "tertiles": "split at the tertiles",
}
COLOUR_OF = {"low": COLOURS[0], "intermediate": COLOURS[4], "high": COLOURS[1]}
LINE_OF = {"low": LINES[0], "intermediate": LINES[2], "high": LINES[1]}
TITLE_WIDTH = 90
"""Letters of the titles of a row of panels."""
MOST = 8
"""As many models are drawn, in the order of the file; the CSV has all."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One row per model, one column per split."""
    curves = results["survival"]
    groups = arms_by_preprocessing(curves.rename(columns={"survival": "y"}), run)
    arms = [arm for group in groups.values() for arm in group][:MOST]
    if not arms:
        return None
    splits = [split for split in SPLITS if split in set(curves["split"])]
    figure = new_figure(TWO_COLUMNS, 2.9 * len(arms))
    ticks = _ticks(float(curves["time"].max()))
    rows = figure.subfigures(len(arms), 1, squeeze=False)[:, 0]
    for arm, row in zip(arms, rows, strict=True):
        panels = row.subplots(2, len(splits), height_ratios=[1, 0.24], sharex=True)
        name = f"{arm.label}, {arm.preprocessing}" if len(groups) > 1 else arm.label
        name = fill(name, TITLE_WIDTH // len(splits))
        for column, split in enumerate(splits):
            above, below = panels[:, column]
            found = rows_of(curves[curves["split"] == split], arm)
            if found.empty:
                above.set_axis_off()
                below.set_axis_off()
                continue
            _draw_groups(above, found)
            above.legend(loc="upper right", title=_p_of(results["estimates"], arm, split), alignment="left")
            above.set(title=f"{name}\n{SPLITS[split]}", xlabel=_time_label(run), xlim=(-0.03 * ticks[-1], ticks[-1]))
            above.set_ylabel("" if column else "Without the event")
            _draw_numbers(below, found, ticks)
    return figure


def _draw_groups(axes: Axes, curves: pd.DataFrame) -> None:
    """The curve of each group, its limits, and marks where a case was censored."""
    for group, rows in curves.groupby("group", sort=False):
        colour, line = COLOUR_OF[str(group)], LINE_OF[str(group)]
        time, survival, low, high = rows[["time", "survival", "low", "high"]].to_numpy(float).T
        n_risk, n_events = rows[["n_risk", "n_events"]].to_numpy(int).T
        axes.step(time, survival, where="post", color=colour, linestyle=line, label=f"{str(group).capitalize()} risk")
        axes.fill_between(time, low, high, step="post", color=colour, alpha=0.12, linewidth=0)
        censored = n_risk - n_events > np.append(n_risk[1:], 0)
        axes.plot(time[censored], survival[censored], "|", color=colour, markersize=4, markeredgewidth=0.7)
    axes.set(ylim=(-0.02, 1.02), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.tick_params(labelbottom=True)


def _draw_numbers(axes: Axes, curves: pd.DataFrame, ticks: np.ndarray) -> None:
    """The numbers at risk at the ticks, one line per group."""
    groups = list(curves["group"].unique())
    for line, group in enumerate(groups):
        rows = curves[curves["group"] == group]
        n_risk = np.append(rows["n_risk"].to_numpy(int), 0)[np.searchsorted(rows["time"].to_numpy(float), ticks)]
        for tick, n in zip(ticks, n_risk, strict=True):
            axes.text(tick, line, count(n), ha="center", va="center", color=COLOUR_OF[str(group)], fontsize=6.5)
    axes.set(ylim=(2.4, -0.6), xticks=ticks)
    axes.set_yticks(range(len(groups)), [str(group).capitalize() for group in groups])
    axes.set_title("At risk", fontweight="normal", fontsize=6.5)
    axes.tick_params(length=0, labelbottom=False)
    axes.spines[:].set_visible(False)


def _ticks(longest: float) -> np.ndarray:
    """From 0 in at most six round steps to the longest time or just beyond."""
    from matplotlib.ticker import MaxNLocator

    ticks = np.asarray(MaxNLocator(nbins=6, steps=[1, 2, 3, 5, 6, 10]).tick_values(0, max(longest, 1e-9)))
    return np.array(ticks[ticks >= 0])


def _p_of(estimates: pd.DataFrame, arm: Arm, split: str) -> str:
    rows = rows_of(estimates[estimates["measure"] == f"log_rank_p_{split}"], arm)
    text = p_value(float(rows["estimate"].iloc[0])) if len(rows) else p_value(None)
    return f"Log-rank p {text}" if text.startswith("<") else f"Log-rank p = {text}"


def _time_label(run: Run) -> str:
    name = str((run.get("follow_up") or {}).get("time") or "time")
    return name[0].upper() + name[1:]
