"""Centre by centre: the AUC and the calibration slope of one model per feature set, their means, and where those of a
new centre are expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of
from benchmark.figures.meta_analysis import forest
from benchmark.figures.style import TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "AUC and calibration slope in each centre, one model per feature set. Squares: centres, their area is the weight; "
    "diamond: mean and its interval; bar: prediction interval of a new centre."
)
SHOWN = ("auc", "calibration_slope")
MOST = 7
"""As many models as are drawn."""

ROOM = 3.0
"""Axes end this many times beyond the middle spread of estimates: a centre with a boundless interval hides no other."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A row of panels per model, a panel per measure."""
    found = results["centres"]
    groups = arms_by_preprocessing(found[found["measure"] == "auc"], run)
    arms = [arm for group in groups.values() for arm in group][:MOST]
    if not arms:
        return None
    parts = [(arm, [_rows(found, arm, measure) for measure in SHOWN]) for arm in arms]
    lines = max(len(rows) for _, tables in parts for rows in tables)
    figure = new_figure(TWO_COLUMNS, (0.72 + 0.16 * lines) * len(arms))
    axes = figure.subplots(len(arms), len(SHOWN), squeeze=False)
    for panels, (arm, tables) in zip(axes, parts, strict=True):
        for place, (panel, rows, measure) in enumerate(zip(panels, tables, SHOWN, strict=True)):
            forest(panel, rows, measure)
            _limit(panel, rows)
            if place:
                panel.set_yticks([])
        panels[0].set_title(f"{arm.label}, {arm.preprocessing}" if len(groups) > 1 else arm.label, x=0)
    return figure


def _rows(found: pd.DataFrame, arm: Arm, measure: str) -> pd.DataFrame:
    """The centres in order of their names, also those without an estimate, then mean and prediction."""
    rows = rows_of(found[found["measure"] == measure], arm)
    centres = rows[rows["kind"] == "cohort"].sort_values("name", kind="stable")
    return pd.concat([centres, rows[rows["kind"] != "cohort"]], ignore_index=True)


def _limit(axes: Axes, rows: pd.DataFrame) -> None:
    """Cut the axis where a few intervals are much wider than the spread of all estimates."""
    mean = rows.loc[rows["kind"] != "cohort", ["low", "high"]].to_numpy(float)
    centres = rows.loc[rows["kind"] == "cohort", "estimate"].dropna().to_numpy(float)
    if not len(centres):
        return
    low, high = np.nanmin([*mean[:, 0], *centres]), np.nanmax([*mean[:, 1], *centres])
    room = ROOM * max(high - low, 1e-3) / 2
    now = axes.get_xlim()
    axes.set_xlim(max(now[0], low - room), min(now[1], high + room))
