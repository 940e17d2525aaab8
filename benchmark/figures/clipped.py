"""Horizontal intervals on an axis that may be shorter than they are: what is cut off ends in an arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTE = "An arrow: the interval goes on."
ROOM = 0.04
"""Share of the axis that is free beyond the longest interval."""
FEWEST = 3
"""Cohorts of a mean whose interval sets the axis: that of two has one degree of freedom and would hide all others."""


def limits(frame: pd.DataFrame, line: float, *, estimate: str, ends: Sequence[str]) -> tuple[float, float]:
    """The axis that holds ``line``, every ``estimate``, and the ``ends`` of every interval but of means over fewer than
    ``FEWEST`` cohorts (of these too, if there is no other)."""
    few = frame["n_cohorts"].astype(float) < FEWEST
    telling = frame if few.all() else frame[~few]
    values = np.concatenate([telling[list(ends)].to_numpy(float).ravel(), frame[estimate].to_numpy(float), [line]])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return low - ROOM * (high - low), high + ROOM * (high - low)


def interval(axes: Axes, place: float, low: float, high: float, ends: tuple[float, float], **look: Any) -> None:
    """A line from ``low`` to ``high`` within the ``ends`` of the axis, with an arrow at each end that is cut off."""
    axes.plot([max(low, ends[0]), min(high, ends[1])], [place, place], **look)
    for cut, at, mark in ((low < ends[0], ends[0], "<"), (high > ends[1], ends[1], ">")):
        if cut:
            axes.plot([at], [place], mark, color=look.get("color"), markersize=3.5, clip_on=False)
