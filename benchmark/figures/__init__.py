"""Figures of a paper. To add one: a file with ``CAPTION`` and ``draw(results, run) -> Figure | None``, one line here.

``results`` holds the tidy frames, restricted to the design and role that the menu's name says; None means that there
is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures import calibration, decision_curve, forest, heatmap, roc, selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """How a figure is drawn, and what is written under it."""

    draw: Callable[[Mapping[str, pd.DataFrame], Mapping[str, Any]], Figure | None]
    caption: str


OF_DESIGN: dict[str, Drawing] = {"selection": Drawing(selection.draw, selection.CAPTION)}
"""One of each per design."""

OF_DESIGN_AND_ROLE: dict[str, Drawing] = {
    "forest": Drawing(forest.draw, forest.CAPTION),
    "roc": Drawing(roc.draw, roc.CAPTION),
    "heatmap": Drawing(heatmap.draw, heatmap.CAPTION),
    "calibration": Drawing(calibration.draw, calibration.CAPTION),
    "decision_curve": Drawing(decision_curve.draw, decision_curve.CAPTION),
}
"""One of each per design and role."""
