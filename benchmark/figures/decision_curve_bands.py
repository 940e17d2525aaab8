"""Decision curves one by one, with their bootstrap bands: in one panel they would hide each other."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import arms_by_preprocessing, rows_of
from benchmark.figures.decision_curve import EXTREMES, draw_arm, draw_extremes, limit_benefit
from benchmark.figures.style import ONE_COLUMN, TWO_COLUMNS, panels, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Decision curves of one model per feature set with pointwise bootstrap bands, beside treat all (dashed) and treat "
    "none (grey)."
)
MOST_PANELS, COLUMNS, TITLE_WIDTH = 12, 4, 26


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per model."""
    curves = results["curves"][results["curves"]["curve"] == "net benefit"]
    groups = arms_by_preprocessing(curves[~curves["classifier"].astype(str).isin(EXTREMES)], run)
    arms = [arm for group in groups.values() for arm in group][:MOST_PANELS]
    if not arms:
        return None
    highest = max(float(np.nanmax(rows_of(curves, arm)[["y", "high"]].to_numpy(float))) for arm in arms)
    columns = min(COLUMNS, max(2, len(arms)))
    size = ONE_COLUMN if len(arms) == 1 else TWO_COLUMNS / columns
    figure, axes = panels(len(arms), most_columns=columns, size=size, height=0.9 * size)
    for panel, arm in zip(axes, arms, strict=True):
        draw_arm(panel, rows_of(curves, arm), arm, band=True)
        draw_extremes(panel, curves)
        limit_benefit(panel, curves)
        panel.set_ylim(top=1.05 * highest)
        titles = [arm.label, *([arm.preprocessing] if len(groups) > 1 else [])]
        panel.set_title("\n".join(line for title in titles for line in wrap(title, TITLE_WIDTH)))
    figure.supxlabel("Threshold probability", fontsize=7.5)
    figure.supylabel("Net benefit", fontsize=7.5)
    return figure
