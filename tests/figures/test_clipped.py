"""Intervals on an axis that is shorter than they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.figures.clipped import ROOM, interval, limits
from benchmark.figures.style import new_figure

FRAME = pd.DataFrame(
    {"estimate": [0.6, 0.7, 0.55], "low": [0.5, 0.6, 0.1], "high": [0.7, 0.8, 0.9], "n_cohorts": [np.nan, 4, 2]}
)
ASKED = {"estimate": "estimate", "ends": ("low", "high")}


def test_a_mean_over_two_cohorts_does_not_set_the_axis() -> None:
    assert limits(FRAME, 0.5, **ASKED) == pytest.approx((0.5 - 0.3 * ROOM, 0.8 + 0.3 * ROOM))  # type: ignore[arg-type]
    alone = limits(FRAME.tail(1), 0.5, **ASKED)  # type: ignore[arg-type]
    assert alone == pytest.approx((0.1 - 0.8 * ROOM, 0.9 + 0.8 * ROOM))
    outside = limits(FRAME.assign(estimate=[0.6, 0.7, 0.2]), 0.5, **ASKED)  # type: ignore[arg-type]
    assert outside[0] < 0.2


def test_what_is_cut_off_ends_in_an_arrow() -> None:
    axes = new_figure(2, 1).subplots()
    interval(axes, 3, 0.1, 0.7, (0.4, 0.8), color="k")
    line, arrow = axes.get_lines()
    assert np.asarray(line.get_xdata()).tolist() == [0.4, 0.7]
    assert arrow.get_marker() == "<" and np.asarray(arrow.get_xdata()).tolist() == [0.4]
    interval(axes, 3, 0.5, 0.6, (0.4, 0.8), color="k")
    assert len(axes.get_lines()) == 3
    interval(axes, 3, 0.1, 0.9, (0.4, 0.8), color="k")
    assert [one.get_marker() for one in axes.get_lines()[4:]] == ["<", ">"]
