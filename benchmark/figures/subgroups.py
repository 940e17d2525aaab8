"""Forest plot by subgroup: discrimination, decisions and calibration of each level, one model per feature set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of
from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.subgroups import EVERYBODY, MEASURES
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Results in each level of the subgroups, with cases and, of these, cases with the event. Squares: levels; diamond "
    "and grey line: all cases. A level without a square has too few cases of a class. The numbers are in the table."
)
MOST = 4
"""As many models as are drawn."""

ROOM = 2.0
"""An axis ends this many times beyond the spread of the estimates: a wide interval hides no other level."""

Line = tuple[str, str]
"""Subgroup and level; a level alone has a square, and a subgroup without level is a heading."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A row of panels per model, a panel per measure."""
    found = results["subgroup_estimates"]
    groups = arms_by_preprocessing(found, run)
    arms = [arm for group in groups.values() for arm in group][:MOST]
    if not arms:
        return None
    lines = _lines(found)
    figure = new_figure(TWO_COLUMNS, (0.6 + 0.15 * len(lines)) * len(arms))
    axes = figure.subplots(len(arms), len(MEASURES), squeeze=False)
    for panels, arm in zip(axes, arms, strict=True):
        for place, (panel, measure) in enumerate(zip(panels, MEASURES, strict=True)):
            rows = rows_of(found[found["measure"] == measure], arm)
            _draw(panel, rows, lines, measure)
            names = [_name(line, rows) if place == 0 else "" for line in lines]
            panel.set_yticks(range(len(lines)), names)
        _headings(panels[0], lines)
        panels[0].set_title(_title(arm, len(groups) > 1), x=0)
    return figure


def _title(arm: Arm, several: bool) -> str:
    return f"{arm.label}, {arm.preprocessing}" if several else arm.label


def _lines(found: pd.DataFrame) -> list[Line]:
    """All cases, then each subgroup and its levels, from top to bottom."""
    lines: list[Line] = [("", "")]
    for subgroup, rows in found[found["name"] != ""].groupby("subgroup", sort=False):
        lines += [(str(subgroup), ""), *((str(subgroup), str(name)) for name in dict.fromkeys(rows["name"]))]
    return lines


def _name(line: Line, rows: pd.DataFrame) -> str:
    """``II (38, 12)``: the level, its cases, and those with the event."""
    subgroup, level = line
    if subgroup and not level:
        return subgroup
    row = rows[(rows["subgroup"] == subgroup) & (rows["name"] == level)].iloc[0]
    return f"{level or EVERYBODY} ({count(row['n_cases'])}, {count(row['n_events'])})"


def _headings(axes: Axes, lines: list[Line]) -> None:
    for label, (subgroup, level) in zip(axes.get_yticklabels(), lines, strict=True):
        if subgroup and not level:
            label.set_fontweight("bold")


def _draw(axes: Axes, rows: pd.DataFrame, lines: list[Line], measure: str) -> None:
    """The levels of one model and measure, beside the line of all cases."""
    cells: dict[Line, Mapping[Any, Any]] = {(row["subgroup"], row["name"]): row for row in rows.to_dict("records")}
    for place, line in enumerate(lines):
        row = cells.get(line)
        if row is not None and not np.isnan(row["estimate"]):
            marker, colour = ("s", COLOURS[0]) if line[1] else ("D", COLOURS[1])
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.0)
            axes.plot([row["estimate"]], [place], marker, color=colour, markersize=3.5)
    axes.axvline(cells["", ""]["estimate"], color=GREY, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
    if measure == "auc":
        axes.axvline(0.5, color=PALE, linewidth=0.7, zorder=0)
    _limit(axes, rows, measure)
    axes.set(ylim=(len(lines) - 0.4, -0.6), xlabel=f"{title_of(measure)}\n({interval_heading(rows)})")
    axes.locator_params(axis="x", nbins=4)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _limit(axes: Axes, rows: pd.DataFrame, measure: str) -> None:
    """Shares from 0 to 1; else an axis that one wide interval does not stretch."""
    if measure in ("sensitivity", "specificity"):
        axes.set_xlim(-0.03, 1.03)
        return
    estimates = rows["estimate"].dropna().to_numpy(float)
    if len(estimates):
        spread = max(np.ptp(estimates), 0.2)
        now = axes.get_xlim()
        axes.set_xlim(max(now[0], estimates.min() - ROOM * spread), min(now[1], estimates.max() + ROOM * spread))
